"""How figures that are known as intervals spread, and which of them are certainly lower.

Each end is reckoned for itself: the median of the lower ends and the median of the upper ends
bound the true median, which no single number would tell.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from service.domain.figures import Comparator

_DECIMALS = 2


class Interval(NamedTuple):
    """The least and the most a figure can be; `most` is None where no upper limit is known."""

    least: float
    most: float | None


class Spread(NamedTuple):
    """The quartiles of some intervals, each an interval itself."""

    lower_quartile: Interval
    median: Interval
    upper_quartile: Interval


def interval_of(value: float, comparator: Comparator) -> Interval:
    """What a length of time can be, which is never below nought; "about" counts as the value."""
    match comparator:
        case Comparator.LE | Comparator.LT:
            return Interval(0, value)
        case Comparator.GE | Comparator.GT:
            return Interval(value, None)
        case _:
            return Interval(value, value)


def hull_of(intervals: Iterable[Interval]) -> Interval | None:
    """The interval that holds them all; None for none."""
    held = list(intervals)
    if not held:
        return None
    mosts = [math.inf if one.most is None else one.most for one in held]
    return _bounded(min(one.least for one in held), max(mosts))


def spread_of(intervals: Sequence[Interval]) -> Spread:
    """The quartiles of intervals, between neighbours in proportion; there must be at least one."""
    leasts = sorted(one.least for one in intervals)
    mosts = sorted(math.inf if one.most is None else one.most for one in intervals)
    return Spread(
        *(_bounded(_quantile(leasts, part), _quantile(mosts, part)) for part in (0.25, 0.5, 0.75))
    )


def ranks_of(values: Mapping[str, Interval]) -> dict[str, int]:
    """The rank of each value: one more than there are values certainly lower.

    Values whose intervals overlap are not told apart.
    """
    mosts = [one.most for one in values.values() if one.most is not None]
    return {name: 1 + sum(most < one.least for most in mosts) for name, one in values.items()}


def _bounded(least: float, most: float) -> Interval:
    return Interval(round(least, _DECIMALS), None if math.isinf(most) else round(most, _DECIMALS))


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = (len(ordered) - 1) * part
    below = math.floor(place)
    share = place - below
    if share == 0:
        return ordered[below]
    low, high = ordered[below], ordered[below + 1]
    return high if math.isinf(high) else low + share * (high - low)
