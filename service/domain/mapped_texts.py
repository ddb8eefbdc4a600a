"""A text prepared for matching that still knows which characters of the original it came from."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.text import HAN, fold, simplified_runs

# Characters that stay one character when folded: ASCII, Han, and the usual full-width ones.
_STEADY = re.compile(rf"[\n\t\x20-\x7e{HAN}\u3001-\u3004\u3008-\u301f\uff01-\uff5e“”‘’—]+")


class Span(NamedTuple):
    """A stretch of a text in code points, its end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MappedText:
    """A prepared text with the span of the displayed text each character comes from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def displayed(self, start: int, end: int) -> Span:
        """The span of the displayed text that a stretch of the prepared one comes from."""
        return Span(min(self.starts[start:end]), max(self.ends[start:end]))


def mapped_text(display: str) -> MappedText:
    """The text prepared as for a search, except that its blanks stay, with where each character is from."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(display):
        if steady := _STEADY.match(display, place):
            # The last character may carry a mark that follows, so it goes with its cluster.
            end = steady.end()
            end = end if end == len(display) or may_cut(display, end) else end - 1
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
    return _simplified(MappedText("".join(folded), starts, ends))


def _simplified(mapped: MappedText) -> MappedText:
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
    return MappedText("".join(text), starts, ends)


def may_cut(display: str, place: int) -> bool:
    """Whether a cut here leaves whatever a reader sees as one character whole."""
    if not 0 < place < len(display):
        return True
    character = display[place]
    joined = display[place - 1] == "\u200d" or character == "\u200d"
    low = "\udc00" <= character <= "\udfff" or "\U0001f3fb" <= character <= "\U0001f3ff"
    return not (joined or low or unicodedata.category(character).startswith("M"))


def _cluster_end(display: str, place: int) -> int:
    end = place + 1
    while not may_cut(display, end):
        end += 1
    return end


def widened(display: str, span: Span) -> Span:
    """The span widened to whole characters as a reader sees them."""
    start, end = span
    while not may_cut(display, start):
        start -= 1
    while not may_cut(display, end):
        end += 1
    return Span(start, end)
