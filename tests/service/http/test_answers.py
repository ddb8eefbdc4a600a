"""Whole answers are kept as long as what they were made from, and no longer."""

import asyncio
from collections.abc import Callable

import pytest

from service.domain.access import AccessRole
from service.domain.changes import ChangedEntry
from service.domain.codes import SharingMarking
from service.domain.entries import EntryKey, EntryKind
from service.domain.reads import (
    note_entries,
    note_kinds,
    note_library,
    note_lists,
    note_passing,
)
from service.http.answers import Answer, AnswerCache, AnswerKey

ONE, TWO = EntryKey(EntryKind.CASE, "one"), EntryKey(EntryKind.CASE, "two")
METHOD = EntryKey(EntryKind.METHOD, "m")
WORDS = EntryKey(EntryKind.VOCABULARY, "words")
LARGE = 100_000

Note = Callable[[], None]


def key(body: str = "{a}", role: AccessRole = AccessRole.READER) -> AnswerKey:
    return AnswerKey(role, "POST", "application/json", b"", body.encode())


def make(cache: AnswerCache, *notes: Note, asked: AnswerKey | None = None, size: int = 10) -> None:
    with cache.making(asked or key()) as flight:
        for note in notes:
            note()
        flight.answer = Answer(b"x" * size)


def reads_row_one() -> None:
    note_entries([1])


def reads_name_one() -> None:
    note_entries([ONE])


def reads_all_cases() -> None:
    note_kinds(EntryKind.CASE)


def lists_cases() -> None:
    note_lists(EntryKind.CASE)


def published(row: int, entry: EntryKey, *, is_relisted: bool = True) -> ChangedEntry:
    return ChangedEntry(row, entry, 2, 2, SharingMarking.TLP_CLEAR, is_relisted=is_relisted)


@pytest.fixture
def cache() -> AnswerCache:
    return AnswerCache(most_bytes=LARGE)


@pytest.mark.parametrize(
    ("note", "change", "is_kept"),
    [
        (reads_row_one, published(1, ONE), False),
        (reads_row_one, published(2, TWO), True),
        (reads_name_one, published(1, ONE), False),
        (reads_name_one, published(2, TWO), True),
        (reads_all_cases, published(2, TWO, is_relisted=False), False),
        (lists_cases, published(2, TWO), False),
        (lists_cases, published(2, TWO, is_relisted=False), True),
        (lists_cases, published(3, METHOD), True),
        (note_lists, published(3, METHOD), False),
        (note_lists, published(3, METHOD, is_relisted=False), True),
        (note_library, published(3, METHOD, is_relisted=False), False),
        (reads_row_one, published(4, WORDS, is_relisted=False), False),
    ],
)
async def test_a_publish_drops_what_it_may_change_and_nothing_else(
    cache: AnswerCache, note: Note, change: ChangedEntry, *, is_kept: bool
) -> None:
    make(cache, note)
    assert await cache.find(key()) is not None

    cache.drop([change])

    assert (await cache.find(key()) is not None) is is_kept


async def test_what_changes_without_a_publish_is_not_kept(cache: AnswerCache) -> None:
    make(cache, reads_row_one, note_passing)

    assert await cache.find(key()) is None


async def test_nothing_kept_is_given_while_nobody_hears_of_changes() -> None:
    hears = [True]
    cache = AnswerCache(most_bytes=LARGE, hears_of_changes=lambda: hears[0])
    make(cache, reads_row_one)

    hears[0] = False
    deaf = await cache.find(key())
    hears[0] = True

    assert deaf is None
    assert await cache.find(key()) is not None


async def test_an_answer_with_errors_is_not_kept(cache: AnswerCache) -> None:
    with cache.making(key()):
        reads_row_one()

    assert await cache.find(key()) is None


async def test_an_answer_is_of_those_with_the_same_rights_only(cache: AnswerCache) -> None:
    make(cache, reads_row_one)

    assert await cache.find(key(role=AccessRole.EDITOR)) is None


async def test_an_answer_that_was_read_before_a_publish_is_not_kept_after_it(
    cache: AnswerCache,
) -> None:
    with cache.making(key()) as flight:
        reads_row_one()
        cache.drop([published(1, ONE)])
        flight.answer = Answer(b"old")

    assert await cache.find(key()) is None


async def test_a_publish_of_something_else_meanwhile_does_no_harm(cache: AnswerCache) -> None:
    with cache.making(key()) as flight:
        reads_row_one()
        cache.drop([published(2, TWO)])
        flight.answer = Answer(b"right")

    assert await cache.find(key()) is not None


async def test_who_asks_the_same_meanwhile_is_given_the_same_answer(cache: AnswerCache) -> None:
    with cache.making(key()) as flight:
        note_passing()
        waiting = asyncio.create_task(cache.find(key()))
        await asyncio.sleep(0)
        flight.answer = Answer(b"shared")

    assert await waiting == Answer(b"shared")


async def test_who_asks_after_a_publish_is_not_given_what_was_begun_before_it(
    cache: AnswerCache,
) -> None:
    with cache.making(key()) as flight:
        cache.drop([published(1, ONE)])
        found = await cache.find(key())
        flight.answer = Answer(b"old")

    assert found is None


async def test_who_waited_for_what_failed_makes_their_own(cache: AnswerCache) -> None:
    waiting = []

    async def fail() -> None:
        with cache.making(key()):
            waiting.append(asyncio.create_task(cache.find(key())))
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await waiting[0] is None


async def test_the_answers_asked_for_last_are_kept_up_to_so_many_bytes() -> None:
    cache = AnswerCache(most_bytes=5_000)
    for number in range(10):
        make(cache, reads_row_one, asked=key(f"{number}"), size=1_000)
        await cache.find(key("0"))

    held = [number for number in range(10) if await cache.find(key(f"{number}")) is not None]

    assert held == [0, 9]
    assert 0 < cache.bytes_held <= 5_000
    cache.drop([published(1, ONE)])
    assert cache.bytes_held == 0


async def test_after_a_publish_of_very_much_nothing_is_kept(cache: AnswerCache) -> None:
    make(cache, reads_row_one)

    cache.drop(published(row, EntryKey(EntryKind.METHOD, f"m{row}")) for row in range(2, 2_000))

    assert await cache.find(key()) is None
    assert cache.bytes_held == 0
