"""The databases the suite runs on are the ones it says it runs on."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import PostgresServer, running_postgres


async def _answer(url: str, *statements: str) -> object:
    """The first value the last statement answers with."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(text(statement))
            return (await connection.execute(text(statements[-1]))).scalar_one()
    finally:
        await engine.dispose()


async def test_every_dialect_answers_through_sqlalchemy(database_url: str, dialect: str) -> None:
    answer = await _answer(
        database_url,
        "CREATE TABLE cases (title TEXT)",
        "INSERT INTO cases VALUES ('海底捞')",
        "SELECT title FROM cases",
    )

    assert answer == "海底捞"
    assert make_url(database_url).get_backend_name() == dialect


async def test_the_server_is_postgresql_18(postgres_server: PostgresServer) -> None:
    url = await postgres_server.create_database()

    version = await _answer(url, "SHOW server_version_num")

    await postgres_server.drop_database(url)
    assert str(version).startswith("18")


async def test_a_database_made_from_a_template_starts_as_its_copy(
    postgres_server: PostgresServer,
) -> None:
    template = await postgres_server.create_database()
    await _answer(
        template, "CREATE TABLE cases (id INT)", "INSERT INTO cases VALUES (1)", "SELECT 1"
    )

    copy = await postgres_server.create_database(template)
    count = await _answer(copy, "INSERT INTO cases VALUES (2)", "SELECT count(*) FROM cases")

    assert count == 2
    assert await _answer(template, "SELECT count(*) FROM cases") == 1
    await postgres_server.drop_database(copy)
    await postgres_server.drop_database(template)


async def test_a_dropped_database_is_gone_even_while_connected_to(
    postgres_server: PostgresServer,
) -> None:
    url = await postgres_server.create_database()
    engine = create_async_engine(url)
    connection = await engine.connect()

    await postgres_server.drop_database(url)

    with pytest.raises(DBAPIError):
        await connection.execute(text("SELECT 1"))
    await connection.close()
    await engine.dispose()
    with pytest.raises(DBAPIError, match="does not exist"):
        await _answer(url, "SELECT 1")


def test_a_stopped_server_leaves_nothing_behind() -> None:
    with running_postgres() as server:
        directory = server.home.root
        assert (directory / "data" / "PG_VERSION").read_text() == "18\n"

    assert not directory.exists()
