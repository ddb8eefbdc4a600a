"""Cases side by side as GraphQL shows them, ready to plot."""

from typing import Any

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.figures import OutcomeMetricType
from schema.moments import TimedType
from schema.nodes import present
from schema.sources import CitedType
from schema.terms import MetricType, ResponseStrategyType, TermType, term_of
from schema.texts import given_locale, in_locale, locale_field, text_field
from service.domain.cases import Case
from service.domain.comparisons import MetricRow, Point, PointKind, line_of, metric_rows
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.errors import BadInput
from service.domain.values import Bilingual, is_slug

COMPARED_LEAST = 2
COMPARED_MOST = 6


@strawberry.type(description="Something that happened in a case, on the clock of its first signal.")
class ComparedPoint(CitedType, TimedType):
    """Something that happened in a case, on the clock of its first signal."""

    point: strawberry.Private[Point]

    label: str = text_field(
        lambda self: self.point.text, "What happened, was done, or first was said."
    )
    label_locale: Locale = locale_field(lambda self: self.point.text)

    @strawberry.field(description="Whether it is an event, a statement, an action or an effect.")
    def kind(self) -> PointKind:
        return self.point.kind

    @strawberry.field(
        description="What kind it is: of statement, of secondary effect, else the phase it fell in."
    )
    def term(self, info: Info) -> TermType | None:
        if self.point.term is None:
            return None
        found: TermType = term_of(info.context.vocabularies, *self.point.term)
        return found

    @strawberry.field(description="The response strategies a statement or an action took.")
    def strategies(self, info: Info) -> list[ResponseStrategyType]:
        vocabularies = info.context.vocabularies
        return [term_of(vocabularies, "ResponseStrategy", code) for code in self.point.strategies]


@strawberry.type(description="A case in a comparison.")
class ComparedCase:
    """A case in a comparison."""

    case: CaseType
    points: list[ComparedPoint] = strawberry.field(
        description="What happened, in the order of its hours since the first signal."
    )
    undated: list[ComparedPoint] = strawberry.field(
        description="What happened at an hour that is not known."
    )


@strawberry.type(description="A metric in one unit, over the cases that are compared.")
class ComparedMetric:
    """A metric in one unit, over the cases that are compared."""

    row: strawberry.Private[MetricRow]
    unit: str = strawberry.field(description="A code of the Unit vocabulary.")
    values: list[list[OutcomeMetricType]] = strawberry.field(
        description="What each case states, in the order of `cases`; none where it states nothing, "
        "several where it was measured for other groups, windows or by other sources."
    )

    @strawberry.field(description="What was measured.")
    def metric(self, info: Info) -> MetricType:
        found: MetricType = term_of(info.context.vocabularies, "Metric", self.row.metric)
        return found

    @strawberry.field(description="The measure's name: its own label, or the metric's.")
    def label(self, info: Info, locale: Locale = Locale.ZH_HANS) -> str:
        return in_locale(self._label(info), locale)

    @strawberry.field(description="The locale that is given.")
    def label_locale(self, info: Info, locale: Locale = Locale.ZH_HANS) -> Locale:
        return given_locale(self._label(info), locale)

    @strawberry.field(description="The unit's term.")
    def unit_term(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "Unit", self.unit)
        return found

    def _label(self, info: Info) -> Bilingual:
        if self.row.label is not None:
            return self.row.label
        term: Any = term_of(info.context.vocabularies, "Metric", self.row.metric)
        label: Bilingual = term.term.label
        return label


@strawberry.type(description="Cases side by side, each on the clock of its own first signal.")
class CaseComparison:
    """Cases side by side, each on the clock of its own first signal."""

    cases: list[ComparedCase]
    metrics: list[ComparedMetric] = strawberry.field(
        description="What they measured; metrics and units that differ are never one row. Those "
        "that most of the cases state come first."
    )
    missing: list[str] = strawberry.field(
        description="The slugs that name no case there is to see."
    )


@strawberry.type
class ComparisonQuery:
    """Comparing cases."""

    @strawberry.field(
        description=f"{COMPARED_LEAST} to {COMPARED_MOST} cases by their slugs, side by side."
    )
    async def compare_cases(self, info: Info, slugs: list[str]) -> CaseComparison:
        _require_comparable(slugs)
        keys = [EntryKey(EntryKind.CASE, slug) for slug in slugs]
        entries = await info.context.loaders.entry_by_key.load_many(keys)
        found = [
            (entry, entry.document)
            for entry in entries
            if entry is not None and isinstance(entry.document, Case)
        ]
        return CaseComparison(
            cases=[_compared(entry, case) for entry, case in found],
            metrics=[_metric(row, found) for row in metric_rows([case for _, case in found])],
            missing=[slug for slug, entry in zip(slugs, entries, strict=True) if entry is None],
        )


def _require_comparable(slugs: list[str]) -> None:
    if not COMPARED_LEAST <= len(slugs) <= COMPARED_MOST:
        raise BadInput(
            f"slugs has {len(slugs)} values; give {COMPARED_LEAST} to {COMPARED_MOST} cases."
        )
    for place, slug in enumerate(slugs):
        if not is_slug(slug):
            raise BadInput(f"slugs[{place}] is not a slug; write it as a case gives it.")
    if len(set(slugs)) < len(slugs):
        raise BadInput("slugs names a case twice; name each once.")


def _compared(entry: Entry, case: Case) -> ComparedCase:
    line = line_of(case)
    return ComparedCase(
        case=present(entry),
        points=[_point(point, case) for point in line.points],
        undated=[_point(point, case) for point in line.undated],
    )


def _point(point: Point, case: Case) -> ComparedPoint:
    return ComparedPoint(
        cited=point.item,
        sources=case.sources,
        moment=point.item.moment,
        anchors=case.anchors,
        point=point,
    )


def _metric(row: MetricRow, found: list[tuple[Entry, Case]]) -> ComparedMetric:
    return ComparedMetric(
        row=row,
        unit=row.unit,
        values=[
            [OutcomeMetricType.of(case.outcomes[place], entry, case) for place in places]
            for (entry, case), places in zip(found, row.values, strict=True)
        ],
    )
