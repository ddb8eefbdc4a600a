"""Each statement sent to the database leaves a mark in the footprint of the operation that sent it."""

import re
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from service.footprints import Span, current_footprint
from service.store.rows import Row

_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
_KINDS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})


def follow_queries(engine: Engine) -> None:
    """Count the statements of this engine, and have each be a span where traces are on."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def span_name(statement: str) -> str:
    """The kind of a statement and the first of our tables in it: never a value that it holds."""
    kind = statement.lstrip().partition(" ")[0].partition("\n")[0].upper()
    if kind not in _KINDS:
        return "SQL"
    tables = (found[1] for found in _TABLE.finditer(statement))
    table = next((table for table in tables if table in Row.metadata.tables), None)
    return kind if table is None else f"{kind} {table}"


def _begin(
    connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: Any
) -> None:
    footprint = current_footprint()
    if footprint is None or statement.startswith("BEGIN"):
        return
    footprint.statement_count += 1
    if footprint.spans is not None:
        context.precedent_span = footprint.spans.begin(
            span_name(statement),
            kind="client",
            encloses=False,
            attributes={"db.system.name": connection.dialect.name},
        )


def _end(
    _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: Any
) -> None:
    span: Span | None = getattr(context, "precedent_span", None)
    if span is not None:
        span.end()


def _fail(trouble: ExceptionContext) -> None:
    span: Span | None = getattr(trouble.execution_context, "precedent_span", None)
    if span is not None:
        span.end(error=type(trouble.original_exception).__name__)
