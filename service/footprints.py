"""What one GraphQL operation does on its way: its statements, its searches and, where traces are on, spans.

A footprint belongs to the operation it was begun for and to the tasks that one starts. Work that
nobody asked for, such as indexing, leaves none.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

Attributes = Mapping[str, str | int]
SpanKind = Literal["server", "internal", "client"]

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Span(Protocol):
    """A stretch of work in a trace."""

    def end(
        self,
        *,
        name: str | None = None,
        attributes: Attributes | None = None,
        error: str | None = None,
    ) -> None:
        """End it, perhaps under a better name; `error` is a kind of error, never its message."""


class Spans(Protocol):
    """Where spans are begun. Names and attributes are ours: never typed text, values or tokens."""

    def begin(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        encloses: bool = True,
        traceparent: str | None = None,
        attributes: Attributes | None = None,
    ) -> Span:
        """Begin a span. One that encloses is the parent of those begun until it ends."""


@dataclass(slots=True)
class Footprint:
    """What one operation has done so far."""

    spans: Spans | None = None
    statement_count: int = 0
    search_count: int = 0
    document_known: bool | None = None
    document_valid: bool = False


_current: ContextVar[Footprint | None] = ContextVar("footprint", default=None)


def current_footprint() -> Footprint | None:
    """The footprint of the operation that is going on here, if any is."""
    return _current.get()


def leave(footprint: Footprint | None) -> Footprint | None:
    """Have what follows leave this footprint; gives back the one left so far."""
    before = _current.get()
    _current.set(footprint)
    return before


@contextmanager
def spanned(name: str, *, kind: SpanKind = "internal") -> Iterator[None]:
    """A span around a block, where traces are on."""
    footprint = _current.get()
    if footprint is None or footprint.spans is None:
        yield
        return
    span = footprint.spans.begin(name, kind=kind)
    error: str | None = None
    try:
        yield
    except BaseException as failure:
        error = type(failure).__name__
        raise
    finally:
        span.end(error=error)


def traced(
    function: Callable[_Given, Coroutine[Any, Any, _Result]],
) -> Callable[_Given, Coroutine[Any, Any, _Result]]:
    """An operation that is a span of its own in a trace, and runs as it is without one."""

    @wraps(function)
    def operation(*args: _Given.args, **kwargs: _Given.kwargs) -> Coroutine[Any, Any, _Result]:
        footprint = _current.get()
        work = function(*args, **kwargs)
        if footprint is None or footprint.spans is None:
            return work
        return _within(function.__name__, work)

    return operation


async def _within(name: str, work: Coroutine[Any, Any, _Result]) -> _Result:
    with spanned(name):
        return await work
