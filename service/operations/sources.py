"""Sources, and what cites each."""

from collections.abc import Collection

from service.domain.access import Actor, Permission
from service.domain.entries import ItemKey
from service.domain.pages import Page, Position
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def list_sources(
    desk: Desk, actor: Actor, *, first: int, after: Position | None
) -> Page[ItemKey]:
    """A page of distinct sources; an item is the source's key in the entry of that row."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.sources(first=first, after=after)


@traced
async def count_sources(desk: Desk, actor: Actor) -> int:
    """How many distinct sources the entries the actor may see cite."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.count_sources()


@traced
async def load_citing(
    desk: Desk, actor: Actor, identities: Collection[str]
) -> dict[str, tuple[ItemKey, ...]]:
    """The entries that cite each source, with the key each names it by."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.citing(identities)
