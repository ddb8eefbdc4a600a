"""Connections are given back whole, however their readers end."""

import asyncio
import contextlib
import gc
from typing import Any

import pytest
from sqlalchemy import text

from service.store.engine import Database
from tests.postgres import PostgresServer

# A statement that takes long enough to be cut off.
LONG = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 200000)
    SELECT max(n) FROM counted
"""


FOREVER = LONG.replace("200000", "1e15")


async def read(database: Database, begun: asyncio.Event, *, statement: str = LONG) -> None:
    async with database.reading() as connection:
        begun.set()
        await connection.execute(text(statement))


PATIENCE_SECONDS = 30


async def wait_for_all_but(tasks: set[asyncio.Task[Any]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(asyncio.all_tasks() - tasks), return_exceptions=True)


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
    # What was just beginning when it was cut off runs to its end.
    await wait_for_all_but(before)
    gc.collect()

    assert said == []


async def test_a_statement_that_nobody_waits_for_is_broken_off(database: Database) -> None:
    before = asyncio.all_tasks()
    begun = asyncio.Event()
    reader = asyncio.ensure_future(read(database, begun, statement=FOREVER))
    await begun.wait()
    await asyncio.sleep(0.1)

    reader.cancel()

    await wait_for_all_but(before)


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


async def test_a_single_statement_begins_no_transaction(database: Database) -> None:
    async with database.asking() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM library")) == 1
        if database.dialect == "postgresql":
            state = text(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE '%in transaction%'"
            )
            assert await connection.scalar(state) == 0
        else:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            assert not driver.in_transaction

    # What takes the connection next begins and ends one as ever.
    async with database.writing() as connection:
        await connection.execute(text("UPDATE library SET revision = 7"))
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT revision FROM library")) == 7


async def test_connections_that_postgresql_has_ended_are_made_anew(
    postgres_server: PostgresServer,
) -> None:
    url = await postgres_server.create_database()
    database, killer = Database(url), Database(url)
    async with database.reading() as one, database.reading() as other:
        await other.execute(text("SELECT 1"))
        await one.execute(text("SELECT 1"))

    async with killer.asking() as connection:
        ended = await connection.scalar(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await asyncio.sleep(0.1)

    assert ended == 2
    for _ in range(3):
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
    await killer.aclose()
    await database.aclose()
    await postgres_server.drop_database(url)
