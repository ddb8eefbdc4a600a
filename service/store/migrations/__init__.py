"""The schema's history, the same for SQLite and PostgreSQL, and the one way to apply it."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection, inspect, text

from service.domain.errors import LibraryError
from service.store.caches import EntryCache
from service.store.engine import Database
from service.store.entries import Entries
from service.store.libraries import Libraries

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent
# Any number of ours: replicas that start together take turns under this advisory lock.
_MIGRATION_LOCK = 5_110_327


class DatabaseTooNew(LibraryError):
    """The database was migrated by a later version of this service."""

    code = "DATABASE_TOO_NEW"


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def _held_and_newest(connection: Connection) -> tuple[str | None, str]:
    """The migration the database is at, if it is at any, and the newest there is.

    Their files are numbered, so Alembic is imported for a database that is to be migrated alone.
    """
    known = {file.name.partition("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py")}
    held = None
    if inspect(connection).has_table("alembic_version"):
        held = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if held is not None and held not in known:
        raise DatabaseTooNew(
            f"The database was migrated to {held}, which this version does not know; "
            "run the newer version, or restore a backup made by this one."
        )
    return held, max(known)


def _upgrade(connection: Connection) -> str | None:
    """Bring the tables up to date; the earlier revision they were at, if they were."""
    held, newest = _held_and_newest(connection)
    if held == newest:
        return None
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return held


async def migrate(database: Database) -> None:
    """Bring the database to the newest schema and found the library in it, all or nothing.

    The projection of a library that is there is written anew when its tables have changed.
    """
    async with database.writing() as connection:
        if database.dialect == "postgresql":
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
            )
        held = await connection.run_sync(_upgrade)
        # A migration changes tables; what stands in a new one is projected from the revisions.
        if held is not None:
            await Entries(connection, EntryCache()).reproject(progress=lambda _: None)
        libraries = Libraries(connection)
        if await libraries.find() is None:
            await libraries.found(str(uuid4()))


async def is_migrated(database: Database) -> bool:
    """Whether the database has the newest schema. Raises `DatabaseTooNew` for a later one."""
    async with database.reading() as connection:
        held, newest = await connection.run_sync(_held_and_newest)
    return held == newest
