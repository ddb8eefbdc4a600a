"""Figures and outcome metrics as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.sources import CitedType
from schema.terms import MetricType, TermType, term_of
from schema.texts import given_locale, in_locale, optional_locale_field, optional_text_field
from service.domain.cases import Case
from service.domain.entries import Entry
from service.domain.figures import Comparator, Figure, OutcomeMetric, Trend

if TYPE_CHECKING:
    from schema.cases import CaseType


@strawberry.type(name="Figure", description="A value as its source gives it.")
class FigureType:
    """A value as its source gives it."""

    value: float
    comparator: Comparator
    unit: str = strawberry.field(description="A code of the Unit vocabulary.")

    @strawberry.field(description="The unit's term.")
    def unit_term(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "Unit", self.unit)
        return found


def figure_of(figure: Figure | None) -> FigureType | None:
    """A figure as GraphQL shows it."""
    if figure is None:
        return None
    return FigureType(value=figure.value, comparator=figure.comparator, unit=figure.unit)


@strawberry.type(name="OutcomeMetric", description="One measured outcome of a case.")
class OutcomeMetricType(CitedType):
    """One measured outcome of a case."""

    outcome: strawberry.Private[OutcomeMetric]
    entry: strawberry.Private[Entry]

    window: str | None = optional_text_field(
        lambda self: self.outcome.window, "The time it was measured over."
    )
    window_locale: Locale | None = optional_locale_field(lambda self: self.outcome.window)

    @strawberry.field(description="What was measured.")
    def metric(self, info: Info) -> MetricType:
        found: MetricType = term_of(info.context.vocabularies, "Metric", self.outcome.metric)
        return found

    @strawberry.field(description="The measure's name: its own label, or the metric's.")
    def label(self, info: Info, locale: Locale = Locale.ZH_HANS) -> str:
        if self.outcome.label is not None:
            return in_locale(self.outcome.label, locale)
        term: MetricType = term_of(info.context.vocabularies, "Metric", self.outcome.metric)
        return in_locale(term.term.label, locale)

    @strawberry.field(description="The locale that is given.")
    def label_locale(self, info: Info, locale: Locale = Locale.ZH_HANS) -> Locale:
        term: MetricType = term_of(info.context.vocabularies, "Metric", self.outcome.metric)
        return given_locale(self.outcome.label or term.term.label, locale)

    @strawberry.field(description="The value; null where only the trend is known.")
    def value(self) -> float | None:
        return self.outcome.value

    @strawberry.field(description="How the value relates to the true one: at most, more than …")
    def comparator(self) -> Comparator:
        return self.outcome.comparator

    @strawberry.field(description="A code of the Unit vocabulary.")
    def unit(self) -> str:
        return self.outcome.unit

    @strawberry.field(description="The unit's term.")
    def unit_term(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "Unit", self.outcome.unit)
        return found

    @strawberry.field(description="Which way it moved where no value is known.")
    def trend(self) -> Trend | None:
        return self.outcome.trend

    @strawberry.field(description="The value before the crisis, where it is known.")
    def baseline(self) -> float | None:
        return self.outcome.baseline

    @strawberry.field(description="Value less baseline; null where no baseline is known.")
    def change(self) -> float | None:
        return self.outcome.change

    @strawberry.field(description="Why there is no change to give; null where there is one.")
    def change_unknown_because(self, locale: Locale = Locale.ZH_HANS) -> str | None:
        if self.outcome.change is not None:
            return None
        reason = _NO_VALUE if self.outcome.value is None else _NO_BASELINE
        return reason[1] if locale is Locale.EN else reason[0]

    @strawberry.field(description="The locale that is given.")
    def change_unknown_because_locale(self, locale: Locale = Locale.ZH_HANS) -> Locale | None:
        if self.outcome.change is not None:
            return None
        return Locale.EN if locale is Locale.EN else Locale.ZH_HANS

    @strawberry.field(description="The case it was measured in.")
    def case(self, info: Info) -> Annotated["CaseType", strawberry.lazy("schema.cases")]:
        found: CaseType = info.context.presenter.entry(self.entry)
        return found

    @classmethod
    def of(cls, outcome: OutcomeMetric, entry: Entry, case: Case) -> "OutcomeMetricType":
        """The outcome as GraphQL shows it."""
        return cls(cited=outcome, sources=case.sources, outcome=outcome, entry=entry)


_NO_VALUE = ("来源未给出数值", "The source gives no value")
_NO_BASELINE = ("没有已知的基线", "No baseline is known")
