"""Backups of a library that is an SQLite file: one whole file, checked, taken while others write it.

Synchronous; a large library takes seconds, and only commands call this.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from search.folders import make_durable
from service.domain.errors import BadInput
from service.store.engine import Database, DatabaseUnavailable, backups_of

_SUFFIX = ".db"
# What a database in WAL mode keeps beside its file.
_BESIDE = ("-wal", "-shm")
# How many steps of SQLite's machine pass between two words on progress.
_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole copy of a library: its file, how large, and what it holds."""

    file: Path
    size: int
    revision: int
    entries: int


def sqlite_file(database: Database) -> Path:
    """The file of the library. Raises `BadInput` where it is in PostgreSQL."""
    if database.file is None:
        raise BadInput(
            "The library is in PostgreSQL, whose own tools back it up: pg_dump --format=custom, "
            "and pg_restore into an empty database."
        )
    return database.file


def backup_name(library: Path, now: datetime) -> Path:
    """Where a backup goes if nobody says: among the others, named by the time in UTC."""
    return backups_of(library) / f"{library.stem}-{now:%Y%m%d-%H%M%S}{_SUFFIX}"


def back_up(library: Path, to: Path, *, progress: Callable[[int], None]) -> Backup:
    """Copy the library as it is now to a new file. It is there whole, or not at all.

    `progress` is told how many bytes are written.
    """
    if to.exists():
        raise BadInput(f"{to} is there already; name a file that is not.")
    unfinished = to.with_name(f"{to.name}.unfinished")
    with _explained(library, to):
        to.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        try:
            with closing(
                sqlite3.connect(f"{library.absolute().as_uri()}?mode=rw", uri=True)
            ) as source:
                # One reading of one state: who writes meanwhile is neither kept waiting nor copied.
                source.set_progress_handler(lambda: progress(_size(unfinished)), _STEPS)
                source.execute("VACUUM INTO ?", (str(unfinished),))
            held = read_backup(unfinished)
            make_durable(unfinished)
            # Unlike a renaming, a link never takes the place of what another put there meanwhile.
            os.link(unfinished, to)
            make_durable(to.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    return replace(held, file=to)


def read_backup(file: Path) -> Backup:
    """Check that a file is whole and a library, and say what it holds."""
    if not file.is_file():
        raise BadInput(f"{file} is not there; name a backup that is.")
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)
        ) as opened:
            (said,) = opened.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise BadInput(f"{file} is damaged ({said}); take another backup.")
            (revision,) = opened.execute("SELECT revision FROM library").fetchone()
            (entries,) = opened.execute("SELECT count(*) FROM entries").fetchone()
    except (sqlite3.DatabaseError, TypeError) as error:
        raise BadInput(f"{file} is no backup of a library ({error}).") from error
    return Backup(file, file.stat().st_size, revision, entries)


def restore(backup: Path, library: Path, *, now: datetime) -> tuple[Backup, Path | None]:
    """Put a backup in the place of the library; what was there is kept, under the name returned.

    The caller sees to it that no service uses the library.
    """
    held = read_backup(backup)
    unfinished = library.with_name(f"{library.name}.unfinished")
    kept = library.with_name(f"{library.name}.replaced-{now:%Y%m%d-%H%M%S}")
    with _explained(backup, library):
        try:
            shutil.copyfile(backup, unfinished)
            make_durable(unfinished)
            had_one = library.exists()
            if had_one:
                # One that is whole takes its log in, so that it is kept in one file.
                with suppress(sqlite3.Error), closing(sqlite3.connect(library)) as opened:
                    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                os.link(library, kept)
            # A library must never meet the log of another.
            for suffix in _BESIDE:
                beside = library.with_name(library.name + suffix)
                if beside.exists():
                    beside.rename(kept.with_name(kept.name + suffix))
            unfinished.replace(library)
            make_durable(library.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    return held, kept if had_one else None


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


@contextmanager
def _explained(read: Path, written: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnavailable(
            f"{read} cannot be copied to {written} ({error}): check that the first is whole and "
            "the second may be written, and that the disk is not full."
        ) from error
