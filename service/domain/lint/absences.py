"""Rules that are broken by what is not said."""

import re
from collections.abc import Iterable, Iterator

from service.domain.codes import StatementKind
from service.domain.lint.findings import Breach
from service.domain.lint.readings import Reading
from service.domain.lint.rules import Phrases, RuleBook, StatutoryItem
from service.domain.values import Bilingual

_PART = re.compile(r"(?<=[。;!?])|(?<=[a-z]{3}\.)\s|(?<=\d{4}\.)\s")


def is_held(phrases: Phrases, texts: Iterable[str]) -> bool:
    """Whether any of the texts shows what the rule asks for."""
    return any(
        phrases.holds is not None
        and phrases.holds.search(text)
        and not (phrases.holds_not and phrases.holds_not.search(text))
        for text in texts
    )


def applies(phrases: Phrases, reading: Reading) -> bool:
    """Whether some sentence shows that the rule is about this text."""
    return any(
        phrases.applies is not None
        and phrases.applies.search(sentence.text)
        and not (phrases.applies_not and phrases.applies_not.search(sentence.text))
        for sentence in reading.sentences
    )


def unsaid(reading: Reading, book: RuleBook, code: str) -> Iterator[Breach]:
    """A breach without a place, where no sentence holds what the rule asks for."""
    phrases = book.phrases(code)
    if not is_held(phrases, (sentence.text for sentence in reading.sentences)):
        yield Breach(code)


def unstamped(reading: Reading, book: RuleBook, code: str) -> Iterator[Breach]:
    """A breach where no line gives the time of issue; a time of the event does not count."""
    parts = (part for line in reading.lines for part in _PART.split(line))
    if not is_held(book.phrases(code), parts):
        yield Breach(code)


def missing_items(
    reading: Reading, book: RuleBook, code: str, kind: StatementKind
) -> Iterator[Breach]:
    """A breach for each statutory item that is missing, under the law the text comes nearest to.

    What may follow later is not missed where the text announces a supplement.
    """
    rule, phrases = book.rules[code], book.phrases(code)
    supplements = phrases.holds is not None and phrases.holds.search(reading.text) is not None
    missing: dict[Bilingual, list[StatutoryItem]] = {}
    for item in rule.items:
        if kind in item.kinds and not (item.foreign and reading.has_han):
            lacking = missing.setdefault(item.law, [])
            pattern = book.item_shows(code, item)
            shown = pattern is not None and pattern.search(reading.text) is not None
            if not shown and not (supplements and item.may_follow):
                lacking.append(item)
    for item in min(missing.values(), key=len, default=[]):
        yield Breach(code, details={"item": item.name, "law": item.law})
