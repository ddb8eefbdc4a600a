"""Entries in SQLite are looked up through indexes, however many there are."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from service.domain.entries import EntryKey, EntryKind
from service.store.engine import Database
from service.store.entries import Entries
from service.store.migrations import migrate
from service.store.units import Store

NAMES = [
    EntryKey(EntryKind.CASE, "one"),
    EntryKey(EntryKind.CASE, "two"),
    EntryKey(EntryKind.METHOD, "a"),
]


async def find_by_name(entries: Entries) -> None:
    await entries.find_many(NAMES, visible=["TLP_CLEAR", "TLP_GREEN"])


async def load_by_row(entries: Entries) -> None:
    await entries.load_many([1, 2], visible=["TLP_CLEAR"])


async def look_up_rows(entries: Entries) -> None:
    await entries.ids_of(NAMES)


async def look_up_number(entries: Entries) -> None:
    await entries.id_of_number("CASE-0001")


@pytest.mark.parametrize("look_up", [find_by_name, load_by_row, look_up_rows, look_up_number])
async def test_no_lookup_looks_through_all_entries(tmp_path: Path, look_up: Any) -> None:
    # PostgreSQL plans by how many rows there are.
    database = Database(f"sqlite:///{tmp_path / 'precedent.db'}")
    await migrate(database)
    asked: list[tuple[str, Any]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _, __, statement, values, *___: asked.append((statement, values)),
    )
    store = Store(database)
    async with store.reading() as reading:
        await look_up(reading.entries)
    async with store.entries() as entries:
        await look_up(entries)
    statements = [each for each in asked if each[0].startswith("SELECT")]

    plans: list[str] = []
    async with database.reading() as connection:
        for statement, values in statements:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans += [row.detail for row in plan]

    await database.aclose()
    assert statements
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
