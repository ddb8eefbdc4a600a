"""Quartiles and ranks of figures that are known as intervals."""

import pytest

from service.domain.figures import Comparator
from service.domain.spreads import (
    Interval,
    Spread,
    hull_of,
    interval_of,
    ranks_of,
    spread_of,
)


def exact(value: float) -> Interval:
    return Interval(value, value)


@pytest.mark.parametrize(
    ("comparator", "interval"),
    [
        (Comparator.EQ, Interval(3, 3)),
        (Comparator.ABOUT, Interval(3, 3)),
        (Comparator.LE, Interval(0, 3)),
        (Comparator.LT, Interval(0, 3)),
        (Comparator.GE, Interval(3, None)),
        (Comparator.GT, Interval(3, None)),
    ],
)
def test_a_comparator_says_what_a_length_of_time_can_be(
    comparator: Comparator, interval: Interval
) -> None:
    assert interval_of(3, comparator) == interval


@pytest.mark.parametrize(
    ("case", "intervals", "spread"),
    [
        ("one", [exact(4)], Spread(exact(4), exact(4), exact(4))),
        (
            "an odd number of points",
            [exact(n) for n in (5, 1, 3, 2, 4)],
            Spread(exact(2), exact(3), exact(4)),
        ),
        (
            "between neighbours in proportion",
            [exact(n) for n in (1, 2, 3, 4)],
            Spread(exact(1.75), exact(2.5), exact(3.25)),
        ),
        (
            "same-day answers are never nought",
            [Interval(0, 24)] * 3 + [exact(1), exact(2)],
            Spread(Interval(0, 2), Interval(0, 24), Interval(1, 24)),
        ),
        (
            "each end is sorted for itself",
            [Interval(0, 100), Interval(10, 20), Interval(5, 6)],
            Spread(Interval(2.5, 13), Interval(5, 20), Interval(7.5, 60)),
        ),
        (
            "no upper limit",
            [exact(1), exact(2), Interval(3, None), Interval(4, None)],
            Spread(exact(1.75), Interval(2.5, None), Interval(3.25, None)),
        ),
    ],
)
def test_quartiles_bound_the_true_ones(
    case: str, intervals: list[Interval], spread: Spread
) -> None:
    assert spread_of(intervals) == spread


def test_a_hull_holds_every_interval_and_nothing_has_none() -> None:
    assert hull_of([]) is None
    assert hull_of([exact(5), Interval(1, 3)]) == Interval(1, 5)
    assert hull_of([exact(5), Interval(1, None)]) == Interval(1, None)


def test_only_what_is_certainly_lower_ranks_before() -> None:
    ranks = ranks_of(
        {
            "fast": Interval(1, 2),
            "overlaps fast": Interval(2, 5),
            "slow": Interval(6, 9),
            "who knows": Interval(0, None),
        }
    )

    assert ranks == {"fast": 1, "overlaps fast": 1, "slow": 3, "who knows": 1}
