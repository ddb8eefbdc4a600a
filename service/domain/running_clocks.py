"""Which clocks of the library run in a circumstances, and how each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.applicability import Circumstances, open_questions
from service.domain.clocks import ClockStage, ClockStart, RegulatoryClockDefinition
from service.domain.jurisdictions import zone_name
from service.domain.starts import Starts
from service.domain.timing import ClockState, Limit, Place, Timing, time_limit
from service.domain.values import Bilingual
from service.domain.vocabularies import Term


class Applicability(StrEnum):
    """Whether a clock runs for this owner in this crisis; one that does not is not listed."""

    APPLIES = "APPLIES"
    MAY_APPLY = "MAY_APPLY"


@dataclass(frozen=True, slots=True)
class RunningStage:
    """A further limit of a clock, and how it stands."""

    stage: ClockStage
    timing: Timing


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock that runs or may run. `questions` are what decides whether it does."""

    term: Term
    clock: RegulatoryClockDefinition
    questions: tuple[Bilingual, ...]
    timing: Timing
    stages: tuple[RunningStage, ...]

    @property
    def applies(self) -> Applicability:
        """Whether it certainly runs."""
        return Applicability.MAY_APPLY if self.questions else Applicability.APPLIES

    @property
    def is_legal(self) -> bool:
        """Whether it is law of a jurisdiction, and no target of practice."""
        return self.clock.jurisdiction is not None


def running_clocks(
    terms: Iterable[Term],
    circumstances: Circumstances,
    starts: Starts,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[RunningClock, ...]:
    """The clocks that run or may run: the soonest due first, so the overdue lead.

    What is due at once counts by its start. What has no due time comes last.
    """
    found = [
        running
        for term in terms
        if term.regulatory_clock is not None
        and (running := _running(term, term.regulatory_clock, circumstances, starts, zone, now))
    ]
    return tuple(sorted(found, key=_due_first))


def _running(
    term: Term,
    clock: RegulatoryClockDefinition,
    circumstances: Circumstances,
    starts: Starts,
    zone: ZoneInfo,
    now: datetime,
) -> RunningClock | None:
    questions = open_questions(clock, circumstances, start_is_known=clock.starts_from in starts)
    if questions is None:
        return None
    own_zone = zone_name(clock.jurisdiction)
    place = Place(clock.jurisdiction, zone if own_zone is None else ZoneInfo(own_zone))
    limit = Limit(
        clock.due_in, clock.starts_from, clock.assumed_start, clock.counted_in, clock.not_before
    )
    stages = tuple(
        RunningStage(
            stage,
            time_limit(_limit_of(stage, clock), starts, place=place, now=now),
        )
        for stage in clock.stages
    )
    timing = time_limit(limit, starts, place=place, now=now)
    return RunningClock(term, clock, questions, timing, stages)


def _limit_of(stage: ClockStage, clock: RegulatoryClockDefinition) -> Limit:
    assumed = clock.assumed_start if stage.starts_from is ClockStart.NOT_STATED else None
    return Limit(stage.due_in, stage.starts_from, assumed)


_LAST = {ClockState.UNDETERMINED: 0, ClockState.NOT_STARTED: 1, ClockState.NO_LIMIT: 2}


def _due_first(running: RunningClock) -> tuple[bool, float, int, str]:
    timings = (running.timing, *(stage.timing for stage in running.stages))
    moments = [moment for timing in timings if (moment := _pressing(timing)) is not None]
    state = running.timing.state
    soonest = min(moments).timestamp() if moments else 0.0
    return (not moments, soonest, _LAST.get(state, 0), running.term.code)


def _pressing(timing: Timing) -> datetime | None:
    if timing.state is ClockState.AT_ONCE and timing.started is not None:
        return timing.started.start
    return timing.due_at
