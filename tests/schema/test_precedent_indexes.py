"""Finding precedents while an index is away."""

from service.app import Application
from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client
from tests.schema.precedents import FIND, QUEUE, Finder, kinds, slugs


async def test_the_engine_away_changes_nothing(
    application: Application, games_twice: Desk, find: Finder
) -> None:
    there = await find(QUEUE, crisisTypes=[OUTAGE])

    application.engine.close()
    away = await find(QUEUE, crisisTypes=[OUTAGE])

    assert away == there
    assert away["degraded"] is False


async def test_the_built_in_index_away_leaves_an_order_that_claims_nothing(
    application: Application, games_twice: Desk, find: Finder
) -> None:
    application.lexical.close()

    found = await find(QUEUE, crisisTypes=[OUTAGE], platforms=["X"])

    assert found["degraded"] is True
    assert found["hasFit"] is False
    assert slugs(found)[0] == "game-queue"
    assert max(edge["score"] for edge in found["edges"]) < 0.5
    assert kinds(found, "game-queue") == ["CRISIS_TYPE", "WORDS"]
    assert kinds(found, "game-queue", "differences") == ["PLATFORM"]
    assert found["evidence"]["considered"] == 0


async def test_facets_alone_find_their_cases_without_the_built_in_index(
    application: Application, games_twice: Desk, find: Finder
) -> None:
    application.lexical.close()

    found = await find(crisisTypes=[HIJACK])

    assert sorted(slugs(found)) == ["ap-hijack", "game-named", "game-quiet"]
    assert found["hasFit"] is False


async def test_a_denial_alone_finds_nothing_without_the_built_in_index(
    application: Application, games_twice: Desk, find: Finder
) -> None:
    application.lexical.close()

    found = await find("没有盗号")

    assert found["edges"] == []


async def test_both_indexes_away_is_said(
    application: Application, games_twice: Desk, ask: Client
) -> None:
    application.lexical.close()
    application.engine.close()

    answer = await ask.answer(FIND, s={"text": QUEUE})

    (error,) = answer["errors"]
    assert error["message"] == "The library is being indexed; ask again in a moment."
    assert error["extensions"] == {"code": "NOT_READY"}
    assert answer["data"] is None
