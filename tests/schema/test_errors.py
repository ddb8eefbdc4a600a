"""What is refused keeps its words; what was not foreseen leaks nothing and has a reference."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from service.store.engine import DatabaseUnavailable
from tests.library import Client

READER = AccessRole.READER


class BrokenStore:
    """A store whose every reading fails with words nobody may see."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def entries(self) -> Any:
        raise self._error

    def listing(self, **_: Any) -> Any:
        raise self._error

    def reading(self) -> Any:
        raise self._error


@pytest.fixture
async def broken(
    application: Application, ask: Client, library: Desk, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Ask while the desk of every request is broken."""

    async def asked(error: Exception, query: str) -> httpx.Response:
        made = application.context

        def context(*asked: Any) -> Any:
            held = made(*asked)
            desk = replace(held.desk, store=BrokenStore(error))
            held.loaders._desk = desk
            return replace(held, desk=desk)

        monkeypatch.setattr(application, "context", context)
        client = Client(application.asgi(), ask.tokens)
        try:
            return await client.post({"query": query}, token=ask.tokens[READER])
        finally:
            await client.aclose()

    return asked


QUERIES = [
    ("a node", 'case(slug: "yuque-outage") { slug }', {"found": None}),
    ("a listing", "cases { totalCount }", None),
]


@pytest.mark.parametrize(("label", "query", "data"), QUERIES)
async def test_what_was_not_foreseen_is_masked_with_a_reference(
    broken: Any, caplog: pytest.LogCaptureFixture, label: str, query: str, data: Any
) -> None:
    response = await broken(
        RuntimeError("password=hunter2 in /etc/secret.py"), f"{{ found: {query} }}"
    )

    reference = response.headers["x-request-id"]
    (error,) = response.json()["errors"]
    assert error["message"] == (
        f"Something went wrong here; it has been recorded. Reference {reference}."
    )
    assert error["extensions"] == {"code": "INTERNAL", "reference": reference}
    assert response.json()["data"] == data
    for secret in ("hunter2", "secret.py", "RuntimeError", "Traceback", "schema/"):
        assert secret not in response.text
    (logged,) = [record for record in caplog.records if record.name == "precedent.graphql"]
    assert vars(logged)["reference"] == reference
    assert vars(logged)["error"] == "RuntimeError"
    assert "hunter2" not in repr(vars(logged))


async def test_what_was_told_no_longer_holds_what_was_being_done(broken: Any) -> None:
    error = RuntimeError("unforeseen")
    error.__context__ = ValueError()

    await broken(error, "{ cases { totalCount } }")

    assert error.__traceback__ is None
    assert error.__context__ is None


async def test_a_database_that_is_away_is_said_without_its_address(broken: Any) -> None:
    away = DatabaseUnavailable("The database postgresql://u@db/x cannot be used (refused).")

    response = await broken(away, "{ cases { totalCount } }")

    reference = response.headers["x-request-id"]
    (error,) = response.json()["errors"]
    assert error["message"] == (
        f"The library cannot answer just now; try again soon. Reference {reference}."
    )
    assert error["extensions"] == {"code": "UNAVAILABLE", "reference": reference}
    assert "postgresql" not in response.text


NO_TEXT = ["\0", "a\0b", "\ud800", "\udfffx"]
STRANGE = [*NO_TEXT, "\u202e", "😀", "'; DROP TABLE entries; --", "%", "_"]
PLACES = [
    ("a slug", "query($x: String!) { found: case(slug: $x) { slug } }"),
    ("a number", "query($x: String!) { found: case(number: $x) { slug } }"),
    ("a method", "query($x: String!) { found: method(slug: $x) { slug } }"),
    ("a set", "query($x: String!) { found: vocabulary(set: $x) { set } }"),
]


@pytest.mark.parametrize(("label", "query"), PLACES)
async def test_a_strange_name_is_the_name_of_nothing(
    library: Desk, ask: Client, label: str, query: str
) -> None:
    for text in STRANGE:
        body = {"query": query, "variables": {"x": text}}

        answer = await _ascii(ask, body)

        assert answer == {"data": {"found": None}}, repr(text)


FILTERS = ["slug", "country"]


@pytest.mark.parametrize("field", FILTERS)
async def test_a_strange_filter_finds_nothing(library: Desk, ask: Client, field: str) -> None:
    query = "query($f: CaseFilter) { cases(filter: $f) { totalCount } }"

    for text in STRANGE:
        answer = await _ascii(ask, {"query": query, "variables": {"f": {field: [text]}}})

        if text in NO_TEXT:
            assert answer["errors"][0]["extensions"] == {"code": "BAD_INPUT"}, repr(text)
        else:
            assert answer == {"data": {"cases": {"totalCount": 0}}}, repr(text)


async def test_a_strange_id_is_bad_input(library: Desk, ask: Client) -> None:
    query = "query($x: ID!) { node(id: $x) { id } }"

    for text in STRANGE:
        answer = await _ascii(ask, {"query": query, "variables": {"x": text}})

        assert answer["errors"][0]["extensions"] == {"code": "BAD_INPUT"}, repr(text)


async def test_a_strange_document_is_refused_in_words(library: Desk, ask: Client) -> None:
    for text in STRANGE:
        answer = await _ascii(ask, {"query": f'{{ case(slug: "{text}") {{ slug }} colour }}'})

        assert "data" not in answer, repr(text)
        assert answer["errors"][0]["message"]


async def _ascii(ask: Client, body: Any) -> Any:
    """The answer to a body whose odd characters are escaped, as JSON allows."""
    response = await ask.request(
        "POST",
        "/graphql",
        content=json.dumps(body),
        headers={
            "content-type": "application/json",
            "authorization": f"Bearer {ask.tokens[READER]}",
        },
    )
    return response.json()
