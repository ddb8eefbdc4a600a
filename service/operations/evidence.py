"""Gathering what came of which response in the cases one may see."""

import asyncio

from service.domain.access import Actor, Permission
from service.domain.conditions import Condition
from service.domain.evidence import Evidence, gathered
from service.domain.observations import Dimension, counted, require_few_enough, uncounted
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def gather_evidence(
    desk: Desk, actor: Actor, condition: Condition, *, by: Dimension
) -> Evidence:
    """The evidence in the cases the condition holds of. Raises `BadInput` where they are too many."""
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        listings = reading.listings(visible=actor.visible)
        require_few_enough(await listings.count_cases(counted(condition)))
        excluded = await listings.count_cases(uncounted(condition))
        observations = reading.observations(visible=actor.visible)
        held = await observations.cases(counted(condition), by=by)
    return await asyncio.to_thread(gathered, held, by=by, excluded=excluded)
