"""How long calls take: on how many connections at once, and what is told of it."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp

CONNECTIONS = (1, 4)

Call = Callable[[aiohttp.ClientSession, int], Awaitable[None]]


async def timed(
    session: aiohttp.ClientSession, call: Call, *, numbers: Sequence[int], connections: int
) -> list[float]:
    """The milliseconds that each call took, one call a number, so many at a time."""
    taken: list[float] = []

    async def worker(first: int) -> None:
        for number in numbers[first::connections]:
            begun = time.perf_counter()
            await call(session, number)
            taken.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(worker(first) for first in range(connections)))
    return taken


def table_head(peer: str) -> str:
    """The head of a table whose last column compares with the peer."""
    return f"{'':<24}{'connections':>12}{'median ms':>12}{'p99 ms':>10}{f'× {peer}':>12}"


def table_row(name: str, times: Sequence[float], *, connections: int, base: float) -> str:
    """A row: the median, the 99th percentile, and how many times the base the median is."""
    median, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    return f"{name:<24}{connections:>12}{median:>12.2f}{p99:>10.2f}{median / base:>12.1f}"
