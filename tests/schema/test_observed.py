"""An operation that was slow is in the log: who looks can find it, and learns nothing that was typed."""

import hashlib
import logging

import pytest

from service.app import Application
from service.domain.access import AccessRole
from service.observers import Observer
from service.operations.ports import Desk
from tests.library import Client

SEARCH = "query Sought($q: String!) { searchLibrary(query: $q) { edges { node { __typename } } } }"
TYPED = "机密内容 账号被盗"


async def test_a_slow_operation_is_logged_with_its_document_and_what_it_did(
    application: Application, library: Desk, ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await application.indexer.look()
    application.observer = Observer(application.observer.metrics, slow_seconds=0.0)

    with caplog.at_level(logging.INFO):
        await ask(SEARCH, q=TYPED)

    (slow,) = (record for record in caplog.records if record.message == "slow operation")
    told = vars(slow)
    assert told["operation"] == "Sought"
    assert told["document"] == hashlib.sha256(SEARCH.encode()).hexdigest()
    # The engine, which is away, then the built-in index; then what was found, with its bodies.
    assert (told["searches"], told["statements"]) == (2, 1)
    assert told["outcome"] == "answered"
    assert told["ms"] > 0
    assert [record for record in caplog.records if TYPED in str(vars(record))] == []


async def test_an_operation_that_is_not_slow_is_not_logged(
    library: Desk, ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await ask("{ __typename }")

    assert [record for record in caplog.records if record.message == "slow operation"] == []


async def test_a_slow_document_that_has_no_utf8_is_logged_like_another(
    application: Application, library: Desk, ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    application.observer = Observer(application.observer.metrics, slow_seconds=0.0)

    with caplog.at_level(logging.INFO):
        response = await ask.request(
            "POST",
            "/graphql",
            content=b'{"query": "{ __typename } # \\ud83d"}',
            headers={
                "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
                "content-type": "application/json",
            },
        )

    assert response.status_code == 200
    (slow,) = (record for record in caplog.records if record.message == "slow operation")
    assert len(vars(slow)["document"]) == 64
