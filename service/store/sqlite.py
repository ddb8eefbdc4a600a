"""The driver of SQLite: a thread for each connection, and as few ways there and back as can be."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from functools import partial
from typing import Any, Self

import aiosqlite
from typing_extensions import override

_PRAGMAS = (
    # Readers keep their snapshot while one writer goes on.
    "PRAGMA journal_mode=WAL",
    # In WAL mode a crash of the process loses nothing; FULL also survives a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # A second writer waits this long for the first before it gives up.
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32000",
    "PRAGMA mmap_size=268435456",
)


class _Cursor:
    """What SQLAlchemy asks of a cursor, in one way to the connection's thread and back.

    The driver's own goes there four times: to be made, to be asked, to be read and to be closed.
    Every row is read at once, as SQLAlchemy would do anyway; nothing can be streamed.
    """

    def __init__(self, connection: "SqliteConnection") -> None:
        self._connection = connection
        self._asked: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return None if self._asked is None else self._asked.description

    @property
    def rowcount(self) -> int:
        return -1 if self._asked is None else self._asked.rowcount

    @property
    def lastrowid(self) -> int | None:
        return None if self._asked is None else self._asked.lastrowid

    async def execute(self, statement: str, values: Any = ()) -> None:
        await self._ask(lambda asked: asked.execute(statement, values))

    async def executemany(self, statement: str, values: Iterable[Any]) -> None:
        await self._ask(lambda asked: asked.executemany(statement, values))

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        self._rows = []

    async def _ask(self, ask: Callable[[sqlite3.Cursor], Any]) -> None:
        self._asked, self._rows = await self._connection.ask(ask)


class SqliteConnection(aiosqlite.Connection):
    """A connection with cursors of ours, which is closed once, however often that is asked for.

    SQLAlchemy closes the connection of a reader that is cut off, and stops it as well where the
    reader is cut off again meanwhile. The driver's thread answers only the first of the two, and who
    asks second would wait for ever.
    """

    _is_at_work = False

    @override
    def cursor(self) -> Any:
        return _Cursor(self)

    async def ask(self, ask: Callable[[sqlite3.Cursor], Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        """The cursor that has asked, in the connection's thread, and all it has to say."""
        # The driver has no other way to its thread, and no types for this one.
        in_thread: Callable[..., Awaitable[tuple[sqlite3.Cursor, list[Any]]]] = self._execute
        return await in_thread(self._asked, ask)

    def _asked(self, ask: Callable[[sqlite3.Cursor], Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        self._is_at_work = True
        try:
            # Nothing is left for it to do.
            with closing(self._conn.cursor()) as cursor:
                ask(cursor)
                return cursor, cursor.fetchall()
        finally:
            self._is_at_work = False

    @override
    async def close(self) -> None:
        if self._running:
            self._interrupt()
            await super().close()

    @override
    def stop(self) -> asyncio.Future[Any] | None:
        if not self._running:
            return None
        self._interrupt()
        return super().stop()

    def _interrupt(self) -> None:
        # What nobody waits for any more would keep its thread, and who closes it, to its end. Closing
        # itself must not be broken off: it moves what the journal holds into the file.
        if self._connection is not None and self._is_at_work:
            self._connection.interrupt()


async def open_connection(*args: Any, **kwargs: Any) -> aiosqlite.Connection:
    """A connection with its thread, as SQLAlchemy makes one."""
    connection = SqliteConnection(partial(sqlite3.connect, *args, **kwargs), iter_chunk_size=64)
    # SQLAlchemy reaches for the thread in the same way; there is no other.
    thread = connection._thread  # noqa: SLF001
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        # What could not be opened ends its thread without waiting for it, and a thread that outlives
        # the event loop ends with a traceback on the terminal.
        thread.join()
        raise


def prepare(connection: Any, _: Any) -> None:
    """Set up a connection that was just made."""
    # The driver's own transaction handling would begin only before the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def begin(connection: Any) -> None:
    """Begin a transaction in the mode the connection was given, or none where that is None."""
    mode = connection.get_execution_options().get("precedent_begin", "DEFERRED")
    if mode is not None:
        connection.exec_driver_sql(f"BEGIN {mode}")
