"""What every request passes through: an id, a bound on its size, a line in the log."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.types import Message

from service.domain.access import AccessRole
from service.http.requests import BODY_MOST_BYTES, URL_MOST_BYTES
from tests.library import Client, ClientMaker

REVISION = "{ library { revision } }"


def headers(ask: Client, **more: str) -> dict[str, str]:
    return {
        "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
        "content-type": "application/json",
        **more,
    }


async def test_the_id_of_a_request_is_given_back(ask: Client) -> None:
    response = await ask.get("/healthz", **{"x-request-id": "desk-2026-11-20"})

    assert response.headers["x-request-id"] == "desk-2026-11-20"


WRONG_IDS = [
    "",
    "short",
    "a" * 65,
    "with blank",
    "<script>alert",
    "line\\nbreak",
    "数字数字数字数字",
]


@pytest.mark.parametrize("given", WRONG_IDS)
async def test_an_id_that_is_none_is_replaced(ask: Client, given: str) -> None:
    response = await ask.request("GET", "/healthz", headers=[(b"x-request-id", given.encode())])

    assert re.fullmatch("[0-9a-f]{16}", response.headers["x-request-id"])


async def test_each_request_has_an_id_of_its_own(ask: Client) -> None:
    ids = {(await ask.get("/healthz")).headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/nowhere"])
async def test_an_answer_is_not_sniffed_stored_framed_or_referred_from(
    ask: Client, path: str
) -> None:
    response = await ask.request("POST", path, json={"query": REVISION}, headers=headers(ask))

    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; frame-ancestors 'none'"
    )


async def test_the_page_keeps_a_policy_of_its_own(ask: Client) -> None:
    page = await ask.get("/graphql", accept="text/html")

    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_only_over_tls_browsers_are_told_to_keep_to_it(ask_with: ClientMaker) -> None:
    ask = ask_with(hsts_seconds=3600)

    plain = await ask.get("/healthz")
    secure = await ask.request("GET", "https://precedent/healthz")

    assert "strict-transport-security" not in plain.headers
    assert secure.headers["strict-transport-security"] == "max-age=3600"


def padded(size: int) -> bytes:
    """A good request of exactly so many bytes."""
    body = json.dumps({"query": REVISION}).encode()
    return body + b" " * (size - len(body))


async def test_a_body_at_the_bound_is_read(ask: Client) -> None:
    response = await ask.request(
        "POST", "/graphql", content=padded(BODY_MOST_BYTES), headers=headers(ask)
    )

    assert response.json() == {"data": {"library": {"revision": 0}}}


TOO_LARGE = {"errors": [{"message": f"The body is larger than {BODY_MOST_BYTES} bytes."}]}


@pytest.mark.parametrize("size", [BODY_MOST_BYTES + 1, 10_000_000])
async def test_a_body_that_is_too_large_is_refused(ask: Client, size: int) -> None:
    response = await ask.request("POST", "/graphql", content=padded(size), headers=headers(ask))

    assert (response.status_code, response.json()) == (413, TOO_LARGE)
    assert response.headers["x-request-id"]


async def test_a_body_that_names_no_length_is_bounded_too(ask: Client) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 50_000

    response = await ask.request("POST", "/graphql", content=chunks(), headers=headers(ask))

    assert (response.status_code, response.json()) == (413, TOO_LARGE)


async def test_a_body_in_chunks_is_read(ask: Client) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for byte in json.dumps({"query": REVISION}):
            yield byte.encode()

    response = await ask.request("POST", "/graphql", content=chunks(), headers=headers(ask))

    assert response.json() == {"data": {"library": {"revision": 0}}}


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "²", "99999999999999999999"])
async def test_a_length_that_is_none_is_refused(ask: Client, length: str) -> None:
    raw = [
        *((name.encode(), value.encode()) for name, value in headers(ask).items()),
        (b"content-length", length.encode("latin-1")),
    ]

    response = await ask.request("POST", "/graphql", content=b"{}", headers=raw)

    assert response.status_code in {400, 413}


async def test_an_address_that_is_too_long_is_refused(ask: Client) -> None:
    response = await ask.request(
        "GET", f"/graphql?query={'a' * URL_MOST_BYTES}", headers=headers(ask)
    )

    message = f"The address is longer than {URL_MOST_BYTES} bytes; send it by POST."
    assert (response.status_code, response.json()) == (414, {"errors": [{"message": message}]})


async def test_the_log_holds_no_query_and_no_token(
    ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    token = ask.tokens[AccessRole.READER]

    with caplog.at_level(logging.INFO, logger="precedent.http"):
        await ask.post({"query": "{ hunter2: library { revision } }"}, token=token)
        await ask.get("/healthz")

    (record,) = [record for record in caplog.records if record.name == "precedent.http"]
    logged = vars(record)
    assert (logged["method"], logged["path"], logged["status"]) == ("POST", "/graphql", 200)
    assert "hunter2" not in repr(logged)
    assert token not in repr(logged)


async def test_a_client_that_hangs_up_amid_its_body_is_no_error(
    ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    given = [(name.encode(), value.encode()) for name, value in headers(ask).items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [*given, (b"content-length", b"50")],
    }
    messages: Iterator[Message] = iter(
        [
            {"type": "http.request", "body": b'{"query":', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        raise AssertionError(message)

    with caplog.at_level(logging.INFO):
        await ask.app(scope, receive, send)

    (record,) = [record for record in caplog.records if record.name == "precedent.http"]
    assert vars(record)["status"] == 499
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    token = ask.tokens[AccessRole.MONITOR]
    counted = (await ask.get("/metrics", authorization=f"Bearer {token}")).text
    assert 'path="/graphql",status="499"' in counted
    assert 'status="500"' not in counted
