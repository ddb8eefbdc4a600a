"""What followed a crisis within some hours, as certainly as its times are known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.domain.spreads import Interval

# Ten years: what came later is no aftermath.
HOURS_MOST: Final = 87_600


class Timing(StrEnum):
    """Whether an effect followed in time, surest first. An unverified one is no more than that."""

    WITHIN = "WITHIN"
    POSSIBLY = "POSSIBLY"
    UNKNOWN_TIME = "UNKNOWN_TIME"
    UNVERIFIED = "UNVERIFIED"


_SUREST = {timing: place for place, timing in enumerate(Timing)}


@dataclass(frozen=True, slots=True)
class Effect:
    """A secondary effect by its place in its case, with the hours since the first signal."""

    slug: str
    number: int
    position: int
    type: str
    interval: Interval | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """The effects of one kind that followed, or may have, in the order of their cases.

    `cases` counts each case once, at its surest.
    """

    type: str
    effects: tuple[tuple[Effect, Timing], ...]
    cases: Counter[Timing]


def timing_of(effect: Effect, *, hours: float) -> Timing | None:
    """Whether an effect followed within the hours; None where it certainly did not."""
    interval = effect.interval
    if interval is None:
        return Timing.UNKNOWN_TIME if effect.verified else Timing.UNVERIFIED
    if interval.least > hours or (interval.most is not None and interval.most < 0):
        return None
    if not effect.verified:
        return Timing.UNVERIFIED
    within = interval.least >= 0 and interval.most is not None and interval.most <= hours
    return Timing.WITHIN if within else Timing.POSSIBLY


def followed(effects: Iterable[Effect], *, hours: float) -> tuple[Followed, ...]:
    """What followed within the hours by kind, the most certain cases first."""
    by_type: dict[str, list[tuple[Effect, Timing]]] = {}
    for effect in sorted(effects, key=lambda one: (one.number, one.position)):
        timing = timing_of(effect, hours=hours)
        if timing is not None:
            by_type.setdefault(effect.type, []).append((effect, timing))
    groups = (Followed(kind, tuple(held), _cases(held)) for kind, held in by_type.items())
    return tuple(sorted(groups, key=_most_certain_first))


def _cases(effects: Iterable[tuple[Effect, Timing]]) -> Counter[Timing]:
    surest: dict[str, Timing] = {}
    for effect, timing in effects:
        held = surest.get(effect.slug, timing)
        surest[effect.slug] = min(held, timing, key=_SUREST.__getitem__)
    return Counter(surest.values())


def _most_certain_first(group: Followed) -> tuple[int | str, ...]:
    return (*(-group.cases[timing] for timing in Timing), group.type)
