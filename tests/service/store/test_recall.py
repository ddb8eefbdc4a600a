"""Entries in memory: known to be what is published, or asked of the database."""

from dataclasses import replace

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.codes import SharingMarking
from service.domain.entries import EntryKey, EntryKind
from service.operations.entries import find_entries, load_entries
from service.operations.ports import Desk
from service.store.engine import Database
from service.store.units import Store
from tests.library import a_case, publish, small_vocabularies
from tests.service.store.test_watches import watch_on

READER = Actor("reader", AccessRole.READER)
ANYONE = READER.visible
ONE = EntryKey(EntryKind.CASE, "one")
TWO = EntryKey(EntryKind.CASE, "two")


@pytest.fixture
async def library(desk: Desk) -> Desk:
    await publish(desk, *small_vocabularies(), a_case("one", 1), a_case("two", 2, country="CN"))
    assert await desk.watch.look()
    return desk


def _country(desk: Desk, key: EntryKey) -> str | None:
    found = desk.watch.recall([key])
    return found[key].document.country if found else None  # type: ignore[union-attr]


async def test_what_was_read_is_known_by_key_and_by_row(library: Desk) -> None:
    assert library.watch.recall([ONE]) == {}

    read = (await find_entries(library, READER, [ONE]))[ONE]

    assert library.watch.recall([ONE]) == {ONE: read}
    assert library.watch.recall([read.id]) == {read.id: read}
    assert await load_entries(library, READER, [read.id]) == {read.id: read}
    assert library.watch.recall([ONE, TWO]) == {ONE: read}
    both = await find_entries(library, READER, [ONE, TWO])
    assert [entry.key for entry in both.values()] == [ONE, TWO]
    assert both[ONE] is read


async def test_what_is_published_here_is_seen_at_once(library: Desk) -> None:
    await find_entries(library, READER, [ONE, TWO])

    await publish(library, a_case("one", 1, country="JP"))

    assert _country(library, ONE) is None
    assert _country(library, TWO) == "CN"
    assert (await find_entries(library, READER, [ONE]))[ONE].revision == 2
    assert _country(library, ONE) == "JP"


async def test_what_another_publishes_is_seen_when_it_is_heard_of(
    library: Desk, database: Database
) -> None:
    other = watch_on(database)
    assert await other.look()
    await find_entries(library, READER, [ONE])
    async with other._store.reading() as reading:
        await reading.entries.find_many([ONE], visible=ANYONE)

    await publish(library, a_case("one", 1, country="JP"))
    assert other.recall([ONE]) != {}
    assert await other.look()

    assert other.recall([ONE]) == {}


async def test_what_was_hidden_is_not_recalled_for_those_it_is_hidden_from(library: Desk) -> None:
    staff = frozenset(SharingMarking)
    await publish(library, a_case("one", 1, sharing=SharingMarking.TLP_RED))
    async with library.store.reading() as reading:
        await reading.entries.find_many([ONE], visible=staff)

    assert library.watch.recall([ONE]) != {}
    assert await find_entries(library, READER, [ONE]) == {}
    assert await library.find_entries([ONE], visible=staff) != {}


async def test_what_was_read_while_something_was_published_is_not_known(library: Desk) -> None:
    async with library.store.reading() as reading:
        await reading.changes.point()
        await publish(library, a_case("one", 1, country="JP"))
        await reading.entries.find_many([ONE], visible=ANYONE)

    assert library.watch.recall([ONE]) == {}


async def test_what_is_undone_is_never_known(library: Desk) -> None:
    async with library.store.writing() as writing:
        await writing.entries.find_many([ONE], visible=ANYONE)

    assert library.watch.recall([ONE]) == {}


async def test_nothing_is_known_while_changes_are_not_heard_of(
    library: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await find_entries(library, READER, [ONE])
    monkeypatch.setattr(library.watch, "behind_seconds", lambda: 60.0)

    assert library.watch.recall([ONE]) == {}


async def test_what_is_forgotten_is_not_known_either(library: Desk, database: Database) -> None:
    store = Store(database, cached_entries=1)
    cache = store._cache
    async with store.reading() as reading:
        await reading.entries.find_many([ONE, TWO], visible=ANYONE)

    known = [cache.find_published([key]) for key in (ONE, TWO)]

    assert [found == {} for found in known].count(True) == 1
    assert len(cache) == 1
    assert len(cache._published) == 2


async def test_one_that_two_read_at_once_is_forgotten_whole(
    library: Desk, database: Database
) -> None:
    store = Store(database, cached_entries=1)
    cache = store._cache
    async with store.reading() as reading:
        (one,) = (await reading.entries.find_many([ONE], visible=ANYONE)).values()
    cache.keep(replace(one))
    async with store.reading() as reading:
        await reading.entries.find_many([TWO], visible=ANYONE)

    assert cache.find_published([ONE]) == {}
    assert cache.find_published([TWO]) != {}
