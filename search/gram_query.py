"""A typed text as a weighted query over grams, and what a score of it means."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from tantivy import Occur, Query, Schema, Searcher

from search.grams import Gram, Piece, pieces
from search.shelf_documents import GRAM_FIELDS

FIELD_WEIGHTS: Final[Mapping[str, float]] = {"called": 2.0, "labels": 1.5, "told": 1.0}

MAX_CHARACTERS: Final = 2_000
# The most telling grams of a text; more cost time and hardly change the order.
MAX_GRAMS: Final = 96
# Grams that are remembered, with the queries for them: some ten megabytes.
_GRAMS_HELD: Final = 10_000
# To take it from its class takes as long as to make a query.
_SHOULD: Final = Occur.Should

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


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
    lookup: "GramLookup"

    def score(self, raw: float) -> float:
        """Return `raw / (raw + plain_score)`: in 0..1, growing with raw.

        One half means as good as a body of usual length that holds every gram once. Grams the
        library has never seen count as missing, so a text about nothing here stays near zero.
        """
        return raw / (raw + self.plain_score) if raw > 0 else 0.0

    def held(self) -> Query | None:
        """Return the query whose score is how much of `plain_score` a document holds.

        Unlike the query itself it does not care how often or in how long a text a gram stands.
        """
        found = [query for gram in self.typed if (query := self.lookup.anywhere(gram)) is not None]
        return Query.boolean_query([(_SHOULD, each) for each in found]) if found else None


def gram_query(text: str, lookup: "GramLookup", *, finding: Finding) -> GramQuery | None:
    """Return the query for a prepared text, or `None` if there is not a single gram in it."""
    typed = _most_telling(tuple(pieces(text[:MAX_CHARACTERS])), lookup)
    if not typed:
        return None
    grams = tuple(_distinct(typed))
    found = _found(typed, finding, lookup)
    weak = (gram for gram in grams if gram.is_weak)
    ranked = [(_SHOULD, place) for gram in weak for place in lookup.places(gram)]
    return GramQuery(
        query=Query.boolean_query([(Occur.Must, found), *ranked]) if ranked else found,
        plain_score=sum(lookup.weight(gram) for gram in grams),
        typed=grams,
        lookup=lookup,
    )


class GramLookup:
    """What one state of the index knows of grams, and the queries that ask for them.

    Each gram is looked up once: that takes longer than to ask for it, and texts share most of theirs.
    """

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self.searcher = searcher
        self.schema = schema
        self._num_docs = searcher.num_docs
        self._fields: dict[str, Mapping[str, int]] = {}
        self._places: dict[Gram, Sequence[Query]] = {}
        self._anywhere: dict[Gram, Query | None] = {}

    def weight(self, gram: Gram) -> float:
        """Return what a gram counts for, the more the rarer it is."""
        return gram.weight * self._idf(gram.text)

    def places(self, gram: Gram) -> Sequence[Query]:
        """Return a query for each field that holds the gram."""
        return _remembered(self._places, gram, self._find_places)

    def anywhere(self, gram: Gram) -> Query | None:
        """Return the query that gives the gram's weight to what holds it in any field."""
        return _remembered(self._anywhere, gram, self._find_anywhere)

    def _find_places(self, gram: Gram) -> Sequence[Query]:
        return [
            Query.boost_query(
                Query.term_query(self.schema, field, gram.text, index_option="freq"),
                FIELD_WEIGHTS[field] * gram.weight,
            )
            for field in self._held_in(gram.text)
        ]

    def _find_anywhere(self, gram: Gram) -> Query | None:
        places = [
            Query.term_query(self.schema, field, gram.text, index_option="basic")
            for field in self._held_in(gram.text)
        ]
        if not places:
            return None
        anywhere = Query.boolean_query([(_SHOULD, place) for place in places])
        return Query.const_score_query(anywhere, self.weight(gram))

    def _held_in(self, text: str) -> Mapping[str, int]:
        """Return the fields that hold a gram, with the number of documents each."""
        return _remembered(self._fields, text, self._count)

    def _count(self, text: str) -> Mapping[str, int]:
        counts = {field: self.searcher.doc_freq(field, text) for field in GRAM_FIELDS}
        return {field: count for field, count in counts.items() if count}

    def _idf(self, text: str) -> float:
        """Return BM25's inverse document frequency, by the field the gram is most common in."""
        held = max(self._held_in(text).values(), default=0)
        return math.log(1 + (self._num_docs - held + 0.5) / (held + 0.5))


def _remembered(held: dict[_Key, _Value], key: _Key, find: Callable[[_Key], _Value]) -> _Value:
    """Return what is held under a key, or what is found and held from now on."""
    if key not in held:
        if len(held) >= _GRAMS_HELD:
            held.clear()
        held[key] = find(key)
    return held[key]


def _most_telling(found: tuple[Piece, ...], lookup: GramLookup) -> tuple[Piece, ...]:
    """Return the pieces with only the grams that weigh most, each gram in one piece only."""
    grams = _distinct(found)
    if len(grams) > MAX_GRAMS:
        grams = sorted(grams, key=lambda gram: -lookup.weight(gram))[:MAX_GRAMS]
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


def _found(typed: tuple[Piece, ...], finding: Finding, lookup: GramLookup) -> Query:
    """Return the query that finds.

    Where one gram is enough its places are alternatives of the whole query: each query in another one
    takes time by itself.
    """
    if finding is Finding.WHOLE:
        return Query.boolean_query(
            [(Occur.Must, _enough(piece, len(piece.strong), lookup)) for piece in typed]
        )
    found: list[Query] = []
    for piece in typed:
        if finding is Finding.ENOUGH and piece.needed > 1:
            found.append(_enough(piece, piece.needed, lookup))
        else:
            found += (place for gram in piece.strong for place in lookup.places(gram))
    return Query.boolean_query([(_SHOULD, each) for each in found])


def _enough(piece: Piece, needed: int, lookup: GramLookup) -> Query:
    """Return the query that finds what holds so many strong grams of a piece."""
    grams = [
        Query.boolean_query([(_SHOULD, place) for place in lookup.places(gram)])
        for gram in piece.strong
    ]
    if not grams:
        return Query.empty_query()
    alternatives = [(_SHOULD, gram) for gram in grams]
    return Query.boolean_query(alternatives, minimum_number_should_match=needed)
