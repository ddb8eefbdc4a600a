"""How this process is at the moment somebody scrapes it, whatever is away."""

import asyncio
import shutil
from importlib.metadata import version
from pathlib import Path

from service.domain.errors import LibraryError
from service.indexing.indexer import IndexState
from service.operations.ports import Desk
from service.vitals import Vitals

MEILISEARCH, BUILT_IN = "meilisearch", "built-in"

# A scrape is given up after ten seconds, and a pool waits as long for a connection.
_DATABASE_SECONDS = 2.0


async def take_vitals(desk: Desk, state: IndexState, *, var: Path) -> Vitals:
    """The vitals of now. With the database away what it would say is left out."""
    usage = desk.store.usage
    held = await _library(desk)
    revision, depth = (None, None) if held is None else held
    revisions = {MEILISEARCH: state.engine_revision, BUILT_IN: state.lexical_revision}
    is_ready = held is not None and state.lexical_ready
    free, size = _disk(var)
    return Vitals(
        version=version("precedent"),
        is_ready=is_ready,
        is_degraded=not (is_ready and state.engine_ready),
        is_database_up=held is not None,
        indexes_ready={MEILISEARCH: state.engine_ready, BUILT_IN: state.lexical_ready},
        connections_in_use=usage.connections_in_use,
        connections_most=usage.connections_most,
        entry_cache_hits=usage.cache_hits,
        entry_cache_misses=usage.cache_misses,
        entry_cache_size=usage.cached_entries,
        library_revision=revision,
        outbox_depth=depth,
        index_lags={
            index: max(0, revision - seen)
            for index, seen in revisions.items()
            if revision is not None and seen is not None
        },
        disk_free_bytes=free,
        disk_bytes=size,
    )


async def _library(desk: Desk) -> tuple[int, int] | None:
    """The library's revision and the outbox's depth; None where the database does not answer."""
    try:
        async with asyncio.timeout(_DATABASE_SECONDS), desk.store.reading() as reading:
            library = await reading.library.get()
            return library.revision, await reading.outbox.depth()
    except (LibraryError, TimeoutError, LookupError):
        return None


def _disk(var: Path) -> tuple[int, int] | tuple[None, None]:
    try:
        found = shutil.disk_usage(var)
    except OSError:
        return None, None
    return found.free, found.total
