"""The watch on the library: what is told, in which order, and what when it cannot be known."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import delete, update

from service.domain.changes import LibraryChange
from service.domain.entries import EntryKind
from service.domain.errors import ServiceStopping
from service.operations.ports import Desk
from service.store.engine import Database
from service.store.rows import LibraryRow, PublicationRow
from service.store.units import Store
from service.store.watches import Feed, LibraryWatch
from tests.library import a_case, publish, small_vocabularies

PATIENCE_SECONDS = 20


class Hearer:
    """Somebody who keeps what a watch told."""

    def __init__(self, watch: LibraryWatch) -> None:
        self.watch = watch
        self.changes: list[LibraryChange] = []
        self._heard = asyncio.Event()
        watch.tell(self._hear)

    def _hear(self, change: LibraryChange) -> None:
        self.changes.append(change)
        self._heard.set()

    async def until(self, revision: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.changes or self.changes[-1].point.revision < revision:
                self._heard.clear()
                await self._heard.wait()

    def named(self) -> list[tuple[int, list[str]]]:
        return [
            (change.point.revision, [entry.key.slug for entry in change.entries])
            for change in self.changes
        ]


def watch_on(database: Database) -> LibraryWatch:
    async def nothing(*_: object) -> None: ...

    return LibraryWatch(Store(database), subscriptions_most=10, before_telling=nothing)


@pytest.fixture
async def library(desk: Desk) -> Desk:
    await publish(desk, *small_vocabularies())
    return desk


@pytest.fixture
async def other(library: Desk, database: Database) -> AsyncIterator[Hearer]:
    """A watch of another process, running."""
    watch = watch_on(database)
    await watch.look()
    task = asyncio.create_task(watch.run())
    yield Hearer(watch)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_is_published_here_has_been_told_when_publishing_returns(library: Desk) -> None:
    hearer = Hearer(library.watch)

    await publish(library, a_case("one", 1))
    await publish(library, a_case("one", 1))
    await publish(library, a_case("two", 2), a_case("one", 1, country="CN"))

    assert hearer.named() == [(2, ["one"]), (3, ["one", "two"])]
    (one, two) = hearer.changes[1].entries
    assert (one.key.kind, one.revision, two.revision) == (EntryKind.CASE, 2, 1)
    assert library.watch.point == hearer.changes[1].point


async def test_what_another_process_publishes_is_told(library: Desk, other: Hearer) -> None:
    await publish(library, a_case("one", 1))
    await other.until(2)

    assert other.named() == [(2, ["one"])]


async def test_a_restored_backup_is_told_as_a_change_that_is_not_whole(
    library: Desk, database: Database
) -> None:
    await publish(library, a_case("one", 1))
    watch = watch_on(database)
    await watch.look()
    hearer = Hearer(watch)

    async with database.writing() as connection:
        await connection.execute(delete(PublicationRow).where(PublicationRow.revision == 2))
        await connection.execute(update(LibraryRow).values(revision=1))
    await watch.look()
    await publish(library, a_case("two", 2))
    await watch.look()

    assert [(change.point.revision, change.is_whole) for change in hearer.changes] == [
        (1, False),
        (2, True),
    ]


async def test_another_history_with_the_same_number_is_not_whole_either(
    library: Desk, database: Database
) -> None:
    watch = watch_on(database)
    await watch.look()
    hearer = Hearer(watch)

    async with database.writing() as connection:
        await connection.execute(update(PublicationRow).values(stamp="another"))
    await publish(library, a_case("one", 1))
    await watch.look()

    assert [(change.point.revision, change.is_whole) for change in hearer.changes] == [(2, False)]


async def test_a_change_that_somebody_failed_to_take_is_told_again(
    library: Desk, database: Database
) -> None:
    watch = watch_on(database)
    await watch.look()
    failures = [RuntimeError()]

    def fail_once(_: LibraryChange) -> None:
        if failures:
            raise failures.pop()

    watch.tell(fail_once)
    hearer = Hearer(watch)
    await publish(library, a_case("one", 1))

    looks = [await watch.look() for _ in range(3)]

    assert looks == [False, True, True]
    assert hearer.named() == [(2, ["one"])]


async def test_a_watch_whose_connection_is_cut_goes_on(
    library: Desk, other: Hearer, database: Database
) -> None:
    if database.dialect == "postgresql":
        # A file has no connections to lose. Whoever asks while a connection is being cut is told
        # so; this is about what comes after, so it waits until they have ended.
        async with database.writing() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    await publish(library, a_case("one", 1))
    await other.until(2)

    assert other.named() == [(2, ["one"])]


async def test_a_subscriber_that_takes_nothing_is_told_to_start_over(library: Desk) -> None:
    feed = Feed(most=2)
    changes: list[LibraryChange] = []
    library.watch.tell(changes.append)
    for number in range(1, 5):
        await publish(library, a_case(f"case-{number}", number))
        feed.put(changes[-1])

    taken = [await feed.next(within_seconds=0) for _ in range(3)]
    feed.close()

    assert taken == [changes[2].without_entries(), changes[3], None]
    with pytest.raises(ServiceStopping):
        await feed.next(within_seconds=0)
