"""A typed text as a weighted query over grams, and what a score of it means."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tantivy import Occur, Query, Schema, Searcher

from search.grams import Gram, Piece, pieces
from search.protocol import TEXT_FIELDS

FIELD_WEIGHTS: Final[Mapping[str, float]] = dict(
    zip(TEXT_FIELDS, (2.0, 2.0, 2.0, 1.5, 1.0, 1.0), strict=True)
)
# A gram counts for the field it fits best, and a little for the others it is in.
_OTHER_FIELDS_SHARE: Final = 0.3

MAX_CHARACTERS: Final = 2_000
# The most telling grams of a text; more cost time and hardly change the order.
MAX_GRAMS: Final = 96
# Grams whose rarity is remembered: some megabytes, and more than a library's own words have.
_GRAMS_HELD: Final = 20_000


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
    text: str, *, schema: Schema, rarity: "Rarity", whole: bool = False
) -> GramQuery | None:
    """Return the query for a prepared text, or `None` if there is not a single gram in it.

    `whole` finds only what holds each gram of every word typed.
    """
    typed = _most_telling(tuple(pieces(text[:MAX_CHARACTERS])), rarity)
    if not typed:
        return None
    sought = typed
    if whole:
        sought = tuple(replace(piece, needed=len(piece.strong)) for piece in typed)
    occur = Occur.Must if whole else Occur.Should
    finding = [(occur, _piece_query(piece, schema, rarity)) for piece in sought]
    weak = [
        (Occur.Should, _gram_query(gram, schema, rarity))
        for gram in _distinct(typed)
        if gram.is_weak
    ]
    found = Query.boolean_query(finding)
    grams = tuple(_distinct(typed))
    return GramQuery(
        query=Query.boolean_query([(Occur.Must, found), *weak]) if weak else found,
        plain_score=sum(gram.weight * rarity.idf(gram.text) for gram in grams),
        typed=grams,
        rarity=rarity,
    )


class Rarity:
    """How rare grams are in one state of the index; each is looked up once.

    Looking up costs more than half of what a search does, and texts share most of their grams.
    """

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._num_docs = searcher.num_docs
        self._fields: dict[str, Mapping[str, int]] = {}

    def fields(self, gram: str) -> Mapping[str, int]:
        """Return the fields that hold the gram, with the number of documents each."""
        found = self._fields.get(gram)
        if found is None:
            counts = {field: self.searcher.doc_freq(field, gram) for field in TEXT_FIELDS}
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


def _piece_query(piece: Piece, schema: Schema, rarity: Rarity) -> Query:
    strong = [(Occur.Should, _gram_query(gram, schema, rarity)) for gram in piece.strong]
    if not strong:
        return Query.empty_query()
    return Query.boolean_query(strong, minimum_number_should_match=piece.needed)


def _gram_query(gram: Gram, schema: Schema, rarity: Rarity) -> Query:
    by_field = [
        Query.boost_query(
            Query.term_query(schema, field, gram.text, index_option="freq"),
            FIELD_WEIGHTS[field] * gram.weight,
        )
        for field in rarity.fields(gram.text)
    ]
    return Query.disjunction_max_query(by_field, tie_breaker=_OTHER_FIELDS_SHARE)
