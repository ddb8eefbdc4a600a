"""The composition root: wires the database, both search engines, the schema and the routes."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from cross_web import HTTPException
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from schema.build import PrecedentSchema, build_schema, context_of
from schema.persisted import PersistedDocuments, documents_in
from search.binary import binary_on_path, ensure_binary
from search.errors import SearchError
from search.launcher import MeiliLauncher
from search.lexical import LexicalIndex
from service.auth import actor_of
from service.checkups import BUILT_IN, MEILISEARCH, take_vitals
from service.domain.access import Actor, Permission
from service.domain.changes import LibraryChange
from service.domain.errors import LibraryError
from service.domain.lint.rules import shipped_rules
from service.domain.reads import note_passing
from service.http.answers import AnswerCache
from service.http.graphiql import asset_routes, graphiql_page
from service.http.heads import header
from service.http.health import ALIVE, READY, Readiness, health_routes
from service.http.metrics import METRICS, MetricsPage, ResponseCounter
from service.http.origins import cross_origin
from service.http.rates import RateGate
from service.http.requests import RequestGate
from service.http.view import GraphQLView
from service.indexing.gates import GatedIndex, GatedNearnessIndex
from service.indexing.indexer import Indexer
from service.logs import request_id
from service.metrics import Metrics
from service.observers import Observer
from service.operations.ports import Desk, VocabularyShelf
from service.settings import PREFIX, Settings, WrongSettings
from service.store.engine import Database, DatabaseNotMigrated, DatabaseUnavailable
from service.store.migrations import is_migrated, migrate
from service.store.units import Store
from service.store.watches import LibraryWatch
from service.traces import Traces
from service.vitals import Vitals

if TYPE_CHECKING:
    from search.meili import MeiliIndex

_log = logging.getLogger("precedent")

_ENGINE_RETRY_SECONDS = 15.0


def now() -> datetime:
    """The time, aware and in UTC."""
    note_passing()
    return datetime.now(UTC)


@asynccontextmanager
async def offline_desk(settings: Settings, *, may_migrate: bool = True) -> AsyncIterator[Desk]:
    """A desk on the migrated library without search: what commands work with."""
    database = Database(settings.effective_database_url, pool_size=settings.database_pool)
    lexical = GatedNearnessIndex(LexicalIndex(settings.var / "lexical"))
    try:
        if settings.database_url is None:
            settings.var.mkdir(parents=True, exist_ok=True)
        if may_migrate:
            await migrate(database)
        elif not await is_migrated(database):
            raise DatabaseNotMigrated(
                "new or of an earlier version; the next `precedent serve` migrates it"
            )
        store, shelf = Store(database), VocabularyShelf()
        desk = Desk(
            store=store,
            engine=GatedIndex(),
            lexical=lexical,
            shelf=shelf,
            watch=LibraryWatch(store, subscriptions_most=0, before_telling=shelf.follow),
            now=now,
        )
        async with desk.store.reading() as reading:
            await desk.shelf.refresh(reading)
        yield desk
    finally:
        await lexical.aclose()
        await database.aclose()


def _persisted(settings: Settings, schema: PrecedentSchema) -> PersistedDocuments:
    if settings.documents is None:
        return PersistedDocuments()
    try:
        texts = tuple(documents_in(settings.documents, schema._schema))  # noqa: SLF001 - it has no public name
    except ValueError as error:
        raise WrongSettings(f"{PREFIX}DOCUMENTS: {error}") from error
    return PersistedDocuments(texts, only_these=settings.only_persisted)


def _authorization(request: Request | WebSocket, carried: str | None) -> str | None:
    given = header(request.scope, b"authorization")
    return carried if given is None else given


class Application:
    """One process of the service: its desk, its indexer and its engine."""

    def __init__(
        self,
        settings: Settings,
        *,
        on_ready: Callable[[str | None], None] = lambda _: None,
        traces: Traces | None = None,
    ) -> None:
        self.settings = settings
        self._on_ready = on_ready
        self.database = Database(settings.effective_database_url, pool_size=settings.database_pool)
        instance = str(uuid4())
        if traces is None and settings.otlp_endpoint is not None:
            traces = Traces.over_http(settings.otlp_endpoint, instance=instance)
        self._traces = traces
        self.observer = Observer(Metrics(), traces, settings.slow_seconds)
        self.engine = GatedIndex(observed=self.observer.over_searches(MEILISEARCH))
        self.lexical = GatedNearnessIndex(
            LexicalIndex(settings.var / "lexical"), observed=self.observer.over_searches(BUILT_IN)
        )
        store = Store(self.database, cached_entries=settings.cached_entries)
        shelf = VocabularyShelf()
        self.watch = LibraryWatch(
            store, subscriptions_most=settings.subscriptions, before_telling=shelf.follow
        )
        self.desk = Desk(
            store=store,
            engine=self.engine,
            lexical=self.lexical,
            shelf=shelf,
            watch=self.watch,
            now=now,
            published=self._published,
            meaning_share=settings.semantic_ratio if settings.embedder is not None else None,
        )
        self.indexer = Indexer(
            self.desk,
            engine=self.engine,
            lexical=self.lexical,
            holder=instance,
            embedder=settings.embedder,
        )
        self.answers = AnswerCache(
            most_bytes=settings.answers_mb * 1_000_000, hears_of_changes=self.watch.hears
        )
        self.watch.tell(self._changed)
        self._schema = build_schema(
            introspection=settings.helps(settings.introspection),
            suggestions=settings.helps(settings.suggestions),
        )
        self._documents = _persisted(settings, self._schema)
        self._closing = AsyncExitStack()

    def _published(self) -> None:
        self.indexer.wake()

    def _changed(self, change: LibraryChange) -> None:
        if change.is_whole:
            self.answers.drop(change.entries)
        else:
            self.answers.clear()

    async def readiness(self) -> Readiness:
        """Whether this process can answer: 503 until first indexed, or without the database."""
        state = self.indexer.state
        try:
            await asyncio.wait_for(self.database.ping(), 3)
        except (DatabaseUnavailable, TimeoutError):
            return Readiness(ready=False, degraded=True, reasons=("the database does not answer",))
        if not state.lexical_ready:
            return Readiness(ready=False, degraded=True, reasons=("the library is being indexed",))
        if not state.engine_ready:
            return Readiness(ready=True, degraded=True, reasons=("the search engine is away",))
        return Readiness(ready=True, degraded=False)

    async def vitals(self) -> Vitals:
        """How this process is now, whatever is away."""
        taken = await take_vitals(self.desk, self.indexer.state, var=self.settings.var)
        return replace(
            taken,
            answer_cache_hits=self.answers.hits,
            answer_cache_misses=self.answers.misses,
            answer_cache_bytes=self.answers.bytes_held,
            subscriptions=self.watch.subscriptions,
        )

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """Start the engine and the indexer, and end both with the service."""
        async with self._closing as stack:
            if self._traces is not None:
                stack.push_async_callback(asyncio.to_thread, self._traces.close)
            stack.push_async_callback(self.database.aclose)
            stack.push_async_callback(self.desk.lexical.aclose)
            stack.push_async_callback(self.engine.aclose)
            tasks = [
                asyncio.create_task(self._start_engine(stack), name="engine"),
                asyncio.create_task(self.indexer.run(), name="indexer"),
                asyncio.create_task(self.watch.run(), name="watch"),
                asyncio.create_task(self._announce(), name="announce"),
                asyncio.create_task(self._warm_up(), name="warm-up"),
            ]
            try:
                yield
            finally:
                self.watch.close()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _warm_up(self) -> None:
        """Once there are answers, make what whoever needs it first would wait for."""
        while not self.indexer.state.lexical_ready:
            await self.indexer.changed()
        await asyncio.to_thread(shipped_rules)

    async def _announce(self) -> None:
        state = self.indexer.state
        while not state.lexical_ready or not (state.engine_ready or self._engine_failed()):
            await self.indexer.changed()
        self._on_ready(None if state.engine_ready else state.engine_trouble)

    def _engine_failed(self) -> bool:
        # While the engine is being started its place is empty, which is no failure yet.
        return self.indexer.state.engine_trouble not in {None, GatedIndex.STARTING}

    async def _start_engine(self, stack: AsyncExitStack) -> None:
        while True:
            try:
                async with self.desk.store.reading() as reading:
                    library = await reading.library.get()
                url, key = await self._engine_address(stack)
                index = await asyncio.to_thread(self._engine_index, url, key, library.library_id)
            except (SearchError, LibraryError) as error:
                self.engine.reason = str(error)
                self.indexer.wake()
                _log.warning("the search engine cannot be started: %s", error)
                await asyncio.sleep(_ENGINE_RETRY_SECONDS)
            else:
                self.engine.fill(index)
                self.indexer.wake()
                return

    def _engine_index(self, url: str, key: str, library_id: str) -> "MeiliIndex":
        # What speaks to the engine takes a while to import, and the built-in index answers meanwhile.
        from search.meili import MeiliIndex

        return MeiliIndex(
            url,
            key,
            # Libraries that share an engine keep apart.
            uid=f"precedent-{library_id}",
            embedder=self.settings.embedder,
            search_seconds=self.settings.meili_seconds,
        )

    async def _engine_address(self, stack: AsyncExitStack) -> tuple[str, str]:
        settings = self.settings
        if settings.meili_url is not None:
            return settings.meili_url, settings.meili_key
        binary = binary_on_path()
        if binary is None:
            binary = await asyncio.to_thread(ensure_binary, settings.var / "bin")
        launcher = MeiliLauncher(
            binary,
            settings.var / "meilisearch",
            settings.var / "meilisearch.log",
            key=secrets.token_urlsafe(32),
            may_embed=settings.embedder is not None,
        )
        stack.push_async_callback(launcher.aclose)
        address = await launcher.start()
        return address.url, address.key

    async def actor(self, request: Request | WebSocket, carried: str | None) -> Actor:
        """Who asks. Whoever may not read is asked for a token.

        `carried` is what stands for the header of a client that cannot send one.
        """
        try:
            actor = await self._actor_of(_authorization(request, carried))
        except DatabaseUnavailable as error:
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE, "The library's database does not answer."
            ) from error
        if not actor.permits(Permission.READ):
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                "A valid token is needed: send `Authorization: Bearer TOKEN`. "
                "`precedent token create --role reader` makes one.",
            )
        return actor

    def context(self, request: Request | WebSocket, carried: str | None, actor: Actor) -> Any:
        """What resolvers work with, for whom `actor` has just found to ask."""
        return context_of(
            self.desk,
            actor,
            request_id=request_id.get() or "none",
            actor_now=partial(self._actor_of, _authorization(request, carried)),
            documents=self._documents,
            observer=self.observer,
            traceparent=request.headers.get("traceparent"),
        )

    async def _actor_of(self, authorization: str | None) -> Actor:
        return await actor_of(self.desk, authorization, anonymous_role=self.settings.anonymous_role)

    def asgi(self) -> Starlette:
        """The ASGI application."""
        settings = self.settings
        with_page = settings.helps(settings.graphiql)
        view = GraphQLView(
            self._schema,
            find_actor=self.actor,
            make_context=self.context,
            page=graphiql_page if with_page else lambda: None,
            batch_most=settings.batch,
            operations_per_socket=settings.subscriptions_per_connection,
            origins=settings.origins,
            most_seconds=settings.request_seconds,
            answers=self.answers if settings.answers_mb else None,
            on_kept=self.observer.answered_again,
        )
        metrics = self.observer.metrics
        scraped = MetricsPage(self.desk, metrics, self.vitals, access=self.settings.metrics)
        routes = [
            Route("/graphql", view),
            Route("/", lambda _: RedirectResponse("/graphql"), methods=["GET"]),
            WebSocketRoute("/graphql", view),
            *health_routes(self.readiness),
            *scraped.routes(),
            *(asset_routes() if with_page else ()),
        ]
        middleware = [
            Middleware(ResponseCounter, metrics=metrics),
            *cross_origin(settings.origins),
            Middleware(RequestGate, hsts_seconds=settings.hsts_seconds),
            Middleware(
                RateGate,
                by_token=settings.most_by_token,
                by_address=settings.most_by_address,
                exempt=(ALIVE, READY, METRICS),
            ),
        ]
        return Starlette(routes=routes, middleware=middleware, lifespan=self.running)
