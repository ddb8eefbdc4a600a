"""The database: one engine a dialect, with settings that each say why."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool

from service.domain.errors import LibraryError
from service.footprints import spanned
from service.store import sqlite
from service.store.queries import follow_queries

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

_LEAVING_SECONDS = 2


class DatabaseUnavailable(LibraryError):
    """The database cannot be used; the message says what to do."""

    code = "DATABASE_UNAVAILABLE"


class DatabaseNotMigrated(DatabaseUnavailable):
    """The database is new, or was migrated by an earlier version."""


def backups_of(library: Path) -> Path:
    """The folder that holds the backups of a library in a file."""
    return library.parent / "backups"


def _what_to_do_with_damage(library: Path | None) -> str:
    backups = [] if library is None else list(backups_of(library).glob("*.db"))
    if not backups:
        return "the file is damaged; restore a backup of it, or move it away to start anew"
    newest = max(backups, key=lambda file: file.stat().st_mtime)
    return f"the file is damaged; the newest backup is put in its place by `precedent restore {newest}`"


def _explained(error: Exception, where: str, file: Path | None) -> DatabaseUnavailable:
    text = str(getattr(error, "orig", error)).splitlines()[0] if str(error) else repr(error)
    lowered = text.lower()
    if "malformed" in lowered or "not a database" in lowered:
        advice = _what_to_do_with_damage(file)
    elif "locked" in lowered:
        advice = "another process is writing to it; stop that one, or wait and try again"
    elif "readonly" in lowered or "read-only" in lowered:
        advice = "it cannot be written; give this user write permission on the file and its folder"
    elif "unable to open" in lowered:
        advice = "the file cannot be opened; create the folder or correct its permissions"
    elif "password" in lowered or "does not exist" in lowered:
        advice = "correct PRECEDENT_DATABASE_URL"
    elif "disk" in lowered or "full" in lowered:
        advice = "free space on the disk"
    else:
        advice = "check that it runs and that PRECEDENT_DATABASE_URL is right"
    return DatabaseUnavailable(f"The database {where} cannot be used ({text}): {advice}.")


class Database:
    """Connections to the library's database: `reading` for a snapshot, `writing` for a unit."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise DatabaseUnavailable(
                "PRECEDENT_DATABASE_URL is not a database address; "
                "write sqlite:///file or postgresql://user@host/name."
            ) from None
        backend = parsed.drivername.partition("+")[0]
        if backend not in _DRIVERS:
            raise DatabaseUnavailable(
                f"PRECEDENT_DATABASE_URL names {backend}; sqlite and postgresql are supported."
            )
        self.dialect = "sqlite" if backend == "sqlite" else "postgresql"
        self.where = parsed.render_as_string(hide_password=True)
        is_file = self.dialect == "sqlite" and parsed.database is not None
        # The file the library is, where it is one.
        self.file = Path(str(parsed.database)) if is_file else None
        self._url = parsed.set(drivername=_DRIVERS[backend])
        self.engine = self._engine(
            poolclass=AsyncAdaptedQueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
        )
        follow_queries(self.engine.sync_engine)
        if self.dialect == "postgresql":
            event.listen(self.engine.sync_engine, "checkout", _require_open)
        self._given_back = asyncio.Event()

    def _engine(self, **pool: Any) -> AsyncEngine:
        is_sqlite = self.dialect == "sqlite"
        engine = create_async_engine(
            self._url,
            connect_args={"async_creator_fn": sqlite.open_connection} if is_sqlite else {},
            **pool,
        )
        if is_sqlite:
            event.listen(engine.sync_engine, "connect", sqlite.prepare)
            event.listen(engine.sync_engine, "begin", sqlite.begin)
        return engine

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database and changes nothing."""
        async with self._connection() as connection:
            if self.dialect == "postgresql":
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            # It ends with the connection: there is nothing to commit.
            await connection.begin()
            yield connection

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement, which sees one state of the database by itself."""
        async with self._connection() as connection:
            # To begin and end a transaction is two more ways to the database and back.
            if self.dialect == "postgresql":
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            else:
                await connection.execution_options(precedent_begin=None)
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in one transaction: all of what is written stands, or none of it."""
        async with self._connection() as connection:
            if self.dialect == "sqlite":
                await connection.execution_options(precedent_begin="IMMEDIATE")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def apart(
        self, channel: str, noticed: Callable[[], None]
    ) -> AsyncIterator[AsyncConnection]:
        """A connection outside the pool, to be read from; PostgreSQL's notices are listened to."""
        engine = self._engine(poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                if self.dialect == "postgresql":
                    await connection.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                    # SQLAlchemy has no word for notices.
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    await driver.add_listener(channel, lambda *_: noticed())
                yield connection
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            with spanned("take a connection"):
                connection = await self.engine.connect()
        except (SQLAlchemyError, OSError) as error:
            raise _explained(error, self.where, self.file) from error
        try:
            yield connection
        except (IntegrityError, ProgrammingError, DataError):
            raise
        except DBAPIError as error:
            raise _explained(error, self.where, self.file) from error
        finally:
            # Also where the reader is cancelled, and once more while this goes on.
            closing = asyncio.ensure_future(connection.close())
            closing.add_done_callback(lambda _: self._given_back.set())
            await asyncio.shield(closing)

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are in use, and how many there may be."""
        pool = cast("AsyncAdaptedQueuePool", self.engine.pool)
        return pool.checkedout(), pool.size()

    async def ping(self) -> None:
        """Raise `DatabaseUnavailable` unless the database answers."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def aclose(self) -> None:
        """Give all connections back.

        A reader whose answer nobody waits for any more has a moment to end.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING_SECONDS):
                while self.connections[0]:
                    self._given_back.clear()
                    await self._given_back.wait()
        await self.engine.dispose()


def _require_open(connection: Any, *_: Any) -> None:
    """Have the pool make a connection anew that has ended, of which its driver hears at once.

    To ask the database first would be a way there and back for each who takes one.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
