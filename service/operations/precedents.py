"""Finding precedents: the cases nearest to a situation, each with the signals that make it so."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from search import protocol
from search.errors import SearchUnavailable
from search.protocol import NearDocument, Nearness, SearchQuery
from service.domain.access import Actor, Permission
from service.domain.cases import Case, CaseLink, LinkRelation
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.errors import NotReady
from service.domain.findings import place_of
from service.domain.precedents import (
    FIT,
    WEIGHTS,
    Facet,
    Signals,
    Weights,
    facets_of,
    lead_of,
    match_facet,
    precedent_score,
)
from service.domain.situations import (
    Situation,
    SituationReading,
    read_situation,
    require_usable,
)
from service.operations.ports import Desk

CANDIDATES = 30
# Of the candidates some may have been hidden or changed since they were indexed.
_SPARE = 4
# What an order without a claim may score at most.
_BELOW_FIT = FIT - 0.01


@dataclass(frozen=True, slots=True)
class Precedent:
    """A case with its score, the signals behind it, and the editors' link that overruled them."""

    entry: Entry
    case: Case
    score: float
    signals: Signals
    link: CaseLink | None = None


@dataclass(frozen=True, slots=True)
class PrecedentSearch:
    """The nearest cases, best first, and what was read from the words.

    `fits` names every candidate that scores as a fit, also beyond those given. `degraded` says that
    the embedder is away, or the built-in index: then the order is the engine's, and nothing is
    claimed to fit.
    """

    situation: Situation
    reading: SituationReading
    precedents: tuple[Precedent, ...]
    fits: tuple[EntryKey, ...]
    degraded: bool


@dataclass(frozen=True, slots=True)
class _Meanings:
    """How near the cases nearest in meaning are, by entry. `degraded` says that nobody could tell."""

    by_entry: Mapping[str, float]
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: EntryKey
    score: float
    signals: Signals


async def find_precedents(
    desk: Desk, actor: Actor, *, situation: Situation, first: int, weights: Weights = WEIGHTS
) -> PrecedentSearch:
    """The cases nearest to a situation, at most `first`."""
    actor.require(Permission.READ)
    require_usable(situation)
    reading = read_situation(situation, desk.shelf.concepts)
    facets = facets_of(situation)
    visible = protocol.AnyOf("sharing", tuple(sorted(actor.visible)))
    query = SearchQuery(
        text=reading.words, kinds=(protocol.CASE,), condition=visible, limit=CANDIDATES
    )
    (nearness, is_fallback), meanings = await asyncio.gather(
        _nearness(desk, query, facets), _meanings(desk, query)
    )
    brought = meanings.by_entry.keys() - {document.entry for document in nearness.documents}
    among = protocol.AllOf((visible, protocol.AnyOf("entry", tuple(sorted(brought)))))
    others = await _others(desk, replace(query, condition=among), facets) if brought else ()
    scored = _scored(nearness, others, meanings, facets, weights)
    if is_fallback:
        scored = [
            _Candidate(each.key, min(each.score, _BELOW_FIT), each.signals) for each in scored
        ]
    precedents = await _load(desk, actor, scored, first)
    fits = tuple(each.key for each in scored if each.score >= FIT)
    degraded = is_fallback or meanings.degraded
    return PrecedentSearch(situation, reading, precedents, fits, degraded)


async def _nearness(
    desk: Desk, query: SearchQuery, facets: Collection[Facet]
) -> tuple[Nearness, bool]:
    """The cases whose words are nearest; the second value says that the engine had to tell."""
    try:
        return await desk.lexical.nearest(query, preferences=_preferences(facets)), False
    except SearchUnavailable:
        pass
    try:
        answer = await desk.engine.search(query)
    except SearchUnavailable:
        raise NotReady("The library is being indexed; ask again in a moment.") from None
    found = (NearDocument(hit.id, hit.entry, hit.score, {}) for hit in answer.hits)
    return Nearness(1.0, 0.0, tuple(found)), True


async def _meanings(desk: Desk, query: SearchQuery) -> _Meanings:
    if desk.meaning_share is None or not query.text:
        return _Meanings({})
    try:
        answer = await desk.engine.search(replace(query, meaning=1.0))
    except SearchUnavailable:
        return _Meanings({}, degraded=True)
    return _Meanings({hit.entry: max(0.0, 2 * hit.score - 1) for hit in answer.hits})


async def _others(
    desk: Desk, query: SearchQuery, facets: Collection[Facet]
) -> Sequence[NearDocument]:
    """The cases that only their meaning brings, with what the built-in index knows of them."""
    # They may share no word with the text, so that they are cases is what finds them.
    any_case = protocol.Preference("kind", query.kinds, 0.0)
    try:
        found = await desk.lexical.nearest(query, preferences=[*_preferences(facets), any_case])
    except SearchUnavailable:
        return ()
    return found.documents


def _preferences(facets: Collection[Facet]) -> list[protocol.Preference]:
    return [protocol.Preference(facet.field, facet.wanted, facet.preference) for facet in facets]


def _scored(
    nearness: Nearness,
    others: Sequence[NearDocument],
    meanings: _Meanings,
    facets: Collection[Facet],
    weights: Weights,
) -> list[_Candidate]:
    """The candidates by their score; of equals, the one whose words are closer comes first."""
    closest, *next_ones = sorted((d.closeness for d in nearness.documents), reverse=True) or [0.0]
    scored = []
    for document in (*nearness.documents, *others):
        signals = Signals(
            typed=nearness.typed,
            covered=nearness.covered,
            lead=lead_of(closest, next_ones),
            standing=min(1.0, document.closeness / closest) if closest > 0 else 0.0,
            meaning=meanings.by_entry.get(document.entry),
            facets=tuple(match_facet(facet, document.facets) for facet in facets),
        )
        score = precedent_score(signals, weights)
        scored.append(_Candidate(place_of(document.id).entry, score, signals))
    return sorted(scored, key=lambda each: (-each.score, -each.signals.standing, each.key))


async def _load(
    desk: Desk, actor: Actor, scored: list[_Candidate], first: int
) -> tuple[Precedent, ...]:
    """The best candidates with their cases, in the order that the editors' links leave them in."""
    async with desk.store.reading() as reading:

        async def cases(keys: Collection[EntryKey]) -> Mapping[EntryKey, Entry]:
            ids = await reading.entries.ids_of(keys)
            entries = await reading.entries.load_many(list(ids.values()), visible=actor.visible)
            return {entry.key: entry for entry in entries.values()}

        by_key = dict(await cases([each.key for each in scored[: first + _SPARE]]))
        loaded = [
            Precedent(by_key[each.key], case, each.score, each.signals)
            for each in scored
            if each.key in by_key and isinstance(case := by_key[each.key].document, Case)
        ]
        similar = _similar_elsewhere(loaded)
        for key, entry in (await cases(similar)).items() if similar else ():
            signals = next((each.signals for each in scored if each.key == key), Signals())
            score = next((each.score for each in scored if each.key == key), 0.0)
            if isinstance(entry.document, Case):
                loaded.append(Precedent(entry, entry.document, score, signals))
    return tuple(_overruled(loaded)[:first])


def _similar_elsewhere(loaded: list[Precedent]) -> list[EntryKey]:
    """The cases the editors call similar to the best one, where that fits, and not loaded yet."""
    if not loaded or loaded[0].score < FIT:
        return []
    held = {precedent.entry.key for precedent in loaded}
    similar = (
        EntryKey(EntryKind.CASE, link.case)
        for link in loaded[0].case.links
        if link.relation is LinkRelation.SIMILAR
    )
    return [key for key in similar if key not in held]


def _overruled(loaded: list[Precedent]) -> list[Precedent]:
    """The precedents after the editors' links with the best one: similar fits, dissimilar does not."""
    if not loaded or loaded[0].score < FIT:
        return loaded
    best, *others = loaded
    linked = [best]
    for other in others:
        link = _link_between(best.case, other.case)
        score = other.score
        if link is not None and link.relation is LinkRelation.SIMILAR:
            score = max(score, FIT)
        elif link is not None and link.relation is LinkRelation.DISSIMILAR:
            score = min(score, _BELOW_FIT)
        linked.append(Precedent(other.entry, other.case, score, other.signals, link))
    return sorted(linked, key=lambda precedent: -precedent.score)


def _link_between(one: Case, other: Case) -> CaseLink | None:
    return next(
        (
            link
            for case, to in ((one, other), (other, one))
            for link in case.links
            if link.case == to.slug
        ),
        None,
    )
