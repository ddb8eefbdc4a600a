"""Offsets a source states, what is unknown, and the one number an interval can be read as."""

import pytest
from pydantic import ValidationError

from service.domain.moments import (
    Anchor,
    Anchors,
    Elapsed,
    Moment,
    Offset,
    OffsetBasis,
    elapsed,
    readable_hours,
)

CLOCK, DATES, STATED = OffsetBasis.CLOCK, OffsetBasis.DATES, OffsetBasis.STATED


def after(hours: float, anchor: Anchor = Anchor.FIRST_SIGNAL, *, to: float | None = None) -> Moment:
    offset = Offset(from_hours=hours, to_hours=hours if to is None else to, since=anchor)
    return Moment(offset=offset)


def at(text: str) -> Moment:
    return Moment(at=text)


def anchors(**moments: Moment) -> Anchors:
    return Anchors(**{f"{name}_at": moment for name, moment in moments.items()})  # type: ignore[arg-type]


KNOWN = [
    ("stated since the first signal, which needs no date", after(2), Anchors(), (2, 2, STATED)),
    ("stated as a limit", after(0, to=24), Anchors(), (0, 24, STATED)),
    (
        "stated counts before computed",
        Moment(at="2023-10-24", offset=Offset(from_hours=3, to_hours=3)),
        anchors(first_signal=at("2023-10-23")),
        (3, 3, STATED),
    ),
    (
        "stated since the detection, itself stated",
        after(2, Anchor.DETECTED),
        anchors(detected=after(1, to=1.5)),
        (3, 3.5, STATED),
    ),
    (
        "stated since the detection, known by the clock",
        after(2, Anchor.DETECTED),
        anchors(first_signal=at("2023-10-23T14:00+08:00"), detected=at("2023-10-23T14:30+08:00")),
        (2.5, 2.5, CLOCK),
    ),
    (
        "stated since the detection, known by the day",
        after(2, Anchor.DETECTED),
        anchors(first_signal=at("2023-10-23"), detected=at("2023-10-23")),
        (2, 26, DATES),
    ),
    (
        "stated since the first statement, stated since the detection",
        after(1, Anchor.FIRST_STATEMENT),
        anchors(detected=after(4), first_statement=after(2, Anchor.DETECTED)),
        (7, 7, STATED),
    ),
    (
        "where the detection is unknown its own time still counts",
        Moment(at="2023-10-24", offset=Offset(from_hours=1, to_hours=1, since=Anchor.DETECTED)),
        anchors(first_signal=at("2023-10-23")),
        (0, 48, DATES),
    ),
]


@pytest.mark.parametrize(("label", "moment", "held", "interval"), KNOWN)
def test_a_moment_is_counted_from_the_first_signal(
    label: str, moment: Moment, held: Anchors, interval: tuple[float, float, OffsetBasis]
) -> None:
    found = elapsed(moment, held)

    assert found == Elapsed(*interval)


UNKNOWN = [
    ("no moment", None, anchors(first_signal=at("2023"))),
    ("no anchor at all", at("2023-10-23"), Anchors()),
    ("a first signal without a date", at("2023-10-23"), anchors(first_signal=after(0))),
    ("since a detection that is unknown", after(2, Anchor.DETECTED), Anchors()),
    (
        "since a detection counted from itself",
        after(2, Anchor.DETECTED),
        anchors(detected=after(1, Anchor.DETECTED)),
    ),
    (
        "since two anchors counted from each other",
        after(2, Anchor.DETECTED),
        anchors(
            detected=after(1, Anchor.FIRST_STATEMENT), first_statement=after(1, Anchor.DETECTED)
        ),
    ),
]


@pytest.mark.parametrize(("label", "moment", "held"), UNKNOWN)
def test_what_is_unknown_stays_unknown(label: str, moment: Moment | None, held: Anchors) -> None:
    found = elapsed(moment, held)

    assert found is None


READABLE = [
    ("unknown", None, None),
    ("stated and exact", Elapsed(2, 2, STATED), 2),
    ("stated as a limit", Elapsed(0, 2, STATED), None),
    ("by the clock, exact", Elapsed(2.5, 2.5, CLOCK), 2.5),
    ("by the clock, about an hour", Elapsed(1.5, 2.5, CLOCK), 2),
    ("by the clock, about two hours", Elapsed(7, 9, CLOCK), 8),
    ("by the clock, wider", Elapsed(7, 9.5, CLOCK), None),
    ("by dates", Elapsed(0, 24, DATES), None),
    ("before the first signal", Elapsed(-1, -1, CLOCK), -1),
]


@pytest.mark.parametrize(("label", "interval", "hours"), READABLE)
def test_an_interval_is_one_number_only_where_that_is_honest(
    label: str, interval: Elapsed | None, hours: float | None
) -> None:
    found = readable_hours(interval)

    assert found == hours


def test_an_offset_runs_forward() -> None:
    with pytest.raises(ValidationError, match="from_hours is after to_hours; exchange them"):
        Offset(from_hours=3, to_hours=2)


@pytest.mark.parametrize("hours", [float("nan"), float("inf"), float("-inf")])
def test_an_offset_is_a_finite_number(hours: float) -> None:
    with pytest.raises(ValidationError):
        Offset(from_hours=hours, to_hours=hours)


def test_a_moment_says_when() -> None:
    with pytest.raises(ValidationError, match="leave the moment out where it is unknown"):
        Moment()
