"""Highlights: the places of a displayed text that answer a query, as safe HTML.

Words are compared prepared, and marked where they stand in the text as displayed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

from service.domain.mapped_texts import Span, mapped_text, may_cut, widened
from service.domain.text import HAN, bigrams, is_han, prepare, words_in

_WORDS_MOST = 32
_LEAD = 16
_PAIR = 2

# They stand in nearly every sentence and say nothing about it.
_PARTICLES = frozenset("的了吗呢吧啊呀么我你他她它们是在和与就都也还这那")
_STOP_WORDS = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "did", "do", "for"),
        *("from", "has", "have", "how", "in", "is", "it", "its", "of", "on", "or", "our"),
        *("that", "the", "their", "there", "they", "this", "to", "was", "we", "were"),
        *("what", "when", "with", "you", "your"),
    }
)


def query_words(text: str) -> tuple[str, ...]:
    """The words of a query worth marking: no particles, no single Han unless it is all there is."""
    words = tuple(dict.fromkeys(words_in(prepare(text))))
    telling = [
        word
        for word in words
        if (len(word) > 1 or not is_han(word)) and word not in _STOP_WORDS | _PARTICLES
    ]
    return tuple((telling or words)[:_WORDS_MOST])


def highlight(
    display: str, words: Sequence[str], *, width: int = 80, most: int = 3
) -> tuple[str, ...]:
    """The fragments of a text that hold the words, at most `most`, in the order of the text.

    Matches stand in `<mark>`, all else is escaped, and a cut is shown by an ellipsis. A fragment
    shows about `width` characters; a text no longer than that is shown whole.
    """
    mapped = mapped_text(display)
    found: dict[Span, str] = {}
    for word in words:
        for start, end in _places(mapped.text, word):
            found.setdefault(widened(display, mapped.displayed(start, end)), word)
    if not found:
        return ()
    marks = _merged(found)
    windows = [Span(0, len(display))] if len(display) <= width else _windows(display, marks, width)
    kept = sorted(windows, key=lambda window: _weight(window, found), reverse=True)[:most]
    return tuple(_fragment(display, window, marks) for window in sorted(kept))


def _places(text: str, word: str) -> Iterator[Span]:
    """Where a word stands: Han anywhere, or else its pairs; others at the start of a word."""
    if not is_han(word):
        whole = r"(?![^\W_])" if len(word) == 1 else ""
        pattern = rf"(?:(?<![^\W_])|(?<=[{HAN}])){re.escape(word)}{whole}"
        yield from (Span(*match.span()) for match in re.finditer(pattern, text))
        return
    if word in text:
        yield from (Span(*match.span()) for match in re.finditer(word, text))
        return
    if len(word) > _PAIR:
        pairs = {pair for pair in bigrams(word) if _PARTICLES.isdisjoint(pair)}
        yield from (
            Span(place, place + _PAIR) for place, pair in enumerate(bigrams(text)) if pair in pairs
        )


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _windows(display: str, marks: Sequence[Span], width: int) -> list[Span]:
    """Stretches of about the width that hold all marks, each beginning a little before one."""
    windows: list[Span] = []
    lead = min(_LEAD, width // 3)
    for mark in marks:
        if windows and mark.end <= windows[-1].end:
            continue
        after = windows[-1].end if windows else 0
        earliest = max(after, min(mark.start - lead, len(display) - width))
        start = next((p for p in range(earliest, mark.start) if _parts(display, p)), mark.start)
        start = max(after, start)
        least = min(mark.end, start + width)
        windows.append(Span(start, _end(display, start + width, least=least)))
    return windows


def _end(display: str, place: int, *, least: int) -> int:
    """The nearest place at or before this one where a text may be cut, if one can with no word."""
    if place >= len(display):
        return len(display)
    for candidate in range(place, max(least, place - _LEAD) - 1, -1):
        if _parts(display, candidate):
            return candidate
    while not may_cut(display, place):
        place += 1
    return place


def _parts(display: str, place: int) -> bool:
    return may_cut(display, place) and not _in_word(display, place)


def _in_word(display: str, place: int) -> bool:
    around = display[max(place - 1, 0) : place + 1]
    return len(around) > 1 and around.isascii() and around.isalnum()


def _weight(window: Span, found: dict[Span, str]) -> tuple[int, int, int]:
    """How much a window shows: different words first, then marked characters, then the earlier."""
    held = [span for span in sorted(found) if span.start >= window.start and span.end <= window.end]
    return (len({found[span] for span in held}), sum(e - s for s, e in held), -window.start)


def _fragment(display: str, window: Span, marks: Sequence[Span]) -> str:
    first = bisect_left(marks, window.start, key=lambda mark: mark.end - 1)
    places = [window.start]
    for mark in marks[first:]:
        if mark.start >= window.end:
            break
        places += [max(mark.start, window.start), min(mark.end, window.end)]
    places.append(window.end)
    parts = [escape(display[start:end]) for start, end in pairwise(places)]
    parts[1::2] = [f"<mark>{part}</mark>" for part in parts[1::2]]
    before = "…" if window.start > 0 else ""
    after = "…" if window.end < len(display) else ""
    return before + "".join(parts) + after
