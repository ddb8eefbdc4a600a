"""Exact figures: a value with its comparator and unit, and the outcome metrics of a case."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictFloat, StrictInt, model_validator

from service.domain.citations import Cited
from service.domain.codes import MetricCode, UnitCode
from service.domain.values import Bilingual, Value

Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]


class Comparator(StrEnum):
    """How a figure relates to the true value: equal, at most, less, at least, more, or about."""

    EQ = "EQ"
    LE = "LE"
    LT = "LT"
    GE = "GE"
    GT = "GT"
    ABOUT = "ABOUT"


class Trend(StrEnum):
    """Which way something moved where no figure is known."""

    ROSE = "ROSE"
    FELL = "FELL"
    UNCHANGED = "UNCHANGED"


class Figure(Value):
    """A value as its source gives it, never rounded or converted."""

    value: Number
    unit: UnitCode
    comparator: Comparator = Comparator.EQ


class OutcomeMetric(Cited):
    """One measured outcome of a case. `OTHER` is a measure outside the vocabulary, under a label.

    Without a value it says which way it moved; the change is known only where a baseline is.
    """

    metric: MetricCode
    label: Bilingual | None = None
    value: Number | None = None
    unit: UnitCode
    comparator: Comparator = Comparator.EQ
    trend: Trend | None = None
    window: Bilingual | None = None
    baseline: Number | None = None

    @model_validator(mode="after")
    def _measures_something(self) -> Self:
        if self.value is None and self.trend is None:
            raise ValueError("has neither a value nor a trend; give what the source says")
        if self.metric == "OTHER" and self.label is None:
            raise ValueError("is OTHER and needs a `label` that says what was measured")
        return self

    @property
    def change(self) -> Number | None:
        """The value less its baseline, in the metric's unit; None where no baseline is known."""
        if self.value is None or self.baseline is None:
            return None
        return self.value - self.baseline
