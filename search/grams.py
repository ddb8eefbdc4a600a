"""How the lexical index cuts text: words, Han uni- and bigrams, and trigrams of Latin words.

Bigrams need no dictionary, so a word nobody foresaw is found like any other; trigrams let a
misspelt name still meet the right one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")

_UNIGRAM_WEIGHT: Final = 0.6
_TRIGRAM_WEIGHT: Final = 0.3
_SHORTEST_FOR_TRIGRAMS: Final = 4


@dataclass(frozen=True, slots=True)
class Gram:
    """A piece of text and what it counts for. A weak one ranks; it never finds by itself."""

    text: str
    weight: float
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """The grams of one word or one Han run, and how many of the strong ones make a match."""

    grams: tuple[Gram, ...]
    needed: int

    @property
    def strong(self) -> tuple[Gram, ...]:
        """The grams that find."""
        return tuple(gram for gram in self.grams if not gram.is_weak)


def gram_text(text: str) -> str:
    """Return all grams of a text, in order and with repetitions, separated by spaces."""
    return " ".join(gram.text for piece in pieces(text) for gram in piece.grams)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the words and Han runs of a text, each cut into its grams."""
    for run in _RUN.findall(text):
        yield _han_piece(run) if "\u3400" <= run[0] <= "\ufaff" else _word_piece(run)


def _han_piece(run: str) -> Piece:
    pairs = tuple(Gram(run[at : at + 2], 1.0) for at in range(len(run) - 1))
    singles = tuple(Gram(character, _UNIGRAM_WEIGHT, is_weak=bool(pairs)) for character in run)
    return Piece(pairs + singles, needed=1)


def _word_piece(word: str) -> Piece:
    whole = Gram(word, 1.0)
    if len(word) < _SHORTEST_FOR_TRIGRAMS:
        return Piece((whole,), needed=1)
    # The marks keep trigrams apart from short words, and tell the ends of a word from its middle.
    marked = f"^{word}$"
    trigrams = tuple(
        Gram(f"~{marked[at : at + 3]}", _TRIGRAM_WEIGHT) for at in range(len(marked) - 2)
    )
    return Piece((whole, *trigrams), needed=(len(trigrams) + 1) // 2)
