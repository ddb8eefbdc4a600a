"""The three main queries against a service of their own, beside a bare answer of the same server.

Prints the median and the 99th percentile in milliseconds at one and at four connections, and the
ratio to the bare answer (`/healthz`). Aims at loopback only and stops by itself.
"""

import asyncio
import statistics
import tempfile
from pathlib import Path

import aiohttp

from bench.timing import CONNECTIONS, Call, table_head, table_row, timed
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

        calls: dict[str, Call] = {
            "a bare answer": bare,
            "one case": one_case,
            "twenty cases": twenty_cases,
            "a search": search,
        }
        print(f"{len(slugs)} cases, {ROUNDS} alternating rounds of {CALLS} calls")
        print(table_head("bare"))
        for connections in CONNECTIONS:
            taken: dict[str, list[float]] = {name: [] for name in calls}
            for _ in range(ROUNDS):
                for name, call in calls.items():
                    taken[name] += await timed(
                        session, call, numbers=range(CALLS), connections=connections
                    )
            base = statistics.median(taken["a bare answer"])
            for name, times in taken.items():
                print(table_row(name, times, connections=connections, base=base))


def main() -> None:
    """Start a service, measure, end it."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        server.wait_until("/readyz", "ready")
        asyncio.run(_measure(server.address, server.token))


if __name__ == "__main__":
    main()
