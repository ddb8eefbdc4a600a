"""`findPrecedents` and `searchLibrary` on a large library, beside bare searches of its Meilisearch.

Prints the median and the 99th percentile in milliseconds at one and at four connections, and the
ratio to a bare Meilisearch search of the same raw text, over the same index, by the same client: a
plain one for `findPrecedents`, one with the same facets and with highlights for `searchLibrary`. No
text is asked twice of any side. Aims at loopback only and stops what it started.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from rich.console import Console

from bench.engines import running_engine
from bench.phrasings import fresh_texts
from bench.recombined import SEED, recombined_cases
from bench.timing import CONNECTIONS, Call, table_head, table_row, timed
from search.launcher import Address
from search.protocol import TEXT_FIELDS
from search.tasks import MeiliTasks
from seed_cases.loader import seed_documents
from service.app import offline_desk
from service.commands.bars import progress_bar
from service.domain.access import OPERATOR
from service.domain.cases import Case
from service.domain.files import FileDocument
from service.operations.publishing import import_documents
from service.operations.search import FACETS
from service.settings import Settings
from tests.live import LiveServer, running_server

ROUNDS = 5
START_SECONDS = 900
MEASURE_SECONDS = 900
_BATCH = 500

console = Console(stderr=True, highlight=False)

PRECEDENTS = """
query ($text: String!) { findPrecedents(situation: {text: $text}, first: 10) {
  degraded concepts { set term { code label } }
  edges { score node { slug number title }
    reasons { kind label weight matched } differences { kind label }
    saidFirst { offsetHours kind strategies { code } }
    cameOfIt { metric { code } value unit } } } }
"""
LIBRARY = """
query ($text: String!) { searchLibrary(query: $text, first: 10) { degraded totalCount
  edges { score node { ... on Case { slug title } ... on Statement { key } }
    highlights { field fragments } }
  facets { name buckets { value label count } } } }
"""


PLAIN = "plain Meilisearch"
WITH_FACETS = "Meilisearch, the same"
# What each is compared with, where that is not the plain search.
BESIDE = {"searchLibrary": WITH_FACETS, WITH_FACETS: WITH_FACETS}
_BRIEF = {"limit": 10, "attributesToRetrieve": ["id", "kind", "entry"]}
_LIKE_OURS = {
    "facets": FACETS,
    "attributesToHighlight": TEXT_FIELDS,
    "attributesToCrop": TEXT_FIELDS,
    "showRankingScore": True,
}


async def fill(settings: Settings, *, count: int) -> tuple[Case, ...]:
    """Fill a library with the seed library and recombined cases; the seed cases."""
    seed = list(seed_documents())
    cases = tuple(read.document for read in seed if isinstance(read.document, Case))
    made = recombined_cases(cases, count=max(0, count - len(cases)))
    async with offline_desk(settings) as desk:
        with progress_bar(console) as progress:
            task = progress.add_task("Recombining cases", total=count, completed=len(cases))
            await import_documents(desk, OPERATOR, seed, seeding=True)
            while batch := [FileDocument(case, case.slug, {}) for case in islice(made, _BATCH)]:
                await import_documents(desk, OPERATOR, batch)
                progress.advance(task, len(batch))
    return cases


async def measure(server: LiveServer, engine: Address, texts: Sequence[str]) -> None:
    """Ask both sides the same texts in alternating rounds, and print the table."""
    tasks = MeiliTasks(*engine)
    (index,) = await tasks.index_uids()
    # Ours are made from the library; a bare search makes its highlights from what it displays.
    await tasks.change_settings(index, {"displayedAttributes": ["*"]})
    bare = f"{engine.url}/indexes/{index}/search"
    graphql = f"{server.address}/graphql"
    plain = [{"q": text, **_BRIEF} for text in texts]
    bodies = {
        PLAIN: (bare, engine.key, plain),
        WITH_FACETS: (bare, engine.key, [each | _LIKE_OURS for each in plain]),
        "findPrecedents": (graphql, server.token, _documents(PRECEDENTS, texts)),
        "searchLibrary": (graphql, server.token, _documents(LIBRARY, texts)),
    }
    async with aiohttp.ClientSession(headers={"accept-encoding": "identity"}) as session:
        calls = {name: _posting(*how) for name, how in bodies.items()}
        print(table_head("bare"))
        for place, connections in enumerate(CONNECTIONS):
            numbers = range(place, len(texts), len(CONNECTIONS))
            taken = await _in_rounds(session, calls, numbers=numbers, connections=connections)
            for name, times in taken.items():
                base = statistics.median(taken[BESIDE.get(name, PLAIN)])
                print(table_row(name, times, connections=connections, base=base))


def _documents(document: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    return [{"query": document, "variables": {"text": text}} for text in texts]


def _posting(url: str, token: str, bodies: Sequence[Any]) -> Call:
    encoded = [orjson.dumps(body) for body in bodies]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def post(session: aiohttp.ClientSession, number: int) -> None:
        async with session.post(url, data=encoded[number], headers=headers) as response:
            answer = await response.read()
        assert response.status == HTTPStatus.OK, answer
        assert b'"errors":' not in answer, answer
        assert b'"degraded":true' not in answer, "an index is away"

    return post


async def _in_rounds(
    session: aiohttp.ClientSession,
    calls: Mapping[str, Call],
    *,
    numbers: Sequence[int],
    connections: int,
) -> dict[str, list[float]]:
    """The times by side. Each round takes other texts, and another side goes first."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    sides = list(calls)
    for place in range(ROUNDS):
        for name in sides[place % len(sides) :] + sides[: place % len(sides)]:
            taken[name] += await timed(
                session, calls[name], numbers=numbers[place::ROUNDS], connections=connections
            )
    return taken


async def _run(var: Path, *, cases: int, texts: int) -> None:
    async with running_engine(var / "meilisearch") as (engine, _):
        seed = await fill(Settings(var=var), count=cases)
        _tell("making both indexes …")
        settings = {"PRECEDENT_MEILI_URL": engine.url, "PRECEDENT_MEILI_KEY": engine.key}
        with running_server(var, start_seconds=START_SECONDS, **settings) as server:
            server.wait_until("/readyz", "ready")
            _tell("measuring …")
            asked = fresh_texts(seed, count=texts * len(CONNECTIONS), seed=SEED)
            print(f"{cases} cases, {texts} fresh texts in {ROUNDS} alternating rounds")
            print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.2f}")
            async with asyncio.timeout(MEASURE_SECONDS):
                await measure(server, engine, asked)
            print(f"load after: {os.getloadavg()[0]:.2f}")


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


def main() -> None:
    """Make the library, start both systems, measure, end them."""
    parser = argparse.ArgumentParser(prog="bench.precedents", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="how large the library is")
    parser.add_argument(
        "--texts", type=int, default=300, help="texts for each number of connections"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder), cases=arguments.cases, texts=arguments.texts))


if __name__ == "__main__":
    main()
