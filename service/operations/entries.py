"""Reading entries, one by its name or many by their rows, and listing those of a kind."""

import re
from collections.abc import Collection

from service.domain.access import Actor, Permission
from service.domain.cases import CASE_NUMBER_PATTERN
from service.domain.conditions import Condition
from service.domain.entries import Entry, EntryKey, EntryKind, ItemKey
from service.domain.pages import Page, Position
from service.domain.values import is_slug
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def load_entries(desk: Desk, actor: Actor, ids: Collection[int]) -> dict[int, Entry]:
    """The entries of these rows the actor may see; a hidden one is missing, like an unknown one."""
    actor.require(Permission.READ)
    return await desk.load_entries(ids, visible=actor.visible)


@traced
async def find_entries(
    desk: Desk, actor: Actor, keys: Collection[EntryKey]
) -> dict[EntryKey, Entry]:
    """The entries of these names the actor may see."""
    actor.require(Permission.READ)
    named = [key for key in keys if is_slug(key.slug)]
    return await desk.find_entries(named, visible=actor.visible)


@traced
async def find_case_by_number(desk: Desk, actor: Actor, number: str) -> Entry | None:
    """The case with a citable number, or None."""
    actor.require(Permission.READ)
    if re.fullmatch(CASE_NUMBER_PATTERN, number) is None:
        return None
    async with desk.store.reading() as reading:
        row = await reading.entries.id_of_number(number)
        if row is None:
            return None
        entries = await reading.entries.load_many([row], visible=actor.visible)
    return entries.get(row)


@traced
async def list_entries(
    desk: Desk,
    actor: Actor,
    kind: EntryKind,
    *,
    condition: Condition,
    first: int,
    after: Position | None,
) -> Page[ItemKey]:
    """A page of methods, procedures or templates by slug."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.entries(kind, condition, first=first, after=after)


@traced
async def count_entries(desk: Desk, actor: Actor, kind: EntryKind, condition: Condition) -> int:
    """How many entries of the kind the condition holds of."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.count_entries(kind, condition)
