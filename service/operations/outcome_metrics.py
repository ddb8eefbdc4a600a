"""Listing outcome metrics."""

from service.domain.access import Actor, Permission
from service.domain.conditions import Condition, Order
from service.domain.entries import ItemKey
from service.domain.pages import Page, Position
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def list_outcome_metrics(
    desk: Desk,
    actor: Actor,
    *,
    condition: Condition,
    order: Order,
    first: int,
    after: Position | None,
) -> Page[ItemKey]:
    """A page of outcome metrics the actor may see."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.outcome_metrics(condition, order=order, first=first, after=after)


@traced
async def count_outcome_metrics(desk: Desk, actor: Actor, condition: Condition) -> int:
    """How many outcome metrics the condition holds of."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.count_outcome_metrics(condition)
