"""What a listing or a search is narrowed to: conditions over named fields, joined by and, or, not.

Each noun's filter input becomes one of these; the store turns them into SQL and the search
operation into index conditions. A range over an interval or a bounded figure holds only where it
certainly holds: "at most 2 hours" excludes a case known only as "within a day". A figure that is
about a value counts as that value.
"""

from dataclasses import dataclass

from service.domain.figures import Comparator


@dataclass(frozen=True, slots=True)
class Among:
    """The field has one of the values; for vocabulary codes, or a code below one of them."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """The field lies in a range; None leaves that side open."""

    field: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """An outcome metric certainly compares so with the value, in the unit where one is named."""

    metric: str
    comparator: Comparator
    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class OfCase:
    """The condition holds of the case a statement or an outcome metric belongs to."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """All the conditions hold; none at all holds always."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the conditions holds; none at all never holds."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: "Condition"


Condition = Among | Within | Measured | OfCase | Every | Some | Not

EVERYTHING = Every(())


@dataclass(frozen=True, slots=True)
class Order:
    """By which field a listing is ordered, and which way; the unknown comes last in either."""

    field: str
    descending: bool = False
