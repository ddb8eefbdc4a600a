"""How a limit stands now."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.clocks import ClockStart, DayKind
from service.domain.moments import Span
from service.domain.timing import ClockState, Limit, Place, Timing, time_limit

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACE = Place("CN", SHANGHAI)
NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
AWARE = ClockStart.AWARE


def utc(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def exact(day: int, hour: int, minute: int = 0) -> Span:
    return Span(utc(day, hour, minute), utc(day, hour, minute))


STATES = [
    ("before it is due", "PT24H", exact(27, 5), ClockState.RUNNING),
    ("at the very moment", "PT24H", exact(27, 4), ClockState.RUNNING),
    ("a minute late", "PT24H", exact(27, 3, 59), ClockState.OVERDUE),
    ("some of the span late", "PT24H", Span(utc(26, 16), utc(27, 16)), ClockState.MAY_BE_OVERDUE),
    ("all of the span late", "PT24H", Span(utc(25, 16), utc(26, 16)), ClockState.OVERDUE),
    ("on the last day", "P3D", exact(25, 4), ClockState.RUNNING),
    ("the day after", "P3D", exact(24, 4), ClockState.OVERDUE),
]


@pytest.mark.parametrize(("label", "due_in", "start", "state"), STATES)
def test_a_limit_is_overdue_only_where_that_is_certain(
    label: str, due_in: str, start: Span, state: ClockState
) -> None:
    timing = time_limit(Limit(due_in, AWARE), {AWARE: start}, place=PLACE, now=NOW)

    assert timing.state is state


def test_a_limit_that_names_no_hours_is_due_at_once() -> None:
    start = exact(27, 5)

    timing = time_limit(Limit(None, AWARE), {AWARE: start}, place=PLACE, now=NOW)

    assert timing == Timing(ClockState.AT_ONCE, counted_from=AWARE, started=start)


def test_without_a_start_nothing_runs() -> None:
    assert time_limit(Limit(None, None), {}, place=PLACE, now=NOW) == Timing(ClockState.NO_LIMIT)


def test_a_limit_that_has_not_started_asks_for_the_moment_this_library_counts_from() -> None:
    limit = Limit("PT1H", ClockStart.NOT_STATED, ClockStart.DETECTED)

    timing = time_limit(limit, {}, place=PLACE, now=NOW)

    assert timing.state is ClockState.NOT_STARTED
    assert [text.en for text in timing.missing] == ["the time of detection (anchors.detectedAt)"]


def test_a_window_says_when_it_opens() -> None:
    limit = Limit("PT12H", AWARE, not_before="PT2H")

    timing = time_limit(limit, {AWARE: exact(28, 3)}, place=PLACE, now=NOW)

    assert (timing.not_before_at, timing.due_at) == (utc(28, 5), utc(28, 15))


def test_where_no_calendar_is_known_the_reason_stands_in_for_the_due_time() -> None:
    limit = Limit("P4D", AWARE, counted_in=DayKind.WORKING)

    timing = time_limit(limit, {AWARE: exact(27, 5)}, place=Place("HK", SHANGHAI), now=NOW)

    assert (timing.state, timing.due_at) == (ClockState.UNDETERMINED, None)
    assert timing.undetermined is not None
    assert "no calendar of working or trading days for HK" in timing.undetermined.en
