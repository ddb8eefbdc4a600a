"""The place the search engine stands in: empty until it has been started."""

from collections.abc import AsyncIterable, Collection, Sequence

from search.errors import SearchUnavailable
from search.protocol import (
    IndexIdentity,
    Progress,
    SearchAnswer,
    SearchDocument,
    SearchIndex,
    SearchQuery,
    Synonyms,
)


class EngineSlot:
    """A `SearchIndex` that is away until an engine is put in."""

    STARTING = "the search engine is being started"

    def __init__(self, reason: str = STARTING) -> None:
        self._engine: SearchIndex | None = None
        self.reason = reason

    def fill(self, engine: SearchIndex) -> None:
        """Put the engine in."""
        self._engine = engine

    @property
    def held(self) -> SearchIndex:
        """The engine. Raises `SearchUnavailable` while there is none."""
        if self._engine is None:
            raise SearchUnavailable(self.reason)
        return self._engine

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of matches."""
        return await self.held.search(query)

    async def identity(self) -> IndexIdentity | None:
        """What the index was made from."""
        return await self.held.identity()

    async def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Make the documents the only ones of their entries."""
        await self.held.replace(documents, entries=entries, identity=identity)

    async def rebuild(
        self,
        batches: AsyncIterable[Sequence[SearchDocument]],
        *,
        identity: IndexIdentity,
        synonyms: Synonyms,
        progress: Progress | None = None,
    ) -> None:
        """Make the index anew."""
        await self.held.rebuild(batches, identity=identity, synonyms=synonyms, progress=progress)

    async def aclose(self) -> None:
        """Let the engine go, if there is one."""
        if self._engine is not None:
            await self._engine.aclose()
            self._engine = None
