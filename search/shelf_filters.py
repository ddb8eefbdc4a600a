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
)

FACETS: Final = frozenset({"kind", *FACET_FIELDS})
_NUMBERS: Final = frozenset(NUMBER_FIELDS)


def condition_query(condition: Condition, schema: Schema) -> Query:
    """Return the query that matches what the condition matches."""
    match condition:
        case AnyOf(field, values):
            require_known(field, FACETS)
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


def require_known(field: str, known: frozenset[str]) -> None:
    """Raise `SearchRejected` for a field that cannot be asked this way."""
    if field not in known:
        raise SearchRejected(f"{field!r} is not one of {', '.join(sorted(known))}")


def _joined(occur: Occur, conditions: Iterable[Condition], schema: Schema) -> Query:
    return Query.boolean_query([(occur, condition_query(each, schema)) for each in conditions])
