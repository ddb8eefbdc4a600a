"""What the library is and holds."""

from dataclasses import dataclass

from service.domain.access import Actor, Permission
from service.domain.conditions import EVERYTHING
from service.domain.entries import EntryKind
from service.footprints import traced
from service.operations.ports import Desk


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """The library's revision and how many entries of each kind the actor may see."""

    revision: int
    counts: dict[EntryKind, int]
    statements: int
    outcome_metrics: int
    sources: int


@traced
async def describe_library(desk: Desk, actor: Actor) -> LibrarySummary:
    """The library as it is now."""
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        state = await reading.library.get()
        listings = reading.listings(visible=actor.visible)
        return LibrarySummary(
            revision=state.revision,
            counts=await reading.entries.counts(visible=actor.visible),
            statements=await listings.count_statements(EVERYTHING),
            outcome_metrics=await listings.count_outcome_metrics(EVERYTHING),
            sources=await listings.count_sources(),
        )
