"""The search index in Meilisearch: one index for all kinds, with its identity inside.

The identity is a document of its own kind, so it is swapped, deleted and restored together with
what it describes. Every search names its kinds, so it is never found.
"""

import asyncio
import json
import logging
import time
import uuid
from collections import deque
from collections.abc import AsyncIterable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from search import engine
from search.breaker import CircuitBreaker
from search.embedders import Embedder
from search.errors import (
    DocumentMissing,
    EmbedderUnavailable,
    IndexMissing,
    SearchError,
    SearchRejected,
    SearchUnavailable,
)
from search.meili_documents import (
    IDENTITY_ID,
    Found,
    FoundByBoth,
    StoredIdentity,
    stored_document,
    stored_identity,
)
from search.meili_filters import any_of
from search.meili_queries import by_both, by_meaning, by_words
from search.protocol import (
    Hit,
    IndexIdentity,
    Progress,
    SearchAnswer,
    SearchDocument,
    SearchQuery,
)
from search.settings import embedder_settings, index_settings
from search.terms import query_terms

if TYPE_CHECKING:
    from meilisearch.models.task import TaskInfo

    from search.tasks import MeiliTasks

_log: Final = logging.getLogger(__name__)

_Shape = TypeVar("_Shape", bound=BaseModel)

# `last` ranks best, and finds nothing when the first word is unknown; `frequency` then still does.
_STRATEGIES: Final = ("last", "frequency")
_WHOLE: Final = ("all",)

# Batches handed over before the oldest must be confirmed; Meilisearch merges what waits together.
_BATCHES_IN_FLIGHT: Final = 4

# Meilisearch goes on asking an embedder that fails, for up to half a minute after we have left, and
# each such search takes a place of the few that run at once.
_REST_SECONDS: Final = 15.0


class MeiliIndex:
    """`SearchIndex` in a Meilisearch, under the name `uid`; with an embedder it knows meanings.

    A search by words that takes longer than `search_seconds` has failed. After a failure none is sent
    for a while, so that no reader waits for an engine that is away.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        uid: str = "precedent",
        embedder: Embedder | None = None,
        search_seconds: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._uid = uid
        self._session: aiohttp.ClientSession | None = None
        self._version_is_known = False
        self._writing = asyncio.Lock()
        self._embedder = embedder
        self._search_timeout = aiohttp.ClientTimeout(total=search_seconds)
        self._breaker = CircuitBreaker(clock=clock)
        self._clock = clock
        self._meaning_rests_until = clock()

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Return one page of matches; text without a single word matches nothing."""
        terms = query_terms(query.text)
        if query.text.strip() and not terms:
            return SearchAnswer((), 0, {field: {} for field in query.facets}, 0.0)
        if query.meaning and terms and self._embedder is not None:
            return await self._search_meaning(query, terms=terms)
        first, *others = _WHOLE if query.whole else _STRATEGIES
        answer = await self._search_as(query, terms=terms, strategy=first)
        for strategy in others:
            if answer.total or not terms:
                break
            answer = await self._search_as(query, terms=terms, strategy=strategy)
        return answer

    async def identity(self) -> IndexIdentity | None:
        """Return the identity stored in the index."""
        await self._require_usable_version()
        path = f"{self._url}/indexes/{self._uid}/documents/{IDENTITY_ID}"
        try:
            stored = await engine.request(self._opened(), "GET", path)
            found = StoredIdentity.model_validate_json(stored)
        except (IndexMissing, DocumentMissing, ValidationError):
            return None
        return IndexIdentity(
            found.library_id, found.revision, found.stamp, found.format, found.access
        )

    async def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Add the new documents, remove the entries' others if there are any, take on the identity.

        A crash in between leaves the old identity, so the same change is simply made again.
        """
        async with self._writing:
            held = await self.identity()
            if held is None:
                # Meilisearch would make an index without settings for documents without one.
                raise SearchRejected("there is no index to change; it must be rebuilt first")
            if self._embedder is not None and held.access != identity.access:
                await self._tasks.change_settings(self._uid, embedder_settings(self._embedder))
            stored = [stored_document(document) for document in documents]
            removed = _others(entries, documents)
            if entries and await self._tasks.holds(self._uid, removed):
                if stored:
                    await self._put(self._uid, stored)
                    stored = []
                await self._tasks.delete_where(self._uid, removed)
            # Where nothing has to go in between, all of it is one change.
            await self._put(self._uid, [*stored, stored_identity(identity)])

    async def rebuild(
        self,
        batches: AsyncIterable[Sequence[SearchDocument]],
        *,
        identity: IndexIdentity,
        progress: Progress | None = None,
    ) -> None:
        """Fill an index under another name, then give it this one's."""
        async with self._writing:
            await self._require_usable_version()
            settings = index_settings(self._embedder)
            await self._delete_leftovers()
            building = f"{self._building_prefix}{uuid.uuid4().hex}"
            await self._tasks.create_index(building, settings=settings)
            try:
                await self._fill(building, batches, progress)
                await self._put(building, [stored_identity(identity)])
                if self._uid not in await self._tasks.index_uids():
                    # Only existing indexes can be swapped.
                    await self._tasks.create_index(self._uid, settings=settings)
                await self._tasks.swap(building, self._uid)
            finally:
                # After the swap this name holds the old index, before it the unfinished one. What
                # cannot be deleted now is a leftover to the next rebuild.
                with suppress(SearchError):
                    await self._tasks.delete_index(building)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @cached_property
    def _tasks(self) -> "MeiliTasks":
        # Meilisearch's own client takes a while to import, and a process that only reads needs none.
        from search.tasks import MeiliTasks

        return MeiliTasks(self._url, self._key)

    @property
    def _building_prefix(self) -> str:
        return f"{self._uid}-building-"

    async def _search_as(self, query: SearchQuery, *, terms: str, strategy: str) -> SearchAnswer:
        return await self._ask(query, by_words(query, terms=terms, strategy=strategy))

    async def _search_meaning(self, query: SearchQuery, *, terms: str) -> SearchAnswer:
        """Return what is near in meaning. An embedder that failed is left alone for a while."""
        if self._clock() < self._meaning_rests_until:
            raise EmbedderUnavailable("the embedder failed a moment ago")
        try:
            if query.meaning >= 1:
                return await self._ask(query, by_meaning(query))
            return await self._ask_both(query, terms=terms)
        except SearchUnavailable as error:
            self._meaning_rests_until = self._clock() + _REST_SECONDS
            _log.warning("no meanings for %d s: %s", _REST_SECONDS, error.reason)
            raise

    async def _ask(self, query: SearchQuery, body: Mapping[str, Any]) -> SearchAnswer:
        path = f"/indexes/{self._uid}/search"
        # The engine asks its embedder while we wait, and that may be far away.
        timeout = engine.TIMEOUT if query.meaning else self._search_timeout
        found = await self._post(path, body, Found, timeout=timeout)
        hits = tuple(Hit(hit.id, hit.kind, hit.entry, hit.score) for hit in found.hits)
        return _answer(query, hits, found.facets, found.processing_ms)

    async def _ask_both(self, query: SearchQuery, *, terms: str) -> SearchAnswer:
        body = by_both(query, terms=terms, uid=self._uid)
        found = await self._post("/multi-search", body, FoundByBoth, timeout=engine.TIMEOUT)
        hits = tuple(Hit(hit.id, hit.kind, hit.entry, hit.standing.score) for hit in found.hits)
        return _answer(query, hits, found.facets[self._uid].distribution, found.processing_ms)

    async def _post(
        self,
        path: str,
        body: Mapping[str, Any],
        shape: type[_Shape],
        *,
        timeout: aiohttp.ClientTimeout,
    ) -> _Shape:
        url = f"{self._url}{path}"
        sent = json.dumps(body).encode()
        with self._breaker.asking():
            answer = await engine.request(self._opened(), "POST", url, body=sent, timeout=timeout)
            try:
                return shape.model_validate_json(answer)
            except ValidationError as error:
                raise SearchUnavailable(
                    f"Meilisearch at {url} answers in an unknown shape"
                ) from error

    async def _fill(
        self,
        uid: str,
        batches: AsyncIterable[Sequence[SearchDocument]],
        progress: Progress | None,
    ) -> None:
        waiting: deque[tuple[TaskInfo, int]] = deque()
        ids: set[str] = set()

        async def confirm_oldest() -> None:
            task, document_count = waiting.popleft()
            await self._tasks.confirm(task)
            if progress is not None:
                progress(document_count)

        async for batch in batches:
            if not batch:
                continue
            ids.update(document.id for document in batch)
            task = await self._tasks.put(uid, [stored_document(document) for document in batch])
            waiting.append((task, len(ids)))
            if len(waiting) > _BATCHES_IN_FLIGHT:
                await confirm_oldest()
        while waiting:
            await confirm_oldest()
        # Meilisearch makes a missing index again for documents sent to it, so one that another
        # process took for a leftover would come back with holes.
        if await self._tasks.document_count(uid) != len(ids):
            raise SearchUnavailable(f"another process interfered with building {uid}")

    async def _put(self, uid: str, documents: Sequence[Mapping[str, Any]]) -> None:
        await self._tasks.confirm(await self._tasks.put(uid, documents))

    async def _delete_leftovers(self) -> None:
        for uid in await self._tasks.index_uids():
            if uid.startswith(self._building_prefix):
                await self._tasks.delete_index(uid)

    async def _require_usable_version(self) -> None:
        if not self._version_is_known:
            await engine.ask_version(self._opened(), self._url)
            self._version_is_known = True

    def _opened(self) -> aiohttp.ClientSession:
        # A connection pool belongs to the event loop it is made in, so the first call makes it.
        if self._session is None:
            self._session = engine.new_session(self._url, self._key)
        return self._session


def _others(entries: Collection[str], documents: Sequence[SearchDocument]) -> str:
    """Return the filter for what the index holds of the entries besides these documents."""
    kept = any_of("id", (document.id for document in documents))
    return f"{any_of('entry', entries)} AND NOT ({kept})"


def _answer(
    query: SearchQuery,
    hits: tuple[Hit, ...],
    counts: Mapping[str, Mapping[str, int]],
    processing_ms: float,
) -> SearchAnswer:
    return SearchAnswer(
        hits=hits,
        # Each document has one kind, so their counts are the exact total; Meilisearch's own
        # totals stop at maxTotalHits.
        total=sum(counts["kind"].values()),
        facets={field: counts.get(field, {}) for field in query.facets},
        processing_ms=processing_ms,
    )
