"""The moments clocks start from: what was given, what stands in for it, and how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.clocks import ClockStart
from service.domain.errors import BadInput, quoted
from service.domain.moments import Precision, Span, partial_time, precision_of, span_of
from service.domain.values import Bilingual

NAMES: Final = {
    ClockStart.FIRST_SIGNAL: Bilingual(zh_hans="首个信号", en="the first signal"),
    ClockStart.DETECTED: Bilingual(zh_hans="发现", en="detection"),
    ClockStart.AWARE: Bilingual(zh_hans="知悉", en="awareness"),
    ClockStart.CLASSIFIED: Bilingual(zh_hans="认定为重大", en="classification as major"),
    ClockStart.MATERIALITY_DETERMINED: Bilingual(
        zh_hans="认定具有重大性", en="the determination that it is material"
    ),
    ClockStart.ASSESSED_NOTIFIABLE: Bilingual(
        zh_hans="评估认定应通报", en="the assessment that it is notifiable"
    ),
    ClockStart.FIRST_STATEMENT: Bilingual(zh_hans="首次声明", en="the first statement"),
    ClockStart.HANDLING_ENDED: Bilingual(zh_hans="处置结束", en="the end of handling"),
    ClockStart.REPORT_ACCEPTED: Bilingual(
        zh_hans="报案受理", en="the acceptance of the report to the police"
    ),
    ClockStart.NOTICE_RECEIVED: Bilingual(
        zh_hans="收到投诉或通知", en="the receipt of the complaint or notice"
    ),
    ClockStart.CALENDAR: Bilingual(zh_hans="上一次", en="the last time"),
}
_STAND_INS: Final = {
    ClockStart.DETECTED: (ClockStart.FIRST_SIGNAL, ClockStart.AWARE),
    ClockStart.AWARE: (ClockStart.DETECTED, ClockStart.FIRST_SIGNAL),
}
# How the due time shifts when a moment stands in for the one a clock names.
_SHIFTS: Final = {
    ClockStart.FIRST_SIGNAL: Bilingual(
        zh_hans="不会更早，除非在外界可见之前就已发现",
        en="is not earlier, unless it was noticed before it could be seen from outside",
    ),
    ClockStart.DETECTED: Bilingual(zh_hans="不会更早", en="is not earlier"),
    ClockStart.AWARE: Bilingual(zh_hans="可能更早", en="may be earlier"),
}
_ORDER: Final = (
    (ClockStart.FIRST_SIGNAL, ClockStart.FIRST_STATEMENT),
    (ClockStart.DETECTED, ClockStart.AWARE),
    (ClockStart.DETECTED, ClockStart.CLASSIFIED),
    (ClockStart.DETECTED, ClockStart.MATERIALITY_DETERMINED),
    (ClockStart.DETECTED, ClockStart.ASSESSED_NOTIFIABLE),
    (ClockStart.DETECTED, ClockStart.HANDLING_ENDED),
    (ClockStart.AWARE, ClockStart.CLASSIFIED),
    (ClockStart.AWARE, ClockStart.MATERIALITY_DETERMINED),
    (ClockStart.AWARE, ClockStart.ASSESSED_NOTIFIABLE),
    (ClockStart.AWARE, ClockStart.HANDLING_ENDED),
)
# No clock runs as long, and beyond the calendar's ends nothing can be counted.
_LONGEST_AGO: Final = timedelta(days=36_525)
Starts = Mapping[ClockStart, Span]


@dataclass(frozen=True, slots=True)
class Started:
    """The moment a limit is counted from, and what was assumed to find it."""

    start: ClockStart
    span: Span
    assumptions: tuple[Bilingual, ...]


def argument_of(start: ClockStart) -> str:
    """The name the API gives the anchor of a start."""
    first, *others = start.value.lower().split("_")
    return f"anchors.{first}{''.join(part.capitalize() for part in others)}At"


def read_starts(given: Mapping[ClockStart, str], *, zone: ZoneInfo, now: datetime) -> Starts:
    """The anchors as spans that end by now. What is no time, to come, or out of order is refused."""
    spans = {start: _read(start, text, zone=zone, now=now) for start, text in given.items()}
    for earlier, later in _ORDER:
        if earlier in spans and later in spans and spans[later].end < spans[earlier].start:
            raise BadInput(
                f"{argument_of(later)} ({given[later]}) is before {argument_of(earlier)} "
                f"({given[earlier]}); correct one of them."
            )
    return spans


def _read(start: ClockStart, text: str, *, zone: ZoneInfo, now: datetime) -> Span:
    name = argument_of(start)
    try:
        partial_time(text)
        span = span_of(text, zone=zone)
    except (ValueError, OverflowError):
        raise BadInput(
            f"{name}: {quoted(text)} is not a time; write 2023-10-23, 2023-10-23T14+08:00 (about "
            "14:00) or 2023-10-23T14:07+08:00."
        ) from None
    if precision_of(text) in {Precision.YEAR, Precision.MONTH}:
        raise BadInput(f"{name}: {quoted(text)} names no day; a clock needs at least the day.")
    if span.start > now:
        raise BadInput(
            f"{name} ({text}) is to come: it is {now.astimezone(zone).isoformat(timespec='minutes')} "
            f"in {zone.key}. Give moments that have been."
        )
    if span.start < now - _LONGEST_AGO:
        raise BadInput(f"{name} ({text}) is over a hundred years ago; correct the year.")
    return Span(span.start, min(span.end, now))


def find_start(
    starts_from: ClockStart, starts: Starts, *, assumed: ClockStart | None
) -> Started | None:
    """The moment to count from: the one named, the one assumed where none is, or what stands in.

    None where nothing given can stand in for it.
    """
    wanted, assumptions = starts_from, []
    if starts_from is ClockStart.NOT_STATED:
        if assumed is None:
            return None
        wanted = assumed
        assumptions.append(_not_stated(assumed))
    for start in (wanted, *_STAND_INS.get(wanted, ())):
        if start in starts:
            if start is not wanted:
                assumptions.append(_stands_in(start, wanted))
            if starts[start].start != starts[start].end:
                assumptions.append(_inexact(start))
            return Started(start, starts[start], tuple(assumptions))
    return None


# Texts are checked character by character when they are made: each of these is made once.
@cache
def missing_start(start: ClockStart) -> Bilingual:
    """That the moment of a start has to be given before a clock can run."""
    name = NAMES[start]
    if start is ClockStart.CALENDAR:
        return Bilingual(
            zh_hans="上一次是何时：到期由上一次推算，不从危机的时刻起算",
            en="when it was last done: due is counted from that, not from a moment of the crisis",
        )
    return Bilingual(
        zh_hans=f"{name.zh_hans}的时刻（{argument_of(start)}）",
        en=f"the time of {name.en} ({argument_of(start)})",
    )


@cache
def _not_stated(assumed: ClockStart) -> Bilingual:
    name = NAMES[assumed]
    return Bilingual(
        zh_hans=f"来源未写明起算时刻；本库按“{name.zh_hans}”起算。",
        en=f"The source names no start; this library counts from {name.en}.",
    )


@cache
def _stands_in(start: ClockStart, wanted: ClockStart) -> Bilingual:
    given, absent, shift = NAMES[start], NAMES[wanted], _SHIFTS[start]
    return Bilingual(
        zh_hans=f"未给出“{absent.zh_hans}”的时刻，改按“{given.zh_hans}”起算；实际到期{shift.zh_hans}。",
        en=f"The time of {absent.en} is not given; counted from {given.en}. The true due time "
        f"{shift.en}.",
    )


@cache
def _inexact(start: ClockStart) -> Bilingual:
    name = NAMES[start]
    return Bilingual(
        zh_hans=f"“{name.zh_hans}”只知道大致时刻；dueAt 按其最早可能计，dueAtLatest 按最晚可能计。",
        en=f"The time of {name.en} is known roughly: dueAt counts from the earliest it can have "
        "been, dueAtLatest from the latest.",
    )
