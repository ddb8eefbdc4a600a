"""Finding precedents: the cases nearest to a situation, each with the signals that make it so."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from search import protocol
from search.errors import SearchUnavailable
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
from service.operations.ports import Desk
from service.store.units import Reading

CANDIDATES = 30
# Of the candidates some may have been hidden or changed since they were indexed.
_SPARE = 4
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

    `fits` names every case that fits, also beyond those given. `degraded` says that the built-in
    index is away: then the order is the engine's, and nothing is claimed to fit.
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


async def find_precedents(
    desk: Desk, actor: Actor, *, situation: Situation, first: int, weights: Weights = WEIGHTS
) -> PrecedentSearch:
    """The cases nearest to a situation, at most `first`."""
    actor.require(Permission.READ)
    require_usable(situation)
    reading = read_situation(situation, desk.shelf.concepts)
    facets = facets_of(situation, reading.named_types)
    nearness, degraded = await _nearness(desk, actor, reading.words, facets)
    # The engine's answer does not say what its cases hold.
    scored = _scored(nearness, () if degraded else facets, weights)
    if degraded:
        scored = [replace(each, score=min(each.score, _BELOW_FIT)) for each in scored]
    loaded = await _load(desk, actor, scored, facets=facets, first=first)
    fits = tuple(each.entry.key for each in loaded if each.score >= FIT)
    return PrecedentSearch(situation, reading, loaded[:first], fits, degraded)


async def _nearness(
    desk: Desk, actor: Actor, words: str, facets: Collection[Facet]
) -> tuple[Nearness, bool]:
    visible = protocol.AnyOf("sharing", tuple(sorted(actor.visible)))
    query = SearchQuery(text=words, kinds=(protocol.CASE,), condition=visible, limit=CANDIDATES)
    preferences = [
        protocol.Preference(facet.field, facet.wanted, facet.preference) for facet in facets
    ]
    try:
        return await desk.lexical.nearest(query, preferences=preferences), False
    except SearchUnavailable:
        pass
    if not words:
        # Without a word the engine finds everything; a case must share something at least.
        shared = protocol.OneOf(
            tuple(protocol.AnyOf(each.field, each.values) for each in preferences)
        )
        query = replace(query, condition=protocol.AllOf((visible, shared)))
    try:
        answer = await desk.engine.search(query)
    except SearchUnavailable:
        raise NotReady("The library is being indexed; ask again in a moment.") from None
    found = (NearDocument(hit.id, hit.entry, hit.score, {}) for hit in answer.hits)
    return Nearness(1.0, 0.0, tuple(found)), True


def _scored(nearness: Nearness, facets: Collection[Facet], weights: Weights) -> list[_Candidate]:
    """The candidates by their score; of equals, the one whose words are closer comes first."""
    closest, *others = sorted((d.closeness for d in nearness.documents), reverse=True) or [0.0]
    scored = []
    for document in nearness.documents:
        signals = Signals(
            typed=nearness.typed,
            covered=nearness.covered,
            lead=lead_of(closest, others),
            standing=document.closeness / closest if closest > 0 else 0.0,
            facets=tuple(match_facet(facet, document.facets) for facet in facets),
        )
        score = precedent_score(signals, weights)
        scored.append(_Candidate(place_of(document.id).entry, score, signals))
    return sorted(scored, key=lambda each: (-each.score, -each.signals.standing, each.key))


async def _load(
    desk: Desk, actor: Actor, scored: list[_Candidate], *, facets: Collection[Facet], first: int
) -> tuple[Precedent, ...]:
    """The best candidates and every one that fits, in the order the editors' links leave them in."""
    fitting = sum(each.score >= FIT for each in scored)
    by_key = {each.key: each for each in scored}

    def precedents(entries: Iterable[Entry]) -> list[Precedent]:
        return [
            _precedent(entry, case, by_key.get(entry.key), facets)
            for entry in entries
            if isinstance(case := entry.document, Case)
        ]

    async with desk.store.reading() as reading:
        wanted = list(by_key)[: max(first, fitting) + _SPARE]
        held = await reading.entries.find_many(wanted, visible=actor.visible)
        loaded = precedents(held[key] for key in by_key if key in held)
        if not loaded or loaded[0].score < FIT:
            return tuple(loaded)
        best, *others = loaded
        rows = {entry.id for entry in held.values()}
        linked = await _linked_elsewhere(reading, actor, best.entry, held=rows)
    others.extend(each for each in precedents(linked) if _is_similar(best, each))
    ruled = [_ruled(best, other) for other in others]
    return tuple(sorted([best, *ruled], key=_place))


def _precedent(
    entry: Entry, case: Case, candidate: _Candidate | None, facets: Collection[Facet]
) -> Precedent:
    """A case with its signals; those of facets are read from the case itself."""
    codes = codes_of(case)
    score, signals = (candidate.score, candidate.signals) if candidate else (0.0, Signals())
    matches = tuple(match_facet(facet, codes) for facet in facets)
    return Precedent(entry, case, score, replace(signals, facets=matches))


async def _linked_elsewhere(
    reading: Reading, actor: Actor, best: Entry, *, held: Collection[int]
) -> tuple[Entry, ...]:
    """The cases that the best one's editors, or their own, have linked with it, not loaded yet."""
    linked = await reading.listings(visible=actor.visible).linked([best.id])
    rows = [row for row in linked[best.id] if row not in held]
    if not rows:
        return ()
    return tuple((await reading.entries.load_many(rows, visible=actor.visible)).values())


def _place(precedent: Precedent) -> tuple[float, float, EntryKey]:
    """Of equals, the one whose words are closer comes first."""
    return -precedent.score, -precedent.signals.standing, precedent.entry.key


def _is_similar(best: Precedent, other: Precedent) -> bool:
    link = _link_between(best.case, other.case)
    return link is not None and link.relation is LinkRelation.SIMILAR


def _ruled(best: Precedent, other: Precedent) -> Precedent:
    """A precedent after the editors' link with the best one: similar fits, dissimilar does not."""
    link = _link_between(best.case, other.case)
    if link is None:
        return other
    if link.relation is LinkRelation.SIMILAR:
        return replace(other, link=link, score=max(other.score, FIT))
    return replace(other, link=link, score=min(other.score, _BELOW_FIT))


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
