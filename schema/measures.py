"""Lengths of time in the cases of a group as GraphQL shows them, each an interval."""

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.gathered import entries_of
from schema.nodes import present
from schema.texts import optional_locale_field, optional_text_field
from service.domain import evidence
from service.domain.evidence import Measure
from service.domain.spreads import Interval

_UNITS = {
    Measure.HOURS_TO_FIRST_RESPONSE: "HOUR",
    Measure.HOURS_TO_RESOLUTION: "HOUR",
    Measure.DAYS_TO_SUBSIDE: "DAY",
}


@strawberry.type(description="The least and the most a figure can be; they are equal when exact.")
class FigureInterval:
    """The least and the most a figure can be."""

    least: float
    most: float | None = strawberry.field(description="Null where no upper limit is known.")

    @classmethod
    def of(cls, interval: Interval | None) -> "FigureInterval | None":
        """An interval as GraphQL shows it."""
        return None if interval is None else cls(least=interval.least, most=interval.most)


@strawberry.type(description="A case with what it counts for.")
class EvidenceValue:
    """A case with what it counts for."""

    case: CaseType
    interval: FigureInterval


@strawberry.interface(description="How a group stands among the comparable groups.")
class Ranked:
    """How a group stands among the comparable groups."""

    standing: strawberry.Private[evidence.Standing]

    refusal: str | None = optional_text_field(
        lambda self: self.standing.refusal, "Why there is no rank; null where there is one."
    )
    refusal_locale: Locale | None = optional_locale_field(lambda self: self.standing.refusal)

    @strawberry.field(
        description="One more than there are groups whose figure is certainly lower; groups whose "
        "figures overlap are not told apart. Null below the limit, and where nothing compares."
    )
    def rank(self) -> int | None:
        return self.standing.rank


@strawberry.type(description="A length of time in the cases of a group.")
class EvidenceMeasure(Ranked):
    """A length of time in the cases of a group."""

    measured: strawberry.Private[evidence.Measured]

    @strawberry.field(description="What is measured.")
    def measure(self) -> Measure:
        return self.measured.measure

    @strawberry.field(description="A code of the Unit vocabulary.")
    def unit(self) -> str:
        return _UNITS[self.measured.measure]

    @strawberry.field(description="In how many cases it is known.")
    def n(self) -> int:
        return len(self.measured.values)

    @strawberry.field(description="In how many cases it is not known.")
    def unknown(self) -> int:
        return self.measured.unknown

    @strawberry.field(
        description="The median of the lower ends and the median of the upper ends, which bound "
        "the true median. Null below the limit."
    )
    def median(self) -> FigureInterval | None:
        spread = self.measured.spread
        return FigureInterval.of(spread and spread.median)

    @strawberry.field(description="The lower quartile, reckoned like the median.")
    def lower_quartile(self) -> FigureInterval | None:
        spread = self.measured.spread
        return FigureInterval.of(spread and spread.lower_quartile)

    @strawberry.field(description="The upper quartile, reckoned like the median.")
    def upper_quartile(self) -> FigureInterval | None:
        spread = self.measured.spread
        return FigureInterval.of(spread and spread.upper_quartile)

    @strawberry.field(description="Each value with its case, where there are too few to sum up.")
    async def values(self, info: Info) -> list[EvidenceValue]:
        held = () if self.measured.spread is not None else self.measured.values
        entries = await entries_of(info.context, (one.slug for one, _ in held))
        return [
            EvidenceValue(
                case=present(entry),
                interval=FigureInterval(least=interval.least, most=interval.most),
            )
            for entry, (_, interval) in zip(entries, held, strict=True)
            if entry is not None
        ]
