"""When a limit ends, on real dates: changes of the clocks, ends of months, holidays."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.calendars import WorkCalendar, find_calendar
from service.domain.clocks import DayKind
from service.domain.deadlines import (
    CLOCK_CHANGE,
    ELAPSED,
    MONTH_END,
    Due,
    Undetermined,
    calendar_due,
    hours_due,
    open_days_due,
)
from service.domain.moments import Span, span_of

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NEW_YORK, NUUK = ZoneInfo("America/New_York"), ZoneInfo("America/Nuuk")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def exact(text: str) -> Span:
    return Span(at(text), at(text))


HOURS = [
    ("72 hours", "PT72H", "2026-11-20T09:30+08:00", "2026-11-23T09:30+08:00"),
    ("30 minutes", "PT30M", "2026-11-20T23:45+08:00", "2026-11-21T00:15+08:00"),
    ("an hour and a half", "PT1H30M", "2026-11-20T09:30+08:00", "2026-11-20T11:00+08:00"),
    ("spring forward in Berlin", "PT72H", "2026-03-27T18:00+01:00", "2026-03-30T19:00+02:00"),
    ("fall back in Berlin", "PT72H", "2026-10-23T18:00+02:00", "2026-10-26T17:00+01:00"),
    ("from an hour that is skipped", "PT1H", "2026-03-29T02:30+01:00", "2026-03-29T04:30+02:00"),
    ("over a leap day", "PT24H", "2028-02-28T12:00+00:00", "2028-02-29T12:00+00:00"),
]


@pytest.mark.parametrize(("label", "limit", "start", "due"), HOURS)
def test_hours_are_elapsed_time(label: str, limit: str, start: str, due: str) -> None:
    assert hours_due(limit, exact(start)) == Due(at(due), at(due), (ELAPSED,))


def test_hours_from_a_day_are_due_within_a_day() -> None:
    start = span_of("2026-03-29", zone=BERLIN)

    due = hours_due("PT72H", start)

    assert due == Due(at("2026-04-01T01:00+02:00"), at("2026-04-02T00:00+02:00"), (ELAPSED,))


@pytest.mark.parametrize("limit", ["P3D", "P1W", "P1M", "P1Y"])
def test_days_are_no_hours(limit: str) -> None:
    assert hours_due(limit, exact("2026-11-20T09:30+08:00")) is None


DAYS = [
    ("three days", "P3D", "2026-11-20T09:30+08:00", SHANGHAI, "2026-11-23T23:59:59+08:00", ()),
    ("a week", "P1W", "2026-11-20T09:30+08:00", SHANGHAI, "2026-11-27T23:59:59+08:00", ()),
    ("at midnight", "P3D", "2026-11-20T00:00+08:00", SHANGHAI, "2026-11-23T23:59:59+08:00", ()),
    (
        "just before midnight",
        "P3D",
        "2026-11-20T23:59+08:00",
        SHANGHAI,
        "2026-11-23T23:59:59+08:00",
        (),
    ),
    (
        "another day elsewhere",
        "P3D",
        "2026-11-20T23:59+08:00",
        NEW_YORK,
        "2026-11-23T23:59:59-05:00",
        (),
    ),
    (
        "over the new year",
        "P30D",
        "2026-12-20T09:00+08:00",
        SHANGHAI,
        "2027-01-19T23:59:59+08:00",
        (),
    ),
    (
        "over a leap day",
        "P30D",
        "2028-02-10T09:00+08:00",
        SHANGHAI,
        "2028-03-11T23:59:59+08:00",
        (),
    ),
    ("a month", "P1M", "2026-11-20T09:00+08:00", SHANGHAI, "2026-12-20T23:59:59+08:00", ()),
    (
        "31 January and a month",
        "P1M",
        "2026-01-31T09:00+08:00",
        SHANGHAI,
        "2026-02-28T23:59:59+08:00",
        (MONTH_END,),
    ),
    (
        "the same in a leap year",
        "P1M",
        "2028-01-31T09:00+08:00",
        SHANGHAI,
        "2028-02-29T23:59:59+08:00",
        (MONTH_END,),
    ),
    (
        "a quarter over the new year",
        "P3M",
        "2026-11-30T09:00+08:00",
        SHANGHAI,
        "2027-02-28T23:59:59+08:00",
        (MONTH_END,),
    ),
    (
        "29 February and a year",
        "P1Y",
        "2028-02-29T09:00+08:00",
        SHANGHAI,
        "2029-02-28T23:59:59+08:00",
        (MONTH_END,),
    ),
    (
        "days over a change of clocks",
        "P3D",
        "2026-03-27T18:00+01:00",
        BERLIN,
        "2026-03-30T23:59:59+02:00",
        (),
    ),
    (
        "a last second that is skipped",
        "P1D",
        "2025-03-28T12:00-02:00",
        NUUK,
        "2025-03-29T22:59:59-02:00",
        (CLOCK_CHANGE,),
    ),
    (
        "a last second that comes twice",
        "P1D",
        "2025-10-24T12:00-01:00",
        NUUK,
        "2025-10-25T23:59:59-01:00",
        (CLOCK_CHANGE,),
    ),
]


@pytest.mark.parametrize(("label", "limit", "start", "zone", "due", "said"), DAYS)
def test_days_and_months_end_with_the_last_second_of_the_last_day(
    label: str, limit: str, start: str, zone: ZoneInfo, due: str, said: tuple[object, ...]
) -> None:
    found = calendar_due(limit, exact(start), zone=zone)

    assert (found.earliest, found.latest) == (at(due), at(due))
    assert found.assumptions[1:] == said
    assert zone.key in found.assumptions[0].en


def test_days_from_a_date_end_on_one_day() -> None:
    due = calendar_due("P3D", span_of("2026-11-20", zone=SHANGHAI), zone=SHANGHAI)

    assert (due.earliest, due.latest) == (
        at("2026-11-23T23:59:59+08:00"),
        at("2026-11-23T23:59:59+08:00"),
    )


def test_a_date_that_is_two_days_elsewhere_gives_two_due_times() -> None:
    due = calendar_due("P3D", span_of("2026-11-20", zone=SHANGHAI), zone=NEW_YORK)

    assert (due.earliest, due.latest) == (
        at("2026-11-22T23:59:59-05:00"),
        at("2026-11-23T23:59:59-05:00"),
    )


def calendar(jurisdiction: str, kind: DayKind) -> WorkCalendar:
    found = find_calendar(jurisdiction, kind)
    assert found is not None
    return found


CN_WORKING, CN_TRADING = calendar("CN", DayKind.WORKING), calendar("CN", DayKind.TRADING)
US_BUSINESS = calendar("US", DayKind.WORKING)

OPEN_DAYS = [
    (
        "working days over 调休",
        7,
        "2025-09-26T10:00+08:00",
        CN_WORKING,
        SHANGHAI,
        "2025-10-13T23:59:59+08:00",
    ),
    (
        "working days over Spring Festival",
        7,
        "2026-02-12T10:00+08:00",
        CN_WORKING,
        SHANGHAI,
        "2026-02-28T23:59:59+08:00",
    ),
    (
        "trading days over Spring Festival",
        2,
        "2026-02-12T10:00+08:00",
        CN_TRADING,
        SHANGHAI,
        "2026-02-24T23:59:59+08:00",
    ),
    (
        "trading days over National Day",
        2,
        "2025-09-30T10:00+08:00",
        CN_TRADING,
        SHANGHAI,
        "2025-10-10T23:59:59+08:00",
    ),
    (
        "from a worked Saturday",
        2,
        "2026-02-14T10:00+08:00",
        CN_TRADING,
        SHANGHAI,
        "2026-02-25T23:59:59+08:00",
    ),
    (
        "SEC over Thanksgiving",
        4,
        "2026-11-23T16:00-05:00",
        US_BUSINESS,
        NEW_YORK,
        "2026-11-30T23:59:59-05:00",
    ),
    (
        "SEC over Juneteenth",
        4,
        "2026-06-17T16:00-04:00",
        US_BUSINESS,
        NEW_YORK,
        "2026-06-24T23:59:59-04:00",
    ),
    (
        "SEC from a Saturday",
        4,
        "2026-06-06T10:00-04:00",
        US_BUSINESS,
        NEW_YORK,
        "2026-06-11T23:59:59-04:00",
    ),
    (
        "SEC by the day in New York",
        4,
        "2026-06-02T08:00+08:00",
        US_BUSINESS,
        NEW_YORK,
        "2026-06-05T23:59:59-04:00",
    ),
]


@pytest.mark.parametrize(("label", "count", "start", "found", "zone", "due"), OPEN_DAYS)
def test_working_and_trading_days_are_counted_by_their_calendar(
    label: str, count: int, start: str, found: WorkCalendar, zone: ZoneInfo, due: str
) -> None:
    ended = open_days_due(count, exact(start), calendar=found, zone=zone)

    assert isinstance(ended, Due)
    assert (ended.earliest, ended.latest) == (at(due), at(due))


def test_a_day_before_a_holiday_known_by_date_gives_one_due_time() -> None:
    start = span_of("2025-09-30", zone=SHANGHAI)

    ended = open_days_due(2, start, calendar=CN_TRADING, zone=SHANGHAI)

    assert isinstance(ended, Due)
    assert (ended.earliest, ended.latest) == (
        at("2025-10-10T23:59:59+08:00"),
        at("2025-10-10T23:59:59+08:00"),
    )


BEYOND = [
    ("into a year whose schedule is not out", 2, "2026-12-30T10:00+08:00"),
    ("from such a year", 1, "2027-01-10T10:00+08:00"),
    ("from before the first year", 1, "2009-12-31T10:00+08:00"),
]


@pytest.mark.parametrize(("label", "count", "start"), BEYOND)
def test_beyond_the_years_of_the_calendar_nothing_is_due_and_the_reason_is_said(
    label: str, count: int, start: str
) -> None:
    ended = open_days_due(count, exact(start), calendar=CN_TRADING, zone=SHANGHAI)

    assert isinstance(ended, Undetermined)
    assert "2010–2026" in ended.reason.en
    assert "2010–2026" in ended.reason.zh_hans
