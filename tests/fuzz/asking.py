"""Documents over HTTP to a running service, over several connections at once."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from graphql import GraphQLSchema

from tests.fuzz.documents import Asked, Documents
from tests.fuzz.judging import HIDDEN_NUMBER, HIDDEN_SLUG, Judge, codes_of
from tests.fuzz.tallies import Tally
from tests.fuzz.values import Pool
from tests.live import LiveServer

_CONNECTIONS: Final = 4
_GIVEN_UP_SECONDS: Final = 20.0
_ADMIN_EVERY: Final = 4
_SHOWN: Final = 4_000

HARVEST: Final = """{
  cases(first: 30) { pageInfo { endCursor } edges { cursor node {
    id slug number } } }
  statements(first: 5) { edges { cursor node { id } } }
  outcomeMetrics(first: 5) { edges { cursor } }
  methods(first: 5) { edges { cursor node { id slug } } }
  procedures(first: 5) { edges { cursor node { id slug } } }
  statementTemplates(first: 5) { edges { cursor node { id slug } } }
  sources(first: 5) { edges { cursor } }
  searchLibrary(query: "宕机", first: 5) { edges { cursor } }
  vocabularies { set terms { code } }
}"""


@dataclass(frozen=True, slots=True)
class Target:
    """A running service, the tokens to ask it with, and who judges what it answers."""

    server: LiveServer
    reader: str
    judge: Judge

    def token(self, *, is_reader: bool) -> str:
        """The token of a reader or of the administrator."""
        return self.reader if is_reader else self.server.token


def harvest(data: dict[str, Any]) -> Pool:
    """Slugs, numbers, codes, ids and cursors that the library really has, and some that it has not."""
    edges = {name: found["edges"] for name, found in data.items() if isinstance(found, dict)}
    cases = [edge["node"] for edge in edges["cases"]]
    nodes = [edge["node"] for found in edges.values() for edge in found if "node" in edge]
    cursors = [edge["cursor"] for found in edges.values() for edge in found]
    slugs = [node["slug"] for node in nodes if "slug" in node]
    ids = [node["id"] for node in nodes]
    codes = {
        held["set"].lower(): [term["code"] for term in held["terms"]]
        for held in data["vocabularies"]
    }
    foreign = ["bm8=", "OjpfOjo=", "W10=", "{}", "A" * 3_000, "%00", "é"]
    return Pool(
        {
            "slugs": [*(case["slug"] for case in cases), HIDDEN_SLUG],
            "caseslug": [*(case["slug"] for case in cases), HIDDEN_SLUG],
            "slug": [*slugs, HIDDEN_SLUG, HIDDEN_SLUG, "no-such"],
            "number": [*(case["number"] for case in cases), HIDDEN_NUMBER],
            "after": [*cursors, *(cursor[:-3] for cursor in cursors[:5]), *ids[:3], *foreign],
            **codes,
            "type": codes["crisistype"],
            "set": [held["set"] for held in data["vocabularies"]],
            "id": [*ids, *(each[1:] for each in ids[:5]), *cursors[:3], *foreign],
            "": [code for held in codes.values() for code in held[:3]] + slugs[:5],
        }
    )


async def ask_all(
    target: Target, schema: GraphQLSchema, tally: Tally, *, count: int, seed: int
) -> None:
    """Send so many documents, and judge each answer."""
    pool = harvest(await asyncio.to_thread(target.server.ask, HARVEST))
    documents = Documents(schema, seed, pool)
    numbered = iter([(number, documents.next) for number in range(count)])
    limits = httpx.Limits(max_connections=_CONNECTIONS)
    async with httpx.AsyncClient(timeout=_GIVEN_UP_SECONDS, limits=limits) as client:
        chance = random.Random(seed)
        await asyncio.gather(
            *(_ask(client, target, numbered, tally, chance) for _ in range(_CONNECTIONS))
        )


async def _ask(
    client: httpx.AsyncClient,
    target: Target,
    numbered: Iterator[tuple[int, Any]],
    tally: Tally,
    chance: random.Random,
) -> None:
    for number, drawn in numbered:
        asked: Asked = drawn()
        is_reader = number % _ADMIN_EVERY != 0
        sent = asked.body.decode()
        begun = time.monotonic()
        try:
            response = await client.post(
                f"{target.server.address}/graphql",
                content=asked.body,
                headers={
                    "authorization": f"Bearer {target.token(is_reader=is_reader)}",
                    "content-type": "application/json",
                },
            )
            status, text = response.status_code, response.text
            headers = str(response.headers)
        except httpx.HTTPError as error:
            wrong, outcomes = [f"no answer: {type(error).__name__}"], ["NO ANSWER"]
            text, seconds = "", time.monotonic() - begun
        else:
            seconds = time.monotonic() - begun
            known = f"{sent}\n{asked.document}\n{asked.variables}"
            wrong = target.judge.wrong(status, text, seconds, sent=known, is_reader=is_reader)
            wrong += target.judge.told_in_answer(headers, is_reader=is_reader)
            outcomes = outcomes_of(response)
            if asked.is_subscription and not outcomes:
                wrong.append("a subscription was answered over plain HTTP")
        tally.count(sent, seconds, outcomes, wrong)
        if wrong:
            tally.keep(
                wrong,
                document=asked.document,
                variables=asked.variables,
                role="reader" if is_reader else "admin",
                seconds=round(seconds, 3),
                answer=text[:_SHOWN],
            )


def outcomes_of(response: httpx.Response) -> list[str]:
    """The codes an answer was refused with; nothing where there are no errors."""
    try:
        errors = response.json().get("errors")
    except (ValueError, AttributeError):
        return [f"HTTP {response.status_code}"]
    return (codes_of(errors) or ["GraphQL"]) if errors else []
