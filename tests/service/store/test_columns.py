"""Times in the database: aware, and in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import StatementError

from service.store.engine import Database
from service.store.rows import LibraryRow
from tests.library import NOON


async def seeded_at(database: Database) -> datetime | None:
    async with database.reading() as connection:
        found: datetime | None = await connection.scalar(select(LibraryRow.seeded_at))
        return found


async def write(database: Database, value: datetime | None) -> None:
    async with database.writing() as connection:
        await connection.execute(update(LibraryRow).values(seeded_at=value))


async def test_a_naive_time_is_refused_and_nothing_is_written(database: Database) -> None:
    await write(database, NOON)

    with pytest.raises(StatementError, match="a naive time cannot be stored"):
        await write(database, datetime(2026, 11, 20, 12, 0))  # noqa: DTZ001

    assert await seeded_at(database) == NOON


async def test_a_time_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    local = datetime(2026, 11, 20, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))

    await write(database, local)

    found = await seeded_at(database)
    assert found == local
    assert found is not None
    assert found.tzinfo == UTC


async def test_no_time_stays_no_time(database: Database) -> None:
    await write(database, None)

    assert await seeded_at(database) is None
