"""A typed text as a weighted query over grams, and what a score of it means."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tantivy import Occur, Query, Schema, Searcher

from search.grams import Gram, Piece, pieces
from search.shelf_documents import GRAM_FIELDS

FIELD_WEIGHTS: Final[Mapping[str, float]] = {"called": 2.0, "labels": 1.5, "told": 1.0}

MAX_CHARACTERS: Final = 2_000
# The most telling grams of a text; more cost time and hardly change the order.
MAX_GRAMS: Final = 96
# Grams whose rarity is remembered: some megabytes, and more than a library's own words have.
_GRAMS_HELD: Final = 20_000


class Finding(Enum):
    """What finds a document. How near it is depends on all grams it holds in any case.

    `ANY` takes a quarter of the time of `ENOUGH` where words are Latin, and has the same documents come
    first: one that holds less than enough of any word comes last.
    """

    ANY = "any strong gram"
    ENOUGH = "enough of the strong grams of any word"
    WHOLE = "each strong gram of every word"


@dataclass(frozen=True, slots=True)
class GramQuery:
    """A query, and the raw score of a text that holds each of its grams once."""

    query: Query
    plain_score: float
    typed: tuple[Gram, ...]
    rarity: "Rarity"

    def score(self, raw: float) -> float:
        """Return `raw / (raw + plain_score)`: in 0..1, growing with raw.

        One half means as good as a body of usual length that holds every gram once. Grams the
        library has never seen count as missing, so a text about nothing here stays near zero.
        """
        return raw / (raw + self.plain_score) if raw > 0 else 0.0

    def held(self, schema: Schema) -> Query | None:
        """Return the query whose score is how much of `plain_score` a document holds.

        Unlike the query itself it does not care how often or in how long a text a gram stands.
        """
        parts = []
        for gram in self.typed:
            places = [
                Query.term_query(schema, field, gram.text, index_option="basic")
                for field in self.rarity.fields(gram.text)
            ]
            if places:
                anywhere = Query.boolean_query([(Occur.Should, place) for place in places])
                weight = gram.weight * self.rarity.idf(gram.text)
                parts.append((Occur.Should, Query.const_score_query(anywhere, weight)))
        return Query.boolean_query(parts) if parts else None


def gram_query(
    text: str, *, schema: Schema, rarity: "Rarity", finding: Finding
) -> GramQuery | None:
    """Return the query for a prepared text, or `None` if there is not a single gram in it."""
    typed = _most_telling(tuple(pieces(text[:MAX_CHARACTERS])), rarity)
    if not typed:
        return None
    grams = tuple(_distinct(typed))
    found = _found(typed, finding, schema, rarity)
    weak = (gram for gram in grams if gram.is_weak)
    ranked = [(Occur.Should, place) for gram in weak for place in _places(gram, schema, rarity)]
    return GramQuery(
        query=Query.boolean_query([(Occur.Must, found), *ranked]) if ranked else found,
        plain_score=sum(gram.weight * rarity.idf(gram.text) for gram in grams),
        typed=grams,
        rarity=rarity,
    )


class Rarity:
    """How rare grams are in one state of the index; each is looked up once.

    Looking up takes longer than making the query, and texts share most of their grams.
    """

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._num_docs = searcher.num_docs
        self._fields: dict[str, Mapping[str, int]] = {}

    def fields(self, gram: str) -> Mapping[str, int]:
        """Return the fields that hold the gram, with the number of documents each."""
        found = self._fields.get(gram)
        if found is None:
            counts = {field: self.searcher.doc_freq(field, gram) for field in GRAM_FIELDS}
            found = {field: count for field, count in counts.items() if count}
            if len(self._fields) >= _GRAMS_HELD:
                self._fields.clear()
            self._fields[gram] = found
        return found

    def idf(self, gram: str) -> float:
        """Return BM25's inverse document frequency, by the field the gram is most common in."""
        held = max(self.fields(gram).values(), default=0)
        return math.log(1 + (self._num_docs - held + 0.5) / (held + 0.5))


def _most_telling(found: tuple[Piece, ...], rarity: Rarity) -> tuple[Piece, ...]:
    """Return the pieces with only the grams that weigh most, each gram in one piece only."""
    grams = _distinct(found)
    if len(grams) > MAX_GRAMS:
        grams = sorted(grams, key=lambda gram: -gram.weight * rarity.idf(gram.text))[:MAX_GRAMS]
    left = set(grams)
    kept = []
    for piece in found:
        mine = tuple(gram for gram in dict.fromkeys(piece.grams) if gram in left)
        left.difference_update(mine)
        if mine:
            kept.append(Piece(mine, needed=min(piece.needed, len(mine))))
    return tuple(kept)


def _distinct(found: tuple[Piece, ...]) -> list[Gram]:
    return list(dict.fromkeys(gram for piece in found for gram in piece.grams))


def _found(typed: tuple[Piece, ...], finding: Finding, schema: Schema, rarity: Rarity) -> Query:
    """Return the query that finds.

    Where one gram is enough its places are alternatives of the whole query: each query in another one
    takes time by itself.
    """
    if finding is Finding.WHOLE:
        return Query.boolean_query(
            [(Occur.Must, _enough(piece, len(piece.strong), schema, rarity)) for piece in typed]
        )
    found: list[Query] = []
    for piece in typed:
        if finding is Finding.ENOUGH and piece.needed > 1:
            found.append(_enough(piece, piece.needed, schema, rarity))
        else:
            found += (place for gram in piece.strong for place in _places(gram, schema, rarity))
    return Query.boolean_query([(Occur.Should, each) for each in found])


def _enough(piece: Piece, needed: int, schema: Schema, rarity: Rarity) -> Query:
    """Return the query that finds what holds so many strong grams of a piece."""
    grams = [
        Query.boolean_query([(Occur.Should, place) for place in _places(gram, schema, rarity)])
        for gram in piece.strong
    ]
    if not grams:
        return Query.empty_query()
    alternatives = [(Occur.Should, gram) for gram in grams]
    return Query.boolean_query(alternatives, minimum_number_should_match=needed)


def _places(gram: Gram, schema: Schema, rarity: Rarity) -> list[Query]:
    """Return a query for each field that holds the gram."""
    return [
        Query.boost_query(
            Query.term_query(schema, field, gram.text, index_option="freq"),
            FIELD_WEIGHTS[field] * gram.weight,
        )
        for field in rarity.fields(gram.text)
    ]
