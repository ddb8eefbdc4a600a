from dataclasses import replace
from typing import Any

import pytest

from service.domain.codes import RiskLevel
from service.domain.precedents import (
    FIT,
    Facet,
    FacetMatch,
    ReasonKind,
    Signals,
    facets_of,
    lead_of,
    match_facet,
    precedent_score,
)
from service.domain.situations import Situation

TYPE = Facet(ReasonKind.CRISIS_TYPE, "crisis_types", ("OPINION.SERVICE.OUTAGE",), 2.0, 1.0, 0.5)
PLATFORM = Facet(ReasonKind.PLATFORM, "platforms", ("WEIBO", "X"), 0.4, 0.1, 0.1)
SAME_TYPE = FacetMatch(TYPE, 1.0, TYPE.wanted)
KIN_TYPE = FacetMatch(TYPE, 0.5, ("OPINION.SERVICE",))
OTHER_TYPE = FacetMatch(TYPE, 0.0, ())
SAME_PLATFORM = FacetMatch(PLATFORM, 1.0, ("X",))
OTHER_PLATFORM = FacetMatch(PLATFORM, 0.0, ())

WORDS = Signals(typed=60.0, covered=0.7, lead=1.5, standing=1.0)


@pytest.mark.parametrize(
    ("signal", "rising"),
    [
        ("typed", (10.0, 30.0, 60.0, 90.0)),
        ("covered", (0.1, 0.4, 0.7, 1.0)),
        ("lead", (1.0, 1.2, 2.0, 4.0)),
        ("standing", (0.0, 0.3, 0.6, 1.0)),
        (
            "facets",
            (
                (OTHER_TYPE, OTHER_PLATFORM),
                (OTHER_TYPE, SAME_PLATFORM),
                (KIN_TYPE, SAME_PLATFORM),
                (SAME_TYPE, OTHER_PLATFORM),
                (SAME_TYPE, SAME_PLATFORM),
            ),
        ),
    ],
)
def test_the_score_rises_with_each_signal(signal: str, rising: tuple[Any, ...]) -> None:
    scores = [precedent_score(replace(WORDS, **{signal: value})) for value in rising]

    assert scores == sorted(set(scores))
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("case", "signals", "fits"),
    [
        ("nothing at all", Signals(), False),
        ("a text that is held and leads", WORDS, True),
        ("a text that is hardly held", replace(WORDS, covered=0.2), False),
        ("a word or two", replace(WORDS, typed=6.0), False),
        ("a case far behind the closest", replace(WORDS, standing=0.3), False),
        ("none of the words", replace(WORDS, covered=0.0, lead=1.0, standing=0.0), False),
        ("the same type without a word", Signals(facets=(SAME_TYPE,)), True),
        ("a type akin without a word", Signals(facets=(KIN_TYPE,)), False),
        ("another type without a word", Signals(facets=(OTHER_TYPE,)), False),
        ("the same platform without a word", Signals(facets=(SAME_PLATFORM,)), False),
        ("the same type of a case that shares no word", Signals(60, facets=(SAME_TYPE,)), True),
        (
            "another platform does not outweigh words",
            replace(WORDS, facets=(OTHER_PLATFORM,)),
            True,
        ),
    ],
)
def test_a_fit_is_claimed_from_a_half_on(case: str, signals: Signals, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (precedent_score(signals) >= FIT) is fits


def test_a_vague_text_beside_a_type_scores_as_the_type_alone() -> None:
    vague = Signals(typed=2.0, covered=0.1, standing=0.01, facets=(SAME_TYPE,))

    assert precedent_score(vague) == precedent_score(Signals(facets=(SAME_TYPE,)))


@pytest.mark.parametrize(
    ("case", "closest", "others", "lead"),
    [
        ("alone", 0.5, [], 1.0),
        ("nothing else is close", 0.5, [0.0, 0.0], 1.0),
        ("nothing is close", 0.0, [0.0], 1.0),
        ("level", 0.5, [0.5, 0.5], 1.0),
        ("twice as close as the mean", 0.6, [0.4, 0.2], 2.0),
        ("only the five next count", 0.6, [0.6, 0.6, 0.6, 0.6, 0.6, 0.0, 0.0], 1.0),
        ("no more than four times", 0.9, [0.1], 4.0),
    ],
)
def test_a_lead_is_over_the_mean_of_the_next_five(
    case: str, closest: float, others: list[float], lead: float
) -> None:
    assert lead_of(closest, others) == pytest.approx(lead)


@pytest.mark.parametrize(
    ("case", "facet", "codes", "agreement", "shared"),
    [
        (
            "the same type",
            TYPE,
            {"crisis_types": ("OPINION.SERVICE.OUTAGE", "OPINION.SERVICE", "OPINION")},
            1.0,
            ("OPINION.SERVICE.OUTAGE",),
        ),
        (
            "a type below the one asked for",
            replace(TYPE, wanted=("OPINION.SERVICE",)),
            {"crisis_types": ("OPINION.SERVICE.OUTAGE", "OPINION.SERVICE", "OPINION")},
            1.0,
            ("OPINION.SERVICE",),
        ),
        (
            "a sibling",
            TYPE,
            {"crisis_types": ("OPINION.SERVICE.FAKES", "OPINION.SERVICE", "OPINION")},
            0.5,
            ("OPINION.SERVICE",),
        ),
        (
            "the type above",
            TYPE,
            {"crisis_types": ("OPINION.SERVICE", "OPINION")},
            0.5,
            ("OPINION.SERVICE",),
        ),
        ("only the widest type", TYPE, {"crisis_types": ("OPINION.OTHER", "OPINION")}, 0.0, ()),
        ("another type", TYPE, {"crisis_types": ("DATA.BREACH", "DATA")}, 0.0, ()),
        ("no type", TYPE, {}, 0.0, ()),
        ("one of several", PLATFORM, {"platforms": ("X", "DOUYIN")}, 1.0, ("X",)),
        ("all of several", PLATFORM, {"platforms": ("X", "WEIBO")}, 1.0, ("WEIBO", "X")),
        ("another platform", PLATFORM, {"platforms": ("DOUYIN",)}, 0.0, ()),
    ],
)
def test_a_facet_agrees_wholly_half_or_not(
    case: str,
    facet: Facet,
    codes: dict[str, tuple[str, ...]],
    agreement: float,
    shared: tuple[str, ...],
) -> None:
    assert match_facet(facet, codes) == FacetMatch(facet, agreement, shared)


@pytest.mark.parametrize(
    ("case", "situation", "named", "facets"),
    [
        ("nothing", Situation(text="宕机"), (), {}),
        (
            "what is given",
            Situation(
                crisis_types=("A", "B"),
                platforms=("WEIBO",),
                industry="GAMES",
                level=RiskLevel.HIGH,
                jurisdictions=("CN", "US"),
            ),
            (),
            {
                ("CRISIS_TYPE", "crisis_types"): ("A", "B"),
                ("PLATFORM", "platforms"): ("WEIBO",),
                ("INDUSTRY", "industry"): ("GAMES",),
                ("LEVEL", "level"): ("HIGH",),
                ("JURISDICTION", "country"): ("CN", "US"),
            },
        ),
        ("a named type", Situation(text="宕机"), ("A",), {("CRISIS_TYPE", "crisis_types"): ("A",)}),
        (
            "a given type before a named one",
            Situation(text="宕机", crisis_types=("B",)),
            ("A",),
            {("CRISIS_TYPE", "crisis_types"): ("B",)},
        ),
        (
            "what half of the cases do not say",
            Situation(listed=True, affected_count=5, hours_since_first_signal=2),
            (),
            {},
        ),
    ],
)
def test_facets_are_what_is_known_besides_the_words(
    case: str,
    situation: Situation,
    named: tuple[str, ...],
    facets: dict[tuple[str, str], tuple[str, ...]],
) -> None:
    found = facets_of(situation, named)

    assert {(facet.kind.value, facet.field): facet.wanted for facet in found} == facets
