"""The three main queries against a service of their own, beside a bare answer of the same server.

Prints the median and the 99th percentile in milliseconds at one and at four connections, and the
ratio to the bare answer (`/healthz`). Aims at loopback only and stops by itself.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.live import running_server

ROUNDS = 4
CALLS = 100

ONE_CASE = """
query ($slug: String!) { case(slug: $slug) { slug title summary primaryType { code label }
  statements { kind strategies { code label } offsetHours keyMessages }
  outcomeMetrics { metric { code } value unit } } }
"""
TWENTY_CASES = """
{ cases(first: 20) { totalCount edges { node { slug title primaryType { code label }
  statements { kind strategies { code } offsetHours }
  outcomeMetrics { metric { code } value unit } } } } }
"""
SEARCH = """
query ($query: String!) { searchLibrary(query: $query, first: 10) { degraded totalCount
  edges { score node { ... on Case { slug title } ... on Statement { key } }
    highlights { field fragments } }
  facets { name buckets { value label count } } } }
"""
TYPED = (
    "宕机",
    "帳號被盜",
    "资料外泄",
    "haidilao",
    "员工猝死",
    "退款",
    "谣言",
    "hacked",
    "股价",
    "道歉",
)

Call = Callable[[aiohttp.ClientSession, int], Awaitable[None]]


async def _timed(session: aiohttp.ClientSession, call: Call, connections: int) -> list[float]:
    taken: list[float] = []

    async def worker(first: int) -> None:
        for number in range(first, CALLS, connections):
            begun = time.perf_counter()
            await call(session, number)
            taken.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(worker(first) for first in range(connections)))
    return taken


async def _measure(address: str, token: str) -> None:
    async def ask(
        session: aiohttp.ClientSession, document: str, /, **variables: str
    ) -> dict[str, object]:
        body = {"query": document, "variables": variables}
        async with session.post(f"{address}/graphql", json=body) as response:
            answer: dict[str, object] = await response.json()
            assert "errors" not in answer, answer
            return answer

    headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
    async with aiohttp.ClientSession(headers=headers) as session:
        listed = await ask(session, "{ cases(first: 100) { edges { node { slug } } } }")
        slugs = [edge["node"]["slug"] for edge in listed["data"]["cases"]["edges"]]  # type: ignore[index]

        async def bare(session: aiohttp.ClientSession, _: int) -> None:
            async with session.get(f"{address}/healthz") as response:
                await response.read()

        async def one_case(session: aiohttp.ClientSession, number: int) -> None:
            await ask(session, ONE_CASE, slug=slugs[number % len(slugs)])

        async def twenty_cases(session: aiohttp.ClientSession, _: int) -> None:
            await ask(session, TWENTY_CASES)

        async def search(session: aiohttp.ClientSession, number: int) -> None:
            await ask(session, SEARCH, query=TYPED[number % len(TYPED)])

        calls = {
            "a bare answer": bare,
            "one case": one_case,
            "twenty cases": twenty_cases,
            "a search": search,
        }
        print(f"{len(slugs)} cases, {ROUNDS} alternating rounds of {CALLS} calls")
        print(f"{'':<16}{'connections':>12}{'median ms':>12}{'p99 ms':>10}{'× bare':>9}")
        for connections in (1, 4):
            taken: dict[str, list[float]] = {name: [] for name in calls}
            for _ in range(ROUNDS):
                for name, call in calls.items():
                    taken[name] += await _timed(session, call, connections)
            base = statistics.median(taken["a bare answer"])
            for name, times in taken.items():
                median, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
                print(
                    f"{name:<16}{connections:>12}{median:>12.2f}{p99:>10.2f}{median / base:>9.1f}"
                )


def main() -> None:
    """Start a service, measure, end it."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        server.wait_until("/readyz", "ready")
        asyncio.run(_measure(server.address, server.token))


if __name__ == "__main__":
    main()
