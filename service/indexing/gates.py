"""The gate before an index: closed until what stands behind it is known to be the library's."""

from collections.abc import AsyncIterable, Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext

from search.errors import SearchUnavailable
from search.protocol import (
    IndexIdentity,
    Nearness,
    NearnessIndex,
    Preference,
    Progress,
    SearchAnswer,
    SearchDocument,
    SearchIndex,
    SearchQuery,
)
from service.domain.reads import note_passing

# What is entered around each search, also one that is held back.
Observed = Callable[[], AbstractContextManager[None]]


class GatedIndex:
    """A `SearchIndex` that answers no search while the gate is closed, or nothing stands behind it.

    Whoever keeps the index reaches it through the gate; only readers are held back, and observed.
    """

    STARTING = "the search engine is being started"
    BEHIND = "the search index is being made"

    def __init__(
        self, index: SearchIndex | None = None, *, observed: Observed = nullcontext
    ) -> None:
        self._index = index
        self._observed = observed
        self._open = False
        self.reason = self.STARTING if index is None else self.BEHIND

    def fill(self, index: SearchIndex) -> None:
        """Put an index behind the gate."""
        self._index = index
        self.reason = self.BEHIND

    def open(self) -> None:
        """Let searches through."""
        self._open = True

    def close(self) -> None:
        """Hold searches back: what the index holds is not the library."""
        self._open = False

    @property
    def _held(self) -> SearchIndex:
        if self._index is None:
            raise SearchUnavailable(self.reason)
        return self._index

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of matches. Raises `SearchUnavailable` while the gate is closed."""
        note_passing()
        with self._observed():
            index = self._held
            self._require_open()
            return await index.search(query)

    def _require_open(self) -> None:
        if not self._open:
            raise SearchUnavailable(self.reason)

    async def identity(self) -> IndexIdentity | None:
        """What the index was made from."""
        return await self._held.identity()

    async def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Make the documents the only ones of their entries."""
        await self._held.replace(documents, entries=entries, identity=identity)

    async def rebuild(
        self,
        batches: AsyncIterable[Sequence[SearchDocument]],
        *,
        identity: IndexIdentity,
        progress: Progress | None = None,
    ) -> None:
        """Make the index anew."""
        await self._held.rebuild(batches, identity=identity, progress=progress)

    async def aclose(self) -> None:
        """Let the index go, if there is one."""
        self._open = False
        if self._index is not None:
            await self._index.aclose()


class GatedNearnessIndex(GatedIndex):
    """A gate before an index that also says how near its documents are."""

    def __init__(self, index: NearnessIndex, *, observed: Observed = nullcontext) -> None:
        super().__init__(index, observed=observed)
        self._near = index

    async def nearest(
        self, query: SearchQuery, *, preferences: Sequence[Preference] = ()
    ) -> Nearness:
        """The nearest documents. Raises `SearchUnavailable` while the gate is closed."""
        note_passing()
        with self._observed():
            self._require_open()
            return await self._near.nearest(query, preferences=preferences)
