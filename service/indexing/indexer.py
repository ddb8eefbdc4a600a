"""The indexer: brings both indexes to the library's revision and keeps them there.

The lexical index belongs to this process. The engine's index is shared by all replicas, so only the
holder of a lease writes it; the outbox is settled once the engine has confirmed. An index made from
another library, in another shape, from a later revision than the library has or from another history
of it (a restored backup) is made anew and never answered from. The lexical index never waits for the
engine, which takes as long as its embedder does.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from search.embedders import Embedder
from search.errors import SearchError, SearchUnavailable
from search.protocol import IndexIdentity, SearchDocument
from search.settings import index_format
from service.domain.entries import Entry, body_of, digest_of
from service.domain.vocabularies import Vocabularies
from service.indexing.documents import documents_of
from service.indexing.gates import GatedIndex
from service.indexing.terms import TermLookup
from service.operations.ports import Desk
from service.store.libraries import LibraryState

_log = logging.getLogger("precedent.indexing")

_LEASE = "indexing"
_LEASE_SECONDS = 15.0
_LEASE_RENEWED_AFTER = timedelta(seconds=5)
_TICK_SECONDS = 0.4
_LONGEST_PAUSE_SECONDS = 2.0
# After that an engine still at work is no longer waited for at a start, and where it lags behind a
# publish it answers no more until it has caught up.
_BEHIND_MOST = timedelta(seconds=5)
_BATCH = 200
# So many changed entries are taken one after the other, however small the library is.
_FEW = 5_000
# How often it is said how far an index is that takes minutes.
_TOLD_EACH = 10_000


@dataclass(slots=True)
class IndexState:
    """Which index may be asked, and what stands in the way of the engine's, once it was tried.

    The revisions are those the indexes were last seen at; None for one that was not seen.
    """

    lexical_ready: bool = False
    engine_ready: bool = False
    engine_trouble: str | None = None
    lexical_revision: int | None = None
    engine_revision: int | None = None


class Indexer:
    """Keeps the two indexes of a desk."""

    def __init__(
        self,
        desk: Desk,
        *,
        engine: GatedIndex,
        lexical: GatedIndex,
        holder: str,
        embedder: Embedder | None = None,
    ) -> None:
        self._desk = desk
        self._embedder = embedder
        self._engine = engine
        self._lexical = lexical
        self._holder = holder
        self._lease_renewed_at: datetime | None = None
        self._wake = asyncio.Event()
        self._changed = asyncio.Condition()
        self._revision = -1
        self._vocabularies: Vocabularies | None = None
        self._format = ""
        self._terms = TermLookup({})
        self._engine_work: asyncio.Task[bool] | None = None
        self._engine_work_since = desk.now()
        self.state = IndexState()

    def wake(self) -> None:
        """Something was published: look at once."""
        self._wake.set()

    async def changed(self) -> None:
        """Wait until the state may have changed."""
        async with self._changed:
            await self._changed.wait()

    async def look(self, *, patience_seconds: float | None = None) -> bool:
        """Bring both indexes to where the library is; False where that could not be done.

        After so much patience the engine is left to its work, and the next look finds it there.
        """
        well = await self._tick(patience_seconds)
        async with self._changed:
            self._changed.notify_all()
        return well

    async def run(self) -> None:
        """Keep the indexes until cancelled. Trouble is waited out and tried again."""
        pause = _TICK_SECONDS
        try:
            while True:
                self._wake.clear()
                well = await self.look(patience_seconds=_TICK_SECONDS)
                pause = _TICK_SECONDS if well else min(pause * 2, _LONGEST_PAUSE_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), pause)
        finally:
            if self._engine_work is not None:
                self._engine_work.cancel()
                await asyncio.wait([self._engine_work])
            with suppress(Exception):
                async with self._desk.store.writing() as writing:
                    await writing.leases.give_back(_LEASE, self._holder)

    async def _tick(self, patience_seconds: float | None) -> bool:
        try:
            library = await self._look()
            if self._engine_work is not None:
                # The engine may take longer than the lease lasts.
                await self._holds_lease()
        except Exception as error:  # noqa: BLE001 - the loop must outlive whatever fails
            self._note("database", error)
            return False
        lexical_well = await self._try_lexical(library)
        return await self._engine_within(patience_seconds, library) and lexical_well

    async def _engine_within(self, patience_seconds: float | None, library: LibraryState) -> bool:
        if self._engine_work is None:
            self._engine_work_since = self._desk.now()
            self._engine_work = asyncio.create_task(self._try_engine(library), name="engine index")
        done, _ = await asyncio.wait([self._engine_work], timeout=patience_seconds)
        if done:
            work, self._engine_work = self._engine_work, None
            return work.result()
        if self._desk.now() - self._engine_work_since > _BEHIND_MOST:
            if self.state.engine_revision != library.revision:
                self._engine_is(ready=False)
            if not self.state.engine_ready:
                self.state.engine_trouble = GatedIndex.BEHIND
        return True

    async def _try_lexical(self, library: LibraryState) -> bool:
        try:
            await self._keep_lexical(library)
        except Exception as error:  # noqa: BLE001
            self._note("lexical index", error)
            return False
        return True

    async def _try_engine(self, library: LibraryState) -> bool:
        try:
            await self._keep_engine(library)
        except Exception as error:  # noqa: BLE001
            reason = str(error) if isinstance(error, SearchError) else type(error).__name__
            if reason not in {self.state.engine_trouble, GatedIndex.STARTING}:
                self._note("search engine", error)
            # What cannot be kept may be searched and yet be behind; the lexical index is not.
            self._engine_is(ready=False)
            self.state.engine_trouble = reason
            return False
        return True

    def _note(self, what: str, error: Exception) -> None:
        reason = str(error) if isinstance(error, SearchError) else type(error).__name__
        _log.warning("%s cannot be kept", what, extra={"reason": reason})

    async def _look(self) -> LibraryState:
        async with self._desk.store.reading() as reading:
            library = await reading.library.get()
            if library.revision != self._revision:
                await self._desk.shelf.refresh(reading)
                self._revision = library.revision
        vocabularies = self._desk.shelf.vocabularies
        if vocabularies is not self._vocabularies:
            self._vocabularies = vocabularies
            self._format = f"{index_format()}-{_digest_of(vocabularies)}"
            self._terms = TermLookup(vocabularies.by_set)
        return library

    async def _keep_lexical(self, library: LibraryState) -> None:
        index, wanted = self._lexical, self._identity(library)
        held = await index.identity()
        sound = await self._may_answer(held, wanted)
        self._lexical_is(ready=sound)
        self.state.lexical_revision = None if held is None else held.revision
        await self._bring_up(index, held if sound else None, wanted, may_go_on=_always)
        self.state.lexical_revision = wanted.revision
        self._lexical_is(ready=True)

    async def _keep_engine(self, library: LibraryState) -> None:
        index, wanted = self._engine, self._engine_identity(library)
        held = await index.identity()
        sound = await self._may_answer(held, wanted)
        self._engine_is(ready=sound)
        self.state.engine_revision = None if held is None else held.revision
        if not await self._holds_lease():
            # Another replica writes the index; this one only reads it.
            return
        await self._bring_up(index, held if sound else None, wanted, may_go_on=self._holds_lease)
        if held != wanted:
            async with self._desk.store.writing() as writing:
                await writing.outbox.settle_through(wanted.revision)
        self.state.engine_revision = wanted.revision
        self._engine_is(ready=True)

    async def _bring_up(
        self,
        index: GatedIndex,
        held: IndexIdentity | None,
        wanted: IndexIdentity,
        *,
        may_go_on: Callable[[], Awaitable[bool]],
    ) -> None:
        """Bring an index to the library: by what changed since, or by making it anew.

        `held` is None where the index holds nothing that may be gone on from.
        What the index itself says it holds is what counts, not what was ever sent to it, so an
        engine put back to an earlier state is caught up like any other.
        """
        if held == wanted:
            return
        if held is None or held.format != wanted.format:
            await self._rebuild(index, wanted, may_go_on)
            return
        async with self._desk.store.reading() as reading:
            changed = await reading.entries.changed_since(held.revision)
            is_most = len(changed) > _FEW and 2 * len(changed) > await reading.entries.count()
        if is_most:
            # A new index is quicker than changing the old one.
            await self._rebuild(index, wanted, may_go_on)
            return
        for start in range(0, max(len(changed), 1), _BATCH):
            is_last = start + _BATCH >= len(changed)
            if not await may_go_on():
                raise SearchUnavailable("another replica has taken over indexing")
            # A reading a batch: thousands of entries at once would take all the memory there is.
            async with self._desk.store.reading() as reading:
                part = await reading.entries.load_all(changed[start : start + _BATCH])
            await index.replace(
                await asyncio.to_thread(self._documents, part),
                entries=[str(entry.key) for entry in part],
                identity=wanted if is_last else held,
            )

    def _lexical_is(self, *, ready: bool) -> None:
        self.state.lexical_ready = ready
        if ready:
            self._lexical.open()
        else:
            self._lexical.close()

    def _engine_is(self, *, ready: bool) -> None:
        self.state.engine_ready = ready
        if ready:
            self.state.engine_trouble = None
            self._engine.open()
        else:
            self._engine.close()

    async def _holds_lease(self) -> bool:
        now = self._desk.now()
        renewed_at = self._lease_renewed_at
        if renewed_at is not None and timedelta() <= now - renewed_at < _LEASE_RENEWED_AFTER:
            return True
        async with self._desk.store.writing() as writing:
            holds = await writing.leases.take(_LEASE, self._holder, now=now, seconds=_LEASE_SECONDS)
        self._lease_renewed_at = now if holds else None
        return holds

    async def _rebuild(
        self,
        index: GatedIndex,
        wanted: IndexIdentity,
        may_go_on: Callable[[], Awaitable[bool]],
    ) -> None:
        made_of = {"revision": wanted.revision}
        _log.info("an index is being made", extra=made_of)
        told = 0

        def tell(documents: int) -> None:
            nonlocal told
            if documents >= told + _TOLD_EACH:
                told = documents
                _log.info("an index is being made", extra=made_of | {"documents": documents})

        await index.rebuild(self._batches(may_go_on), identity=wanted, progress=tell)
        _log.info("an index was made", extra=made_of)

    async def _batches(
        self, may_go_on: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[Sequence[SearchDocument]]:
        last = 0
        while True:
            # A reading a batch: an index that takes minutes must not hold a transaction open.
            async with self._desk.store.reading() as reading:
                entries = await reading.entries.load_after(last, limit=_BATCH)
            if not entries:
                return
            if not await may_go_on():
                raise SearchUnavailable("another replica has taken over indexing")
            yield await asyncio.to_thread(self._documents, entries)
            last = entries[-1].id

    def _documents(self, entries: Sequence[Entry]) -> list[SearchDocument]:
        return [
            document
            for entry in entries
            for document in documents_of(
                entry.document, revision=entry.library_revision, terms=self._terms
            )
        ]

    def _identity(self, library: LibraryState) -> IndexIdentity:
        return IndexIdentity(
            library.library_id,
            library.revision,
            library.stamp,
            f"{self._format}-{library.index_epoch}",
        )

    def _engine_identity(self, library: LibraryState) -> IndexIdentity:
        """What the engine's index should say it is.

        Its embedder stands behind the shape: while an index with another one is made, the old one
        answers, with its own embedder. Other secrets alone are handed over without making it anew.
        """
        wanted = self._identity(library)
        if self._embedder is None:
            return wanted
        return replace(
            wanted,
            format=f"{wanted.format}-{self._embedder.mark}",
            access=self._embedder.access_mark,
        )

    async def _may_answer(self, held: IndexIdentity | None, wanted: IndexIdentity) -> bool:
        """Whether an index holds this library, as it is now or once was, in a shape we can read.

        One whose vocabularies or epoch are old is to be made anew, and answers until that is done.
        """
        if held is None or held == wanted:
            return held is not None
        if held.library_id != wanted.library_id or held.revision > wanted.revision:
            return False
        if _shape_of(held) != _shape_of(wanted):
            return False
        async with self._desk.store.reading() as reading:
            return await reading.library.stamp_of(held.revision) == held.stamp


def _digest_of(vocabularies: Vocabularies) -> str:
    """What tells two sets of vocabularies apart: documents hold their labels and aliases."""
    bodies = (body_of(held) for _, held in sorted(vocabularies.by_set.items()))
    return digest_of("".join(bodies))[:16]


def _shape_of(identity: IndexIdentity) -> str:
    return identity.format.partition("-")[0]


async def _always() -> bool:
    return True
