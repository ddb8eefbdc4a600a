"""When something happened, as GraphQL shows it."""

from typing import Any

import strawberry

from service.domain.moments import (
    Anchors,
    Elapsed,
    Moment,
    OffsetBasis,
    Precision,
    elapsed,
    precision_of,
    readable_hours,
)


@strawberry.type(description="Hours since the first signal, as an interval.")
class Offset:
    """Hours since the first signal, as an interval."""

    from_hours: float
    to_hours: float
    basis: OffsetBasis


def offset_of(interval: Elapsed | None) -> Offset | None:
    """An interval as GraphQL shows it."""
    if interval is None:
        return None
    return Offset(from_hours=interval.from_hours, to_hours=interval.to_hours, basis=interval.basis)


@strawberry.interface(name="Timed", description="Something with a moment, where it is known.")
class TimedType:
    """Something with a moment, where it is known."""

    moment: strawberry.Private[Any]
    anchors: strawberry.Private[Anchors]

    @strawberry.field(
        description="The time as exactly as it is known: 2023, 2023-10-23T14:07+08:00."
    )
    def at(self) -> str | None:
        return None if self.moment is None else _moment(self).at

    @strawberry.field(description="How exactly the time is known.")
    def precision(self) -> Precision | None:
        at = None if self.moment is None else _moment(self).at
        return None if at is None else precision_of(at)

    @strawberry.field(description="Hours since the first signal, as an interval.")
    def offset(self) -> Offset | None:
        return offset_of(elapsed(self.moment, self.anchors))

    @strawberry.field(
        description="The offset as one number; null where only dates or a limit are known."
    )
    def offset_hours(self) -> float | None:
        return readable_hours(elapsed(self.moment, self.anchors))


def _moment(item: TimedType) -> Moment:
    held: Moment = item.moment
    return held


@strawberry.type(name="Moment", description="A moment of a case.")
class MomentType(TimedType):
    """A moment of a case."""


def moment_of(moment: Moment | None, anchors: Anchors) -> MomentType | None:
    """A moment as GraphQL shows it."""
    return None if moment is None else MomentType(moment=moment, anchors=anchors)
