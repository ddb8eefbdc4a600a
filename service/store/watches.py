"""The watch on the library: tells everyone in the process what changed, whoever published it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from service.domain.changes import LibraryChange, LibraryPoint
from service.domain.entries import Entry
from service.domain.errors import ServiceStopping, TooManySubscriptions
from service.store.caches import Name
from service.store.units import Reading, Store

_log = logging.getLogger("precedent.changes")

# A replica that gets no notice, as on SQLite or behind a pooler of connections, learns this late.
_TICK_SECONDS: Final = 0.4
_LOOK_SECONDS: Final = 5.0
_PAUSE_SECONDS: Final = 1.0
# The watch looks more than once a second; this long without a look it is cut off.
_UNHEARD_MOST_SECONDS: Final = 5.0
_WAITING_MOST: Final = 100
_WOKEN_AT_ONCE: Final = 20

Told = Callable[[LibraryChange], None]


class Feed:
    """The changes told to one subscriber that it has not taken yet, at most so many.

    To one that takes none for long they are put together into a single change that is not whole.
    """

    def __init__(self, *, most: int = _WAITING_MOST) -> None:
        self._most = most
        self._waiting: deque[LibraryChange] = deque()
        self._ready = asyncio.Event()
        self._is_open = True

    def put(self, change: LibraryChange) -> None:
        """Add a change, for when it is woken. This never waits, whatever the subscriber does."""
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            change = change.without_entries()
        self._waiting.append(change)

    def wake(self) -> None:
        """Have the subscriber look at what was put."""
        self._ready.set()

    def close(self) -> None:
        """Have the subscriber told that nothing comes any more."""
        self._is_open = False
        self._ready.set()

    async def pause(self, seconds: float) -> None:
        """Wait so long, whatever comes. Raises `ServiceStopping` once closed."""
        await asyncio.sleep(seconds)
        if not self._is_open:
            raise ServiceStopping

    async def next(self, *, within_seconds: float) -> LibraryChange | None:
        """The next change, or None where none came so soon. Raises `ServiceStopping` once closed."""
        if not self._waiting and self._is_open:
            self._ready.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), within_seconds)
        if not self._is_open:
            raise ServiceStopping
        return self._waiting.popleft() if self._waiting else None


class LibraryWatch:
    """Looks whether the library has a new revision, and tells in the order of revisions.

    What this process publishes has been told when `published` returns; what another publishes is
    told within a second. Nothing is missed: where the way from the last state to this one is not
    known, or too long to name, the change told is not whole, and who hears it starts over. So is the
    first, which says where the watch begins.
    `before_telling` reads in the state that is about to be told.
    """

    def __init__(
        self,
        store: Store,
        *,
        subscriptions_most: int,
        before_telling: Callable[[Reading, LibraryChange], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._most = subscriptions_most
        self._before_telling = before_telling
        self._clock = clock
        self._looking = asyncio.Lock()
        self._wake = asyncio.Event()
        self._told: list[Told] = []
        self._feeds: set[Feed] = set()
        self._is_open = True
        self._looked_at: float | None = None
        self.point: LibraryPoint | None = None

    @property
    def subscriptions(self) -> int:
        """How many subscribe now."""
        return len(self._feeds)

    def behind_seconds(self) -> float | None:
        """Since when the library may have changed without our knowing; None before the first look."""
        return None if self._looked_at is None else self._clock() - self._looked_at

    def hears(self) -> bool:
        """Whether every change is heard of, give or take the second one takes to be told."""
        behind = self.behind_seconds()
        return behind is not None and behind < _UNHEARD_MOST_SECONDS

    def recall(self, names: Collection[Name]) -> dict[Name, Entry]:
        """What `Store.recall` says, as long as changes are heard of."""
        return self._store.recall(names) if self.hears() else {}

    def tell(self, told: Told) -> None:
        """Have a function called with each change, before any subscriber hears of it.

        It hears of a change again where what came after it failed.
        """
        self._told.append(told)

    @contextmanager
    def subscribe(self) -> Iterator[Feed]:
        """The changes from now on. Raises `TooManySubscriptions`, or `ServiceStopping`."""
        if not self._is_open:
            raise ServiceStopping
        if len(self._feeds) >= self._most:
            raise TooManySubscriptions(self._most)
        feed = Feed()
        self._feeds.add(feed)
        try:
            yield feed
        finally:
            self._feeds.discard(feed)

    async def look(self) -> bool:
        """Tell what changed since the last look; False where the database does not answer."""
        try:
            async with self._store.reading() as reading:
                await self._look(reading)
        except Exception as error:  # noqa: BLE001 - whoever looks has something else to do as well
            _log.warning("changes cannot be read", extra={"reason": type(error).__name__})
            return False
        return True

    async def published(self) -> None:
        """Tell what this process has just published, or at least that it has published."""
        if not await self.look() and self.point is not None:
            self._tell(LibraryChange(self.point, is_whole=False))

    async def run(self) -> None:
        """Watch until cancelled, on a connection that no load on the service keeps waiting."""
        while True:
            try:
                async with self._store.apart(self._wake.set) as apart:
                    while True:
                        self._wake.clear()
                        # A connection that hangs is given up; it may be to a machine that is gone.
                        async with asyncio.timeout(_LOOK_SECONDS), apart.reading() as reading:
                            await self._look(reading)
                        with suppress(TimeoutError):
                            await asyncio.wait_for(self._wake.wait(), _TICK_SECONDS)
            except Exception as error:  # noqa: BLE001 - the watch must outlive whatever fails
                _log.warning("changes cannot be read", extra={"reason": type(error).__name__})
                await asyncio.sleep(_PAUSE_SECONDS)

    def close(self) -> None:
        """End every subscription, and take no more."""
        self._is_open = False
        for feed in self._feeds:
            feed.close()

    async def _look(self, reading: Reading) -> None:
        async with self._looking:
            began = self._clock()
            change: LibraryChange | None
            if self.point is None:
                change = LibraryChange(await reading.changes.point(), is_whole=False)
            else:
                change = await reading.changes.since(self.point)
            if change is not None:
                # Where one of these fails, the next look finds and tells the same change.
                await self._before_telling(reading, change)
                self._tell(change)
                self.point = change.point
            self._looked_at = began

    def _tell(self, change: LibraryChange) -> None:
        self._store.hear(change)
        for told in self._told:
            told(change)
        for feed in self._feeds:
            feed.put(change)
        self._wake_feeds(tuple(self._feeds))

    def _wake_feeds(self, feeds: Sequence[Feed]) -> None:
        # A thousand who were woken at once would keep everybody else waiting for a second.
        for feed in feeds[:_WOKEN_AT_ONCE]:
            feed.wake()
        if rest := feeds[_WOKEN_AT_ONCE:]:
            asyncio.get_running_loop().call_soon(self._wake_feeds, rest)
