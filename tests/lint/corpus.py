"""The marked texts the lint is tuned on, and those it is only measured on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from service.domain.codes import StatementKind
from service.domain.lint.drafts import Draft, StatementContext
from service.domain.lint.findings import Lint
from service.domain.lint.rules import shipped_rules
from service.domain.lint.statements import lint_statement

HALVES = ("tuning", "held")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """A text marked by hand: whether it breaks the rule, and by which words."""

    half: str
    rule: str
    locale: str
    kind: StatementKind
    text: str
    breaks: bool
    words: str | None = None
    platform: str | None = None

    def lint(self) -> Lint:
        context = StatementContext(platform=self.platform)
        return lint_statement(Draft(self.text, self.kind, context), shipped_rules())

    def is_found(self) -> bool:
        """Whether the rule is found broken, and where there are words at fault, at those words."""
        found = [finding for finding in self.lint().findings if finding.rule == self.rule]
        if self.words is None:
            return bool(found)
        start = self.text.index(self.words)
        end = start + len(self.words)
        return any(f.span is None or (f.span.start < end and start < f.span.end) for f in found)


def samples(half: str) -> Iterator[Sample]:
    """The marked texts of one half; dropping a file named after a rule there is enough."""
    for path in sorted((_FOLDER / half).glob("*.yaml")):
        for marked in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Sample(
                half=half,
                rule=path.stem,
                locale=marked["locale"],
                kind=StatementKind(marked["kind"]),
                text=marked["text"].strip(),
                breaks=marked["breaks"],
                words=marked.get("words"),
                platform=marked.get("platform"),
            )
