"""Connections are given back whole, however their readers end."""

import asyncio
import contextlib
import gc

import pytest
from sqlalchemy import text

from service.store.engine import Database

# A statement that takes long enough to be cut off.
LONG = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 200000)
    SELECT max(n) FROM counted
"""


async def read(database: Database, begun: asyncio.Event) -> None:
    async with database.reading() as connection:
        begun.set()
        await connection.execute(text(LONG))


@pytest.mark.parametrize("times", [1, 2, 5])
async def test_a_reader_that_is_cut_off_leaves_nothing_waiting(
    database: Database, times: int
) -> None:
    said: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(context["message"]))
    before = asyncio.all_tasks()

    for _ in range(20):
        begun = asyncio.Event()
        reader = asyncio.ensure_future(read(database, begun))
        await begun.wait()
        for _ in range(times):
            reader.cancel()
            await asyncio.sleep(0)
        with contextlib.suppress(asyncio.CancelledError):
            await reader
    await database.aclose()
    await asyncio.sleep(0.1)
    gc.collect()

    assert asyncio.all_tasks() == before
    assert said == []


async def test_closing_waits_for_a_reader_to_end(database: Database) -> None:
    begun = asyncio.Event()
    ended: list[bool] = []

    async def read_to_the_end() -> None:
        await read(database, begun)
        ended.append(True)

    reader = asyncio.ensure_future(read_to_the_end())
    await begun.wait()

    await database.aclose()

    assert ended == [True]
    await reader
