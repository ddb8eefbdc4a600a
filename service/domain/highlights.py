"""Highlights: the places of a displayed text that answer a query, as safe HTML.

Words are compared prepared, and marked where they stand in the text as displayed.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import NamedTuple

from service.domain.text import HAN, bigrams, fold, is_han, prepare, simplified_runs, words_in

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

# Characters that stay one character when folded: ASCII, Han, and the usual full-width ones.
_STEADY = re.compile(rf"[\n\t\x20-\x7e{HAN}\u3001-\u3004\u3008-\u301f\uff01-\uff5e“”‘’—]+")


class _Span(NamedTuple):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A prepared text with the span of the displayed text each character comes from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def displayed(self, start: int, end: int) -> _Span:
        return _Span(min(self.starts[start:end]), max(self.ends[start:end]))


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
    mapped = _mapped(display)
    found: dict[_Span, str] = {}
    for word in words:
        for start, end in _places(mapped.text, word):
            found.setdefault(_whole(display, mapped.displayed(start, end)), word)
    if not found:
        return ()
    marks = _merged(found)
    windows = [_Span(0, len(display))] if len(display) <= width else _windows(display, marks, width)
    kept = sorted(windows, key=lambda window: _weight(window, found), reverse=True)[:most]
    return tuple(_fragment(display, window, marks) for window in sorted(kept))


def _mapped(display: str) -> _Mapped:
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(display):
        if steady := _STEADY.match(display, place):
            # The last character may carry a mark that follows, so it goes with its cluster.
            end = steady.end()
            end = end if end == len(display) or _may_cut(display, end) else end - 1
            if end > place:
                folded.append(fold(display[place:end]))
                starts.extend(range(place, end))
                ends.extend(range(place + 1, end + 1))
                place = end
                continue
        end = _cluster_end(display, place)
        piece = fold(display[place:end])
        folded.append(piece)
        starts.extend([place] * len(piece))
        ends.extend([end] * len(piece))
        place = end
    return _simplified(_Mapped("".join(folded), starts, ends))


def _simplified(mapped: _Mapped) -> _Mapped:
    """The mapped text in simplified characters and mainland wording."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for run, simplified in simplified_runs(mapped.text):
        after = place + len(run)
        text.append(simplified)
        if len(run) == len(simplified):
            starts.extend(mapped.starts[place:after])
            ends.extend(mapped.ends[place:after])
        else:
            starts.extend([mapped.starts[place]] * len(simplified))
            ends.extend([mapped.ends[after - 1]] * len(simplified))
        place = after
    return _Mapped("".join(text), starts, ends)


def _places(text: str, word: str) -> Iterator[_Span]:
    """Where a word stands: Han anywhere, or else its pairs; others at the start of a word."""
    if not is_han(word):
        whole = r"(?![^\W_])" if len(word) == 1 else ""
        pattern = rf"(?:(?<![^\W_])|(?<=[{HAN}])){re.escape(word)}{whole}"
        yield from (_Span(*match.span()) for match in re.finditer(pattern, text))
        return
    exact = [_Span(*match.span()) for match in re.finditer(word, text)]
    if exact or len(word) <= _PAIR:
        yield from exact
        return
    for pair in dict.fromkeys(bigrams(word)):
        if not _PARTICLES.intersection(pair):
            yield from (_Span(*match.span()) for match in re.finditer(pair, text))


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = _Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _windows(display: str, marks: Sequence[_Span], width: int) -> list[_Span]:
    """Stretches of about the width that hold all marks, each beginning a little before one."""
    windows: list[_Span] = []
    lead = min(_LEAD, width // 3)
    for mark in marks:
        if windows and mark.end <= windows[-1].end:
            continue
        after = windows[-1].end if windows else 0
        earliest = max(after, min(mark.start - lead, len(display) - width))
        start = next((p for p in range(earliest, mark.start) if _parts(display, p)), mark.start)
        start = max(after, start)
        least = min(mark.end, start + width)
        windows.append(_Span(start, _end(display, start + width, least=least)))
    return windows


def _end(display: str, place: int, *, least: int) -> int:
    """The nearest place at or before this one where a text may be cut, if one can with no word."""
    if place >= len(display):
        return len(display)
    for candidate in range(place, max(least, place - _LEAD) - 1, -1):
        if _parts(display, candidate):
            return candidate
    while not _may_cut(display, place):
        place += 1
    return place


def _parts(display: str, place: int) -> bool:
    return _may_cut(display, place) and not _in_word(display, place)


def _in_word(display: str, place: int) -> bool:
    around = display[max(place - 1, 0) : place + 1]
    return len(around) > 1 and around.isascii() and around.isalnum()


def _may_cut(display: str, place: int) -> bool:
    """Whether a cut here leaves whatever a reader sees as one character whole."""
    if not 0 < place < len(display):
        return True
    character = display[place]
    joined = display[place - 1] == "\u200d" or character == "\u200d"
    low = "\udc00" <= character <= "\udfff" or "\U0001f3fb" <= character <= "\U0001f3ff"
    return not (joined or low or unicodedata.category(character).startswith("M"))


def _cluster_end(display: str, place: int) -> int:
    end = place + 1
    while not _may_cut(display, end):
        end += 1
    return end


def _whole(display: str, span: _Span) -> _Span:
    start, end = span
    while not _may_cut(display, start):
        start -= 1
    while not _may_cut(display, end):
        end += 1
    return _Span(start, end)


def _weight(window: _Span, found: dict[_Span, str]) -> tuple[int, int, int]:
    """How much a window shows: different words first, then marked characters, then the earlier."""
    held = [span for span in sorted(found) if span.start >= window.start and span.end <= window.end]
    return (len({found[span] for span in held}), sum(e - s for s, e in held), -window.start)


def _fragment(display: str, window: _Span, marks: Sequence[_Span]) -> str:
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
