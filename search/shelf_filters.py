"""Conditions as Tantivy queries."""

from collections.abc import Iterable
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

from search.errors import SearchRejected
from search.protocol import (
    FACET_FIELDS,
    NUMBER_FIELDS,
    AllOf,
    AnyOf,
    Condition,
    Not,
    OneOf,
    Range,
    SearchQuery,
)
from search.shelf_documents import IDENTITY_KIND

FACETS: Final = frozenset({"kind", *FACET_FIELDS})
_CODES: Final = FACETS | {"entry"}
_NUMBERS: Final = frozenset(NUMBER_FIELDS)


def condition_query(condition: Condition, schema: Schema) -> Query:
    """Return the query that matches what the condition matches."""
    match condition:
        case AnyOf(field, values):
            require_known(field, _CODES)
            return Query.term_set_query(schema, field, values)
        case Range(field, None, None):
            require_known(field, _NUMBERS)
            return Query.exists_query(field)
        case Range(field, minimum, maximum):
            require_known(field, _NUMBERS)
            return Query.range_query(schema, field, FieldType.Float, minimum, maximum)
        case AllOf(conditions):
            return _joined(Occur.Must, conditions, schema) if conditions else Query.all_query()
        case OneOf(conditions):
            return _joined(Occur.Should, conditions, schema)
        case Not(inner):
            return Query.boolean_query(
                [(Occur.Must, Query.all_query()), (Occur.MustNot, condition_query(inner, schema))]
            )


def narrowed(query: SearchQuery, schema: Schema, wanted: Query | None) -> Query:
    """Return what is wanted, among the documents of the query's kinds that its condition holds of."""
    if query.kinds:
        kinds = Query.term_set_query(schema, "kind", query.kinds)
    else:
        is_identity = Query.term_query(schema, "kind", IDENTITY_KIND, index_option="basic")
        kinds = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, is_identity)])
    filters = [kinds]
    if query.condition is not None:
        filters.append(condition_query(query.condition, schema))
    # Filters decide what is found and count nothing towards its score.
    musts = [(Occur.Must, Query.const_score_query(each, 0.0)) for each in filters]
    if wanted is not None:
        musts.append((Occur.Must, wanted))
    return Query.boolean_query(musts)


def require_known(field: str, known: frozenset[str]) -> None:
    """Raise `SearchRejected` for a field that cannot be asked this way."""
    if field not in known:
        raise SearchRejected(f"{field!r} is not one of {', '.join(sorted(known))}")


def _joined(occur: Occur, conditions: Iterable[Condition], schema: Schema) -> Query:
    return Query.boolean_query([(occur, condition_query(each, schema)) for each in conditions])
