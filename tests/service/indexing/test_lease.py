"""Of several replicas one writes the engine's index."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from search.lexical import LexicalIndex
from search.protocol import SearchQuery
from service.app import Application
from service.indexing.indexer import Indexer
from service.operations.ports import Desk
from tests.library import NOON, a_case, a_method, publish, small_vocabularies

EVERYTHING = SearchQuery(limit=100)


async def ids(index: Any) -> set[str]:
    return {hit.id for hit in (await index.search(EVERYTHING)).hits}


async def waiting(desk: Desk) -> int:
    async with desk.store.reading() as reading:
        return await reading.outbox.depth()


async def test_only_the_holder_of_the_lease_writes_the_engine(
    application: Application, desk: Desk, tmp_path: Path
) -> None:
    engine = LexicalIndex(tmp_path / "engine")
    application.engine.fill(engine)
    now = NOON
    clock = replace(desk, now=lambda: now)
    others = [
        Indexer(clock, engine=application.engine, lexical=application.lexical, holder=holder)
        for holder in ("a", "b")
    ]
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await others[0].look()
    await publish(desk, a_method("m"))

    await others[1].look()
    meanwhile = (await ids(engine), await waiting(desk))
    now = _after(now, seconds=16)
    await others[1].look()

    assert meanwhile == ({"case_one"}, 1)
    assert await ids(engine) == {"case_one", "method_m"}
    assert await waiting(desk) == 0
    await engine.aclose()


def _after(now: datetime, *, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)
