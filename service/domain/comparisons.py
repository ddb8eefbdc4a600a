"""Cases side by side: what happened on one clock that starts at each first signal, and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.cases import Action, Case, SecondaryEffect, Statement, TimelineEvent
from service.domain.moments import Elapsed, elapsed
from service.domain.values import Bilingual

Happening = TimelineEvent | Statement | Action | SecondaryEffect


class PointKind(StrEnum):
    """What stands at a point of a case's line."""

    EVENT = "EVENT"
    STATEMENT = "STATEMENT"
    ACTION = "ACTION"
    EFFECT = "EFFECT"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened, with the hours since the first signal where they are known."""

    kind: PointKind
    item: Happening
    interval: Elapsed | None

    @property
    def text(self) -> Bilingual:
        """What it says: of a statement, its first key message."""
        return self.item.key_messages[0] if isinstance(self.item, Statement) else self.item.text

    @property
    def strategies(self) -> tuple[str, ...]:
        """The response strategies a statement or an action took."""
        return self.item.strategies if isinstance(self.item, Statement | Action) else ()

    @property
    def term(self) -> tuple[str, str] | None:
        """The set and code of what kind it is: of statement, of effect, or the phase it fell in."""
        match self.item:
            case Statement():
                return "StatementKind", self.item.kind.value
            case SecondaryEffect():
                return "CrisisType", self.item.type
            case _:
                return None if self.item.phase is None else ("Phase", self.item.phase.value)


@dataclass(frozen=True, slots=True)
class Line:
    """The points of a case in the order of their hours, and those of which no hour is known."""

    points: tuple[Point, ...]
    undated: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric in one unit; of each case all that it states, by its place among its outcomes.

    Measures outside the vocabulary are one only where they bear the same label.
    """

    metric: str
    unit: str
    label: Bilingual | None
    values: tuple[tuple[int, ...], ...]


def line_of(case: Case) -> Line:
    """The line of a case."""
    points = [
        Point(kind, item, elapsed(item.moment, case.anchors))
        for kind, items in (
            (PointKind.EVENT, case.timeline),
            (PointKind.STATEMENT, case.statements),
            (PointKind.ACTION, case.actions),
            (PointKind.EFFECT, case.secondary_effects),
        )
        for item in items
    ]
    dated = [(point.interval, point) for point in points if point.interval is not None]
    return Line(
        points=tuple(point for _, point in sorted(dated, key=lambda pair: pair[0][:2])),
        undated=tuple(point for point in points if point.interval is None),
    )


def metric_rows(cases: Sequence[Case]) -> tuple[MetricRow, ...]:
    """Every metric and unit the cases state, those that most of them state first."""
    places: dict[tuple[str, str, Bilingual | None], list[list[int]]] = {}
    for column, case in enumerate(cases):
        for place, outcome in enumerate(case.outcomes):
            label = outcome.label if outcome.metric == "OTHER" else None
            row = places.setdefault((outcome.metric, outcome.unit, label), [[] for _ in cases])
            row[column].append(place)
    rows = (MetricRow(*alike, tuple(map(tuple, row))) for alike, row in places.items())
    return tuple(sorted(rows, key=_most_stated_first))


def _most_stated_first(row: MetricRow) -> tuple[int, str, str, str]:
    stated = sum(map(bool, row.values))
    return -stated, row.metric, row.unit, row.label.zh_hans if row.label else ""
