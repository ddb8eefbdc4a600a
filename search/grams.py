"""How the lexical index cuts text: words, Han uni- and bigrams, and trigrams of Latin words.

Bigrams need no dictionary, so a word nobody foresaw is found like any other; trigrams let a
misspelt name still meet the right one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")

_UNIGRAM_WEIGHT: Final = 0.6
_TRIGRAM_WEIGHT: Final = 0.3
_SHORTEST_FOR_TRIGRAMS: Final = 4
# Some megabytes; a word that is not held is cut again.
_WORDS_HELD: Final = 20_000


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
    cut: list[str] = []
    for run in _RUN.findall(text):
        if _is_han(run):
            cut += _pairs(run)
            cut += run
        else:
            cut.append(_word_text(run))
    return " ".join(cut)


@lru_cache(maxsize=_WORDS_HELD)
def _word_text(word: str) -> str:
    """The grams of a word. A library has a million words, and says most of them again."""
    return " ".join((word, *_trigrams(word)))


def pieces(text: str) -> Iterator[Piece]:
    """Yield the words and Han runs of a text, each cut into its grams."""
    for run in _RUN.findall(text):
        yield _han_piece(run) if _is_han(run) else _word_piece(run)


def _is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\ufaff"


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _trigrams(word: str) -> list[str]:
    """The marks keep trigrams apart from short words, and tell the ends of a word from its middle."""
    if len(word) < _SHORTEST_FOR_TRIGRAMS:
        return []
    marked = f"^{word}$"
    return [f"~{marked[at : at + 3]}" for at in range(len(marked) - 2)]


def _han_piece(run: str) -> Piece:
    pairs = tuple(Gram(pair, 1.0) for pair in _pairs(run))
    singles = tuple(Gram(character, _UNIGRAM_WEIGHT, is_weak=bool(pairs)) for character in run)
    return Piece(pairs + singles, needed=1)


def _word_piece(word: str) -> Piece:
    trigrams = tuple(Gram(each, _TRIGRAM_WEIGHT) for each in _trigrams(word))
    needed = (len(trigrams) + 1) // 2 if trigrams else 1
    return Piece((Gram(word, 1.0), *trigrams), needed=needed)
