"""The risk rule PRECEDENT_0_TO_3_V1: eight criteria, three dimensions, one level.

The founding documents name the criteria, the dimensions and the levels; they give no scale and no
combination. Scale and combination are this library's own: each criterion is scored 0 to 3, a
dimension has the highest score of its criteria, and the level is HIGH where a dimension is 3 or two
are at least 2, MEDIUM where one is at least 2 or the three together at least 3, else LOW. A change of
the rule is a new version beside this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.cases import AssessmentRule
from service.domain.codes import NationalSeverity, RiskCriterion, RiskDimension, RiskLevel
from service.domain.errors import BadInput

RULE = AssessmentRule.PRECEDENT_0_TO_3_V1
SCORE_MOST = 3
LEVELS = tuple(RiskLevel)


class ScoreRange(NamedTuple):
    """The least and the most a criterion may score; equal where the score is known."""

    lowest: int
    highest: int


UNKNOWN = ScoreRange(0, SCORE_MOST)
Scores = Mapping[RiskCriterion, ScoreRange]


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension's score as an interval, and the known criteria that set its lower end."""

    dimension: RiskDimension
    lowest: int
    highest: int
    decided_by: tuple[RiskCriterion, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """The smallest change of one criterion that raises the level; `score` is None where unknown."""

    criterion: RiskCriterion
    score: int | None
    to_score: int
    level: RiskLevel


@dataclass(frozen=True, slots=True)
class Risk:
    """The level as an interval: the lowest and the highest the unknown criteria leave possible."""

    lowest: RiskLevel
    highest: RiskLevel
    dimensions: tuple[DimensionScore, ...]
    missing: tuple[RiskCriterion, ...]
    would_raise: tuple[Raise, ...]

    @property
    def level(self) -> RiskLevel | None:
        """The level, where the unknown criteria cannot change it."""
        return self.lowest if self.lowest is self.highest else None

    @property
    def possible(self) -> tuple[RiskLevel, ...]:
        """The levels that are possible, the lowest first."""
        return LEVELS[LEVELS.index(self.lowest) : LEVELS.index(self.highest) + 1]


_NATIONAL_MARKS = (
    (100_000_000, NationalSeverity.I_EXTRA_MAJOR),
    (10_000_000, NationalSeverity.II_MAJOR),
    (1_000_000, NationalSeverity.III_LARGER),
)


def national_mark(affected: int) -> NationalSeverity | None:
    """The mark of the 2025 grading guide for so many people's leaked personal data, if any."""
    for least, mark in _NATIONAL_MARKS:
        if affected >= least:
            return mark
    return None


def level_of_dimensions(influence: int, severity: int, volatility: int) -> RiskLevel:
    """The level of three dimensions that are scored 0 to 3."""
    scores = (influence, severity, volatility)
    if max(scores) >= SCORE_MOST or sum(score >= 2 for score in scores) >= 2:  # noqa: PLR2004 - the rule's own number
        return RiskLevel.HIGH
    if max(scores) >= 2 or sum(scores) >= 3:  # noqa: PLR2004 - the rule's own numbers
        return RiskLevel.MEDIUM
    return RiskLevel.LOW


def assess(scores: Scores) -> Risk:
    """The risk of what is scored; a criterion that is left out is unknown, not 0."""
    held = {criterion: scores.get(criterion, UNKNOWN) for criterion in RiskCriterion}
    least = {criterion: score.lowest for criterion, score in held.items()}
    most = {criterion: score.highest for criterion, score in held.items()}
    return Risk(
        lowest=_level(least),
        highest=_level(most),
        dimensions=tuple(_dimension(dimension, held) for dimension in RiskDimension),
        missing=tuple(
            criterion for criterion, score in held.items() if score.lowest < score.highest
        ),
        would_raise=_raises(held, least),
    )


def known(score: int, *, criterion: RiskCriterion) -> ScoreRange:
    """A score that is known. Raises `BadInput` outside 0 to 3."""
    if not 0 <= score <= SCORE_MOST:
        raise BadInput(f"{criterion.value} is {score}; a score is 0 to {SCORE_MOST}.")
    return ScoreRange(score, score)


def _level(scores: Mapping[RiskCriterion, int]) -> RiskLevel:
    return level_of_dimensions(
        *(
            max(score for criterion, score in scores.items() if criterion.dimension is dimension)
            for dimension in RiskDimension
        )
    )


def _dimension(dimension: RiskDimension, scores: Scores) -> DimensionScore:
    own = {held: score for held, score in scores.items() if held.dimension is dimension}
    lowest = max(score.lowest for score in own.values())
    deciding = tuple(
        held for held, score in own.items() if score.lowest == lowest and score is not UNKNOWN
    )
    return DimensionScore(dimension, lowest, max(score.highest for score in own.values()), deciding)


def _raises(scores: Scores, least: Mapping[RiskCriterion, int]) -> tuple[Raise, ...]:
    """For each criterion the smallest change that raises the lowest possible level."""
    now = LEVELS.index(_level(least))
    found = []
    for criterion, (lowest, highest) in scores.items():
        for score in range(lowest + 1, SCORE_MOST + 1):
            level = _level({**least, criterion: score})
            if LEVELS.index(level) > now:
                held = lowest if lowest == highest else None
                found.append((score - lowest, Raise(criterion, held, score, level)))
                break
    return tuple(held for _, held in sorted(found, key=lambda ordered: ordered[0]))
