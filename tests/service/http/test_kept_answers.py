"""What holds for every answer holds for one that was kept: who may have it, its head, its line in the log."""

import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from service.app import Application
from service.domain.access import OPERATOR, AccessRole
from service.http.rates import BURST_SECONDS
from service.operations.ports import Desk
from service.operations.tokens import list_tokens, revoke_token
from tests.library import Client, a_case, publish, small_vocabularies

READER = AccessRole.READER
BODY = json.dumps({"query": '{ case(slug: "one") { title } }'}).encode()


@pytest.fixture(autouse=True)
async def library(desk: Desk) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))


async def asked(ask: Client, content: bytes | AsyncIterator[bytes] = BODY) -> httpx.Response:
    headers = {
        "authorization": f"Bearer {ask.tokens[READER]}",
        "content-type": "application/json",
        "x-request-id": "the-same-id",
    }
    return await ask.request("POST", "/graphql", content=content, headers=headers)


async def test_it_is_the_same_to_the_last_header(application: Application, ask: Client) -> None:
    made, kept = [await asked(ask) for _ in range(2)]

    assert application.answers.hits == 1
    assert made.json() == {"data": {"case": {"title": "案例1"}}}
    assert (kept.status_code, kept.content) == (made.status_code, made.content)
    assert sorted(kept.headers.multi_items()) == sorted(made.headers.multi_items())


async def test_a_body_in_pieces_is_the_same_request(application: Application, ask: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(BODY), 7):
            yield BODY[place : place + 7]

    made, kept = await asked(ask, pieces()), await asked(ask)

    assert application.answers.hits == 1
    assert made.json() == kept.json() == {"data": {"case": {"title": "案例1"}}}


async def test_a_token_that_was_revoked_is_given_none(desk: Desk, ask: Client) -> None:
    await asked(ask)
    for held in await list_tokens(desk, OPERATOR):
        await revoke_token(desk, OPERATOR, held.id)

    assert (await asked(ask)).status_code == 401


async def test_who_asks_too_often_is_given_none(application: Application, ask: Client) -> None:
    limited = Application(application.settings.model_copy(update={"rate_by_token": 1}))
    client = Client(limited.asgi(), ask.tokens)
    try:
        await limited.watch.look()
        statuses = [(await asked(client)).status_code for _ in range(BURST_SECONDS + 1)]
    finally:
        await client.aclose()
        await limited.desk.lexical.aclose()
        await limited.database.aclose()

    assert limited.answers.hits == BURST_SECONDS - 1
    assert statuses == [200] * BURST_SECONDS + [429]


async def test_it_is_a_line_in_the_log_without_what_was_typed(
    application: Application, ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await asked(ask)

    with caplog.at_level(logging.INFO, logger="precedent.http"):
        await asked(ask)

    assert application.answers.hits == 1
    (record,) = [record for record in caplog.records if record.name == "precedent.http"]
    logged = vars(record)
    assert (logged["method"], logged["path"], logged["status"]) == ("POST", "/graphql", 200)
    assert "title" not in repr(logged)
