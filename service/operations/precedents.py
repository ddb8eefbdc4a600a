"""Finding precedents: the cases nearest to a situation, each with the signals that make it so."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from search import protocol
from search.errors import SearchError, SearchUnavailable
from search.protocol import NearDocument, Nearness, SearchQuery
from service.domain.access import Actor, Permission
from service.domain.cases import Case, CaseLink, LinkRelation
from service.domain.entries import Entry, EntryKey
from service.domain.errors import NotReady
from service.domain.findings import place_of
from service.domain.precedents import (
    FIT,
    WEIGHTS,
    Facet,
    Signals,
    Weights,
    codes_of,
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
from service.footprints import traced
from service.operations.ports import Desk

CANDIDATES = 30
# What an order without a claim may score at most.
_BELOW_FIT = FIT - 0.01
_OVERRULING = {LinkRelation.SIMILAR, LinkRelation.DISSIMILAR}


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

    `fits` names every case that fits, also beyond those given. `degraded` says that the embedder is
    away, or the built-in index: then the order is the engine's, and nothing is claimed to fit.
    """

    situation: Situation
    reading: SituationReading
    precedents: tuple[Precedent, ...]
    fits: tuple[EntryKey, ...]
    degraded: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: EntryKey
    score: float
    signals: Signals


@dataclass(frozen=True, slots=True)
class _Meanings:
    """How near the cases nearest in meaning are, by entry. `degraded` says that nobody could tell."""

    by_entry: Mapping[str, float]
    degraded: bool = False


@traced
async def find_precedents(
    desk: Desk, actor: Actor, *, situation: Situation, first: int, weights: Weights = WEIGHTS
) -> PrecedentSearch:
    """The cases nearest to a situation, at most `first`."""
    actor.require(Permission.READ)
    require_usable(situation)
    reading = read_situation(situation, desk.shelf.concepts)
    facets = facets_of(situation, reading.named_types)
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
    # The engine's answer does not say what its cases hold.
    scored = _scored(nearness, others, meanings, () if is_fallback else facets, weights)
    if is_fallback:
        scored = [replace(each, score=min(each.score, _BELOW_FIT)) for each in scored]
    precedents, fits = await _load(desk, actor, scored, facets=facets, first=first)
    degraded = is_fallback or meanings.degraded
    return PrecedentSearch(situation, reading, precedents, fits, degraded)


async def _nearness(
    desk: Desk, query: SearchQuery, facets: Collection[Facet]
) -> tuple[Nearness, bool]:
    """The cases whose words are nearest; the second value says that the engine had to tell."""
    preferences = _preferences(facets)
    try:
        return await desk.lexical.nearest(query, preferences=preferences), False
    except SearchUnavailable:
        pass
    if not query.text and query.condition is not None:
        # Without a word the engine finds everything; a case must share something at least.
        shared = protocol.OneOf(
            tuple(protocol.AnyOf(each.field, each.values) for each in preferences)
        )
        query = replace(query, condition=protocol.AllOf((query.condition, shared)))
    try:
        answer = await desk.engine.search(query)
    except SearchError:
        raise NotReady("The library is being indexed; ask again in a moment.") from None
    found = (NearDocument(hit.id, hit.entry, hit.score, {}) for hit in answer.hits)
    return Nearness(1.0, 0.0, tuple(found)), True


async def _meanings(desk: Desk, query: SearchQuery) -> _Meanings:
    if desk.meaning_share is None or not query.text:
        return _Meanings({})
    try:
        answer = await desk.engine.search(replace(query, meaning=1.0))
    except SearchError:
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
    lead = lead_of(closest, next_ones)
    scored = []
    for document in (*nearness.documents, *others):
        signals = Signals(
            typed=nearness.typed,
            covered=nearness.covered,
            lead=lead,
            standing=min(1.0, document.closeness / closest) if closest > 0 else 0.0,
            meaning=meanings.by_entry.get(document.entry),
            facets=tuple(match_facet(facet, document.facets) for facet in facets),
        )
        score = precedent_score(signals, weights)
        scored.append(_Candidate(place_of(document.id).entry, score, signals))
    return sorted(scored, key=_place)


async def _load(
    desk: Desk, actor: Actor, scored: list[_Candidate], *, facets: Collection[Facet], first: int
) -> tuple[tuple[Precedent, ...], tuple[EntryKey, ...]]:
    """The first precedents in the order the editors' links leave them in, and what else fits.

    Of the cases beyond the first ones only those are read that are linked with the best.
    """
    held: dict[EntryKey, Entry] = {}
    ranked = await _first_held(desk, actor, scored, held, first=first)
    links: dict[EntryKey, CaseLink] = {}
    if ranked and ranked[0].score >= FIT:
        best = held[ranked[0].key]
        held |= await _linked_elsewhere(desk, actor, best, held=held.values())
        links = _links_with(best, held.values())
        ruled = sorted(_ruled(ranked, links), key=_place)
        ranked = await _first_held(desk, actor, ruled, held, first=first)
    shown = (
        _precedent(held[each.key], each, links.get(each.key), facets) for each in ranked[:first]
    )
    return tuple(shown), tuple(each.key for each in ranked if each.score >= FIT)


async def _first_held(
    desk: Desk,
    actor: Actor,
    ranked: Sequence[_Candidate],
    held: dict[EntryKey, Entry],
    *,
    first: int,
) -> Sequence[_Candidate]:
    """The candidates, of which the first are held then.

    Some may have been hidden since they were indexed: the next ones take their places.
    """
    while missing := [each.key for each in ranked[:first] if each.key not in held]:
        held.update(await desk.find_entries(missing, visible=actor.visible))
        hidden = set(missing) - held.keys()
        ranked = [each for each in ranked if each.key not in hidden]
    return ranked


def _precedent(
    entry: Entry, candidate: _Candidate, link: CaseLink | None, facets: Collection[Facet]
) -> Precedent:
    """A case with its signals; those of facets are read from the case itself."""
    case = _case_in(entry)
    codes = codes_of(case)
    matches = tuple(match_facet(facet, codes) for facet in facets)
    signals = replace(candidate.signals, facets=matches)
    return Precedent(entry, case, candidate.score, signals, link)


def _case_in(entry: Entry) -> Case:
    # Only cases are looked for, and only cases are linked.
    return cast("Case", entry.document)


async def _linked_elsewhere(
    desk: Desk, actor: Actor, best: Entry, *, held: Collection[Entry]
) -> dict[EntryKey, Entry]:
    """The cases that the best one's editors, or their own, have linked with it, not held yet."""
    async with desk.store.listing(visible=actor.visible) as listings:
        linked = await listings.linked([best.id])
    rows = set(linked[best.id]) - {entry.id for entry in held}
    found = await desk.load_entries(rows, visible=actor.visible)
    return {entry.key: entry for entry in found.values()}


def _links_with(best: Entry, others: Iterable[Entry]) -> dict[EntryKey, CaseLink]:
    """What the editors say of the best case and each other one: similar, or not."""
    return {
        other.key: link
        for other in others
        if other is not best and (link := _link_between(_case_in(best), _case_in(other)))
    }


def _ruled(
    scored: Iterable[_Candidate], links: Mapping[EntryKey, CaseLink]
) -> Collection[_Candidate]:
    """The candidates after the editors' links with the best one: similar fits, dissimilar does not."""
    candidates = {each.key: each for each in scored}
    for key, link in links.items():
        held = candidates.get(key)
        if link.relation is LinkRelation.SIMILAR:
            held = held or _Candidate(key, 0.0, Signals())
            candidates[key] = replace(held, score=max(held.score, FIT))
        elif held is not None:
            candidates[key] = replace(held, score=min(held.score, _BELOW_FIT))
    return candidates.values()


def _place(candidate: _Candidate) -> tuple[float, float, EntryKey]:
    """Of equals, the one whose words are closer comes first."""
    return -candidate.score, -candidate.signals.standing, candidate.key


def _link_between(one: Case, other: Case) -> CaseLink | None:
    """What either case's editors say of the other: similar, or not."""
    return next(
        (
            link
            for case, to in ((one, other), (other, one))
            for link in case.links
            if link.case == to.slug and link.relation in _OVERRULING
        ),
        None,
    )
