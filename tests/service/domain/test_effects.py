"""Whether an effect followed in time: certainly, possibly, at an unknown time, or unverified."""

import pytest

from service.domain.effects import Effect, Timing, followed, timing_of
from service.domain.spreads import Interval


def effect(
    number: int = 1,
    interval: Interval | None = None,
    *,
    kind: str = "SECONDARY.LITIGATION",
    position: int = 0,
    verified: bool = True,
) -> Effect:
    return Effect(f"c{number}", number, position, kind, interval, verified)


@pytest.mark.parametrize(
    ("interval", "verified", "timing"),
    [
        (Interval(0, 72), True, Timing.WITHIN),
        (Interval(72, 72), True, Timing.WITHIN),
        (Interval(48, 96), True, Timing.POSSIBLY),
        (Interval(48, None), True, Timing.POSSIBLY),
        (Interval(-24, 24), True, Timing.POSSIBLY),
        (Interval(73, 96), True, None),
        (Interval(-48, -24), True, None),
        (None, True, Timing.UNKNOWN_TIME),
        (Interval(0, 24), False, Timing.UNVERIFIED),
        (Interval(96, 120), False, None),
        (None, False, Timing.UNVERIFIED),
    ],
)
def test_an_effect_is_within_only_where_it_certainly_is(
    interval: Interval | None, *, verified: bool, timing: Timing | None
) -> None:
    assert timing_of(effect(interval=interval, verified=verified), hours=72) is timing


def test_a_case_counts_once_at_its_surest() -> None:
    (group,) = followed(
        [
            effect(2, Interval(0, 96)),
            effect(1, None),
            effect(1, Interval(1, 2), position=1),
            effect(3, None, verified=False),
        ],
        hours=72,
    )

    assert group.cases == {Timing.WITHIN: 1, Timing.POSSIBLY: 1, Timing.UNVERIFIED: 1}
    assert [(one.number, one.position, timing) for one, timing in group.effects] == [
        (1, 0, Timing.UNKNOWN_TIME),
        (1, 1, Timing.WITHIN),
        (2, 0, Timing.POSSIBLY),
        (3, 0, Timing.UNVERIFIED),
    ]


def test_kinds_with_the_most_certain_cases_come_first_and_what_came_later_is_left_out() -> None:
    groups = followed(
        [
            effect(1, None, kind="SECONDARY.BOYCOTT"),
            effect(2, None, kind="SECONDARY.BOYCOTT"),
            effect(1, Interval(1, 2), kind="SECONDARY.LITIGATION"),
            effect(1, Interval(100, 200), kind="SECONDARY.PARTNER_EXIT"),
        ],
        hours=72,
    )

    assert [group.type for group in groups] == ["SECONDARY.LITIGATION", "SECONDARY.BOYCOTT"]
