"""From observable answers to scores: a table of thresholds, each with where it comes from.

The table is versioned. Most of its thresholds are this library's own; those that rest on a source
say which. None of them is measured: they order cases, and do not predict.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from service.domain.citations import Basis
from service.domain.codes import RiskCriterion, SpreaderTier
from service.domain.errors import BadInput
from service.domain.risks import SCORE_MOST, ScoreRange
from service.domain.values import Bilingual

ANSWERS_RULE = "PRECEDENT_ANSWERS_V1"


class LegalExposure(StrEnum):
    """How far the law is already in play."""

    NONE = "NONE"
    POSSIBLE = "POSSIBLE"
    DUTY_OR_CLAIM = "DUTY_OR_CLAIM"
    PROCEEDINGS = "PROCEEDINGS"


class TrendingState(StrEnum):
    """Where it stands on the platforms' trending lists."""

    NONE = "NONE"
    RISING = "RISING"
    LISTED = "LISTED"
    TOP = "TOP"


@dataclass(frozen=True, slots=True)
class RiskAnswers:
    """What can be observed; None is not known."""

    volume_per_day: int | None = None
    platforms: int | None = None
    highest_spreader: SpreaderTier | None = None
    legal_exposure: LegalExposure | None = None
    users_harmed: int | None = None
    safety_at_risk: bool | None = None
    core_value_touched: bool | None = None
    trending: TrendingState | None = None
    like_complaints: int | None = None


class Threshold(NamedTuple):
    """From which answer on a criterion has a score, and on what that rests."""

    question: str
    criterion: RiskCriterion
    least: int | str | bool
    score: int
    source: str | None = None

    @property
    def field(self) -> str:
        """The question as the API names it."""
        head, *rest = self.question.split("_")
        return head + "".join(part.capitalize() for part in rest)

    @property
    def basis(self) -> Basis:
        """Whether a source gives the threshold or this library set it."""
        return Basis.EDITORIAL if self.source is None else Basis.REPORTED


OURS = Bilingual(zh_hans="阈值为本库所定。", en="The threshold is this library’s own.")
SOURCED = Bilingual(
    zh_hans="数字出自所列来源；把它对应到这个分值是本库所定。",
    en="The figure is the source’s; giving it this score is this library’s own.",
)

_C01 = "S002#C-01"
_GUIDE = "网络安全事件分级指南 (2025), level III"
_COUNTS = (
    ("volume_per_day", RiskCriterion.VOLUME, ((1_000, None), (100_000, None), (1_000_000, _C01))),
    ("platforms", RiskCriterion.PLATFORM_COVERAGE, ((2, None), (3, None), (5, None))),
    ("users_harmed", RiskCriterion.USER_HARM, ((1, None), (1_000, None), (1_000_000, _GUIDE))),
    ("like_complaints", RiskCriterion.COLLECTIVE, ((3, None), (30, None), (300, None))),
)
_CHOICES = (
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.OWNER, 0),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T0_ORIGIN, 0),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T4_ORDINARY, 0),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T5_SUSPECT, 1),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T3_KOL, 1),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T2_BIG_V, 2),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.T1_MEDIA, 3),
    ("highest_spreader", RiskCriterion.SPREADER_TIER, SpreaderTier.OFFICIAL_REGULATOR, 3),
    ("legal_exposure", RiskCriterion.LEGAL_RISK, LegalExposure.NONE, 0),
    ("legal_exposure", RiskCriterion.LEGAL_RISK, LegalExposure.POSSIBLE, 1),
    ("legal_exposure", RiskCriterion.LEGAL_RISK, LegalExposure.DUTY_OR_CLAIM, 2),
    ("legal_exposure", RiskCriterion.LEGAL_RISK, LegalExposure.PROCEEDINGS, 3),
    ("safety_at_risk", RiskCriterion.USER_HARM, False, 0),
    ("safety_at_risk", RiskCriterion.USER_HARM, True, 3),
    ("core_value_touched", RiskCriterion.CORE_VALUE, False, 0),
    ("core_value_touched", RiskCriterion.CORE_VALUE, True, 2),
    ("trending", RiskCriterion.TRENDING, TrendingState.NONE, 0),
    ("trending", RiskCriterion.TRENDING, TrendingState.RISING, 1),
    ("trending", RiskCriterion.TRENDING, TrendingState.LISTED, 2),
    ("trending", RiskCriterion.TRENDING, TrendingState.TOP, 3),
)


def thresholds() -> tuple[Threshold, ...]:
    """The whole table."""
    counts = [
        Threshold(question, criterion, least, score, source)
        for question, criterion, steps in _COUNTS
        for score, (least, source) in enumerate(((0, None), *steps))
    ]
    return (*counts, *(Threshold(*choice) for choice in _CHOICES))


def decided_by(answers: RiskAnswers) -> dict[RiskCriterion, Threshold]:
    """The threshold that decides each criterion with an answer: the highest one reached.

    Raises `BadInput` for a count below 0.
    """
    decided: dict[RiskCriterion, Threshold] = {}
    for threshold in thresholds():
        held = decided.get(threshold.criterion)
        if _reaches(answers, threshold) and (held is None or threshold.score > held.score):
            decided[threshold.criterion] = threshold
    return decided


def scores_of(answers: RiskAnswers) -> dict[RiskCriterion, ScoreRange]:
    """The scores the answers give. While a question of a criterion is open, it may score more."""
    unanswered = {
        held.criterion for held in thresholds() if getattr(answers, held.question) is None
    }
    return {
        criterion: ScoreRange(held.score, SCORE_MOST if criterion in unanswered else held.score)
        for criterion, held in decided_by(answers).items()
    }


def thresholds_at(criterion: RiskCriterion, score: int) -> tuple[Threshold, ...]:
    """The answers by which a criterion scores so."""
    return tuple(
        held for held in thresholds() if held.criterion is criterion and held.score == score
    )


def _reaches(answers: RiskAnswers, threshold: Threshold) -> bool:
    answer = getattr(answers, threshold.question)
    if answer is None:
        return False
    if isinstance(answer, bool) or not isinstance(answer, int):
        return bool(answer == threshold.least)
    if answer < 0:
        raise BadInput(f"{threshold.field} is {answer}; a count is 0 or more.")
    return isinstance(threshold.least, int) and answer >= threshold.least
