"""Pages of a listing: bounded, and continued from where the last one ended."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from service.domain.errors import BadInput

Item = TypeVar("Item")

PAGE_DEFAULT = 20
PAGE_MOST = 100


@dataclass(frozen=True, slots=True)
class Position:
    """Where an item stands in a listing: its value of the ordering field, and what breaks ties."""

    value: float | str
    entry_id: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """An item of a listing with its position."""

    item: Item
    position: Position


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some consecutive items, and whether more follow."""

    items: tuple[Listed[Item], ...]
    has_next: bool


def page_size(first: int | None, *, most: int = PAGE_MOST) -> int:
    """How many items a page holds: what was asked for, or 20; refused outside 1 to the most."""
    if first is None:
        return PAGE_DEFAULT
    if not 1 <= first <= most:
        raise BadInput(f"first is {first}; ask for 1 to {most} items.")
    return first
