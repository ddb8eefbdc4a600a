"""Which days are working and trading days, by the schedules that were published."""

from datetime import date, timedelta

import pytest

from service.domain.calendars import WorkCalendar, find_calendar
from service.domain.clocks import DayKind


def calendar(jurisdiction: str, kind: DayKind) -> WorkCalendar:
    found = find_calendar(jurisdiction, kind)
    assert found is not None
    return found


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def open_days(found: WorkCalendar, first: str, last: str) -> list[str]:
    return [day.isoformat()[5:] for day in days(first, last) if found.is_open(day)]


WORKING = [
    # 国办发明电〔2024〕12号
    (
        "Spring Festival 2025",
        ("2025-01-25", "2025-02-09"),
        ["01-26", "01-27", "02-05", "02-06", "02-07", "02-08"],
    ),
    (
        "Labour Day 2025",
        ("2025-04-26", "2025-05-06"),
        ["04-27", "04-28", "04-29", "04-30", "05-06"],
    ),
    (
        "National Day and Mid-Autumn 2025",
        ("2025-09-27", "2025-10-12"),
        ["09-28", "09-29", "09-30", "10-09", "10-10", "10-11"],
    ),
    # 国办发明电〔2025〕7号
    ("New Year 2026", ("2026-01-01", "2026-01-05"), ["01-04", "01-05"]),
    (
        "Spring Festival 2026",
        ("2026-02-13", "2026-03-01"),
        ["02-13", "02-14", "02-24", "02-25", "02-26", "02-27", "02-28"],
    ),
    (
        "Labour Day 2026",
        ("2026-04-30", "2026-05-10"),
        ["04-30", "05-06", "05-07", "05-08", "05-09"],
    ),
    (
        "National Day 2026",
        ("2026-09-19", "2026-10-11"),
        [
            *["09-20", "09-21", "09-22", "09-23", "09-24", "09-28", "09-29", "09-30"],
            *["10-08", "10-09", "10-10"],
        ],
    ),
]


@pytest.mark.parametrize(("label", "span", "expected"), WORKING)
def test_weekends_worked_in_exchange_are_working_days(
    label: str, span: tuple[str, str], expected: list[str]
) -> None:
    assert open_days(calendar("CN", DayKind.WORKING), *span) == expected


TRADING = [
    ("Spring Festival 2025", ("2025-01-25", "2025-02-09"), ["01-27", "02-05", "02-06", "02-07"]),
    ("National Day 2025", ("2025-09-27", "2025-10-12"), ["09-29", "09-30", "10-09", "10-10"]),
    (
        "Spring Festival 2026",
        ("2026-02-13", "2026-03-01"),
        ["02-13", "02-24", "02-25", "02-26", "02-27"],
    ),
    (
        "National Day 2026",
        ("2026-09-24", "2026-10-11"),
        ["09-24", "09-28", "09-29", "09-30", "10-08", "10-09"],
    ),
    (
        "the eve of Spring Festival 2024, a working day",
        ("2024-02-07", "2024-02-19"),
        ["02-07", "02-08", "02-19"],
    ),
]


@pytest.mark.parametrize(("label", "span", "expected"), TRADING)
def test_the_exchanges_stay_closed_on_weekends_that_are_worked(
    label: str, span: tuple[str, str], expected: list[str]
) -> None:
    assert open_days(calendar("CN", DayKind.TRADING), *span) == expected


# As the Office of Personnel Management lists them.
FEDERAL = [
    (2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
    (2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"),
    (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
    (2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
]


@pytest.mark.parametrize(("year", "expected"), FEDERAL)
def test_federal_holidays_close_the_weekdays_they_are_observed_on(year: int, expected: str) -> None:
    business = calendar("US", DayKind.WORKING)

    closed = [
        day.isoformat()[5:]
        for day in days(f"{year}-01-01", f"{year}-12-31")
        if day.weekday() < 5 and not business.is_open(day)
    ]

    assert " ".join(closed) == expected


# Shanghai counts its trading days in its yearly statistics.
@pytest.mark.parametrize(("year", "count"), [(2023, 242), (2024, 242), (2025, 243)])
def test_a_year_has_the_trading_days_the_exchange_counted(year: int, count: int) -> None:
    trading = calendar("CN", DayKind.TRADING)

    assert sum(trading.is_open(day) for day in days(f"{year}-01-01", f"{year}-12-31")) == count


@pytest.mark.parametrize(
    ("jurisdiction", "kind"),
    [("CN", DayKind.WORKING), ("CN", DayKind.TRADING), ("US", DayKind.WORKING)],
)
def test_a_calendar_knows_and_names_the_years_it_covers(jurisdiction: str, kind: DayKind) -> None:
    found = calendar(jurisdiction, kind)
    first, last = date(found.first_year, 1, 1), date(found.last_year, 12, 31)
    edges = [first - timedelta(days=1), first, last, last + timedelta(days=1)]

    known = [found.knows(day) for day in edges]

    assert known == [False, True, True, False]
    assert all(isinstance(found.is_open(day), bool) for day in (first, last))
    assert f"{first.year}–{last.year}" in found.name.en
    assert f"{first.year}–{last.year}" in found.name.zh_hans


NTH = [
    ("over a holiday", "2026-09-29", 2, date(2026, 10, 8)),
    ("the last days known", "2026-12-30", 1, date(2026, 12, 31)),
    ("beyond the last year", "2026-12-30", 2, None),
]


@pytest.mark.parametrize(("label", "day", "count", "expected"), NTH)
def test_open_days_are_counted_from_the_day_after(
    label: str, day: str, count: int, expected: date | None
) -> None:
    found = calendar("CN", DayKind.TRADING).nth_after(date.fromisoformat(day), count)

    assert found == expected


@pytest.mark.parametrize("jurisdiction", [None, "EU", "HK"])
def test_where_no_calendar_is_known_there_is_none(jurisdiction: str | None) -> None:
    assert find_calendar(jurisdiction, DayKind.WORKING) is None
