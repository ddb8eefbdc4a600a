"""`precedent import` of a JSON Lines file of many cases, beside a bare COPY of the rows it wrote.

Prints the seconds, the cases a second and the most memory of the command, as a process of its own on a
real PostgreSQL; and the seconds PostgreSQL takes to COPY the same rows of every table into an empty
library, with the same indexes and in one transaction, but without reading, checking or projecting
anything. On SQLite there is no COPY, and the command stands alone.

With `--until-searchable` a service runs meanwhile, and the time goes on until both of its indexes hold
what was imported; beside it stand the COPY and a bare Meilisearch that indexes the same documents with
its default settings. Stops what it started.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from rich.console import Console

from bench.engines import running_engine
from bench.indexing import Documents, documents_in, index_bare, wait_until_indexed
from bench.processes import peak_megabytes
from bench.recombined import recombined_cases
from seed_cases.loader import seed_documents
from service.app import offline_desk
from service.domain.cases import Case
from service.domain.entries import body_of
from service.settings import Settings
from service.store.rows import PROJECTION, EntryRow, OutboxRow, RevisionRow, Row
from tests.live import environment_for, precedent, running_server
from tests.postgres import DURABLE, PostgresServer, running_postgres

_POLL_SECONDS: Final = 0.02
_INDEX_SECONDS: Final = 4 * 3_600
# A server keeps what it acknowledges, and has memory for its indexes.
_POSTGRES: Final = {**DURABLE, "shared_buffers": "512MB", "max_wal_size": "4GB"}
_WRITTEN: Final[tuple[type[Row], ...]] = (EntryRow, RevisionRow, OutboxRow, *PROJECTION)

console = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took."""

    seconds: float
    peak: float


def write_cases(file: Path, *, count: int) -> None:
    """Write so many recombined cases, one a line."""
    cases = [read.document for read in seed_documents() if isinstance(read.document, Case)]
    with file.open("w", encoding="utf-8") as lines:
        for case in recombined_cases(cases, count=count):
            lines.write(f"{body_of(case)}\n")


def run_import(file: Path, environment: dict[str, str]) -> Imported:
    """Import the file into a library."""
    begun, peak = time.monotonic(), 0.0
    command = [sys.executable, "-m", "service", "import", str(file)]
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent,
        env=environment,
    ) as process:
        try:
            while process.poll() is None:
                # It may end just now.
                with suppress(ValueError, FileNotFoundError):
                    peak = peak_megabytes(process.pid)
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 0, "the import failed"
    return Imported(time.monotonic() - begun, peak)


async def copy_rows(filled: str, empty: str, folder: Path) -> tuple[float, int]:
    """COPY what the last import wrote from one library into another; the seconds, and the rows."""
    source, target = await asyncpg.connect(filled), await asyncpg.connect(empty)
    rows = 0
    try:
        for table in _WRITTEN:
            name = table.__tablename__
            entry_id = "id" if table is EntryRow else "entry_id"
            written = (
                f"SELECT each.* FROM {name} each JOIN entries ON entries.id = each.{entry_id}"  # noqa: S608 - our own names
                " WHERE entries.library_revision = (SELECT revision FROM library)"
            )
            found = await source.copy_from_query(written, output=folder / name, format="binary")
            rows += int(found.split()[-1])
        begun = time.monotonic()
        async with target.transaction():
            for table in _WRITTEN:
                name = table.__tablename__
                await target.copy_to_table(name, source=folder / name, format="binary")
        return time.monotonic() - begun, rows
    finally:
        await source.close()
        await target.close()


def _seeded(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a library that holds the seed library."""
    environment = environment_for(folder, **settings)
    seeded = precedent("seed", environment=environment)
    assert seeded.returncode == 0, seeded.stderr
    return environment


async def _empty_library(postgres: PostgresServer, folder: Path) -> str:
    url = (await postgres.create_database()).replace("+asyncpg", "")
    async with offline_desk(Settings(var=folder, database_url=url)):
        return url


def _on_postgres(file: Path, folder: Path, *, count: int) -> None:
    with running_postgres(**_POSTGRES) as postgres:
        filled, empty = (asyncio.run(_empty_library(postgres, folder)) for _ in range(2))
        imported = run_import(file, _seeded(folder, PRECEDENT_DATABASE_URL=filled))
        _tell(imported, count=count)
        console.print("Copying the same rows …")
        seconds, rows = asyncio.run(copy_rows(filled, empty, folder))
        print(f"COPY of its {rows} rows: {seconds:.1f} s, {count / seconds:.0f} cases/s")
        print(f"the import took {imported.seconds / seconds:.1f} times as long")


def _until_searchable(file: Path, folder: Path, *, count: int) -> None:
    with running_postgres(**_POSTGRES) as postgres:
        filled, empty = (asyncio.run(_empty_library(postgres, folder)) for _ in range(2))
        seconds, pages = asyncio.run(_searchable(file, folder, filled, count=count))
        copied, _ = asyncio.run(copy_rows(filled, empty, folder))
        documents = sum(map(len, pages))
        console.print(f"Indexing {documents} documents in a bare Meilisearch …")
        indexed = asyncio.run(index_bare(folder / "bare", pages))
        print(f"until searchable: {seconds:.0f} s, both indexes, {documents} documents")
        print(f"COPY {copied:.1f} s + bare Meilisearch {indexed:.0f} s")
        print(f"it took {seconds / (copied + indexed):.2f} times as long")


async def _searchable(
    file: Path, folder: Path, url: str, *, count: int
) -> tuple[float, list[Documents]]:
    """The seconds from the import's start until its cases are found, and the documents indexed."""
    async with running_engine(folder / "engine") as (engine, _):
        with running_server(
            folder,
            PRECEDENT_DATABASE_URL=url,
            PRECEDENT_MEILI_URL=engine.url,
            PRECEDENT_MEILI_KEY=engine.key,
        ) as server:
            wait_until_indexed(server, seconds=_INDEX_SECONDS)
            begun = time.monotonic()
            _tell(run_import(file, server.environment), count=count)
            console.print("Waiting for the indexes …")
            wait_until_indexed(server, seconds=_INDEX_SECONDS)
            seconds = time.monotonic() - begun
            print(f"the service: {peak_megabytes(server.process.pid):.0f} MB at most")
        return seconds, documents_in(engine)


def _tell(imported: Imported, *, count: int) -> None:
    print(
        f"precedent import: {imported.seconds:.1f} s, {count / imported.seconds:.0f} cases/s,"
        f" {imported.peak:.0f} MB at most"
    )


def main() -> None:
    """Make the file and the library, import, copy, end what was started."""
    parser = argparse.ArgumentParser(prog="bench.imports", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="how many cases the file holds")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sqlite", action="store_true", help="import into SQLite instead")
    kind.add_argument(
        "--until-searchable", action="store_true", help="go on until what was imported is found"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "cases.jsonl"
        console.print("Recombining cases …")
        write_cases(file, count=arguments.cases)
        print(f"{arguments.cases} cases, {file.stat().st_size / 1_000_000:.0f} MB of JSON Lines")
        print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.2f}")
        if arguments.sqlite:
            _tell(run_import(file, _seeded(folder)), count=arguments.cases)
        elif arguments.until_searchable:
            _until_searchable(file, folder, count=arguments.cases)
        else:
            _on_postgres(file, folder, count=arguments.cases)
        print(f"load after: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
