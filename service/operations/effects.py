"""Finding what followed elsewhere in the cases one may see."""

import asyncio
from dataclasses import dataclass

from service.domain.access import Actor, Permission
from service.domain.conditions import Condition
from service.domain.effects import Followed, followed
from service.domain.observations import counted, require_few_enough, uncounted
from service.footprints import traced
from service.operations.ports import Desk


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What followed in so many cases. `excluded` are synthetic and near-miss cases left out."""

    cases: int
    excluded: int
    groups: tuple[Followed, ...]


@traced
async def find_aftermath(
    desk: Desk, actor: Actor, condition: Condition, *, hours: int
) -> Aftermath:
    """What followed within the hours in the cases the condition holds of.

    Raises `BadInput` where they are too many.
    """
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        listings = reading.listings(visible=actor.visible)
        cases = await listings.count_cases(counted(condition))
        require_few_enough(cases)
        excluded = await listings.count_cases(uncounted(condition))
        observations = reading.observations(visible=actor.visible)
        effects = await observations.effects(counted(condition), hours=hours)
    groups = await asyncio.to_thread(followed, effects, hours=hours)
    return Aftermath(cases, excluded, groups)
