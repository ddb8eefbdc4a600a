"""When something happened: partial times, and the intervals between them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from service.domain.moments import (
    Anchors,
    Elapsed,
    Moment,
    OffsetBasis,
    PartialDate,
    PartialTime,
    Precision,
    Span,
    elapsed,
    precision_of,
    span_of,
)

CHINA = timezone(timedelta(hours=8))
TIME: TypeAdapter[str] = TypeAdapter(PartialTime)
DATE: TypeAdapter[str] = TypeAdapter(PartialDate)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def at(text: str) -> Moment:
    return Moment(at=text)


def since(first_signal: str) -> Anchors:
    return Anchors(first_signal_at=at(first_signal))


SPANS = [
    ("a year", "2023", Precision.YEAR, Span(utc(2023, 1, 1), utc(2024, 1, 1))),
    ("a month", "2023-10", Precision.MONTH, Span(utc(2023, 10, 1), utc(2023, 11, 1))),
    ("a leap February", "2024-02", Precision.MONTH, Span(utc(2024, 2, 1), utc(2024, 3, 1))),
    ("a December", "2023-12", Precision.MONTH, Span(utc(2023, 12, 1), utc(2024, 1, 1))),
    ("a day", "2023-10-23", Precision.DAY, Span(utc(2023, 10, 23), utc(2023, 10, 24))),
    (
        "an hour is half an hour either side",
        "2023-10-23T14+08:00",
        Precision.HOUR,
        Span(utc(2023, 10, 23, 5, 30), utc(2023, 10, 23, 6, 30)),
    ),
    (
        "a minute is an instant",
        "2023-10-23T14:07+08:00",
        Precision.MINUTE,
        Span(utc(2023, 10, 23, 6, 7), utc(2023, 10, 23, 6, 7)),
    ),
    (
        "a minute in UTC",
        "2023-10-23T14:07Z",
        Precision.MINUTE,
        Span(utc(2023, 10, 23, 14, 7), utc(2023, 10, 23, 14, 7)),
    ),
    (
        "west of Greenwich",
        "2023-10-23T23:30-05:30",
        Precision.MINUTE,
        Span(utc(2023, 10, 24, 5, 0), utc(2023, 10, 24, 5, 0)),
    ),
]


@pytest.mark.parametrize(("label", "text", "precision", "span"), SPANS)
def test_a_partial_time_stands_for_an_interval(
    label: str, text: str, precision: Precision, span: Span
) -> None:
    found = (precision_of(text), span_of(text))

    assert found == (precision, span)


def test_a_day_without_a_zone_is_read_in_the_zone_given() -> None:
    span = span_of("2023-10-23", zone=CHINA)

    assert span == Span(utc(2023, 10, 22, 16), utc(2023, 10, 23, 16))


WRONG_TIMES = [
    ("a word", "yesterday", "write 2023, 2023-10"),
    ("nothing", "", "write 2023, 2023-10"),
    ("a month there is not", "2023-13", "not in the calendar"),
    ("month nought", "2023-00", "not in the calendar"),
    ("a day there is not", "2023-02-30", "not in the calendar"),
    ("a leap day of a common year", "2023-02-29", "not in the calendar"),
    ("an hour there is not", "2023-10-23T24+08:00", "not in the calendar"),
    ("a minute there is not", "2023-10-23T14:60+08:00", "not in the calendar"),
    ("year nought", "0000", "not in the calendar"),
    ("the last year there is", "9999", "write 2023, 2023-10"),
    ("the last day there is", "9999-12-31", "write 2023, 2023-10"),
    ("before the first year there is", "0001-01-01T00+08:00", "write 2023, 2023-10"),
    ("a zone there is not", "2023-10-23T14:07+99:00", "not in the calendar"),
    ("a zone with too many minutes", "2023-10-23T14:07+08:99", "write 2023, 2023-10"),
    ("a time without a zone", "2023-10-23T14:07", "+08:00"),
    ("a time with seconds", "2023-10-23T14:07:00+08:00", "write 2023, 2023-10"),
    ("a month of one digit", "2023-1-5", "write 2023, 2023-10"),
    ("slashes", "2023/10/23", "write 2023, 2023-10"),
    ("a blank for the T", "2023-10-23 14:07+08:00", "write 2023, 2023-10"),
    ("full-width digits", "２０２３-10", "write 2023, 2023-10"),
    ("a line break after it", "2023-10\n", "write 2023, 2023-10"),
    ("a range", "2023-2024", "write 2023, 2023-10"),
]


@pytest.mark.parametrize(("label", "text", "advice"), WRONG_TIMES)
def test_a_wrong_time_is_refused_with_what_is_right(label: str, text: str, advice: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TIME.validate_python(text)

    (error,) = refused.value.errors()
    assert repr(text)[1:-1] in repr(error["msg"])
    assert advice in error["msg"]


def test_a_date_may_not_have_a_time_of_day() -> None:
    with pytest.raises(ValidationError, match="write only the date: 2023-10-23"):
        DATE.validate_python("2023-10-23T14+08:00")


CLOCK, DATES, STATED = OffsetBasis.CLOCK, OffsetBasis.DATES, OffsetBasis.STATED

INTERVALS = [
    ("the same day", "2023-10-23", "2023-10-23", Elapsed(0, 24, DATES)),
    ("the next day", "2023-10-23", "2023-10-24", Elapsed(0, 48, DATES)),
    ("two days later", "2023-10-23", "2023-10-25", Elapsed(24, 72, DATES)),
    ("the day before", "2023-10-23", "2023-10-22", Elapsed(-48, 0, DATES)),
    ("the same month", "2023-10", "2023-10", Elapsed(0, 744, DATES)),
    ("the next month", "2023-10", "2023-11", Elapsed(0, 1464, DATES)),
    ("the same year", "2023", "2023", Elapsed(0, 8760, DATES)),
    ("a day in the month", "2023-10", "2023-10-23", Elapsed(0, 552, DATES)),
    ("the month of the day", "2023-10-23", "2023-10", Elapsed(0, 216, DATES)),
    (
        "to the minute",
        "2023-10-23T14:07+08:00",
        "2023-10-23T16:37+08:00",
        Elapsed(2.5, 2.5, CLOCK),
    ),
    (
        "across zones",
        "2023-10-23T14:07+08:00",
        "2023-10-23T07:07Z",
        Elapsed(1, 1, CLOCK),
    ),
    (
        "from about an hour to the minute",
        "2023-10-23T14+08:00",
        "2023-10-23T16:00+08:00",
        Elapsed(1.5, 2.5, CLOCK),
    ),
    (
        "from about an hour to about an hour",
        "2023-10-23T14+08:00",
        "2023-10-23T22+08:00",
        Elapsed(7, 9, CLOCK),
    ),
    (
        "before the first signal",
        "2023-10-23T14:07+08:00",
        "2023-10-23T13:07+08:00",
        Elapsed(-1, -1, CLOCK),
    ),
    (
        "the day of a first signal known to the minute",
        "2023-10-23T18:00+08:00",
        "2023-10-23",
        Elapsed(0, 6, DATES),
    ),
    (
        "a time on the day of the first signal",
        "2023-10-23",
        "2023-10-23T06:00+08:00",
        Elapsed(0, 6, DATES),
    ),
]


@pytest.mark.parametrize(("label", "first_signal", "text", "interval"), INTERVALS)
def test_two_times_give_an_interval_of_hours(
    label: str, first_signal: str, text: str, interval: Elapsed
) -> None:
    found = elapsed(at(text), since(first_signal))

    assert found == interval
