"""From a document to the rows that filters, links and counts query. Only publishing calls this."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import Case
from service.domain.citations import Basis
from service.domain.entries import Document, codes_in
from service.domain.moments import elapsed
from service.domain.observations import Dimension, observed
from service.domain.procedures import Procedure
from service.domain.references import entries_named_in
from service.domain.vocabularies import Vocabulary, ancestors
from service.store.rows import (
    PROJECTION,
    CaseRow,
    CitedSourceRow,
    EntryLinkRow,
    EntryTermRow,
    OutcomeMetricRow,
    RemedyRow,
    Row,
    SecondaryEffectRow,
    StatementRow,
)

_BATCH = 2_000

Values = dict[type[Row], list[dict[str, Any]]]


def _terms(entry_id: int, document: Document) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str, str, str], bool] = {}
    for use in codes_in(document):
        for code in ancestors(use.code):
            place = (use.item, use.field, use.set, code)
            rows[place] = rows.get(place, False) or code == use.code
    return [
        {
            "entry_id": entry_id,
            "item": item,
            "field": field,
            "vocabulary": vocabulary,
            "code": code,
            "direct": direct,
        }
        for (item, field, vocabulary, code), direct in rows.items()
    ]


def _links(entry_id: int, document: Document) -> list[dict[str, Any]]:
    rows = {}
    for path, named in entries_named_in(document):
        if isinstance(document, Case):
            relation, item = document.links[int(path[1])].relation.value, ""
        elif isinstance(document, Procedure):
            relation, item = str(path[2]).upper(), document.steps[int(path[1])].key
        else:
            relation, item = str(path[0]).upper(), ""
        rows[(item, relation, named)] = {
            "entry_id": entry_id,
            "item": item,
            "relation": relation,
            "target_kind": named.kind.value,
            "target_slug": named.slug,
        }
    return list(rows.values())


def _case(entry_id: int, case: Case) -> dict[str, Any]:
    # What is grouped by is read from the terms.
    seen = observed(case, by=Dimension.LEVEL)
    return {
        "entry_id": entry_id,
        "number": int(case.number.removeprefix("CASE-")),
        "country": case.country,
        "year": case.year,
        "level": case.level,
        "verdict": seen.verdict,
        "first_statement_from_hours": seen.first_response and seen.first_response.least,
        "first_statement_to_hours": seen.first_response and seen.first_response.most,
        "resolved_from_hours": seen.resolved and seen.resolved.least,
        "resolved_to_hours": seen.resolved and seen.resolved.most,
        "subsided_from_days": seen.subsided and seen.subsided.least,
        "subsided_to_days": seen.subsided and seen.subsided.most,
        "reversed": seen.reversed,
        "promise_broken": seen.promise_broken,
    }


def _items(entry_id: int, case: Case, values: Values) -> None:
    for position, statement in enumerate(case.statements):
        interval = elapsed(statement.moment, case.anchors)
        values[StatementRow].append(
            {
                "entry_id": entry_id,
                "key": statement.key,
                "position": position,
                "from_hours": interval and interval.from_hours,
                "to_hours": interval and interval.to_hours,
            }
        )
    for position, outcome in enumerate(case.outcomes):
        values[OutcomeMetricRow].append(
            {
                "entry_id": entry_id,
                "position": position,
                "metric": outcome.metric,
                "value": outcome.value,
                "comparator": outcome.comparator,
                "unit": outcome.unit,
            }
        )
    for position, remedy in enumerate(case.remedies):
        values[RemedyRow].append({"entry_id": entry_id, "position": position, "kind": remedy.kind})
    for position, effect in enumerate(case.secondary_effects):
        interval = elapsed(effect.moment, case.anchors)
        values[SecondaryEffectRow].append(
            {
                "entry_id": entry_id,
                "position": position,
                "type": effect.type,
                "verified": effect.basis is not Basis.UNVERIFIED,
                "from_hours": interval and interval.from_hours,
                "to_hours": interval and interval.to_hours,
            }
        )


def _rows(documents: Iterable[tuple[int, Document]]) -> Values:
    values: Values = {table: [] for table in PROJECTION}
    for entry_id, document in documents:
        if isinstance(document, Vocabulary):
            continue
        values[EntryTermRow] += _terms(entry_id, document)
        values[EntryLinkRow] += _links(entry_id, document)
        values[CitedSourceRow] += [
            {
                "entry_id": entry_id,
                "key": source.key,
                "identity": source.identity,
            }
            for source in document.sources
        ]
        if isinstance(document, Case):
            values[CaseRow].append(_case(entry_id, document))
            _items(entry_id, document, values)
    return values


def is_alike(one: Document, other: Document) -> bool:
    """Whether two documents of one entry have the same projection."""
    return _rows([(0, one)]) == _rows([(0, other)])


async def clear(connection: AsyncConnection, entry_ids: Collection[int] | None = None) -> None:
    """Remove the projection of some entries, or of all."""
    for table in reversed(PROJECTION):
        statement = delete(table)
        if entry_ids is not None:
            statement = statement.where(table.__table__.c.entry_id.in_(entry_ids))
        await connection.execute(statement)


async def project(connection: AsyncConnection, documents: Iterable[tuple[int, Document]]) -> None:
    """Write the projection of documents whose entries have none."""
    for table, values in _rows(documents).items():
        for start in range(0, len(values), _BATCH):
            await connection.execute(insert(table), values[start : start + _BATCH])
