"""Precedents: how much a case has to say about a situation, as one score over named signals.

The words decide the order: how close they are to what the case's record and its phrasings say. How
sure the library may be depends on how much was typed, on how much of it the closest case holds at
all, and on how far that case leads the next ones. What the responder knows besides (types,
platforms …) moves the score up or down. The weights are fitted on the tuning half of
`tests/relevance` and measured on the other half (docs/decisions/0016), but for that of meaning: it
counts only where an embedder is set, and none could be measured here (docs/decisions/0017).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.cases import Case
from service.domain.situations import Situation
from service.domain.vocabularies import ancestors

# From here on the score claims a fit that a professional would look at.
FIT = 0.5


class ReasonKind(StrEnum):
    """Why a case is near."""

    WORDS = "WORDS"
    CRISIS_TYPE = "CRISIS_TYPE"
    PLATFORM = "PLATFORM"
    INDUSTRY = "INDUSTRY"
    LEVEL = "LEVEL"
    JURISDICTION = "JURISDICTION"
    LISTED = "LISTED"
    AFFECTED_COUNT = "AFFECTED_COUNT"
    CURATED_LINK = "CURATED_LINK"


@dataclass(frozen=True, slots=True)
class Facet:
    """Something known of the situation that cases are told apart by.

    `gain` is what a match adds and `cost` what a mismatch takes off, in the logarithm of the odds.
    `preference` is its weight while candidates are looked for, where a whole text weighs one.
    """

    kind: ReasonKind
    field: str
    wanted: tuple[str, ...]
    gain: float
    cost: float
    preference: float


@dataclass(frozen=True, slots=True)
class FacetMatch:
    """How far a case agrees with a facet, from 0 to 1, and in which codes."""

    facet: Facet
    agreement: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signals:
    """What the score is made of.

    `typed` is how much the text says (summed rarity of its grams; 0 without text), `covered` the
    share of it the closest case holds, `lead` how many times as close that case is as the next
    five, `standing` how close this case is as a share of the closest, `facets` what is known besides.
    `meaning` is how near the case is in meaning, from 0 to 1; None where that is not known, or where
    others are nearer.
    """

    typed: float = 0.0
    covered: float = 0.0
    lead: float = 1.0
    standing: float = 0.0
    meaning: float | None = None
    facets: tuple[FacetMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the signals in the logarithm of the odds. That of meaning is not fitted."""

    bias: float = -17.9
    covered: float = 9.65
    typed: float = 2.85
    lead: float = 3.58
    standing: float = 4.0
    without_text: float = -1.6
    meaning: float = 1.0


WEIGHTS = Weights()

_LEAST_STANDING = 1e-6
_FOLLOWING = 5
_LEAD_MOST = 4.0


def precedent_score(signals: Signals, weights: Weights = WEIGHTS) -> float:
    """How surely a case is worth a professional's look, from 0 to 1; 0.5 and more claims a fit.

    Meaning only ever adds. A case whose words are far, and its meaning near, counts as if no text
    were known, and less the less near it is: meaning alone claims no fit.
    """
    known = sum(
        match.facet.gain * match.agreement - match.facet.cost * (1 - match.agreement)
        for match in signals.facets
    )
    meaning = signals.meaning or 0.0
    near = weights.meaning * meaning
    if signals.typed <= 0:
        return _share(weights.without_text + known + near)
    words = (
        weights.bias
        + weights.covered * signals.covered
        + weights.typed * math.log1p(signals.typed)
        + weights.lead * math.log(signals.lead)
        + weights.standing * math.log(max(signals.standing, _LEAST_STANDING))
    )
    # What is known besides, and what is near in meaning, carry a vague text as they would carry none.
    if signals.facets:
        words = max(words, weights.without_text)
    if meaning > 0:
        words = max(words, weights.without_text + weights.standing * math.log(meaning))
    return _share(words + known + near)


def lead_of(closest: float, others: Sequence[float]) -> float:
    """How many times as close the closest is as the five next ones are on average, at most four.

    Where nothing follows there is nothing to lead.
    """
    following = others[:_FOLLOWING]
    mean = sum(following) / len(following) if following else 0.0
    return min(_LEAD_MOST, max(1.0, closest / mean)) if mean > 0 else 1.0


def _share(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds)))), 4)


def facets_of(situation: Situation, named_types: tuple[str, ...] = ()) -> tuple[Facet, ...]:
    """What is known of a situation that cases are told apart by.

    `named_types` are those of a text that says little else. Types that are read from a longer text
    are not among the facets: its words count already, and counting them twice put the right case
    further down.
    """
    given = []
    if types := situation.crisis_types or named_types:
        given.append(Facet(ReasonKind.CRISIS_TYPE, "crisis_types", types, 2.0, 1.0, 0.5))
    if situation.platforms:
        platforms = situation.platforms
        given.append(Facet(ReasonKind.PLATFORM, "platforms", platforms, 0.4, 0.1, 0.1))
    if situation.industry is not None:
        industry = (situation.industry,)
        given.append(Facet(ReasonKind.INDUSTRY, "industry", industry, 0.6, 0.1, 0.15))
    if situation.level is not None:
        given.append(Facet(ReasonKind.LEVEL, "level", (situation.level.value,), 0.3, 0.1, 0.05))
    if situation.jurisdictions:
        countries = situation.jurisdictions
        given.append(Facet(ReasonKind.JURISDICTION, "country", countries, 0.3, 0.1, 0.05))
    return tuple(given)


def codes_of(case: Case) -> Mapping[str, tuple[str, ...]]:
    """The codes of a case that facets are matched with, each type with all those above it."""
    return {
        "crisis_types": tuple(above for code in case.types for above in ancestors(code)),
        "platforms": case.platforms,
        "industry": (case.industry,),
        "level": (case.level.value,) if case.level is not None else (),
        "country": (case.country,) if case.country is not None else (),
    }


def match_facet(facet: Facet, codes: Mapping[str, Collection[str]]) -> FacetMatch:
    """How far a case's codes, given with all those above them, agree with a facet.

    A type agrees wholly with the same type or one below it, and in half with a sibling.
    """
    held = set(codes.get(facet.field, ()))
    shared = tuple(code for code in facet.wanted if code in held)
    if shared:
        return FacetMatch(facet, 1.0, shared)
    kin = tuple(
        above
        for code in facet.wanted
        for above in ancestors(code)
        if above != code and "." in above and above in held
    )
    return FacetMatch(facet, 0.5 if kin else 0.0, kin[:1])
