"""When a limit ends: a duration, counted from a moment that may be known only within a span.

Hours are elapsed time, in UTC, so that no change of the clocks adds to them or takes from them. Days,
weeks, months and years are counted in a time zone from the day after the start, and end with the
last second of their last day.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.calendars import WorkCalendar
from service.domain.moments import Span
from service.domain.values import Bilingual

_HOURS = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")
_LAST_SECOND: Final = time(23, 59, 59)
_SECOND: Final = timedelta(seconds=1)
_MONTHS: Final = {"M": 1, "Y": 12}
_DAYS: Final = {"D": 1, "W": 7}


@dataclass(frozen=True, slots=True)
class Due:
    """The earliest and the latest a limit can end, in UTC, and what was assumed to say so."""

    earliest: datetime
    latest: datetime
    assumptions: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Undetermined:
    """No due time can be told, and why."""

    reason: Bilingual


@dataclass(frozen=True, slots=True)
class _LastDay:
    day: date
    clamped: bool = False


ELAPSED: Final = Bilingual(
    zh_hans="小时按实际经过的时间计，夜间、周末与假日照算。",
    en="Hours are elapsed time: nights, weekends and holidays count.",
)
MONTH_END: Final = Bilingual(
    zh_hans="到期的月份没有对应的日子，取该月最后一日。",
    en="The last month has no such day, so its last day counts.",
)
CLOCK_CHANGE: Final = Bilingual(
    zh_hans="当地时钟当晚调整，末日 23:59:59 不存在或出现两次，取较早者。",
    en="The clocks change that night: 23:59:59 does not exist or comes twice; the earlier counts.",
)


def hours_due(duration: str, start: Span) -> Due | None:
    """When a limit in hours or minutes ends; None for a limit in days or longer."""
    match = _HOURS.fullmatch(duration)
    if match is None:
        return None
    elapsed = timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
    return Due(start.start + elapsed, start.end + elapsed, (ELAPSED,))


def calendar_due(duration: str, start: Span, *, zone: ZoneInfo) -> Due:
    """When a limit in days, weeks, months or years ends, every day counted."""
    count, unit = int(duration[1:-1]), duration[-1]

    def last_day(day: date) -> _LastDay:
        if unit in _DAYS:
            return _LastDay(day + timedelta(days=count * _DAYS[unit]))
        return _months_after(day, count * _MONTHS[unit])

    return _until_end_of_day(start, zone, _every_day(zone), last_day)


def open_days_due(
    count: int, start: Span, *, calendar: WorkCalendar, zone: ZoneInfo
) -> Due | Undetermined:
    """When a limit in working or trading days ends; undetermined beyond the calendar's years."""
    first, last = _days_of(start, zone)
    if not calendar.knows(first) or calendar.nth_after(last, count) is None:
        return Undetermined(_outside(calendar))

    def last_day(day: date) -> _LastDay:
        return _LastDay(calendar.nth_after(day, count) or day)

    return _until_end_of_day(start, zone, _open_days(calendar, zone), last_day)


def _until_end_of_day(
    start: Span, zone: ZoneInfo, counted: Bilingual, last_day: Callable[[date], _LastDay]
) -> Due:
    first, last = (last_day(day) for day in _days_of(start, zone))
    assumptions = [counted]
    if first.clamped or last.clamped:
        assumptions.append(MONTH_END)
    if _is_odd(first.day, zone) or _is_odd(last.day, zone):
        assumptions.append(CLOCK_CHANGE)
    return Due(_end_of(first.day, zone), _end_of(last.day, zone), tuple(assumptions))


def _days_of(start: Span, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day the start can be on; the end of a span is no longer in it."""
    latest = max(start.start, start.end - _SECOND)
    return start.start.astimezone(zone).date(), latest.astimezone(zone).date()


def _months_after(day: date, months: int) -> _LastDay:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = monthrange(year, month)[1]
    return _LastDay(date(year, month, min(day.day, last)), clamped=day.day > last)


def _ends_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a day's last second: they differ where the clocks change over it."""
    local = datetime.combine(day, _LAST_SECOND, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return min(_ends_of(day, zone))


def _is_odd(day: date, zone: ZoneInfo) -> bool:
    before, after = _ends_of(day, zone)
    return before != after


# Texts are checked character by character when they are made: each of these is made once.
@cache
def _every_day(zone: ZoneInfo) -> Bilingual:
    return Bilingual(
        zh_hans=f"按 {zone.key} 的日历计，起算当日不计，至末日 23:59:59；末日逢假日不顺延。",
        en=f"Days of {zone.key}, the day of the start not counted, until 23:59:59 of the last; a "
        "last day on a holiday is not moved.",
    )


@cache
def _open_days(calendar: WorkCalendar, zone: ZoneInfo) -> Bilingual:
    return Bilingual(
        zh_hans=f"按{calendar.name.zh_hans}逐日计，时区 {zone.key}，起算当日不计，至末日 23:59:59。",
        en=f"{calendar.name.en}, in {zone.key}, the day of the start not counted, until 23:59:59 of "
        "the last.",
    )


@cache
def _outside(calendar: WorkCalendar) -> Bilingual:
    years = f"{calendar.first_year}–{calendar.last_year}"
    return Bilingual(
        zh_hans=f"{calendar.name.zh_hans}只知道 {years} 年；这一期限超出这些年份，不能推算。",
        en=f"{calendar.name.en}: only {years} is known, and this limit reaches beyond.",
    )
