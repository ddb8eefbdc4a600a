"""Units of work: what one read sees, and what one write does, whole or not at all."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.changes import LibraryChange
from service.domain.entries import Entry, EntryKind
from service.domain.reads import note_entries, note_library, note_lists, note_passing
from service.store.caches import CACHED_ENTRIES, EntryCache, Name
from service.store.changes import NOTICE_CHANNEL, Changes
from service.store.engine import Database
from service.store.entries import Entries
from service.store.leases import Leases
from service.store.libraries import Libraries
from service.store.listings import Listings
from service.store.observations import Observations
from service.store.outbox import Outbox
from service.store.statements import Statements
from service.store.tokens import Tokens


class Reading:
    """One state of the library, to be read.

    `began` is how many changes the cache had heard of before; None where it does not say.
    """

    def __init__(
        self, connection: AsyncConnection, cache: EntryCache, *, began: int | None = None
    ) -> None:
        self._connection = connection
        self._cache = cache
        self._began = began

    @cached_property
    def entries(self) -> Entries:
        """Entries and their documents."""
        return Entries(self._connection, self._cache, began=self._began)

    @cached_property
    def library(self) -> Libraries:
        """The library's identity and revision."""
        note_library()
        return Libraries(self._connection)

    @cached_property
    def changes(self) -> Changes:
        """What changed, and since when."""
        return Changes(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        """What waits to be indexed."""
        note_passing()
        return Outbox(self._connection)

    @cached_property
    def leases(self) -> Leases:
        """Who alone may do something."""
        note_passing()
        return Leases(self._connection)

    @cached_property
    def tokens(self) -> Tokens:
        """API tokens."""
        note_passing()
        return Tokens(self._connection)

    def listings(self, *, visible: Collection[str]) -> Listings:
        """Listings narrowed to the markings a reader may see."""
        return Listings(self._connection, visible=visible)

    def observations(self, *, visible: Collection[str]) -> Observations:
        """Observations of the cases a reader may see."""
        note_lists(EntryKind.CASE)
        return Observations(self._connection, visible=visible)

    def statements(self, *, visible: Collection[str]) -> Statements:
        """Statements by kind, narrowed to the markings a reader may see."""
        note_lists(EntryKind.CASE)
        return Statements(self._connection, visible=visible)


class Writing(Reading):
    """One transaction: a reading that may also change the library."""

    async def undo(self) -> None:
        """Have nothing of this transaction stand. It ends with this."""
        await self._connection.rollback()


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of what a store keeps is used: its connections, and the entries in memory."""

    connections_in_use: int
    connections_most: int
    cached_entries: int
    cache_hits: int
    cache_misses: int


class Apart:
    """A connection outside the pool, to be read from again and again by one task."""

    def __init__(self, connection: AsyncConnection, cache: EntryCache) -> None:
        self._connection = connection
        self._cache = cache

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """One state of the library."""
        began = self._cache.changes
        async with self._connection.begin():
            yield Reading(self._connection, self._cache, began=began)


class Store:
    """The library's database, one unit of work at a time.

    Sibling resolvers run at the same time and each opens its own reading: a connection is never
    shared between tasks.
    """

    def __init__(self, database: Database, *, cached_entries: int = CACHED_ENTRIES) -> None:
        self._database = database
        self._cache = EntryCache(most=cached_entries)

    def hear(self, change: LibraryChange) -> None:
        """Take note that the library has changed. `recall` needs to be told of every change."""
        if change.is_whole:
            self._cache.publish(entry.id for entry in change.entries)
        else:
            self._cache.publish_any()

    def recall(self, names: Collection[Name]) -> dict[Name, Entry]:
        """The entries of these rows or keys as they are published now, where that is known.

        Also those that a reader may not see.
        """
        found = self._cache.find_published(names)
        note_entries(found)
        return found

    @property
    def usage(self) -> Usage:
        """How much is used just now, and how often an entry was found in memory or was not."""
        cache = self._cache
        in_use, most = self._database.connections
        return Usage(in_use, most, len(cache), cache.hits, cache.misses)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """One state of the library."""
        began = self._cache.changes
        async with self._database.reading() as connection:
            yield Reading(connection, self._cache, began=began)

    @asynccontextmanager
    async def entries(self) -> AsyncIterator[Entries]:
        """For entries alone, which are read without a transaction: each is as it is published."""
        began = self._cache.changes
        async with self._database.asking() as connection:
            yield Entries(connection, self._cache, began=began, at_once=True)

    @asynccontextmanager
    async def listing(self, *, visible: Collection[str]) -> AsyncIterator[Listings]:
        """For one listing or count, which reads one state of the library without a transaction."""
        async with self._database.asking() as connection:
            yield Listings(connection, visible=visible)

    @asynccontextmanager
    async def apart(self, noticed: Callable[[], None]) -> AsyncIterator[Apart]:
        """A connection of its own; `noticed` is called when a publish gives notice, if it can."""
        async with self._database.apart(NOTICE_CHANNEL, noticed) as connection:
            yield Apart(connection, self._cache)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Writing]:
        """One transaction: committed where the block ends well, else nothing of it stands."""
        note_passing()
        async with self._database.writing() as connection:
            yield Writing(connection, self._cache)
