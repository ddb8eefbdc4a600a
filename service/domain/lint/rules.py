"""The rules as data: wording of the findings, severities, and constructions for each language.

A pattern is a regular expression over prepared text: folded, simplified, without blanks beside Han
characters. `<name>` stands for the fragment of that name in `rules/fragments.yaml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import yaml
from pydantic import Field

from service.domain.codes import RuleCode, StatementKind
from service.domain.lint.findings import Severity
from service.domain.values import Bilingual, Value

_FOLDER = Path(__file__).parent / "rules"
_FRAGMENTS = "fragments.yaml"
# A draft that comes while the rules are being compiled waits for them.
_READING = Lock()
_FRAGMENT = re.compile(r"(?<!\?)(?<!\?P)<([a-z_]+)>")

Pattern = re.Pattern[str]


class Language(Value):
    """The constructions of one language. Each list is tried in turn; any of it may match."""

    breaks: tuple[str, ...] = ()
    unless_over: tuple[str, ...] = ()
    unless_in_sentence: tuple[str, ...] = ()
    unless_near: tuple[str, ...] = ()
    unless_in_text: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    applies_not: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    holds_not: tuple[str, ...] = ()


class Constructions(Value):
    """The constructions of both languages."""

    zh: Language = Language()
    en: Language = Language()


class StatutoryItem(Value):
    """Something the law asks of a kind of statement, and how it shows that it is there.

    `foreign` law is looked at only where the text has no Chinese.
    """

    law: Bilingual
    name: Bilingual
    kinds: tuple[StatementKind, ...] = Field(min_length=1)
    may_follow: bool = False
    foreign: bool = False
    zh: tuple[str, ...] = Field(min_length=1)
    en: tuple[str, ...] = Field(min_length=1)


class Rule(Value):
    """One rule. `not_for` are the kinds it does not bind, `only_for` those it binds alone."""

    rule: RuleCode
    severity: Severity
    severity_in: Mapping[StatementKind, Severity] = Field(default_factory=dict)
    only_for: tuple[StatementKind, ...] = ()
    not_for: tuple[StatementKind, ...] = ()
    message: Bilingual
    fix: Bilingual
    phrases: Constructions = Constructions()
    items: tuple[StatutoryItem, ...] = ()

    def binds(self, kind: StatementKind) -> bool:
        """Whether the rule is one for this kind of statement."""
        return kind not in self.not_for and (not self.only_for or kind in self.only_for)

    def severity_for(self, kind: StatementKind) -> Severity:
        """How much a breach weighs in this kind of statement."""
        return self.severity_in.get(kind, self.severity)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The constructions of a rule, those of both languages joined and ready to match."""

    breaks: tuple[Pattern, ...]
    unless_over: Pattern | None
    unless_in_sentence: Pattern | None
    unless_near: Pattern | None
    unless_in_text: Pattern | None
    applies: Pattern | None
    applies_not: Pattern | None
    holds: Pattern | None
    holds_not: Pattern | None


class RuleBook:
    """All the rules, with their constructions compiled."""

    def __init__(self, rules: Mapping[str, Rule], fragments: Mapping[str, str]) -> None:
        self.rules = rules
        self._fragments = fragments
        self.reported = self._ready("<reported_zh>|<reported_en>")
        self.asked = self._ready("<asked>")
        self._phrases = {code: self._compiled(rule) for code, rule in rules.items()}
        self._items = {
            (code, item.law.en, item.name.en): self.joined((*item.zh, *item.en))
            for code, rule in rules.items()
            for item in rule.items
        }

    def phrases(self, code: str) -> Phrases:
        """The constructions of a rule."""
        return self._phrases[code]

    def item_shows(self, code: str, item: StatutoryItem) -> Pattern | None:
        """What shows that a statutory item is there."""
        return self._items[code, item.law.en, item.name.en]

    def joined(self, patterns: tuple[str, ...]) -> Pattern | None:
        """One pattern that matches where any of them does, or None where there are none."""
        return self._ready("|".join(f"(?:{one})" for one in patterns)) if patterns else None

    def _ready(self, pattern: str) -> Pattern:
        for _ in range(len(self._fragments)):
            pattern, count = _FRAGMENT.subn(self._fragment, pattern)
            if not count:
                break
        # Han characters stand beside Latin words without a blank: they are no letters here.
        return re.compile(pattern, re.ASCII)

    def _fragment(self, match: re.Match[str]) -> str:
        return f"(?:{self._fragments[match[1]]})"

    def _compiled(self, rule: Rule) -> Phrases:
        def both(name: str) -> tuple[str, ...]:
            return (*getattr(rule.phrases.zh, name), *getattr(rule.phrases.en, name))

        return Phrases(
            breaks=tuple(self._ready(pattern) for pattern in both("breaks")),
            **{
                name: self.joined(both(name))
                for name in Phrases.__dataclass_fields__
                if name != "breaks"
            },
        )


def shipped_rules() -> RuleBook:
    """The rules that ship with this version, read and compiled once, which takes a few seconds."""
    with _READING:
        return _rule_book()


@cache
def _rule_book() -> RuleBook:
    fragments = yaml.safe_load((_FOLDER / _FRAGMENTS).read_bytes())
    return RuleBook({rule.rule: rule for rule in _read_rules()}, fragments)


def _read_rules() -> Iterator[Rule]:
    for path in sorted(_FOLDER.glob("*.yaml")):
        if path.name != _FRAGMENTS:
            yield Rule.model_validate(yaml.safe_load(path.read_bytes()))
