"""How far the level rule agrees with the labels of the library, each case left out in turn.

The editors score the dimensions 1 to 5 and name a level. Cut points from 1–5 to the rule's 0–3 are
fitted on all cases but one, and the rule then says the level of the one left out. The labels and the
scores come from the same editors, so this is agreement, not accuracy.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import NamedTuple

from service.domain.cases import Assessment, AssessmentRule, Case
from service.domain.codes import RiskLevel
from service.domain.risks import LEVELS, level_of_dimensions

CASES_LEAST = 10
# From which score of the editors on the rule's 1, 2 and 3 begin; 6 is never reached.
_CUTS = tuple(combinations_with_replacement(range(2, 7), 3))


class Labelled(NamedTuple):
    """The editors' scores of a case and the level they gave it."""

    influence: int
    severity: int
    volatility: int
    level: RiskLevel


@dataclass(frozen=True, slots=True)
class Confused:
    """How many cases the editors gave one level and the rule another, or the same."""

    labelled: RiskLevel
    predicted: RiskLevel
    count: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What leaving out each case in turn gave; nothing is reckoned from fewer than ten cases.

    `commonest` is how many would agree by always saying the commonest level of the others: what the
    rule has to beat.
    """

    cases: int
    unscored: int
    agreeing: int | None = None
    commonest: int | None = None
    cuts: tuple[int, ...] | None = None
    confusion: tuple[Confused, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of cases that agree."""
        return None if self.agreeing is None else round(self.agreeing / self.cases, 3)

    @property
    def commonest_share(self) -> float | None:
        """The share that would agree by always saying the commonest level."""
        return None if self.commonest is None else round(self.commonest / self.cases, 3)


def labels_of(cases: Iterable[Case]) -> tuple[tuple[Labelled, ...], int]:
    """The latest scored assessment of each case, and how many assessed cases have no scores."""
    labelled, unscored = [], 0
    for case in cases:
        scored = [held for held in case.assessments if held.rule is AssessmentRule.EDITORS_1_TO_5]
        if scored:
            labelled.append(_labelled(scored[-1]))
        elif case.assessments:
            unscored += 1
    return tuple(labelled), unscored


def _labelled(held: Assessment) -> Labelled:
    return Labelled(held.influence or 1, held.severity or 1, held.volatility or 1, held.level)


def agreement(labelled: Sequence[Labelled], *, unscored: int = 0) -> Agreement:
    """The agreement of the rule with these labels. Of cut points that fit as well, the first count.

    Work grows with the different labels, of which there are at most 375, not with the cases.
    """
    if len(labelled) < CASES_LEAST:
        return Agreement(len(labelled), unscored)
    counts = Counter(labelled)
    hits = {
        cuts: sum(count for held, count in counts.items() if _predicted(held, cuts) is held.level)
        for cuts in _CUTS
    }
    levels = Counter(held.level for held in labelled)
    confusion: Counter[tuple[RiskLevel, RiskLevel]] = Counter()
    commonest = 0
    for held, count in counts.items():
        cuts = max(_CUTS, key=lambda cuts: hits[cuts] - (_predicted(held, cuts) is held.level))
        confusion[held.level, _predicted(held, cuts)] += count
        others = levels - Counter({held.level: 1})
        if max(LEVELS, key=lambda level: others[level]) is held.level:
            commonest += count
    return Agreement(
        cases=len(labelled),
        unscored=unscored,
        agreeing=sum(confusion[level, level] for level in LEVELS),
        commonest=commonest,
        cuts=max(_CUTS, key=lambda cuts: hits[cuts]),
        confusion=tuple(Confused(a, b, confusion[a, b]) for a in LEVELS for b in LEVELS),
    )


def _predicted(held: Labelled, cuts: tuple[int, ...]) -> RiskLevel:
    influence, severity, volatility = (
        sum(score >= cut for cut in cuts)
        for score in (held.influence, held.severity, held.volatility)
    )
    return level_of_dimensions(influence, severity, volatility)
