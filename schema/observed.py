"""Each operation as the process sees it: timed, counted, and traced where traces are on."""

import asyncio
import time
from collections.abc import Collection, Iterator

from graphql import OperationDefinitionNode, get_operation_ast
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from schema.persisted import digest_of
from service.domain.errors import NotReady
from service.domain.reads import note_operation
from service.footprints import Footprint, Span, leave
from service.metrics import INVALID
from service.observers import ANSWERED, CANCELLED, FAILED, REFUSED, Ended, Observer

# The codes of errors that are ours; every other error tells the client what to change.
_OURS = frozenset({"INTERNAL", "UNAVAILABLE", NotReady.code})


class OperationObserver(SchemaExtension):
    """Stands outside all other extensions, so that it sees what the client sees."""

    _first_at: float | None = None

    def on_operation(self) -> Iterator[None]:
        """Note an operation once it has ended, however it ended."""
        context = self.execution_context.context
        observer: Observer | None = context.observer
        if observer is None:
            yield
            return
        footprint = Footprint(observer.spans)
        span = None
        if observer.spans is not None:
            span = observer.spans.begin("graphql", kind="server", traceparent=context.traceparent)
        before = leave(footprint)
        started = time.perf_counter()
        failure: BaseException | None = None
        try:
            yield
        except BaseException as error:
            failure = error
            raise
        finally:
            # How long somebody follows says nothing of how long they wait.
            seconds = (self._first_at or time.perf_counter()) - started
            leave(before)
            ended = self._ended(observer, footprint, seconds, failure)
            note_operation(ended.label)
            observer.operation_ended(ended, footprint)
            if span is not None:
                _end(span, ended, footprint)

    def on_stream_result(self, _: object) -> Iterator[None]:
        """Note when the first of several results is ready."""
        if self._first_at is None:
            self._first_at = time.perf_counter()
        yield

    def _ended(
        self,
        observer: Observer,
        footprint: Footprint,
        seconds: float,
        failure: BaseException | None,
    ) -> Ended:
        context = self.execution_context
        errors = getattr(context.result, "errors", None) or ()
        codes = {str((error.extensions or {}).get("code", INVALID.upper())) for error in errors}
        operation = self._operation() if footprint.document_valid else None
        label, kind = INVALID, "query"
        if operation is not None:
            name = operation.name
            label = observer.metrics.operation_label(None if name is None else name.value)
            kind = operation.operation.value
        return Ended(
            label=label,
            kind=kind,
            outcome=_outcome(codes, failure),
            codes=codes,
            seconds=seconds,
            digest=self._digest,
            request_id=context.context.request_id,
        )

    def _operation(self) -> OperationDefinitionNode | None:
        """The operation that was asked for, where the document holds it."""
        context = self.execution_context
        if context.graphql_document is None:
            return None
        asked_for = context._provided_operation_name  # noqa: SLF001 - the public one fills it in
        return get_operation_ast(context.graphql_document, asked_for)

    def _digest(self) -> str | None:
        text = self.execution_context.query
        return None if text is None else digest_of(text)


def _outcome(codes: Collection[str], failure: BaseException | None) -> str:
    match failure:
        case None:
            return FAILED if _OURS.intersection(codes) else REFUSED if codes else ANSWERED
        case MissingQueryError() | CannotGetOperationTypeError() | InvalidOperationTypeError():
            return REFUSED
        case asyncio.CancelledError() | GeneratorExit():
            return CANCELLED
        case _:
            return FAILED


def _end(span: Span, ended: Ended, footprint: Footprint) -> None:
    attributes: dict[str, str | int] = {
        "graphql.operation.type": ended.kind,
        "graphql.operation.name": ended.label,
        "precedent.outcome": ended.outcome,
        "precedent.request_id": ended.request_id,
        "precedent.statements": footprint.statement_count,
        "precedent.searches": footprint.search_count,
    }
    digest = ended.digest()
    if digest is not None:
        attributes["precedent.document"] = digest
    span.end(
        name=f"{ended.kind} {ended.label}",
        attributes=attributes,
        error=ended.outcome if ended.outcome == FAILED else None,
    )
