"""Leases: one holder at a time, and what a dead one left is taken over."""

from datetime import datetime, timedelta

import pytest

from service.store.engine import Database
from service.store.units import Store
from tests.library import NOON


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


async def take(store: Store, holder: str, *, now: datetime = NOON, name: str = "indexing") -> bool:
    async with store.writing() as writing:
        return await writing.leases.take(name, holder, now=now, seconds=15)


async def test_a_free_lease_is_taken(store: Store) -> None:
    assert await take(store, "a")


async def test_only_one_of_two_holds_it(store: Store) -> None:
    first, second = await take(store, "a"), await take(store, "b")

    assert (first, second) == (True, False)


async def test_a_refused_holder_changes_nothing(store: Store) -> None:
    await take(store, "a")

    await take(store, "b", now=NOON + timedelta(seconds=10))

    assert await take(store, "c", now=NOON + timedelta(seconds=16))


async def test_its_holder_keeps_it_longer(store: Store) -> None:
    await take(store, "a")

    kept = await take(store, "a", now=NOON + timedelta(seconds=10))

    assert kept
    assert not await take(store, "b", now=NOON + timedelta(seconds=20))


async def test_one_that_has_ended_is_taken_over(store: Store) -> None:
    await take(store, "a")

    taken = await take(store, "b", now=NOON + timedelta(seconds=16))

    assert taken
    assert not await take(store, "a", now=NOON + timedelta(seconds=17))


async def test_one_taken_by_a_clock_that_was_wrong_is_taken_over(store: Store) -> None:
    await take(store, "a", now=NOON + timedelta(hours=1))

    taken = await take(store, "b")

    assert taken
    assert not await take(store, "c", now=NOON + timedelta(seconds=10))


async def test_one_taken_by_a_clock_that_is_a_little_ahead_is_left(store: Store) -> None:
    await take(store, "a", now=NOON + timedelta(seconds=10))

    assert not await take(store, "b")


async def test_one_given_back_is_free_at_once(store: Store) -> None:
    await take(store, "a")

    async with store.writing() as writing:
        await writing.leases.give_back("indexing", "a")

    assert await take(store, "b")


async def test_only_its_holder_gives_it_back(store: Store) -> None:
    await take(store, "a")

    async with store.writing() as writing:
        await writing.leases.give_back("indexing", "b")

    assert not await take(store, "b")


async def test_leases_of_other_names_are_apart(store: Store) -> None:
    assert await take(store, "a")
    assert await take(store, "b", name="exporting")
