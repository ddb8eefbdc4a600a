"""Search by meaning through the API, with a Meilisearch and an embedder of the tests' own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from search.launcher import Address
from search.meili import MeiliIndex
from search.tasks import MeiliTasks
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.precedents import FIT
from service.domain.situations import Situation
from service.operations.ports import Desk
from service.operations.precedents import PrecedentSearch, find_precedents
from service.settings import Settings
from tests.embedders import LocalEmbedder, local_embedder
from tests.library import HIJACK, Client, a_case, both, publish, small_vocabularies

SEARCH = """query($q: String!) { searchLibrary(query: $q, kinds: [CASE]) {
  degraded totalCount edges { node { ... on Case { slug } } } } }"""

# No case holds a word of it, and one means it.
UNWRITTEN = "nothing loads"


@pytest.fixture
async def embedder() -> AsyncIterator[LocalEmbedder]:
    async with local_embedder() as embedder:
        yield embedder


@pytest.fixture
async def application(
    migrated_url: str,
    tmp_path: Path,
    embedder: LocalEmbedder,
    meilisearch_address: Address,
) -> AsyncIterator[Application]:
    """The application with an embedder, on a small library that both engines know."""
    told = embedder.as_embedder()
    application = Application(Settings(var=tmp_path, database_url=migrated_url, embedder=told))
    uid = f"test-{uuid4().hex}"
    application.engine.fill(MeiliIndex(*meilisearch_address, uid=uid, embedder=told))
    await publish(
        application.desk,
        *small_vocabularies(),
        a_case("outage", 1, title=both("宕机", "An outage")),
        a_case("hijack", 2, title=both("盗号", "A hijack"), primary_type=HIJACK),
        *(a_case(f"other-{number}", number) for number in range(3, 9)),
    )
    assert await application.indexer.look()
    yield application
    await application.engine.aclose()
    await application.desk.lexical.aclose()
    await application.database.aclose()
    await MeiliTasks(*meilisearch_address).delete_index(uid)


async def searched(ask: Client, text: str) -> dict[str, Any]:
    found: dict[str, Any] = (await ask(SEARCH, q=text))["searchLibrary"]
    return found


async def precedents(desk: Desk, text: str, **known: Any) -> PrecedentSearch:
    return await find_precedents(desk, OPERATOR, situation=Situation(text=text, **known), first=3)


async def test_a_search_finds_what_means_the_same(ask: Client) -> None:
    found = await searched(ask, UNWRITTEN)

    assert found["degraded"] is False
    assert found["totalCount"] == 8
    assert found["edges"][0]["node"]["slug"] == "outage"


async def test_a_search_of_words_that_are_written_asks_no_embedder(
    ask: Client, embedder: LocalEmbedder
) -> None:
    asked = len(embedder.texts)

    found = await searched(ask, "hijack")

    assert [edge["node"]["slug"] for edge in found["edges"]] == ["hijack"]
    assert found["degraded"] is False
    assert len(embedder.texts) == asked


async def test_while_the_embedder_is_away_the_words_answer(
    ask: Client, embedder: LocalEmbedder
) -> None:
    embedder.status = 401

    found = await searched(ask, "nothing happened")

    assert found["degraded"] is True
    assert found["totalCount"] == 8
    assert (await searched(ask, "hijack"))["degraded"] is False


async def test_a_precedent_is_found_by_its_meaning_alone_and_claims_no_fit(desk: Desk) -> None:
    found = await precedents(desk, UNWRITTEN)

    best = found.precedents[0]
    assert (best.case.slug, best.signals.meaning) == ("outage", 1.0)
    assert best.score == 0.3543 < FIT
    assert found.fits == ()
    assert found.degraded is False


async def test_a_precedent_found_by_its_meaning_is_held_against_what_is_known(desk: Desk) -> None:
    found = await precedents(desk, UNWRITTEN, crisis_types=(HIJACK,))

    signals = {each.case.slug: each.signals for each in found.precedents}
    assert [match.agreement for match in signals["hijack"].facets] == [1.0]
    assert [match.agreement for match in signals["outage"].facets] == [0.0]
    assert signals["outage"].meaning == 1.0


async def test_while_the_embedder_is_away_precedents_are_found_by_words(
    desk: Desk, embedder: LocalEmbedder
) -> None:
    embedder.status = 401

    found = await precedents(desk, "官方账号 盗号")

    assert found.precedents[0].case.slug == "hijack"
    assert {each.signals.meaning for each in found.precedents} == {None}
    assert found.degraded is True
