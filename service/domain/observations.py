"""What evidence is counted from: of each case, no more than the figures that are compared.

Every observation can be made from the document of its case. The store makes the same from rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from service.domain.cases import Case, PromiseOutcome
from service.domain.citations import Basis
from service.domain.codes import CaseProvenance, Verdict
from service.domain.conditions import Among, Condition, Every, Not
from service.domain.errors import BadInput
from service.domain.moments import Elapsed, elapsed
from service.domain.spreads import Interval, hull_of, interval_of

# A record made up for drills had no outcome, and a near miss none that anyone saw.
UNCOUNTED = (CaseProvenance.SYNTHETIC, CaseProvenance.NEAR_MISS)

# An answer is reckoned in memory: 10 000 cases take about half a second of one core.
CASES_MOST: Final = 20_000

_IS_UNCOUNTED = Among("provenance", UNCOUNTED)
_SUBSIDE_DAYS = ("SUBSIDE_DAYS", "DAY")
_MEASURED = (Basis.REPORTED, Basis.DERIVED)


class Dimension(StrEnum):
    """What cases are grouped by. A case with several codes of a dimension counts in each."""

    STRATEGY_CLUSTER = "STRATEGY_CLUSTER"
    STRATEGY = "STRATEGY"
    STATEMENT_KIND = "STATEMENT_KIND"
    CRISIS_TYPE = "CRISIS_TYPE"
    INDUSTRY = "INDUSTRY"
    LEVEL = "LEVEL"
    RESPONSE_SPEED = "RESPONSE_SPEED"


class SpeedBand(StrEnum):
    """How soon the first statement certainly came; UNCERTAIN where that may be either side of 24 h."""

    WITHIN_1_HOUR = "WITHIN_1_HOUR"
    WITHIN_4_HOURS = "WITHIN_4_HOURS"
    WITHIN_24_HOURS = "WITHIN_24_HOURS"
    AFTER_24_HOURS = "AFTER_24_HOURS"
    UNCERTAIN = "UNCERTAIN"


_DAY_HOURS = 24
_BANDS = (
    (1, SpeedBand.WITHIN_1_HOUR),
    (4, SpeedBand.WITHIN_4_HOURS),
    (_DAY_HOURS, SpeedBand.WITHIN_24_HOURS),
)


@dataclass(frozen=True, slots=True)
class Observation:
    """A case as evidence sees it; None is what the record does not tell.

    `codes` are those of the dimension it is grouped by. `reversed` says that a later statement of
    the owner replaced or corrected an earlier one, `effects` what it set off, unverified left out.
    """

    slug: str
    number: int
    codes: tuple[str, ...]
    verdict: Verdict | None
    first_response: Interval | None
    resolved: Interval | None
    subsided: Interval | None
    reversed: bool | None
    promise_broken: bool | None
    effects: tuple[str, ...]


def counted(condition: Condition) -> Condition:
    """The condition on cases, narrowed to those that count."""
    return Every((condition, Not(_IS_UNCOUNTED)))


def require_few_enough(cases: int) -> None:
    """Raise `BadInput` for more cases than one answer is reckoned from."""
    if cases > CASES_MOST:
        raise BadInput(
            f"{cases} cases fit; one answer is reckoned from at most {CASES_MOST}. Narrow them, "
            "by crisis type for one."
        )


def uncounted(condition: Condition) -> Condition:
    """The condition on cases, narrowed to those that do not count."""
    return Every((condition, _IS_UNCOUNTED))


def observed(case: Case, *, by: Dimension) -> Observation:
    """The observation of a case."""
    first_response = _interval(case.first_statement_after)
    return Observation(
        slug=case.slug,
        number=_serial(case.number),
        codes=_codes(case, by, first_response),
        verdict=None if case.editorial_verdict is None else case.editorial_verdict.verdict,
        first_response=first_response,
        resolved=_interval(elapsed(case.anchors.resolved_at, case.anchors)),
        subsided=_subsided(case),
        reversed=_reversed(case),
        promise_broken=_promise_broken(case),
        effects=_distinct(
            one.type for one in case.secondary_effects if one.basis is not Basis.UNVERIFIED
        ),
    )


def band_of(first_response: Interval | None) -> SpeedBand | None:
    """The narrowest band a first response certainly falls in; None where nothing is known."""
    if first_response is None:
        return None
    if first_response.most is not None:
        for limit, band in _BANDS:
            if first_response.most <= limit:
                return band
    later = first_response.least >= _DAY_HOURS
    return SpeedBand.AFTER_24_HOURS if later else SpeedBand.UNCERTAIN


def _serial(number: str) -> int:
    """The number in a case's citable number: 42 of CASE-0042."""
    return int(number.rpartition("-")[2])


def _codes(case: Case, by: Dimension, first_response: Interval | None) -> tuple[str, ...]:
    match by:
        case Dimension.STRATEGY_CLUSTER:
            return _distinct(map(_cluster, _strategies(case)))
        case Dimension.STRATEGY:
            return _distinct(_strategies(case))
        case Dimension.STATEMENT_KIND:
            return _distinct(statement.kind for statement in case.statements)
        case Dimension.CRISIS_TYPE:
            return (case.primary_type,)
        case Dimension.INDUSTRY:
            return (case.industry,)
        case Dimension.LEVEL:
            return () if case.level is None else (case.level,)
        case Dimension.RESPONSE_SPEED:
            band = band_of(first_response)
            return () if band is None else (band,)


def _cluster(strategy: str) -> str:
    """The group a strategy belongs to: the first part of its code."""
    return strategy.partition(".")[0]


def _strategies(case: Case) -> Iterable[str]:
    said = (code for statement in case.statements for code in statement.strategies)
    done = (code for action in case.actions for code in action.strategies)
    return chain(said, done)


def _distinct(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(map(str, codes))))


def _interval(elapsed: Elapsed | None) -> Interval | None:
    return None if elapsed is None else Interval(elapsed.from_hours, elapsed.to_hours)


def _subsided(case: Case) -> Interval | None:
    return hull_of(
        interval_of(outcome.value, outcome.comparator)
        for outcome in case.outcomes
        if (outcome.metric, outcome.unit) == _SUBSIDE_DAYS
        and outcome.value is not None
        and outcome.basis in _MEASURED
    )


def _reversed(case: Case) -> bool | None:
    if not case.statements:
        return None
    return any(statement.supersedes is not None for statement in case.statements)


def _promise_broken(case: Case) -> bool | None:
    told = {promise.outcome for promise in case.promises} - {PromiseOutcome.UNKNOWN}
    return PromiseOutcome.BROKEN in told if told else None
