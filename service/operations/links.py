"""Links followed backwards: which entries use a code, and which name an entry."""

from collections.abc import Collection

from service.domain.access import Actor, Permission
from service.domain.entries import Entry, EntryKind
from service.footprints import traced
from service.operations.ports import Desk


@traced
async def load_using(
    desk: Desk,
    actor: Actor,
    kind: EntryKind,
    *,
    vocabulary: str,
    field: str,
    directly: bool,
    codes: Collection[str],
) -> dict[str, tuple[int, ...]]:
    """The rows of the entries of a kind that use each code, or one below it unless directly."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.using(
            kind, vocabulary=vocabulary, codes=codes, field=field, directly=directly
        )


@traced
async def load_linked(
    desk: Desk, actor: Actor, cases: Collection[int]
) -> dict[int, tuple[Entry, ...]]:
    """The cases that each case's editors, or their own, have linked with it."""
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        linked = await reading.listings(visible=actor.visible).linked(cases)
        rows = {row for others in linked.values() for row in others}
        entries = await reading.entries.load_many(rows, visible=actor.visible)
    return {
        case: tuple(entries[row] for row in others if row in entries)
        for case, others in linked.items()
    }


@traced
async def load_naming(
    desk: Desk, actor: Actor, kind: EntryKind, slugs: Collection[str]
) -> dict[str, tuple[tuple[EntryKind, int, str, str], ...]]:
    """What names each entry: the kind, row, item and relation of the one that does."""
    actor.require(Permission.READ)
    async with desk.store.listing(visible=actor.visible) as listings:
        return await listings.naming(kind, slugs)
