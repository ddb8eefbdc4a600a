"""What several fields wait for together, when one of them no longer does."""

import asyncio
import gc
from typing import Any

import pytest

from schema.execution import ShortWay
from schema.loaders import Loader, Loaders
from service.app import Application
from service.domain.access import AccessRole
from service.domain.entries import Entry, EntryKind
from service.operations.ports import Desk
from service.store.caches import EntryCache
from tests.library import Client, ClientMaker, a_case, publish, small_vocabularies


async def test_who_goes_away_does_not_take_what_others_wait_for() -> None:
    asked: list[list[int]] = []

    async def double(numbers: list[int]) -> list[int]:
        asked.append(numbers)
        await asyncio.sleep(0)
        return [2 * number for number in numbers]

    loader: Loader[int, int] = Loader(double)

    async def wait(*numbers: int) -> Any:
        return await loader.load_many(numbers)

    goes, stays = asyncio.create_task(wait(1, 2)), asyncio.create_task(wait(2, 3))
    await asyncio.sleep(0)
    goes.cancel()

    assert await stays == [4, 6]
    with pytest.raises(asyncio.CancelledError):
        await goes
    assert await loader.load(2) == 4
    assert asked == [[1, 2, 3]]


async def test_what_was_loaded_is_let_go_of_without_the_collector(
    application: Application, desk: Desk, ask: Client
) -> None:
    await publish(desk, *small_vocabularies(), *(a_case(f"c{n}", n) for n in range(1, 13)))
    application.desk.store._cache = EntryCache(most=0)
    gc.collect()
    gc.disable()
    try:
        await ask("{ cases(first: 12) { edges { node { title statements { key } } } } }")
        # The event loop holds what it runs until it runs the next.
        await asyncio.sleep(0)
        left = [each for each in gc.get_objects() if isinstance(each, Entry)]
        cases = [each.key.slug for each in left if each.key.kind is EntryKind.CASE]
    finally:
        gc.enable()

    assert cases == []


@pytest.mark.parametrize(
    "query", ["{ cases(first: 2) { edges { node { title } } } }", "{ a: library { revision } }"]
)
async def test_no_executor_waits_for_the_collector(desk: Desk, ask: Client, query: str) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1), a_case("two", 2))
    gc.collect()
    gc.disable()
    try:
        await ask(query)
        await asyncio.sleep(0)
        left = [each for each in gc.get_objects() if isinstance(each, ShortWay)]
    finally:
        gc.enable()

    assert left == []


async def test_the_operations_of_a_batch_load_by_themselves(
    desk: Desk, ask_with: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1), a_case("two", 2))
    forgotten: list[Loaders] = []
    forget = Loaders.forget

    def noted(loaders: Loaders) -> None:
        forgotten.append(loaders)
        forget(loaders)

    monkeypatch.setattr(Loaders, "forget", noted)
    bodies = [{"query": f'{{ case(slug: "{slug}") {{ title }} }}'} for slug in ("one", "two")]
    ask = ask_with(batch=2)

    answers = (await ask.post(bodies, token=ask.tokens[AccessRole.READER])).json()

    assert [answer["data"]["case"]["title"] for answer in answers] == ["案例1", "案例2"]
    assert len({id(loaders) for loaders in forgotten}) == len(forgotten) == 2
