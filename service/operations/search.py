"""Searching the library: ids and scores from the index, bodies and permission from the library."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from search import protocol
from search.errors import SearchError, SearchUnavailable
from search.protocol import SearchAnswer, SearchQuery
from service.domain import conditions
from service.domain.access import Actor, Permission
from service.domain.concepts import Concept
from service.domain.conditions import Condition
from service.domain.entries import Entry
from service.domain.errors import BadInput, NotReady
from service.domain.findings import place_of
from service.domain.highlights import query_words
from service.domain.text import prepare
from service.footprints import traced
from service.operations.ports import Desk

QUERY_LENGTH_MOST = 2_000
RESULTS_MOST = 1_000

_FACET_OF_FIELD = {
    "type": "crisis_types",
    "platform": "platforms",
    "industry": "industry",
    "country": "country",
    "level": "level",
    "strategy": "strategies",
    "statement_kind": "statement_kind",
    "channel": "channel",
    "phase": "phase",
    "provenance": "provenance",
    "verdict": "verdict",
    "metric": "metrics",
}
# Where a field is an interval, its lower end is held to `least` and its upper end to `most`.
_NUMBERS_OF_FIELD = {
    "year": ("year_number", "year_number"),
    "first_statement_hours": ("first_statement_from_hours", "first_statement_hours"),
}
FACETS = (
    "crisis_types",
    "platforms",
    "industry",
    "country",
    "level",
    "year",
    "strategies",
    "statement_kind",
    "provenance",
    "verdict",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: the entry, the key of its statement or step, and the score from 0 to 1.

    `place` is where it stands among all that was found.
    """

    place: int
    kind: str
    entry: Entry
    item: str | None
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of what was found. `degraded` says that the search engine or its embedder was away."""

    degraded: bool
    total: int
    processing_ms: float
    found: tuple[Found, ...]
    facets: Mapping[str, Mapping[str, int]]
    concepts: tuple[Concept, ...]
    words: tuple[str, ...]
    last_place: int
    has_next: bool


@traced
async def search_library(
    desk: Desk,
    actor: Actor,
    *,
    text: str,
    kinds: tuple[str, ...],
    condition: Condition,
    first: int,
    offset: int,
) -> SearchResult:
    """A page of what the text finds. While the engine is away the lexical index answers."""
    actor.require(Permission.READ)
    if len(text) > QUERY_LENGTH_MOST:
        raise BadInput(
            f"query has {len(text)} characters; at most {QUERY_LENGTH_MOST} are read. "
            "Give the sentences that say what happened."
        )
    if offset >= RESULTS_MOST:
        raise BadInput(f"A search shows at most {RESULTS_MOST} results; narrow it with a filter.")
    prepared = prepare(text)
    visible = protocol.AnyOf("sharing", tuple(sorted(actor.visible)))
    query = SearchQuery(
        text=prepared,
        kinds=kinds,
        condition=protocol.AllOf((visible, _index_condition(condition))),
        facets=FACETS,
        offset=offset,
        limit=min(first, RESULTS_MOST - offset),
    )
    answer, degraded = await _answer(desk, query)
    found = await _load(desk, actor, answer, offset)
    return SearchResult(
        degraded=degraded,
        total=answer.total,
        processing_ms=answer.processing_ms,
        found=found,
        facets=answer.facets,
        concepts=desk.shelf.concepts.read(prepared),
        words=query_words(prepared),
        last_place=offset + len(answer.hits) - 1,
        has_next=offset + len(answer.hits) < min(answer.total, RESULTS_MOST),
    )


async def _answer(desk: Desk, query: SearchQuery) -> tuple[SearchAnswer, bool]:
    """The engine's answer where it finds every word or knows meanings, else the built-in index's.

    A sentence whose words stand in no one document is what the engine ranks badly by words. The
    second value says that an engine or an embedder was away.
    """
    degraded = False
    try:
        answer = await desk.engine.search(replace(query, whole=True))
        if answer.total or not query.text:
            return answer, False
        if desk.meaning_share:
            return await desk.engine.search(replace(query, meaning=desk.meaning_share)), False
    except SearchError:
        # Also one that refuses the query: the index of somebody else, or of another version.
        degraded = True
    try:
        return await desk.lexical.search(query), degraded
    except SearchUnavailable:
        pass
    try:
        return await desk.engine.search(query), True
    except SearchError:
        raise NotReady("The library is being indexed; search again in a moment.") from None


async def _load(desk: Desk, actor: Actor, answer: SearchAnswer, offset: int) -> tuple[Found, ...]:
    places = [place_of(hit.id) for hit in answer.hits]
    by_key = await desk.find_entries({place.entry for place in places}, visible=actor.visible)
    return tuple(
        Found(offset + n, hit.kind, by_key[place.entry], place.item, hit.score)
        for n, (hit, place) in enumerate(zip(answer.hits, places, strict=True))
        if place.entry in by_key
    )


def _index_condition(condition: Condition) -> protocol.Condition:
    match condition:
        case conditions.Among(field, values):
            return protocol.AnyOf(_FACET_OF_FIELD[field], values)
        case conditions.Within(field, least, most):
            low, high = _NUMBERS_OF_FIELD[field]
            return protocol.AllOf(
                (protocol.Range(low, least, None), protocol.Range(high, None, most))
            )
        case conditions.Every(parts):
            return protocol.AllOf(tuple(_index_condition(part) for part in parts))
        case conditions.Some(parts):
            return protocol.OneOf(tuple(_index_condition(part) for part in parts))
        case conditions.Not(part):
            return protocol.Not(_index_condition(part))
        case _:
            raise BadInput("A search cannot be narrowed by this field.")
