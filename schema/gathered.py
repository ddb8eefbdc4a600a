"""Connections over what has been gathered of cases: only the cases of a page are loaded."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from schema.context import Context
from schema.relay import Connection, Edge, connection_of, cursor_of, position_of
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.observations import Observation
from service.domain.pages import Position, page_size

_LISTING = "gathered"


Item = TypeVar("Item")


class Gathered(NamedTuple):
    """Something of a case, in the order of case numbers and of its place in the case."""

    number: int
    place: int
    slug: str
    held: Any = None

    @classmethod
    def of(cls, case: Observation) -> "Gathered":
        """A case that was observed."""
        return cls(case.number, 0, case.slug)


async def entries_of(context: Context, slugs: Iterable[str]) -> list[Entry | None]:
    """The cases of these slugs; None for what went away since they were gathered."""
    return await context.loaders.entry_by_key.load_many(
        [EntryKey(EntryKind.CASE, slug) for slug in slugs]
    )


async def gathered_connection(
    context: Context,
    items: Sequence[Item],
    of: Callable[[Item], Gathered],
    show: Callable[[Entry, Any], Any],
    *,
    first: int | None,
    after: str | None,
) -> Connection[Any]:
    """A page of items that are in order.

    One field pages all groups of an answer, so a cursor says after which case, whatever the group.
    """
    position = position_of(_LISTING, after)
    size = page_size(first)
    start = 0
    if position is not None:
        last = (position.value, position.place)
        start = bisect_right(items, last, key=lambda item: of(item)[:2])
    page = [of(item) for item in items[start : start + size]]
    entries = await entries_of(context, (item.slug for item in page))
    edges = [
        Edge(
            cursor=cursor_of(_LISTING, Position(item.number, 0, item.place)),
            node=show(entry, item.held),
        )
        for item, entry in zip(page, entries, strict=True)
        if entry is not None
    ]

    async def count() -> int:
        return len(items)

    return connection_of(
        edges,
        has_next=len(items) > start + size,
        has_previous=position is not None,
        count=count,
    )
