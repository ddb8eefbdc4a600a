"""What several fields wait for together, when one of them no longer does."""

import asyncio
from typing import Any

import pytest

from schema.loaders import Loader


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
