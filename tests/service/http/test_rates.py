"""How often one may ask: by token, by address, and what is said to whom asks more."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import Receive, Scope, Send

from service.domain.access import AccessRole
from service.http.rates import BURST_SECONDS, Buckets, RateGate
from service.settings import Settings
from tests.library import ClientMaker

BODY = {"query": "{ library { revision } }"}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def statuses(client: Any, tries: int, role: AccessRole = AccessRole.READER) -> list[int]:
    responses = [await client.post(BODY, token=client.tokens[role]) for _ in range(tries)]
    return [response.status_code for response in responses]


async def test_a_token_that_asks_too_often_is_told_when_to_come_again(
    ask_with: ClientMaker,
) -> None:
    ask = ask_with(rate_by_token=1)
    await statuses(ask, BURST_SECONDS)

    refused = await ask.post(BODY, token=ask.tokens[AccessRole.READER])

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json() == {
        "errors": [
            {
                "message": "Too many requests with this token: 1 a second are answered, 5 at once. "
                "Try again in 1 s."
            }
        ]
    }
    assert refused.headers["x-request-id"]
    # Another token has tries of its own, and whether the process lives may always be asked.
    assert await statuses(ask, 1, AccessRole.EDITOR) == [200]
    assert (await ask.get("/healthz")).status_code == 200


async def test_an_address_is_limited_whatever_tokens_it_tries(ask_with: ClientMaker) -> None:
    ask = ask_with(rate_by_address=1)

    answers = [
        (await ask.post(BODY, token=f"precedent_guess{n}")).status_code
        for n in range(BURST_SECONDS + 1)
    ]

    assert answers == [401] * BURST_SECONDS + [429]


def test_only_production_limits_unless_it_is_set() -> None:
    open_, closed = Settings(), Settings(production=True)
    set_apart = Settings(production=True, rate_by_token=0, rate_by_address=7)

    found = [(one.most_by_token, one.most_by_address) for one in (open_, closed, set_apart)]

    assert found == [(0, 0), (50, 200), (0, 7)]


def test_tries_come_back_with_time_and_never_more_than_the_bucket_holds() -> None:
    clock = Clock()
    buckets = Buckets(2, clock=clock)
    burst = [buckets.take(b"a") for _ in range(2 * BURST_SECONDS)]

    waits = [buckets.take(b"a")]
    clock.now = 0.5
    waits += [buckets.take(b"a"), buckets.take(b"a")]
    clock.now = 1_000.0
    later = [buckets.take(b"a") for _ in range(2 * BURST_SECONDS + 1)]

    assert burst == [0.0] * 10
    assert waits == [0.5, 0.0, 0.5]
    assert later == [0.0] * 10 + [0.5]


def test_only_so_many_keys_are_kept() -> None:
    buckets = Buckets(1, clock=Clock(), most=2)
    for _ in range(BURST_SECONDS):
        buckets.take(b"a")
    assert buckets.take(b"a") > 0

    for key in (b"b", b"c"):
        buckets.take(key)

    assert buckets.take(b"a") == 0.0
    assert len(buckets._held) == 2


async def _through(gate: RateGate, scope: Scope, messages: list[Any]) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> MutableMapping[str, Any]:
        message: MutableMapping[str, Any] = messages.pop(0)
        return message

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await gate({"path": "/graphql", "headers": [], **scope}, receive, send)
    return sent


async def _ok(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "ok", "status": 200})


async def test_one_ipv6_network_is_one_address() -> None:
    gate = RateGate(_ok, by_token=0, by_address=1, clock=Clock())

    found = [
        (await _through(gate, {"type": "http", "method": "GET", "client": (address, 1)}, []))[0]
        for address in [f"2001:db8::{n}" for n in range(6)] + ["2001:db8:0:1::1", "::ffff:10.0.0.1"]
    ]

    assert [message["status"] for message in found] == [200] * 5 + [429, 200, 200]


async def test_a_socket_is_refused_like_a_request_and_read_no_faster() -> None:
    clock = Clock()
    read: list[str] = []

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            read.append(message["text"])

    gate = RateGate(reading, by_token=0, by_address=20, clock=clock)
    socket = {"type": "websocket", "client": ("10.0.0.1", 1)}
    texts = [{"type": "websocket.receive", "text": str(n)} for n in range(150)]

    task = asyncio.create_task(_through(gate, socket, [*texts, {"type": "websocket.disconnect"}]))
    await asyncio.sleep(0)
    at_once = len(read)
    refused = await _through(gate, socket, [])
    clock.now = 10.0
    await task

    # The handshake took one of the hundred tries there are at once.
    assert at_once == 99
    assert refused == [{"type": "websocket.close", "code": 1013}]
    assert len(read) == 150
