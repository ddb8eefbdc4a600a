"""Which days are working days and which days an exchange is open, for the years that are known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import chinese_calendar

from service.domain.clocks import DayKind
from service.domain.values import Bilingual

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days a limit counts in one place, from the first to the last year they are known for."""

    name: Bilingual
    first_year: int
    last_year: int
    is_open: Callable[[date], bool]

    def knows(self, day: date) -> bool:
        """Whether the day is in the years the calendar covers."""
        return self.first_year <= day.year <= self.last_year

    def nth_after(self, day: date, count: int) -> date | None:
        """The n-th open day after a day, which is not counted; None beyond the years known."""
        while count > 0:
            day += _DAY
            if not self.knows(day):
                return None
            count -= self.is_open(day)
        return day


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def _is_chinese_working_day(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


# The State Council named the day a working day; the exchanges' own notices closed it.
_CLOSED_IN_CHINA: Final = frozenset({date(2024, 2, 9)})


def _is_chinese_trading_day(day: date) -> bool:
    # The exchanges stay closed on the weekend days that are worked in exchange for a holiday.
    return _is_weekday(day) and _is_chinese_working_day(day) and day not in _CLOSED_IN_CHINA


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _observed(day: date) -> date:
    match day.weekday():
        case 5:
            return day - _DAY
        case 6:
            return day + _DAY
        case _:
            return day


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    """The days off of United States federal offices by 5 U.S.C. 6103, as they fall in a year."""
    monday, thursday = 0, 3
    dated = [(year, 1, 1), (year, 6, 19), (year, 7, 4), (year, 11, 11), (year, 12, 25)]
    # New Year's Day on a Saturday is observed on the last day of the year before.
    dated.append((year + 1, 1, 1))
    moving = [
        _nth_weekday(year, 1, monday, 3),
        _nth_weekday(year, 2, monday, 3),
        # Memorial Day is the last Monday of May.
        _nth_weekday(year, 6, monday, 1) - timedelta(days=7),
        _nth_weekday(year, 9, monday, 1),
        _nth_weekday(year, 10, monday, 2),
        _nth_weekday(year, 11, thursday, 4),
    ]
    return frozenset([*(_observed(date(*parts)) for parts in dated), *moving])


def _is_federal_business_day(day: date) -> bool:
    return _is_weekday(day) and day not in _federal_holidays(day.year)


# A year is added once its schedule is published and checked: docs/clocks.md.
_CALENDARS: Final = {
    ("CN", DayKind.WORKING): WorkCalendar(
        Bilingual(
            zh_hans="中国内地工作日（国务院办公厅放假通知，含调休，2010–2026 年）",
            en="Working days in mainland China (State Council notices, 调休 included, 2010–2026)",
        ),
        2010,
        2026,
        _is_chinese_working_day,
    ),
    ("CN", DayKind.TRADING): WorkCalendar(
        Bilingual(
            zh_hans="沪深交易所交易日（周末调休上班日不开市，2010–2026 年）",
            en="Trading days in Shanghai and Shenzhen (closed on weekends that are worked, 2010–2026)",
        ),
        2010,
        2026,
        _is_chinese_trading_day,
    ),
    ("US", DayKind.WORKING): WorkCalendar(
        Bilingual(
            zh_hans="美国联邦工作日（周六、周日与联邦法定假日除外，2021–2030 年）",
            en="US federal business days (not Saturdays, Sundays, federal holidays; 2021–2030)",
        ),
        2021,
        2030,
        _is_federal_business_day,
    ),
}


def find_calendar(jurisdiction: str | None, kind: DayKind) -> WorkCalendar | None:
    """The calendar of the days a limit counts in a jurisdiction, or None where there is none."""
    return None if jurisdiction is None else _CALENDARS.get((jurisdiction, kind))
