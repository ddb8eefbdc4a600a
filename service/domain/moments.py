"""When something happened: partial times, offsets as intervals, and the anchors of a case.

Time is kept as honestly as figures. A date says a day, not midnight; two dates give an interval of
hours, never a number; what is unknown stays unknown.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from service.domain.values import Bilingual, Value

# A case names the same few times over and over, whenever it is read and wherever it is shown.
_HELD = 4_096

_FORMS = "2023, 2023-10, 2023-10-23, 2023-10-23T14+08:00 (about 14:00) or 2023-10-23T14:07+08:00"
_PARTIAL = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2}))?(?P<zone>Z|[+-][0-9]{2}:[0-5][0-9]))?)?)?"
)


class Precision(StrEnum):
    """How exactly a time is known."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"
    HOUR = "HOUR"
    MINUTE = "MINUTE"


class Span(NamedTuple):
    """The earliest and the latest instant a partial time can mean, both aware UTC."""

    start: datetime
    end: datetime


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))


@lru_cache(maxsize=_HELD)
def _matched(text: str) -> re.Match[str]:
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a time; write {_FORMS}")
    return match


def precision_of(at: str) -> Precision:
    """How exactly a partial time is known, which is how it is written."""
    match = _matched(at)
    for precision in (Precision.MINUTE, Precision.HOUR, Precision.DAY, Precision.MONTH):
        if match[precision.value.lower()] is not None:
            return precision
    return Precision.YEAR


@lru_cache(maxsize=_HELD)
def span_of(at: str, *, zone: tzinfo = UTC) -> Span:
    """The interval a partial time stands for; `zone` is used where the text names none.

    An hour means half an hour either side of it, since sources say "about four o'clock".
    """
    match = _matched(at)
    precision = precision_of(at)
    if match["zone"] is not None:
        zone = _zone(match["zone"])
    start = datetime(
        int(match["year"]),
        int(match["month"] or 1),
        int(match["day"] or 1),
        int(match["hour"] or 0),
        int(match["minute"] or 0),
        tzinfo=zone,
    ).astimezone(UTC)
    match precision:
        case Precision.MINUTE:
            return Span(start, start)
        case Precision.HOUR:
            half = timedelta(minutes=30)
            return Span(start - half, start + half)
        case Precision.DAY:
            # A day that a zone changes its clocks in is not 24 hours long.
            day = date(int(match["year"]), int(match["month"]), int(match["day"]))
            following = day + timedelta(days=1)
            end = datetime(following.year, following.month, following.day, tzinfo=zone)
            return Span(start, end.astimezone(UTC))
        case Precision.MONTH:
            following = date(int(match["year"]), int(match["month"]), 28) + timedelta(days=4)
            end = datetime(following.year, following.month, 1, tzinfo=zone)
            return Span(start, end.astimezone(UTC))
        case Precision.YEAR:
            end = datetime(int(match["year"]) + 1, 1, 1, tzinfo=zone)
            return Span(start, end.astimezone(UTC))


def partial_time(text: str) -> str:
    """Accept a time as exactly as it is known, in one of the forms it may be written in."""
    try:
        span_of(text)
    except ValueError as error:
        if "is not a time" in str(error):
            raise
        raise ValueError(f"'{text}' is not in the calendar ({error}); write {_FORMS}") from None
    except OverflowError:
        raise ValueError(f"'{text}' is out of range; write {_FORMS}") from None
    return text


def _is_date(text: str) -> str:
    if "T" in partial_time(text):
        raise ValueError(f"'{text}' has a time of day; write only the date: 2023-10-23")
    return text


PartialTime = Annotated[
    str,
    AfterValidator(partial_time),
    Field(description=f"A time as exactly as it is known: {_FORMS}"),
]
PartialDate = Annotated[
    str,
    AfterValidator(_is_date),
    Field(description="A date as exactly as it is known: 2023, 2023-10 or 2023-10-23"),
]


class Anchor(StrEnum):
    """A moment of a case that other moments are counted from."""

    FIRST_SIGNAL = "FIRST_SIGNAL"
    DETECTED = "DETECTED"
    FIRST_STATEMENT = "FIRST_STATEMENT"


class OffsetBasis(StrEnum):
    """Where an offset comes from: stated by the source, two clock times, or two dates."""

    STATED = "STATED"
    CLOCK = "CLOCK"
    DATES = "DATES"


class Offset(Value):
    """Hours since an anchor, as an interval: `from_hours` equals `to_hours` when it is exact."""

    from_hours: float = Field(allow_inf_nan=False)
    to_hours: float = Field(allow_inf_nan=False)
    since: Anchor = Anchor.FIRST_SIGNAL

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.from_hours > self.to_hours:
            raise ValueError("from_hours is after to_hours; exchange them")
        return self


class Moment(Value):
    """When something happened: an absolute time, an offset the source states, or both."""

    at: PartialTime | None = None
    offset: Offset | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at is None and self.offset is None:
            raise ValueError("needs `at` or `offset`; leave the moment out where it is unknown")
        return self


class Anchors(Value):
    """The moments other moments of a case are counted from.

    `first_signal_at` is the first sign that could be seen from outside.
    """

    first_signal_at: Moment | None = None
    detected_at: Moment | None = None
    first_statement_at: Moment | None = None
    resolved_at: Moment | None = None
    note: Bilingual | None = None


class Elapsed(NamedTuple):
    """Hours between the first signal and a moment, with where the interval comes from."""

    from_hours: float
    to_hours: float
    basis: OffsetBasis


_EXACT_PRECISIONS = {Precision.HOUR, Precision.MINUTE}
_READABLE_WIDTH_HOURS = 2.0


@lru_cache(maxsize=_HELD)
def _between(first_signal: str, at: str) -> Elapsed:
    zone = _zone(_matched(first_signal)["zone"] or _matched(at)["zone"])
    begin, end = span_of(first_signal, zone=zone), span_of(at, zone=zone)
    from_hours = (end.start - begin.end) / timedelta(hours=1)
    to_hours = (end.end - begin.start) / timedelta(hours=1)
    # The first signal is the first by definition: what bears the same date or period came after.
    if from_hours < 0 < to_hours and end.start >= _floor(begin.start, at, zone):
        from_hours = 0.0
    exact = precision_of(first_signal) in _EXACT_PRECISIONS and (
        precision_of(at) in _EXACT_PRECISIONS
    )
    return Elapsed(
        round(from_hours, 2), round(to_hours, 2), OffsetBasis.CLOCK if exact else OffsetBasis.DATES
    )


def _floor(instant: datetime, like: str, zone: timezone) -> datetime:
    """The start of the period of `like`'s precision that holds the instant."""
    local = instant.astimezone(zone)
    match precision_of(like):
        case Precision.YEAR:
            local = local.replace(month=1, day=1, hour=0, minute=0)
        case Precision.MONTH:
            local = local.replace(day=1, hour=0, minute=0)
        case Precision.DAY:
            local = local.replace(hour=0, minute=0)
    return local.astimezone(UTC)


def _stated(offset: Offset, anchors: Anchors, counted_from: frozenset[Anchor]) -> Elapsed | None:
    if offset.since is Anchor.FIRST_SIGNAL:
        return Elapsed(offset.from_hours, offset.to_hours, OffsetBasis.STATED)
    if offset.since in counted_from:
        return None
    base = anchors.detected_at if offset.since is Anchor.DETECTED else anchors.first_statement_at
    start = _elapsed(base, anchors, counted_from | {offset.since})
    if start is None:
        return None
    return Elapsed(
        start.from_hours + offset.from_hours, start.to_hours + offset.to_hours, start.basis
    )


def _elapsed(
    moment: Moment | None, anchors: Anchors, counted_from: frozenset[Anchor]
) -> Elapsed | None:
    if moment is None:
        return None
    if moment.offset is not None:
        stated = _stated(moment.offset, anchors, counted_from)
        if stated is not None:
            return stated
    first = anchors.first_signal_at
    if moment.at is None or first is None or first.at is None:
        return None
    return _between(first.at, moment.at)


def elapsed(moment: Moment | None, anchors: Anchors) -> Elapsed | None:
    """Hours from the first signal to a moment as an interval, or None where it is not known.

    A stated offset counts before one computed from times. Two days of the same date give 0–24 h.
    Anchors that are counted from each other in a circle say nothing.
    """
    return _elapsed(moment, anchors, frozenset())


def readable_hours(interval: Elapsed | None) -> float | None:
    """One number for an offset, where that is honest: a stated one that is exact, or the middle of
    one computed from clock times. None where only dates or a limit ("within a day") are known.
    """
    if interval is None:
        return None
    width = interval.to_hours - interval.from_hours
    if width == 0 or (interval.basis is OffsetBasis.CLOCK and width <= _READABLE_WIDTH_HOURS):
        return round((interval.from_hours + interval.to_hours) / 2, 2)
    return None
