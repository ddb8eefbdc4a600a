"""From conditions to SQL, one table of fields a noun."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from service.domain.conditions import (
    Among,
    Condition,
    Every,
    Measured,
    Not,
    OfCase,
    Some,
    Within,
)
from service.domain.figures import Comparator
from service.store.rows import (
    CaseRow,
    EntryRow,
    EntryTermRow,
    OutcomeMetricRow,
    RemedyRow,
    StatementRow,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """A field that is a vocabulary code; `fields` narrows it to those of the document itself.

    With `of_item` the code is used by the statement or step itself, not merely by its entry.
    """

    vocabulary: str
    fields: tuple[str, ...] = ()
    of_item: Any = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A field that is known as an interval; a condition holds only where it certainly holds."""

    low: Any
    high: Any


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a noun: codes, plain columns and intervals, on the row of its entry."""

    entry_id: Any
    terms: Mapping[str, Terms] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    intervals: Mapping[str, Interval] = field(default_factory=dict)


CASES = Fields(
    entry_id=EntryRow.id,
    terms={
        "type": Terms("CrisisType", ("primary_type", "other_types")),
        "primary_type": Terms("CrisisType", ("primary_type",)),
        "secondary_effect": Terms("CrisisType", ("type",)),
        "platform": Terms("Platform", ("platforms",)),
        "industry": Terms("Industry"),
        "strategy": Terms("ResponseStrategy"),
        "statement_kind": Terms("StatementKind"),
        "provenance": Terms("CaseProvenance"),
        "cause_origin": Terms("CauseOrigin"),
        "cluster": Terms("CrisisCluster"),
        "remedy_kind": Terms("RemedyKind"),
        "metric": Terms("Metric"),
    },
    columns={
        "slug": EntryRow.slug,
        "country": CaseRow.country,
        "level": CaseRow.level,
        "verdict": CaseRow.verdict,
        "year": CaseRow.year,
    },
    intervals={
        "first_statement_hours": Interval(
            CaseRow.first_statement_from_hours, CaseRow.first_statement_to_hours
        )
    },
)

STATEMENTS = Fields(
    entry_id=StatementRow.entry_id,
    terms={
        "kind": Terms("StatementKind", of_item=StatementRow.key),
        "strategy": Terms("ResponseStrategy", of_item=StatementRow.key),
        "channel": Terms("ChannelKind", of_item=StatementRow.key),
        "platform": Terms("Platform", of_item=StatementRow.key),
    },
    intervals={"offset_hours": Interval(StatementRow.from_hours, StatementRow.to_hours)},
)

OUTCOME_METRICS = Fields(
    entry_id=OutcomeMetricRow.entry_id,
    columns={
        "metric": OutcomeMetricRow.metric,
        "unit": OutcomeMetricRow.unit,
        "value": OutcomeMetricRow.value,
    },
)

REMEDIES = Fields(entry_id=RemedyRow.entry_id, columns={"kind": RemedyRow.kind})

ENTRIES = Fields(
    entry_id=EntryRow.id,
    terms={
        "type": Terms("CrisisType", ("crisis_types",)),
        "phase": Terms("Phase"),
        "strategy": Terms("ResponseStrategy"),
        "kind": Terms("StatementKind"),
        "channel": Terms("ChannelKind"),
        "rule": Terms("StatementRule"),
        "role": Terms("Role"),
        "evidence_level": Terms("EvidenceLevel", ("evidence_level",)),
    },
    columns={"slug": EntryRow.slug},
)

_CERTAIN = {
    Comparator.LE: (Comparator.EQ, Comparator.ABOUT, Comparator.LE, Comparator.LT),
    Comparator.GE: (Comparator.EQ, Comparator.ABOUT, Comparator.GE, Comparator.GT),
}


def _among(fields: Fields, condition: Among) -> ColumnElement[bool]:
    terms = fields.terms.get(condition.field)
    if terms is None:
        column = fields.columns[condition.field]
        return and_(column.is_not(None), column.in_(condition.values))
    uses = select(EntryTermRow.entry_id).where(
        EntryTermRow.vocabulary == terms.vocabulary, EntryTermRow.code.in_(condition.values)
    )
    if terms.fields:
        uses = uses.where(EntryTermRow.field.in_(terms.fields), EntryTermRow.item == "")
    if terms.of_item is None:
        return fields.entry_id.in_(uses)  # type: ignore[no-any-return]
    return (
        uses.where(EntryTermRow.entry_id == fields.entry_id, EntryTermRow.item == terms.of_item)
        .correlate(StatementRow)
        .exists()
    )


def _within(fields: Fields, condition: Within) -> ColumnElement[bool]:
    interval = fields.intervals.get(condition.field)
    if interval is None:
        column = fields.columns[condition.field]
        interval = Interval(column, column)
    low, high = interval.low, interval.high
    bounds = [low.is_not(None)]
    if condition.least is not None:
        bounds.append(low >= condition.least)
    if condition.most is not None:
        bounds.append(high <= condition.most)
    return and_(*bounds)


def _measured(fields: Fields, condition: Measured) -> ColumnElement[bool]:
    value, comparator = OutcomeMetricRow.value, OutcomeMetricRow.comparator
    match condition.comparator:
        case Comparator.LE:
            compares = and_(value <= condition.value, comparator.in_(_CERTAIN[Comparator.LE]))
        case Comparator.GE:
            compares = and_(value >= condition.value, comparator.in_(_CERTAIN[Comparator.GE]))
        case Comparator.LT:
            compares = and_(
                comparator.in_(_CERTAIN[Comparator.LE]),
                or_(
                    value < condition.value,
                    and_(value == condition.value, comparator == Comparator.LT),
                ),
            )
        case Comparator.GT:
            compares = and_(
                comparator.in_(_CERTAIN[Comparator.GE]),
                or_(
                    value > condition.value,
                    and_(value == condition.value, comparator == Comparator.GT),
                ),
            )
        case Comparator.EQ:
            compares = and_(value == condition.value, comparator == Comparator.EQ)
        case _:
            compares = and_(
                value == condition.value,
                comparator.in_((Comparator.EQ, Comparator.ABOUT)),
            )
    found = select(OutcomeMetricRow.entry_id).where(
        OutcomeMetricRow.metric == condition.metric, compares
    )
    if condition.unit is not None:
        found = found.where(OutcomeMetricRow.unit == condition.unit)
    return fields.entry_id.in_(found)  # type: ignore[no-any-return]


def _of_case(fields: Fields, condition: Condition) -> ColumnElement[bool]:
    cases = (
        select(EntryRow.id)
        .join(CaseRow, CaseRow.entry_id == EntryRow.id)
        .where(where(CASES, condition))
    )
    return fields.entry_id.in_(cases)  # type: ignore[no-any-return]


def where(fields: Fields, condition: Condition) -> ColumnElement[bool]:
    """The condition over a noun's fields as SQL."""
    match condition:
        case Among():
            return _among(fields, condition)
        case Within():
            return _within(fields, condition)
        case Measured():
            return _measured(fields, condition)
        case OfCase(inner):
            return _of_case(fields, inner)
        case Every(parts):
            return and_(true(), *(where(fields, part) for part in parts))
        case Some(parts):
            return or_(false(), *(where(fields, part) for part in parts))
        case Not(part):
            return not_(where(fields, part))
