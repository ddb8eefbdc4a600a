"""The first hour: which steps of the procedures fall due in it, and in which order.

A step is in the hour where one of its clocks, counted from the first signal or from when the owner
knew, names a limit of at most an hour or runs at once. A step of the nearest procedure that has no
clock is in it where the procedure places it before a step that has such a limit. Wider procedures
add steps with clocks only, and only where every nearer procedure is silent.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from service.domain.clocks import ClockStart
from service.domain.codes import Phase, RiskLevel
from service.domain.errors import BadInput
from service.domain.procedures import AccountHolder, Clock, Procedure, ProcedureStep
from service.domain.vocabularies import ancestors

HOUR = timedelta(hours=1)
_SHORT = re.compile(r"PT(?:([0-9]+)H)?(?:([0-9]+)M)?")
_HANDLING = frozenset({Phase.EARLY_WARNING, Phase.RESPONSE})
_KNOWING = frozenset({ClockStart.DETECTED, ClockStart.AWARE})
_STARTS = _KNOWING | {ClockStart.FIRST_SIGNAL}


class DueBasis(StrEnum):
    """Why a step is in the first hour: a named limit, "at once", or its place in the procedure."""

    LIMIT = "LIMIT"
    AT_ONCE = "AT_ONCE"
    PLACE = "PLACE"


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due: the shortest limit its clocks name; `clock` is the one that names it.

    `at_once` says that a clock of the step asks for it at once, whatever else one names.
    """

    basis: DueBasis
    clock: Clock | None = None
    at_once: bool = False

    @property
    def counted_from(self) -> ClockStart | None:
        """The moment the limit counts from, assumed where its clause names none."""
        return None if self.clock is None else _start(self.clock)

    @property
    def start_is_assumed(self) -> bool:
        """Whether this library chose that moment, since the clause names none."""
        return self.clock is not None and self.clock.starts_from is ClockStart.NOT_STATED

    def due_at(self, started_at: datetime | None) -> datetime | None:
        """The moment it is due where the hour began then; None where that is not the start."""
        if started_at is None or self.clock is None or self.counted_from not in _KNOWING:
            return None
        return started_at + (_length(self.clock.limit) or timedelta())


@dataclass(frozen=True, slots=True)
class HourStep:
    """A step of the first hour, in its procedure."""

    procedure: Procedure
    step: ProcedureStep
    due: Due


@dataclass(frozen=True, slots=True)
class HourPlan:
    """The steps of the hour in order, and what the nearest procedure asks for after it."""

    steps: tuple[HourStep, ...]
    beyond: tuple[tuple[Procedure, ProcedureStep], ...]


def start_of_hour(given: datetime) -> datetime:
    """When the hour began, in UTC. Raises `BadInput` without a zone or outside the calendar."""
    if given.tzinfo is None:
        raise BadInput("startedAt has no zone; write 2026-11-20T14:07:00+08:00.")
    try:
        _ = given.astimezone(UTC) + HOUR
    except OverflowError:
        raise BadInput("startedAt is outside the calendar; give when you knew.") from None
    return given.astimezone(UTC)


def applicable(
    procedures: Iterable[Procedure], *, crisis_type: str, holder: AccountHolder
) -> tuple[Procedure, ...]:
    """The procedures for a crisis type, nearest first; one that names no type fits all, last.

    Procedures for individuals are for them alone, and come before those for organisations. Of two
    as near, the one more of whose types lie on the way to the type asked for comes first.
    """
    way = list(ancestors(crisis_type))

    def order(procedure: Procedure) -> tuple[bool, int, float, str]:
        on_way = [way.index(code) for code in procedure.crisis_types if code in way]
        share = len(on_way) / max(len(procedure.crisis_types), 1)
        distance = min(on_way, default=len(way))
        return procedure.account_holder is not holder, distance, -share, procedure.slug

    fitting = [
        procedure
        for procedure in procedures
        if (not procedure.crisis_types or set(way) & set(procedure.crisis_types))
        and (
            procedure.account_holder is AccountHolder.ORGANISATION
            or holder is AccountHolder.INDIVIDUAL
        )
    ]
    return tuple(sorted(fitting, key=order))


def plan_hour(procedures: Sequence[Procedure], *, level: RiskLevel | None) -> HourPlan:
    """The first hour by procedures that are ordered nearest first, by due and then by their place.

    A level leaves out the steps that are for other levels only.
    """
    placed: list[tuple[timedelta, HourStep]] = []
    spoken: set[str] = set()
    beyond: list[tuple[Procedure, ProcedureStep]] = []
    for rank, procedure in enumerate(procedures):
        handling = [step for step in procedure.steps if step.phase in _HANDLING]
        steps = [step for step in handling if level is None or level in (step.levels or (level,))]
        dues = _dues(steps, by_place=rank == 0)
        latest = timedelta()
        for step, due in zip(steps, dues, strict=True):
            if due is None:
                if rank == 0:
                    beyond.append((procedure, step))
                continue
            length = latest if due.clock is None else _length(due.clock.limit) or timedelta()
            latest = max(latest, length)
            if rank == 0 or _subject(step) not in spoken:
                placed.append((length, HourStep(procedure, step, due)))
        spoken |= {_subject(step) for step in handling}
    placed.sort(key=lambda held: held[0])
    return HourPlan(tuple(step for _, step in placed), tuple(beyond))


def _subject(step: ProcedureStep) -> str:
    """What a step speaks of: its place in the process, or its role where it has none."""
    return step.phase_step or step.role.value


def _dues(steps: Sequence[ProcedureStep], *, by_place: bool) -> list[Due | None]:
    dues = [_due(step) for step in steps]
    limited = [n for n, due in enumerate(dues) if due is not None and due.basis is DueBasis.LIMIT]
    if by_place and limited:
        for n, step in enumerate(steps[: limited[-1]]):
            if not step.clocks:
                dues[n] = Due(DueBasis.PLACE)
    return dues


def _due(step: ProcedureStep) -> Due | None:
    clocks = [clock for clock in step.clocks if _is_in_hour(clock)]
    limited = [clock for clock in clocks if clock.limit is not None]
    at_once = len(limited) < len(clocks)
    if limited:
        first = min(limited, key=lambda clock: _length(clock.limit) or HOUR)
        return Due(DueBasis.LIMIT, first, at_once=at_once)
    return Due(DueBasis.AT_ONCE, clocks[0], at_once=True) if clocks else None


def _is_in_hour(clock: Clock) -> bool:
    if _start(clock) not in _STARTS:
        return False
    if clock.not_before is not None and (_length(clock.not_before) or HOUR) >= HOUR:
        return False
    length = _length(clock.limit)
    return clock.limit is None or (length is not None and length <= HOUR)


def _start(clock: Clock) -> ClockStart:
    return clock.assumed_start or clock.starts_from


def _length(limit: str | None) -> timedelta | None:
    """The length of a limit of hours and minutes; None for one of days, or for none."""
    match = _SHORT.fullmatch(limit or "")
    if match is None:
        return None
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
