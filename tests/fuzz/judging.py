"""What is a find: an answer that came too late, of the wrong form, or that tells what it must not."""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from service.domain.entries import Document
from service.store.rows import Row
from tests.library import a_case, a_statement, both

MOST_SECONDS: Final = 2.0
_PROJECT: Final = Path(__file__).parents[2]
# They are documented, but a service that is ready and whole has no reason to give them.
_NEVER: Final = frozenset({"INTERNAL", "UNAVAILABLE", "NOT_READY"})

HIDDEN_SLUG: Final = "zqxv-unseen"
HIDDEN_NUMBER: Final = "CASE-9947"
_HIDDEN_WORDS: Final = ("zqxvsecret", "鹮绝密")


def hidden_case(link_to: str) -> Document:
    """A case that no reader may see, though it links to one that every reader sees."""
    chinese, english = _HIDDEN_WORDS[1], _HIDDEN_WORDS[0]
    told = both(f"{chinese}宕机微博", f"{english} outage hacked account")
    return a_case(
        HIDDEN_SLUG,
        int(HIDDEN_NUMBER.removeprefix("CASE-")),
        title=told,
        summary=told,
        organisation={"name": told},
        sharing="TLP_RED",
        statements=[a_statement("S-1", key_messages=[told])],
        links=[{"relation": "SIMILAR", "case": link_to, "reason": told}],
        sources=[
            {"key": "S1", "title": english, "url": f"https://example.org/{english}"}
            | {"reliability": "B"}
        ],
    )


def _told_by_machine(paths: Iterable[str]) -> re.Pattern[str]:
    tables = "|".join(Row.metadata.tables)
    machine = [re.escape(path) for path in {str(_PROJECT), sys.prefix, sys.base_prefix, *paths}]
    return re.compile(
        "|".join(
            (
                *machine,
                rf"\b(FROM|INTO|UPDATE|JOIN|TABLE)\s+\W?({tables})\b",
                rf"no such (table|column)|\b({tables})\.[a-z]+_[a-z_]+\b",
                r"Traceback|site-packages|\.py\b|File \\?\"",
            )
        )
    )


# The log names its writers, so these count only in an answer.
_MODULES: Final = re.compile(
    r"\b(sqlalchemy|sqlite3|aiosqlite|asyncpg|strawberry|uvicorn|starlette|graphql\.\w+)\b"
    r"|\b(service|schema|search)\.(store|operations|domain|http|app|lexical)\b"
)


@cache
def documented_codes() -> frozenset[str]:
    """The codes that `docs/errors.md` lists for the API."""
    text = (_PROJECT / "docs" / "errors.md").read_text(encoding="utf-8")
    part = text.partition("## Codes of the API")[2].partition("\n## ")[0]
    return frozenset(re.findall(r"^\| `([A-Z_]+)` \|", part, re.MULTILINE))


@dataclass(frozen=True, slots=True)
class Judge:
    """Knows the secrets of one service."""

    tokens: tuple[str, ...]
    machine: re.Pattern[str]

    @classmethod
    def of(cls, *tokens: str, paths: Iterable[str] = ()) -> "Judge":
        """A judge for a service with these tokens, in these folders."""
        return cls(tokens, _told_by_machine(paths))

    def leaks(self, text: str, *, sent: str = "", is_reader: bool = True) -> list[str]:
        """What a text tells that it must not; what was sent may come back."""
        # Escaped or not, a secret is a secret.
        both_ways = f"{text}\n{_unescaped(text)}"
        found = ["a token" for token in self.tokens if token and token in both_ways]
        found += [
            f"tells {match[0]!r}"
            for match in self.machine.finditer(both_ways)
            if match[0] not in sent
        ][:3]
        if is_reader:
            hidden = (*_HIDDEN_WORDS, HIDDEN_SLUG, HIDDEN_NUMBER)
            found += [f"shows {word}" for word in hidden if word in both_ways and word not in sent]
        return found

    def told_in_answer(self, text: str, *, sent: str = "", is_reader: bool = True) -> list[str]:
        """What an answer tells that it must not: all that a log must not, and names of modules."""
        modules = [match[0] for match in _MODULES.finditer(text) if match[0] not in sent]
        found = self.leaks(text, sent=sent, is_reader=is_reader)
        return found + [f"tells {name!r}" for name in modules[:3]]

    def wrong(
        self, status: int, text: str, seconds: float, *, sent: str, is_reader: bool
    ) -> list[str]:
        """What is wrong with an answer to a GraphQL request."""
        found = self.told_in_answer(text, sent=sent, is_reader=is_reader)
        if status >= 500:
            found.append(f"status {status}")
        if seconds > MOST_SECONDS:
            found.append(f"took {seconds:.1f} s")
        try:
            answer = json.loads(text)
        except ValueError:
            return [*found, "is no JSON"]
        if not isinstance(answer, dict) or not ({"data", "errors"} & answer.keys()):
            return [*found, "has neither data nor errors"]
        return found + wrong_codes(answer.get("errors"))


def wrong_codes(errors: Any) -> list[str]:
    """Codes that are not documented, or that nobody should see."""
    codes = sorted(set(codes_of(errors)))
    return [f"code {code}" for code in codes if code in _NEVER or code not in documented_codes()]


def codes_of(errors: Any) -> list[str]:
    """The codes of errors, without those of GraphQL itself, which have none."""
    return [
        str(error["extensions"]["code"])
        for error in errors or ()
        if isinstance(error, dict) and (error.get("extensions") or {}).get("code")
    ]


def _unescaped(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""
