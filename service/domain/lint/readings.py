"""A draft as the rules read it: prepared, in sentences and lines, each place known in the original."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from service.domain.mapped_texts import MappedText, Span, mapped_text, widened
from service.domain.text import HAN

_HAN = re.compile(f"[{HAN}。、「」『』《》【】]")
_APOSTROPHES = str.maketrans("‘’`´", "''''")
_END = re.compile(r"[。!?;…]+[”」』\"')】]*|\.+[”\"')]*(?=\s|$)|\n\s*\n")
# A line that begins with a mark of its own, or follows one that ended, is not the other's middle.
_BEGINS = re.compile(r"\s*(?:[-*•·#【\[(]|\d+[.、)]|[一二三四五六七八九十]+、)")
_ENDED = re.compile(r"[。.!?;:,】\])”」』]\s*$")
_ABBREVIATED = re.compile(r"\b(?:mr|mrs|ms|dr|no|st|inc|ltd|co|a\.m|p\.m|e\.g|i\.e|u\.s|u\.k)\.$")
_SENTENCE_MOST = 600
_QUOTED = re.compile(r"“[^”]{1,120}”|「[^」]{1,120}」|『[^』]{1,120}』|\"[^\"\n]{1,120}\"")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the prepared text and where it begins there."""

    text: str
    start: int


class Reading:
    """The prepared text of a draft."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._mapped = _without_blanks(mapped_text(display))
        self.text = self._mapped.text
        self.has_han = _HAN.search(self.text) is not None
        self.sentences = tuple(_sentences(self.text))
        self.lines = tuple(_lines(display))
        self._quotes = [match.span() for match in _QUOTED.finditer(self.text)]

    def displayed(self, start: int, end: int) -> Span:
        """The span of the text as given that a stretch of the prepared text comes from."""
        return widened(self.display, self._mapped.displayed(start, end))

    def excerpt(self, span: Span) -> str:
        """What stands there in the text as given."""
        return self.display[span.start : span.end]

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a stretch of the prepared text stands within quotation marks."""
        return any(first < start and end <= last for first, last in self._quotes)

    def near(self, number: int, *, reach: int = 2) -> str:
        """A sentence with those before and after it."""
        return "\n".join(
            sentence.text
            for sentence in self.sentences[max(0, number - reach) : number + reach + 1]
        )


def _without_blanks(mapped: MappedText) -> MappedText:
    """The text without blanks beside Han characters, and others made one."""
    text = mapped.text.translate(_APOSTROPHES)
    kept: list[str] = []
    places: list[int] = []
    for place, character in _pieces(text):
        kept.append(character)
        places.append(place)
    return MappedText(
        "".join(kept), [mapped.starts[p] for p in places], [mapped.ends[p] for p in places]
    )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    place = 0
    for blank in re.finditer(r"\s+", text):
        yield from ((p, text[p]) for p in range(place, blank.start()))
        place = blank.end()
        before, after = text[max(blank.start() - 1, 0) : blank.start()], text[place : place + 1]
        if _parts(text, blank):
            yield from ((blank.start(), "\n") for _ in range(min(blank[0].count("\n"), 2)))
        elif before and after and not (_HAN.match(before) or _HAN.match(after)):
            yield blank.start(), " "
    yield from ((p, text[p]) for p in range(place, len(text)))


def _lines(display: str) -> Iterator[str]:
    """The lines as they were typed, prepared one by one."""
    for line in display.splitlines():
        if line.strip():
            yield _without_blanks(mapped_text(line.strip())).text


def _parts(text: str, blank: re.Match[str]) -> bool:
    """Whether a blank is a line's end that a reader sees as an end."""
    breaks = blank[0].count("\n")
    if breaks == 0:
        return False
    line_start = text.rfind("\n", 0, blank.start()) + 1
    line = text[line_start : blank.start()]
    return (
        breaks > 1
        or _ENDED.search(line[-3:]) is not None
        or _BEGINS.match(text, blank.end()) is not None
    )


def _sentences(text: str) -> Iterator[Sentence]:
    ends = [
        end.end()
        for end in _END.finditer(text)
        if not (end[0] == "." and _ABBREVIATED.search(text, max(0, end.end() - 6), end.end()))
    ]
    for start, end in pairwise((0, *ends, len(text))):
        for cut in range(start, end, _SENTENCE_MOST):
            piece = text[cut : min(cut + _SENTENCE_MOST, end)]
            if piece.strip():
                yield Sentence(piece, cut)
