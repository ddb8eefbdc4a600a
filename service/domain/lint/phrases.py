"""Rules that are broken by what is said: constructions, and what excuses them."""

from collections.abc import Iterator

from service.domain.lint.findings import Breach
from service.domain.lint.readings import Reading, Sentence
from service.domain.lint.rules import Pattern, RuleBook
from service.domain.mapped_texts import Span


def said(reading: Reading, book: RuleBook, code: str) -> Iterator[Breach]:
    """Each place that breaks the rule; of places that overlap, the first and longest."""
    phrases = book.phrases(code)
    if _matches(phrases.unless_in_text, reading.text):
        return
    if phrases.applies is not None and not _matches(phrases.applies, reading.text):
        return
    for number, sentence in enumerate(reading.sentences):
        places = sorted(_places(reading, sentence, phrases.breaks), key=_first_and_longest)
        if not places or _matches(phrases.unless_in_sentence, sentence.text):
            continue
        # What others ask is answered in the next sentence.
        if sentence.text.rstrip().endswith("?") and _matches(book.asked, sentence.text):
            continue
        if phrases.unless_near and _matches(phrases.unless_near, reading.near(number)):
            continue
        yield from _kept(reading, book, code, sentence, places)


def _kept(
    reading: Reading, book: RuleBook, code: str, sentence: Sentence, places: list[Span]
) -> Iterator[Breach]:
    excuse, after = book.phrases(code).unless_over, 0
    excused = [] if excuse is None else [match.span() for match in excuse.finditer(sentence.text)]
    # Quoting a claim in order to answer it is not making it.
    reported = book.reported.search(sentence.text) is not None
    for start, end in places:
        if start < after or any(first < end and start < last for first, last in excused):
            continue
        if reported and reading.is_quoted(sentence.start + start, sentence.start + end):
            continue
        after = end
        yield Breach(code, reading.displayed(sentence.start + start, sentence.start + end))


def _places(reading: Reading, sentence: Sentence, breaks: tuple[Pattern, ...]) -> Iterator[Span]:
    """Where the patterns match. One that names a group needs its surroundings, but points at less.

    What a group called `name` matches has to be written as a name: each word with a capital.
    """
    for pattern in breaks:
        for match in pattern.finditer(sentence.text):
            span = Span(*match.span(match.lastgroup or 0))
            if match.lastgroup != "name" or _is_name(reading, sentence, span):
                yield span


def _is_name(reading: Reading, sentence: Sentence, span: Span) -> bool:
    shown = reading.excerpt(
        reading.displayed(sentence.start + span.start, sentence.start + span.end)
    )
    return all(word[:1].isupper() for word in shown.split())


def _first_and_longest(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _matches(pattern: Pattern | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
