"""The risk rule, unknown criteria, and what would raise a level."""

import pytest

from service.domain.codes import NationalSeverity, RiskCriterion, RiskDimension, RiskLevel
from service.domain.errors import BadInput
from service.domain.risks import (
    DimensionScore,
    Raise,
    ScoreRange,
    assess,
    known,
    level_of_dimensions,
    national_mark,
)

LOW, MEDIUM, HIGH = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH
NOTHING = dict.fromkeys(RiskCriterion, ScoreRange(0, 0))
VOLUME, HARM = RiskCriterion.VOLUME, RiskCriterion.USER_HARM

LEVELS = [
    ((0, 0, 0), LOW),
    ((1, 1, 0), LOW),
    ((1, 1, 1), MEDIUM),
    ((2, 0, 0), MEDIUM),
    ((0, 1, 2), MEDIUM),
    ((2, 1, 1), MEDIUM),
    ((2, 2, 0), HIGH),
    ((0, 2, 2), HIGH),
    ((3, 0, 0), HIGH),
    ((0, 0, 3), HIGH),
    ((3, 3, 3), HIGH),
]


@pytest.mark.parametrize(("scores", "level"), LEVELS)
def test_the_level_follows_from_the_dimensions(
    scores: tuple[int, int, int], level: RiskLevel
) -> None:
    assert level_of_dimensions(*scores) is level


def test_a_higher_score_never_lowers_the_level() -> None:
    order = list(RiskLevel)
    grid = [(a, b, c) for a in range(4) for b in range(4) for c in range(4)]

    lowered = [
        (one, other)
        for one in grid
        for other in grid
        if all(x <= y for x, y in zip(one, other, strict=True))
        and order.index(level_of_dimensions(*one)) > order.index(level_of_dimensions(*other))
    ]

    assert lowered == []


def test_a_dimension_has_the_highest_score_of_its_criteria_and_says_which() -> None:
    scores = {**NOTHING, VOLUME: ScoreRange(2, 2), RiskCriterion.SPREADER_TIER: ScoreRange(2, 2)}

    risk = assess(scores)

    assert (risk.level, risk.missing) == (MEDIUM, ())
    assert risk.dimensions[0] == DimensionScore(
        RiskDimension.INFLUENCE, 2, 2, (VOLUME, RiskCriterion.SPREADER_TIER)
    )


def test_what_is_unknown_leaves_an_interval() -> None:
    risk = assess({held: score for held, score in NOTHING.items() if held is not HARM})

    assert (risk.level, risk.lowest, risk.highest, risk.missing) == (None, LOW, HIGH, (HARM,))
    assert risk.possible == (LOW, MEDIUM, HIGH)
    assert risk.dimensions[1] == DimensionScore(
        RiskDimension.SEVERITY, 0, 3, (RiskCriterion.LEGAL_RISK, RiskCriterion.CORE_VALUE)
    )


def test_what_is_unknown_and_cannot_matter_leaves_the_level_certain() -> None:
    risk = assess({VOLUME: ScoreRange(3, 3)})

    assert (risk.level, len(risk.missing), risk.would_raise) == (HIGH, 7, ())


def test_nothing_known_is_every_level_and_no_score() -> None:
    risk = assess({})

    assert (risk.lowest, risk.highest, len(risk.missing)) == (LOW, HIGH, 8)
    assert [held.decided_by for held in risk.dimensions] == [(), (), ()]


def test_the_smallest_changes_that_raise_the_level_come_first() -> None:
    scores = {
        **NOTHING,
        VOLUME: ScoreRange(1, 1),
        HARM: ScoreRange(1, 3),
        RiskCriterion.TRENDING: ScoreRange(0, 3),
    }

    raises = assess(scores).would_raise

    assert raises == (
        Raise(VOLUME, 1, 2, MEDIUM),
        Raise(HARM, None, 2, MEDIUM),
        Raise(RiskCriterion.TRENDING, None, 1, MEDIUM),
        Raise(RiskCriterion.COLLECTIVE, 0, 1, MEDIUM),
        Raise(RiskCriterion.PLATFORM_COVERAGE, 0, 2, MEDIUM),
        Raise(RiskCriterion.SPREADER_TIER, 0, 2, MEDIUM),
        Raise(RiskCriterion.LEGAL_RISK, 0, 2, MEDIUM),
        Raise(RiskCriterion.CORE_VALUE, 0, 2, MEDIUM),
    )


def test_the_highest_level_cannot_be_raised() -> None:
    assert assess({VOLUME: ScoreRange(3, 3)}).would_raise == ()


@pytest.mark.parametrize("score", [-1, 4])
def test_a_score_outside_the_scale_is_refused(score: int) -> None:
    with pytest.raises(BadInput, match=f"INFLUENCE.VOLUME is {score}; a score is 0 to 3"):
        known(score, criterion=VOLUME)


MARKS = [
    (0, None),
    (999_999, None),
    (1_000_000, NationalSeverity.III_LARGER),
    (10_000_000, NationalSeverity.II_MAJOR),
    (99_999_999, NationalSeverity.II_MAJOR),
    (100_000_000, NationalSeverity.I_EXTRA_MAJOR),
]


@pytest.mark.parametrize(("affected", "mark"), MARKS)
def test_the_national_mark_includes_its_own_figure(
    affected: int, mark: NationalSeverity | None
) -> None:
    assert national_mark(affected) is mark
