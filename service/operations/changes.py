"""Following the library: what changed, for one who may see some of it, for as long as they may."""

from collections.abc import AsyncGenerator, Awaitable, Callable

from service.domain.access import Actor, Permission
from service.domain.changes import ChangeSelection, LibraryChange, LibraryPoint, seen_by
from service.domain.entries import Entry
from service.domain.errors import AccessChanged, LibraryError, NotReady
from service.operations.ports import Desk
from service.store.watches import Feed

_IDLE_SECONDS = 15.0
_AWAY_SECONDS = 0.5
_BEHIND_MOST_SECONDS = 1.0

ActorNow = Callable[[], Awaitable[Actor]]


async def follow_library(
    desk: Desk,
    actor: Actor,
    *,
    actor_now: ActorNow,
    selection: ChangeSelection,
    after: LibraryPoint | None,
) -> AsyncGenerator[LibraryChange, None]:
    """The changes the actor may see, from a state of the library on; without one, from now on.

    The first comes at once, with what changed since `after`, or with nothing: it says where the rest
    begins. Raises `AccessChanged` before anything is told to someone whose token has been revoked or
    was given another role, and 15 seconds later at most where nothing changes.
    """
    actor.require(Permission.READ)
    begun = await _beginning(desk)
    with desk.watch.subscribe() as feed:
        first = LibraryChange(begun) if after is None else await _since(desk, after)
        yield seen_by(first, selection, actor.visible) or first.naming(())
        told = first.point.revision
        while True:
            change = await _next(feed, actor, actor_now)
            # What the watch saw later than the first was read is in the first already.
            new = change.since(told) if change.is_whole else change
            told = max(told, change.point.revision) if change.is_whole else change.point.revision
            seen = seen_by(new, selection, actor.visible)
            if seen is not None:
                yield seen


async def load_changed(desk: Desk, actor: Actor, change: LibraryChange) -> dict[int, Entry]:
    """The entries of a change as they are by now, where the actor may see them.

    A thousand subscribers are shown the same few entries at once, so they share what was read.
    """
    actor.require(Permission.READ)
    rows = tuple(entry.id for entry in change.entries)

    return await desk.changes.load(
        (change.point, actor.visible, rows),
        lambda: desk.load_entries(rows, visible=actor.visible),
        now=desk.now(),
    )


async def _beginning(desk: Desk) -> LibraryPoint:
    """Where the watch is. What it has not seen yet it tells, so it need not look for each of many."""
    behind = desk.watch.behind_seconds()
    if behind is None or behind > _BEHIND_MOST_SECONDS:
        await desk.watch.look()
        behind = desk.watch.behind_seconds()
    point = desk.watch.point
    if point is None or behind is None or behind > _BEHIND_MOST_SECONDS:
        raise NotReady("The library's database does not answer; subscribe again in a moment.")
    return point


async def _since(desk: Desk, after: LibraryPoint) -> LibraryChange:
    async with desk.store.reading() as reading:
        return await reading.changes.since(after) or LibraryChange(after)


async def _next(feed: Feed, actor: Actor, actor_now: ActorNow) -> LibraryChange:
    change = None
    while change is None:
        change = await feed.next(within_seconds=_IDLE_SECONDS)
        if await _asks_now(feed, actor_now) != actor:
            raise AccessChanged
    return change


async def _asks_now(feed: Feed, actor_now: ActorNow) -> Actor:
    """Who asks by now. While the database does not answer that, nothing is told."""
    while True:
        try:
            return await actor_now()
        except LibraryError:
            await feed.pause(_AWAY_SECONDS)
