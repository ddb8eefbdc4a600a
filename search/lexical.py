"""The search index in our own process: what answers a long typed sentence, and when Meilisearch is away.

A folder holds builds, and a file `current` that names the one in use. A build is never changed into
another: a rebuild fills a new folder, and renaming one small file is what swaps them.
"""

import asyncio
import logging
import pickle
import shutil
import uuid
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Collection, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, TypeVar

from search.errors import IndexMissing, SearchRejected, SearchUnavailable
from search.folders import FolderLock, write_whole
from search.protocol import (
    CASE,
    IndexIdentity,
    Nearness,
    Preference,
    Progress,
    SearchAnswer,
    SearchDocument,
    SearchQuery,
)
from search.shelf import Shelf, ShelfWriter, damage_reported

_Answer = TypeVar("_Answer")

_log: Final = logging.getLogger(__name__)

_POINTER: Final = "current"
_BUILD_PREFIX: Final = "build-"


class LexicalIndex:
    """`NearnessIndex` in a folder of this process, which becomes its only writer by writing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FolderLock(folder)
        self._writing = asyncio.Lock()
        self._shelf: Shelf | None = None

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Return one page of matches."""
        shelf = await self._opened()
        if shelf is None:
            raise IndexMissing("there is no lexical index yet; it must be rebuilt first")
        return await _in_thread(lambda: shelf.search(query))

    async def nearest(
        self, query: SearchQuery, *, preferences: Sequence[Preference] = ()
    ) -> Nearness:
        """Return the documents nearest to the text of a query."""
        shelf = await self._opened()
        if shelf is None:
            raise IndexMissing("there is no lexical index yet; it must be rebuilt first")
        return await _in_thread(lambda: shelf.nearest(query, preferences))

    async def identity(self) -> IndexIdentity | None:
        """Return the identity of the current build; a damaged one counts as none."""
        shelf = await self._opened()
        return None if shelf is None else shelf.identity

    async def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Change the current build in one commit."""
        async with self._writing:
            await _in_thread(self._lock.take)
            shelf = await self._opened()
            if shelf is None:
                raise SearchRejected("there is no index to change; it must be rebuilt first")
            await _in_thread(lambda: shelf.replace(documents, entries=entries, identity=identity))

    async def rebuild(
        self,
        batches: AsyncIterable[Sequence[SearchDocument]],
        *,
        identity: IndexIdentity,
        progress: Progress | None = None,
    ) -> None:
        """Fill a new build, then make it the current one."""
        async with self._writing:
            await _in_thread(self._lock.take)
            await _in_thread(self._delete_unused)
            build = self._folder / f"{_BUILD_PREFIX}{uuid.uuid4().hex}"
            await _in_thread(build.mkdir)
            writer = await _in_thread(lambda: ShelfWriter.create(build))
            document_count = 0
            try:
                async with aclosing(_cases_first(batches, self._folder)) as ordered:
                    async for batch in ordered:
                        await _in_thread(partial(writer.add, batch))
                        document_count += len(batch)
                        if progress is not None:
                            progress(document_count)
                await _in_thread(lambda: writer.finish(identity))
            finally:
                await _in_thread(writer.close)
            shelf = await _in_thread(lambda: Shelf.open(build))
            await _in_thread(lambda: write_whole(self._folder / _POINTER, build.name))
            self._shelf = shelf
            await _in_thread(self._delete_unused)

    async def aclose(self) -> None:
        """Forget the open build and let another process write the folder."""
        async with self._writing:
            self._shelf = None
            self._lock.release()

    async def _opened(self) -> Shelf | None:
        if self._shelf is None:
            await self._open()
        return self._shelf

    async def _open(self) -> None:
        shelf = await _in_thread(self._open_current)
        # A rebuild that finished meanwhile has set the newer one.
        self._shelf = self._shelf or shelf

    def _current_build(self) -> Path | None:
        try:
            return self._folder / (self._folder / _POINTER).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _open_current(self) -> Shelf | None:
        build = self._current_build()
        if build is None:
            return None
        try:
            return Shelf.open(build)
        except SearchUnavailable as error:
            _log.warning("%s; it is to be rebuilt", error.reason)
            return None

    def _delete_unused(self) -> None:
        current = self._current_build()
        for build in self._folder.glob(f"{_BUILD_PREFIX}*"):
            if build != current:
                shutil.rmtree(build, ignore_errors=True)


async def _cases_first(
    batches: AsyncIterable[Sequence[SearchDocument]], folder: Path
) -> AsyncGenerator[Sequence[SearchDocument]]:
    """Yield the cases of all batches before what else they hold.

    What looks for cases passes over what stands together and is none; among them it has to read on.
    """
    # A library's would take all the memory there is, so they wait in a file without a name.
    with await _in_thread(lambda: TemporaryFile(dir=folder)) as others:
        waiting = 0
        async for batch in batches:
            yield [document for document in batch if document.kind == CASE]
            rest = [document for document in batch if document.kind != CASE]
            await _in_thread(partial(pickle.dump, rest, others, pickle.HIGHEST_PROTOCOL))
            waiting += 1
        await _in_thread(partial(others.seek, 0))
        for _ in range(waiting):
            yield await _in_thread(lambda: pickle.load(others))  # noqa: S301 - we wrote it


async def _in_thread(work: Callable[[], _Answer]) -> _Answer:
    """Run blocking work in a thread, so that the event loop goes on.

    Who is cancelled meanwhile still waits for it: a thread cannot be stopped, and the next writer
    must not meet it.
    """

    def report_damage() -> _Answer:
        with damage_reported("the lexical index cannot be used"):
            return work()

    running = asyncio.ensure_future(asyncio.to_thread(report_damage))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
