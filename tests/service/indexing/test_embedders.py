"""The engine's index follows its embedder, and nobody waits for one that is slow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from search.embedders import Embedder
from search.lexical import LexicalIndex
from search.protocol import IndexIdentity, SearchQuery
from service.app import Application
from service.indexing.indexer import Indexer
from service.operations.ports import Desk
from tests.library import NOON, a_case, a_method, publish, small_vocabularies

MODEL = '{"source": "openAi", "model": "one", "apiKey": "first"}'
SAME_MODEL = '{"source": "openAi", "model": "one", "apiKey": "second"}'
OTHER_MODEL = '{"source": "openAi", "model": "other", "apiKey": "first"}'


class Slow(LexicalIndex):
    """An engine that takes changes only once it is let."""

    rebuilds = 0

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.lets = asyncio.Event()
        self.lets.set()

    async def rebuild(self, *arguments: Any, **named: Any) -> None:
        await self.lets.wait()
        self.rebuilds += 1
        await super().rebuild(*arguments, **named)

    async def replace(self, *arguments: Any, **named: Any) -> None:
        await self.lets.wait()
        await super().replace(*arguments, **named)


@pytest.fixture
async def engine(application: Application, tmp_path: Path) -> AsyncIterator[Slow]:
    """An index of our own, standing where Meilisearch stands."""
    engine = Slow(tmp_path / "engine")
    application.engine.fill(engine)
    yield engine
    await engine.aclose()


@pytest.fixture
def time() -> list[datetime]:
    """The time of the indexers; a test that writes into it lets it pass."""
    return [NOON]


@pytest.fixture
def indexer(application: Application, desk: Desk, time: list[datetime]) -> Callable[..., Indexer]:
    """Indexers of one service, each started with an embedder or none."""

    def made(embedder: str | None = None) -> Indexer:
        return Indexer(
            replace(desk, now=lambda: time[0]),
            engine=application.engine,
            lexical=application.lexical,
            holder="a",
            embedder=None if embedder is None else Embedder.from_json(embedder),
        )

    return made


async def ids(index: Any) -> set[str]:
    return {hit.id for hit in (await index.search(SearchQuery(limit=100))).hits}


async def identity(index: LexicalIndex) -> IndexIdentity:
    held = await index.identity()
    assert held is not None
    return held


CHANGES = [
    ("the same embedder", MODEL, MODEL, 0),
    ("other secrets", MODEL, SAME_MODEL, 0),
    ("another model", MODEL, OTHER_MODEL, 1),
    ("an embedder where there was none", None, MODEL, 1),
    ("no embedder any more", MODEL, None, 1),
]


@pytest.mark.parametrize(
    ("before", "after", "rebuilds"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
async def test_the_engines_index_is_made_anew_for_another_embedder_and_not_for_its_secrets(
    desk: Desk,
    engine: Slow,
    indexer: Callable[..., Indexer],
    before: str | None,
    after: str | None,
    rebuilds: int,
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await indexer(before).look()
    lexical, made = await desk.lexical.identity(), engine.rebuilds

    well = await indexer(after).look()

    assert well
    assert engine.rebuilds - made == rebuilds
    assert await desk.lexical.identity() == lexical
    given = None if after is None else Embedder.from_json(after)
    assert (await identity(engine)).access == ("" if given is None else given.access_mark)


async def test_the_old_index_answers_while_one_for_another_embedder_is_made(
    desk: Desk, engine: Slow, indexer: Callable[..., Indexer]
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await indexer(MODEL).look()
    engine.lets.clear()
    other = indexer(OTHER_MODEL)

    async with asyncio.timeout(10):
        while not other.state.engine_ready:
            await other.look(patience_seconds=0.01)

    assert await ids(desk.engine) == {"case_one"}
    engine.lets.set()
    assert await other.look()
    assert engine.rebuilds == 2


async def test_the_built_in_index_does_not_wait_for_a_slow_engine(
    desk: Desk, engine: Slow, indexer: Callable[..., Indexer], time: list[datetime]
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    indexing = indexer(MODEL)
    await indexing.look()
    engine.lets.clear()
    await publish(desk, a_method("m"))
    await indexing.look(patience_seconds=0)
    await publish(desk, a_method("n"))

    time[0] += timedelta(seconds=6)
    await indexing.look(patience_seconds=0)

    assert await ids(desk.lexical) == {"case_one", "method_m", "method_n"}
    assert await ids(engine) == {"case_one"}
    # It is behind, so it may not be asked.
    state = indexing.state
    assert (state.engine_ready, state.engine_trouble) == (False, "the search index is being made")
    engine.lets.set()
    await indexing.look()
    assert await indexing.look()
    assert await ids(desk.engine) == {"case_one", "method_m", "method_n"}


async def test_a_slow_engine_does_not_cost_the_lease(
    desk: Desk, engine: Slow, indexer: Callable[..., Indexer], time: list[datetime]
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    engine.lets.clear()
    indexing = indexer(MODEL)
    await indexing.look(patience_seconds=0)

    for _ in range(3):
        time[0] += timedelta(seconds=8)
        await indexing.look(patience_seconds=0)

    async with desk.store.writing() as writing:
        assert not await writing.leases.take("indexing", "b", now=time[0], seconds=15)
    engine.lets.set()
    assert await indexing.look()
