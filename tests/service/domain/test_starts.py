"""The moments clocks start from: read, refused, or stood in for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.clocks import ClockStart
from service.domain.errors import BadInput
from service.domain.moments import Span
from service.domain.starts import Started, argument_of, find_start, missing_start, read_starts

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
DETECTED, AWARE, FIRST = ClockStart.DETECTED, ClockStart.AWARE, ClockStart.FIRST_SIGNAL


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


READ = [
    ("a minute", "2026-11-27T20:10+08:00", SHANGHAI, (utc(2026, 11, 27, 12, 10),) * 2),
    (
        "about an hour",
        "2026-11-27T20+08:00",
        SHANGHAI,
        (utc(2026, 11, 27, 11, 30), utc(2026, 11, 27, 12, 30)),
    ),
    ("a day", "2026-11-20", SHANGHAI, (utc(2026, 11, 19, 16), utc(2026, 11, 20, 16))),
    ("a day of 23 hours", "2026-03-29", BERLIN, (utc(2026, 3, 28, 23), utc(2026, 3, 29, 22))),
    ("a day of 25 hours", "2026-10-25", BERLIN, (utc(2026, 10, 24, 22), utc(2026, 10, 25, 23))),
    ("today, which ends now", "2026-11-28", SHANGHAI, (utc(2026, 11, 27, 16), NOW)),
    ("now", "2026-11-28T12:00+08:00", SHANGHAI, (NOW, NOW)),
]


@pytest.mark.parametrize(("label", "text", "zone", "span"), READ)
def test_an_anchor_is_read_in_the_zone_and_ends_by_now(
    label: str, text: str, zone: ZoneInfo, span: tuple[datetime, datetime]
) -> None:
    assert read_starts({AWARE: text}, zone=zone, now=NOW) == {AWARE: Span(*span)}


REFUSED = [
    (
        "a word",
        {AWARE: "yesterday"},
        "anchors.awareAt: 'yesterday' is not a time; write 2023-10-23",
    ),
    (
        "a leap day of a common year",
        {AWARE: "2026-02-29"},
        "anchors.awareAt: '2026-02-29' is not a",
    ),
    ("half a character", {AWARE: "\ud800"}, "anchors.awareAt: '?' is not a time"),
    (
        "a time without a zone",
        {AWARE: "2026-11-20T10:00"},
        "anchors.awareAt: '2026-11-20T10:00' is",
    ),
    (
        "a day before time begins",
        {AWARE: "0001-01-01"},
        "anchors.awareAt: '0001-01-01' is not a time",
    ),
    (
        "the first day of all, in another zone",
        {AWARE: "0001-01-02T00:00Z"},
        "anchors.awareAt (0001-01-02T00:00Z) is over a hundred years ago; correct the year",
    ),
    (
        "a slip in the year",
        {DETECTED: "0026-11-20"},
        "anchors.detectedAt (0026-11-20) is over a hundred years ago; correct the year",
    ),
    ("a month", {DETECTED: "2026-11"}, "anchors.detectedAt: '2026-11' names no day"),
    (
        "tomorrow",
        {AWARE: "2026-11-29"},
        "anchors.awareAt (2026-11-29) is to come: it is 2026-11-28T12:00+08:00 in Asia/Shanghai",
    ),
    (
        "in a minute",
        {ClockStart.HANDLING_ENDED: "2026-11-28T12:01+08:00"},
        "anchors.handlingEndedAt (2026-11-28T12:01+08:00) is to come",
    ),
    (
        "a statement before the first signal",
        {FIRST: "2026-11-20T10:00+08:00", ClockStart.FIRST_STATEMENT: "2026-11-20T09:59+08:00"},
        "anchors.firstStatementAt (2026-11-20T09:59+08:00) is before anchors.firstSignalAt",
    ),
    (
        "awareness the day before detection",
        {DETECTED: "2026-11-20", AWARE: "2026-11-18"},
        "anchors.awareAt (2026-11-18) is before anchors.detectedAt (2026-11-20)",
    ),
]


@pytest.mark.parametrize(("label", "given", "said"), REFUSED)
def test_an_anchor_that_cannot_be_is_refused_by_its_name(
    label: str, given: dict[ClockStart, str], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read_starts(given, zone=SHANGHAI, now=NOW)

    assert str(refused.value).startswith(said)


def test_anchors_of_one_day_are_in_no_wrong_order() -> None:
    given = {DETECTED: "2026-11-20T15:00+08:00", AWARE: "2026-11-20"}

    starts = read_starts(given, zone=SHANGHAI, now=NOW)

    assert starts.keys() == {DETECTED, AWARE}


EXACT = Span(NOW, NOW)
ROUGH = Span(utc(2026, 11, 27, 16), NOW)
FOUND = [
    ("the one it names", AWARE, None, {AWARE: EXACT, DETECTED: ROUGH}, (AWARE, EXACT), []),
    (
        "known roughly",
        AWARE,
        None,
        {AWARE: ROUGH},
        (AWARE, ROUGH),
        ["The time of awareness is known roughly: dueAt counts from the earliest"],
    ),
    (
        "detection for awareness",
        AWARE,
        None,
        {DETECTED: EXACT, FIRST: ROUGH},
        (DETECTED, EXACT),
        ["The time of awareness is not given; counted from detection. The true due time is not"],
    ),
    (
        "awareness for detection",
        DETECTED,
        None,
        {AWARE: EXACT},
        (AWARE, EXACT),
        ["The time of detection is not given; counted from awareness. The true due time may be"],
    ),
    (
        "the one this library assumes",
        ClockStart.NOT_STATED,
        DETECTED,
        {DETECTED: EXACT},
        (DETECTED, EXACT),
        ["The source names no start; this library counts from detection."],
    ),
    (
        "what stands in for the assumed one",
        ClockStart.NOT_STATED,
        DETECTED,
        {FIRST: EXACT},
        (FIRST, EXACT),
        [
            "The source names no start; this library counts from detection.",
            "The time of detection is not given; counted from the first signal. The true due time",
        ],
    ),
]


@pytest.mark.parametrize(("label", "starts_from", "assumed", "starts", "found", "said"), FOUND)
def test_what_a_clock_is_counted_from_is_said(
    label: str,
    starts_from: ClockStart,
    assumed: ClockStart | None,
    starts: dict[ClockStart, Span],
    found: tuple[ClockStart, Span],
    said: list[str],
) -> None:
    begun = find_start(starts_from, starts, assumed=assumed)

    assert begun is not None
    assert (begun.start, begun.span) == found
    assert [
        text.en[: len(start)] for text, start in zip(begun.assumptions, said, strict=True)
    ] == said


NOT_FOUND = [
    ("nothing is given", AWARE, None, {}),
    ("nothing stands in for a classification", ClockStart.CLASSIFIED, None, {AWARE: EXACT}),
    ("no start is stated or assumed", ClockStart.NOT_STATED, None, {DETECTED: EXACT}),
    ("a calendar has no anchor", ClockStart.CALENDAR, None, {DETECTED: EXACT}),
]


@pytest.mark.parametrize(("label", "starts_from", "assumed", "starts"), NOT_FOUND)
def test_without_its_moment_a_clock_has_not_started(
    label: str,
    starts_from: ClockStart,
    assumed: ClockStart | None,
    starts: dict[ClockStart, Span],
) -> None:
    assert find_start(starts_from, starts, assumed=assumed) is None


def test_an_exact_start_needs_no_assumption() -> None:
    assert find_start(AWARE, {AWARE: EXACT}, assumed=None) == Started(AWARE, EXACT, ())


def test_every_start_can_be_asked_for_by_the_name_of_its_argument() -> None:
    unnamed = {ClockStart.NOT_STATED, ClockStart.CALENDAR}

    asked = [missing_start(start).en for start in ClockStart if start not in unnamed]

    named = [argument_of(start) for start in ClockStart if start not in unnamed]
    assert [text.rpartition("(")[2].rstrip(")") for text in asked] == named
    assert named[:2] == ["anchors.firstSignalAt", "anchors.detectedAt"]
