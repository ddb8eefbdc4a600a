"""`precedent rebuild`, `doctor` and `export-schema`."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

import typer

from schema.build import SCHEMA_FILE, schema_text
from search.binary import binary_on_path, ensure_binary
from search.errors import SearchError
from search.lexical import LexicalIndex
from service.app import offline_desk
from service.commands.serving import CannotServe, prepare_folder
from service.domain.access import OPERATOR
from service.domain.entries import json_schemas
from service.domain.errors import LibraryError
from service.operations.libraries import describe_library
from service.operations.publishing import rebuild as rebuild_library
from service.settings import Settings, WrongSettings
from service.store.engine import DatabaseNotMigrated

_FREE_LEAST_BYTES = 500_000_000
_JSON_SCHEMAS = SCHEMA_FILE.parent.parent / "docs" / "schemas"


def rebuild() -> None:
    """Make all that is derived anew from the revisions: projection at once, indexes next.

    A running service makes its indexes anew within a second; otherwise the next start does.
    """
    print(f"{asyncio.run(_rebuild())} entries projected anew; the indexes follow")


async def _rebuild() -> int:
    from service.commands.bars import progress_bar

    async with offline_desk(Settings.read()) as desk:
        total = sum((await describe_library(desk, OPERATOR)).counts.values())
        with progress_bar() as progress:
            task = progress.add_task("Projecting", total=total)
            return await rebuild_library(
                desk, OPERATOR, progress=lambda done: progress.update(task, completed=done)
            )


def export_schema(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the committed schemas are current.")
    ] = False,
) -> None:
    """Write the GraphQL schema, and the JSON Schemas of the documents for editors' tools."""
    texts = {SCHEMA_FILE: schema_text()} | {
        _JSON_SCHEMAS / f"{kind.value.lower()}.json": text for kind, text in json_schemas().items()
    }
    outdated = [file for file, text in texts.items() if not _holds(file, text)]
    if check and outdated:
        names = ", ".join(file.name for file in outdated)
        raise CannotServe(f"{names} is not what the code says; run `make schema`.")
    for file in outdated:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[file], encoding="utf-8")


def _holds(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is well, and what to do where it is not."""

    what: str
    well: bool
    said: str


def doctor() -> None:
    """Look at everything the service needs, and say what to do where something is wrong."""
    try:
        settings = Settings.read()
    except WrongSettings as wrong:
        print(f"✗ settings: {wrong}")
        sys.exit(1)

    async def run() -> bool:
        all_well = True
        async for finding in _findings(settings):
            print(f"{'✓' if finding.well else '✗'} {finding.what}: {finding.said}", flush=True)
            all_well = all_well and finding.well
        return all_well

    sys.exit(0 if asyncio.run(run()) else 1)


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version)
    try:
        prepare_folder(settings.var)
    except CannotServe as error:
        yield Finding("data folder", well=False, said=str(error))
        return
    free = shutil.disk_usage(settings.var).free
    well = free > _FREE_LEAST_BYTES
    advice = "" if well else "; free at least 500 MB"
    yield Finding(
        "data folder", well, f"{settings.var.absolute()}, {free / 1e9:.1f} GB free{advice}"
    )
    yield await _database(settings)
    yield await _engine(settings)
    yield await _lexical(settings)
    yield await _service(settings)


async def _database(settings: Settings) -> Finding:
    try:
        async with offline_desk(settings, may_migrate=False) as desk:
            summary = await describe_library(desk, OPERATOR)
            async with desk.store.reading() as reading:
                waiting = await reading.outbox.depth()
    except DatabaseNotMigrated as error:
        return Finding("database", well=True, said=str(error))
    except LibraryError as error:
        return Finding("database", well=False, said=str(error))
    counts = ", ".join(f"{count} {kind.value.lower()}" for kind, count in summary.counts.items())
    said = f"revision {summary.revision}: {counts}; {waiting} waiting to be indexed"
    return Finding("database", well=True, said=said)


async def _engine(settings: Settings) -> Finding:
    from search.engine import probe

    try:
        if settings.meili_url is not None:
            info = await probe(settings.meili_url, settings.meili_key)
            return Finding("Meilisearch", well=True, said=f"{info.version} at {info.url}")
        binary = binary_on_path()
        if binary is None:
            binary = await asyncio.to_thread(ensure_binary, settings.var / "bin")
    except SearchError as error:
        return Finding("Meilisearch", well=False, said=error.reason)
    return Finding("Meilisearch", well=True, said=f"started by the service from {binary}")


async def _lexical(settings: Settings) -> Finding:
    index = LexicalIndex(settings.var / "lexical")
    try:
        identity = await index.identity()
    except SearchError as error:
        return Finding("built-in index", well=False, said=error.reason)
    finally:
        await index.aclose()
    said = "none yet; the service makes it" if identity is None else f"revision {identity.revision}"
    return Finding("built-in index", well=True, said=said)


async def _service(settings: Settings) -> Finding:
    import aiohttp

    address = f"http://{settings.host}:{settings.port}/readyz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(address) as response,
        ):
            body = await response.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return Finding("service", well=True, said="not running here; `make serve` starts it")
    reasons = "; ".join(body.get("reasons", ()))
    said = f"{body.get('status')} at {settings.host}:{settings.port} {reasons}".strip()
    return Finding("service", well=response.status == HTTPStatus.OK, said=said)
