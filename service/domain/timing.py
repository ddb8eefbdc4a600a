"""How a limit stands now: when it ends, counted from what, in which days, and in which state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.calendars import WorkCalendar, find_calendar
from service.domain.clocks import ClockStart, DayKind
from service.domain.deadlines import Due, Undetermined, calendar_due, hours_due, open_days_due
from service.domain.moments import Span
from service.domain.starts import Started, Starts, find_start, missing_start
from service.domain.values import Bilingual


class ClockState(StrEnum):
    """How a limit stands.

    AT_ONCE: it has started, and its text names no hours ("immediately", "without undue delay").
    MAY_BE_OVERDUE: its start is known only roughly, and the earliest due time has passed.
    UNDETERMINED: it has started, but no calendar covers its days. NO_LIMIT: nothing runs.
    """

    RUNNING = "RUNNING"
    MAY_BE_OVERDUE = "MAY_BE_OVERDUE"
    OVERDUE = "OVERDUE"
    AT_ONCE = "AT_ONCE"
    NOT_STARTED = "NOT_STARTED"
    UNDETERMINED = "UNDETERMINED"
    NO_LIMIT = "NO_LIMIT"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit to be timed, as a clock or one of its stages has it."""

    due_in: str | None
    starts_from: ClockStart | None
    assumed_start: ClockStart | None = None
    counted_in: DayKind = DayKind.CALENDAR
    not_before: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a limit is counted: whose calendar, and in which zone its days begin."""

    jurisdiction: str | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Timing:
    """When a limit ends and what that rests on; times are in UTC."""

    state: ClockState
    counted_from: ClockStart | None = None
    started: Span | None = None
    not_before_at: datetime | None = None
    due_at: datetime | None = None
    due_at_latest: datetime | None = None
    calendar: WorkCalendar | None = None
    zone: ZoneInfo | None = None
    undetermined: Bilingual | None = None
    assumptions: tuple[Bilingual, ...] = ()
    missing: tuple[Bilingual, ...] = ()


def time_limit(limit: Limit, starts: Starts, *, place: Place, now: datetime) -> Timing:
    """A limit as it stands now, given the moments that are known."""
    if limit.starts_from is None:
        return Timing(ClockState.NO_LIMIT)
    begun = find_start(limit.starts_from, starts, assumed=limit.assumed_start)
    if begun is None:
        wanted = limit.assumed_start or limit.starts_from
        missing = () if wanted is ClockStart.NOT_STATED else (missing_start(wanted),)
        return Timing(ClockState.NOT_STARTED, missing=missing)
    if limit.due_in is None:
        return Timing(
            ClockState.AT_ONCE,
            counted_from=begun.start,
            started=begun.span,
            assumptions=begun.assumptions,
        )
    return _timed(limit, limit.due_in, begun, place=place, now=now)


def _timed(limit: Limit, due_in: str, begun: Started, *, place: Place, now: datetime) -> Timing:
    calendar = find_calendar(place.jurisdiction, limit.counted_in)
    due = _due(due_in, begun.span, counted_in=limit.counted_in, calendar=calendar, place=place)
    if isinstance(due, Undetermined):
        return Timing(
            ClockState.UNDETERMINED,
            counted_from=begun.start,
            started=begun.span,
            calendar=calendar,
            zone=place.zone,
            undetermined=due.reason,
            assumptions=begun.assumptions,
        )
    opens = None
    if limit.not_before is not None:
        opens = _every_day(limit.not_before, begun.span, zone=place.zone).earliest
    return Timing(
        _state(due, now),
        counted_from=begun.start,
        started=begun.span,
        not_before_at=opens,
        due_at=due.earliest,
        due_at_latest=due.latest,
        calendar=calendar,
        zone=place.zone,
        assumptions=(*begun.assumptions, *due.assumptions),
    )


def _due(
    due_in: str,
    start: Span,
    *,
    counted_in: DayKind,
    calendar: WorkCalendar | None,
    place: Place,
) -> Due | Undetermined:
    if counted_in is DayKind.CALENDAR:
        return _every_day(due_in, start, zone=place.zone)
    if calendar is None:
        return Undetermined(_no_calendar(place.jurisdiction))
    return open_days_due(int(due_in[1:-1]), start, calendar=calendar, zone=place.zone)


def _every_day(due_in: str, start: Span, *, zone: ZoneInfo) -> Due:
    return hours_due(due_in, start) or calendar_due(due_in, start, zone=zone)


def _state(due: Due, now: datetime) -> ClockState:
    if due.latest < now:
        return ClockState.OVERDUE
    return ClockState.MAY_BE_OVERDUE if due.earliest < now else ClockState.RUNNING


def _no_calendar(jurisdiction: str | None) -> Bilingual:
    place = jurisdiction or "—"
    return Bilingual(
        zh_hans=f"本库没有 {place} 的工作日或交易日日历，不能推算。",
        en=f"The library has no calendar of working or trading days for {place}.",
    )
