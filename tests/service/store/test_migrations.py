"""The schema's history: the same tables on both databases, and no others."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text

from service.store.engine import Database
from service.store.migrations import (
    DatabaseTooNew,
    _config,
    _held_and_newest,
    is_migrated,
    migrate,
)
from service.store.rows import LibraryRow, Row
from service.store.units import Store
from tests.library import NOON, a_case, a_statement, both

RICH: dict[str, Any] = {
    "statements": [a_statement("a", strategies=["DENY.DENIAL"]), a_statement("b", supersedes="a")],
    "promises": [{"text": both("会退", "Refunds"), "outcome": "BROKEN", "citations": ["S1"]}],
    "remedies": [
        {
            "kind": "CASH",
            "recipient": "AFFECTED_USER",
            "form": both("现金", "Cash"),
            "citations": ["S1"],
        }
    ],
    "secondary_effects": [
        {
            "type": "SECONDARY.LITIGATION",
            "text": both("起诉", "A lawsuit"),
            "moment": {"offset": {"from_hours": 24, "to_hours": 24}},
            "citations": ["S1"],
        }
    ],
}


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Row.metadata))


async def test_the_migrations_make_the_tables_the_code_knows(database: Database) -> None:
    async with database.reading() as connection:
        differences = await connection.run_sync(_differences)

    assert differences == []


async def test_the_files_are_numbered_as_the_migrations_are(database: Database) -> None:
    scripts = ScriptDirectory.from_config(_config())
    async with database.reading() as connection:
        held, newest = await connection.run_sync(_held_and_newest)

    assert held == newest == scripts.get_current_head()
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


async def test_an_empty_database_is_not_migrated_yet(database_url: str) -> None:
    database = Database(database_url)

    before = await is_migrated(database)
    await migrate(database)
    after = await is_migrated(database)

    await database.aclose()
    assert (before, after) == (False, True)


async def test_migrating_again_keeps_the_library(database: Database) -> None:
    async with database.reading() as connection:
        before = (await connection.execute(select(*LibraryRow.__table__.columns))).all()

    await migrate(database)

    async with database.reading() as connection:
        after = (await connection.execute(select(*LibraryRow.__table__.columns))).all()
    assert after == before
    assert len(after) == 1


async def test_a_library_of_the_first_version_gets_its_new_projection(database: Database) -> None:
    store = Store(database)
    async with store.writing() as writing:
        await writing.entries.publish(
            [a_case("rich", 1, **RICH), a_case("bare", 2)], author="ada", note=None, now=NOON
        )
    before = await _contents(database)
    async with database.writing() as connection:
        await connection.run_sync(_downgrade, "0001")
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda held: set(inspect(held).get_table_names()))

    await migrate(database)

    assert not tables & {"remedies", "secondary_effects"}
    assert await _contents(database) == before
    assert len(before["remedies"]) == len(before["secondary_effects"]) == 1
    assert before["cases"][0][-2:] == (True, True)


async def _contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    held = {}
    async with database.reading() as connection:
        for name, table in Row.metadata.tables.items():
            rows = await connection.execute(select(table).order_by(*table.columns))
            held[name] = [tuple(row) for row in rows]
    return held


def _downgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


async def test_a_new_library_is_at_revision_nought_and_not_seeded(database: Database) -> None:
    async with database.reading() as connection:
        (row,) = (await connection.execute(select(*LibraryRow.__table__.columns))).all()

    assert (row.id, row.revision, row.index_epoch, row.seeded_at) == (1, 0, 0, None)
    assert len(row.library_id) == 36


async def test_a_database_of_a_later_version_is_refused_and_left_alone(
    database: Database,
) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseTooNew, match="migrated to 9999, which this version does not know"):
        await migrate(database)

    async with database.reading() as connection:
        held = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        libraries = await connection.scalar(select(func.count()).select_from(LibraryRow))
    assert (held, libraries) == ("9999", 1)
    with pytest.raises(DatabaseTooNew):
        await is_migrated(database)


async def test_every_table_has_the_names_the_code_gives_its_constraints(
    database: Database,
) -> None:
    def found(connection: Connection) -> dict[str, set[str | None]]:
        inspector = inspect(connection)
        return {
            name: {index["name"] for index in inspector.get_indexes(name)}
            for name in Row.metadata.tables
        }

    async with database.reading() as connection:
        indexes = await connection.run_sync(found)

    for name, table in Row.metadata.tables.items():
        assert {index.name for index in table.indexes} <= indexes[name]
