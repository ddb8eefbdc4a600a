"""From what can be observed to scores."""

import pytest

from service.domain.citations import Basis
from service.domain.codes import RiskCriterion, SpreaderTier
from service.domain.errors import BadInput
from service.domain.risk_answers import (
    LegalExposure,
    RiskAnswers,
    TrendingState,
    decided_by,
    scores_of,
    thresholds,
    thresholds_at,
)
from service.domain.risks import ScoreRange

ANSWERS = [
    ("no volume", RiskAnswers(volume_per_day=0), RiskCriterion.VOLUME, (0, 0)),
    ("below the first threshold", RiskAnswers(volume_per_day=999), RiskCriterion.VOLUME, (0, 0)),
    ("on it", RiskAnswers(volume_per_day=1_000), RiskCriterion.VOLUME, (1, 1)),
    ("beyond the last", RiskAnswers(volume_per_day=2**31 - 1), RiskCriterion.VOLUME, (3, 3)),
    ("one platform", RiskAnswers(platforms=1), RiskCriterion.PLATFORM_COVERAGE, (0, 0)),
    ("four platforms", RiskAnswers(platforms=4), RiskCriterion.PLATFORM_COVERAGE, (2, 2)),
    (
        "a regulator",
        RiskAnswers(highest_spreader=SpreaderTier.OFFICIAL_REGULATOR),
        RiskCriterion.SPREADER_TIER,
        (3, 3),
    ),
    (
        "a duty or a claim",
        RiskAnswers(legal_exposure=LegalExposure.DUTY_OR_CLAIM),
        RiskCriterion.LEGAL_RISK,
        (2, 2),
    ),
    ("a core value", RiskAnswers(core_value_touched=True), RiskCriterion.CORE_VALUE, (2, 2)),
    ("none touched", RiskAnswers(core_value_touched=False), RiskCriterion.CORE_VALUE, (0, 0)),
    ("top of the list", RiskAnswers(trending=TrendingState.TOP), RiskCriterion.TRENDING, (3, 3)),
    ("three complaints", RiskAnswers(like_complaints=3), RiskCriterion.COLLECTIVE, (1, 1)),
    (
        "one harmed, safety not known",
        RiskAnswers(users_harmed=1),
        RiskCriterion.USER_HARM,
        (1, 3),
    ),
    (
        "one harmed, nobody's safety",
        RiskAnswers(users_harmed=1, safety_at_risk=False),
        RiskCriterion.USER_HARM,
        (1, 1),
    ),
    (
        "safety, numbers not known",
        RiskAnswers(safety_at_risk=True),
        RiskCriterion.USER_HARM,
        (3, 3),
    ),
]


@pytest.mark.parametrize(
    ("label", "answers", "criterion", "expected"), ANSWERS, ids=[row[0] for row in ANSWERS]
)
def test_an_answer_scores_its_criterion_and_no_other(
    label: str, answers: RiskAnswers, criterion: RiskCriterion, expected: tuple[int, int]
) -> None:
    assert scores_of(answers) == {criterion: ScoreRange(*expected)}


def test_no_answers_score_nothing() -> None:
    assert scores_of(RiskAnswers()) == {}


def test_the_threshold_that_decides_says_whether_it_is_ours() -> None:
    ours = decided_by(RiskAnswers(volume_per_day=1_000))[RiskCriterion.VOLUME]
    sourced = decided_by(RiskAnswers(volume_per_day=1_000_000))[RiskCriterion.VOLUME]

    assert (ours.least, ours.basis, ours.source) == (1_000, Basis.EDITORIAL, None)
    assert (sourced.least, sourced.basis, sourced.source) == (
        1_000_000,
        Basis.REPORTED,
        "S002#C-01",
    )


def test_a_count_below_nothing_is_refused_by_its_name() -> None:
    with pytest.raises(BadInput, match="volumePerDay is -1; a count is 0 or more"):
        scores_of(RiskAnswers(volume_per_day=-1))


def test_every_tier_has_a_score_and_every_criterion_reaches_two() -> None:
    tiers = {held.least for held in thresholds() if held.question == "highest_spreader"}
    reaching = {held.criterion for held in thresholds() if held.score >= 2}

    assert tiers == set(SpreaderTier)
    assert reaching == set(RiskCriterion)


def test_the_answers_for_a_score_are_named() -> None:
    found = thresholds_at(RiskCriterion.USER_HARM, 3)

    assert [(held.question, held.least) for held in found] == [
        ("users_harmed", 1_000_000),
        ("safety_at_risk", True),
    ]
