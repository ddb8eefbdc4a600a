"""The one translator of errors: a refusal keeps its message and code, all else is masked.

What is masked carries a reference that stands in the log beside the place where it happened.
"""

import logging
import traceback
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from schema.limits import TOKENS_MOST
from service.domain.errors import (
    AccessChanged,
    BadInput,
    LibraryError,
    NotAllowed,
    NotReady,
    ServiceStopping,
    TooManySubscriptions,
)

_log = logging.getLogger("precedent.graphql")
# How graphql-core says it.
_TOO_MANY_TOKENS = "Document contains more than"
_SHOWN = (BadInput, NotAllowed, NotReady, AccessChanged, ServiceStopping, TooManySubscriptions)
_NOTHING_TO_RUN = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)


def _shown(error: GraphQLError, request_id: str) -> GraphQLError:
    cause = error.original_error
    if isinstance(error, GraphQLSyntaxError) and _TOO_MANY_TOKENS in error.message:
        return _like(error, error.message, {"code": "TOKEN_LIMIT", "limit": TOKENS_MOST})
    if cause is None or isinstance(cause, GraphQLError):
        return error
    # What HTTP says with a status, a stream says in words.
    if isinstance(cause, _NOTHING_TO_RUN):
        return _like(error, error.message, {})
    if isinstance(cause, _SHOWN):
        return _like(error, str(cause), {"code": cause.code})
    # The message may hold what a user typed: only the kind of error and the place are logged.
    frames = traceback.extract_tb(cause.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error(
        "masked error",
        extra={"reference": request_id, "error": type(cause).__name__, "where": where[-8:]},
    )
    if isinstance(cause, LibraryError):
        message = f"The library cannot answer just now; try again soon. Reference {request_id}."
        return _like(error, message, {"code": "UNAVAILABLE", "reference": request_id})
    message = f"Something went wrong here; it has been recorded. Reference {request_id}."
    return _like(error, message, {"code": "INTERNAL", "reference": request_id})


def _like(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


def _forget_frames(error: BaseException | None) -> None:
    """Let go of the frames an error went through, and those it came from went through.

    They hold the document, the answer and, in a circle, the error.
    """
    while error is not None:
        error.__traceback__ = None
        came_from = error.original_error if isinstance(error, GraphQLError) else error.__context__
        error.__context__ = error.__cause__ = None
        error = came_from


class ErrorTranslator(SchemaExtension):
    """Shows refusals and masks everything that was not foreseen."""

    def on_operation(self) -> Iterator[None]:
        """Translate the errors of an operation once it has ended."""
        yield
        self._translate(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Translate the errors of one result of several before it is sent."""
        self._translate(result)
        yield

    def _translate(self, result: Any) -> None:
        errors = getattr(result, "errors", None)
        if errors:
            request_id = self.execution_context.context.request_id
            result.errors = [_shown(error, request_id) for error in errors]
            for error in errors:
                _forget_frames(error)
