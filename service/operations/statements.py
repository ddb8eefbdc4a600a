"""Listing statements."""

from service.domain.access import Actor, Permission
from service.domain.conditions import Condition, Order
from service.domain.entries import ItemKey
from service.domain.pages import Page, Position
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def list_statements(
    desk: Desk,
    actor: Actor,
    *,
    condition: Condition,
    order: Order,
    first: int,
    after: Position | None,
) -> Page[ItemKey]:
    """A page of statements the actor may see."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.statements(condition, order=order, first=first, after=after)


@traced
async def count_statements(desk: Desk, actor: Actor, condition: Condition) -> int:
    """How many statements the condition holds of."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.count_statements(condition)
