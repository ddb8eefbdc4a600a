"""Relay: global ids, opaque cursors, connections."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import strawberry

from service.domain.errors import BadInput
from service.domain.pages import PAGE_DEFAULT, PAGE_MOST, Position
from service.domain.values import is_storable

NodeT = TypeVar("NodeT")

_ID_LENGTH_MOST = 400
_CURSOR_LENGTH_MOST = 600
_ROW_MOST = 2**31
_VALUE_MOST = 10**15
_IDS_HELD = 4_000

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many items a page holds: 1 to {PAGE_MOST}; {PAGE_DEFAULT} by default."
    ),
]
After = Annotated[
    str | None, strawberry.argument(description="The cursor of the item the page follows.")
]


class GlobalId(NamedTuple):
    """A node's type and what names it among its type."""

    type: str
    name: str


@lru_cache(maxsize=_IDS_HELD)
def global_id(node_type: str, name: str) -> strawberry.ID:
    """The opaque id of a node."""
    return strawberry.ID(urlsafe_b64encode(f"{node_type}:{name}".encode()).decode().rstrip("="))


def _decoded(text: str, *, most: int) -> str:
    """What was encoded, or nothing where it never was."""
    try:
        padded = (text + "=" * (-len(text) % 4)).encode("ascii")
        return urlsafe_b64decode(padded).decode() if len(text) <= most else ""
    except (ValueError, binascii.Error):
        return ""


def parsed_id(text: str) -> GlobalId:
    """Take a global id apart. Raises `BadInput` for what this service never gave out."""
    node_type, _, name = _decoded(text, most=_ID_LENGTH_MOST).partition(":")
    if not node_type or not name:
        raise BadInput("id is not an id of this service; use one that a query returned.")
    return GlobalId(node_type, name)


def cursor_of(listing: str, position: Position) -> str:
    """An opaque cursor that only the same listing accepts."""
    return opaque([listing, position.value, position.entry_id, position.place])


def opaque(held: Sequence[str | float]) -> str:
    """Some values as a text that is to be handed back as it is."""
    return urlsafe_b64encode(json.dumps(held, separators=(",", ":")).encode()).decode().rstrip("=")


def unveiled(text: str) -> Any:
    """The values such a text was made from; None for one that was not."""
    try:
        return json.loads(_decoded(text, most=_CURSOR_LENGTH_MOST))
    except (ValueError, RecursionError):
        return None


def position_of(
    listing: str, cursor: str | None, *, of: type[str] | type[float] = float
) -> Position | None:
    """The position a cursor stands for, in a listing ordered by texts or by numbers.

    Raises `BadInput` for a cursor of anything else.
    """
    if cursor is None:
        return None
    match unveiled(cursor):
        case [str(named), value, int(entry_id), int(place)] if (
            named == listing
            and (_is_text(value) if of is str else _is_number(value))
            and abs(entry_id) < _ROW_MOST
            and abs(place) < _ROW_MOST
        ):
            return Position(value, entry_id, place)
        case _:
            raise BadInput(
                "after is not a cursor of this listing; use an endCursor of the same field "
                "with the same filter and order."
            )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and is_storable(value)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _VALUE_MOST
    )


@strawberry.interface(description="Anything with a global id.")
class Node:
    """Anything with a global id."""

    id: strawberry.ID = strawberry.field(description="The global id, for `node`.")


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="An item of a connection.")
class Edge(Generic[NodeT]):
    """An item of a connection."""

    cursor: str
    node: NodeT


@strawberry.type(description="A page of a listing.")
class Connection(Generic[NodeT]):
    """A page of a listing."""

    edges: list[Edge[NodeT]]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many items the listing has in all.")
    async def total_count(self) -> int:
        return await self.count()


def connection_of(
    edges: Iterable[Edge[NodeT]],
    *,
    has_next: bool,
    has_previous: bool,
    count: Callable[[], Awaitable[int]],
) -> Connection[NodeT]:
    """A connection of edges that are ready."""
    held = list(edges)
    return Connection(
        edges=held,
        page_info=page_info(held, has_next=has_next, has_previous=has_previous),
        count=count,
    )


def page_info(edges: Sequence[Edge[NodeT]], *, has_next: bool, has_previous: bool) -> PageInfo:
    """Where a page of these edges ends."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
