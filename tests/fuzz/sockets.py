"""Random frames and messages over WebSocket, in an order that no client would keep."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from graphql import GraphQLSchema
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from tests.fuzz.asking import Target
from tests.fuzz.documents import Documents
from tests.fuzz.judging import MOST_SECONDS, codes_of, wrong_codes
from tests.fuzz.tallies import Tally
from tests.fuzz.values import NASTY_TEXTS, Pool

_CONNECTIONS: Final = 4
_MESSAGES_MOST: Final = 10
_QUIET_SECONDS: Final = 0.1
_TYPES: Final = ("connection_init", "ping", "pong", "subscribe", "complete", "next", "error", "", 7)

# What is sent: a message, or bytes past the framing.
_Sent = str | bytes | tuple[bytes]


class Frames:
    """Draws what is sent over one connection."""

    def __init__(self, schema: GraphQLSchema, seed: int, token: str) -> None:
        self._chance = random.Random(seed)
        self._documents = Documents(schema, seed, Pool())
        self._token = token

    def next(self) -> list[_Sent]:
        """The messages of one connection, the first of them most often the right one."""
        count = self._chance.randint(1, _MESSAGES_MOST)
        sent: list[_Sent] = []
        if self._chance.random() < 0.8:
            sent.append(self._json({"type": "connection_init"}))
        return sent + [self._frame() for _ in range(count)]

    def _frame(self) -> _Sent:
        chance = self._chance
        match chance.randrange(10):
            case 0:
                return chance.randbytes(chance.randint(0, 300))
            case 1:
                return (chance.randbytes(chance.randint(1, 60)),)
            case 2:
                text = chance.choice(NASTY_TEXTS)
                return text.encode(errors="replace").decode()
            case 3:
                return chance.choice(("[" * 20_000, "1" * 9_000, "null", "{}", '{"type"', "[[]]"))
            case 4:
                payload: Any = chance.choice((None, 7, [], {"authorization": 7}, {"a": [{}]}))
                return self._json({"type": chance.choice(_TYPES), "payload": payload})
            case 5:
                return self._json({"type": chance.choice(_TYPES), "id": chance.choice((1, "1"))})
            case _:
                asked = self._documents.next()
                payload = {"query": asked.document, "variables": asked.variables}
                if chance.random() < 0.1:
                    payload[chance.choice(("variables", "extensions", "operationName"))] = "x"
                id_ = chance.choice(("1", "2", "", "x" * 300, "\ud800"))
                return self._json({"type": "subscribe", "id": id_, "payload": payload})

    def _json(self, message: dict[str, Any]) -> str:
        text = json.dumps(message)
        if self._chance.random() < 0.05:
            return text[: self._chance.randrange(len(text))]
        return text


async def send_frames(
    target: Target, schema: GraphQLSchema, tally: Tally, *, count: int, seed: int
) -> None:
    """Send so many messages, over as many connections as that takes."""
    frames = Frames(schema, seed, target.reader)

    def drawn() -> Iterator[list[_Sent]]:
        while tally.sent < count:
            yield frames.next()

    connections = drawn()

    async def work() -> None:
        for sent in connections:
            await _converse(target, tally, sent)

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))


async def _converse(target: Target, tally: Tally, sent: list[_Sent]) -> None:
    address = target.server.address.replace("http", "ws", 1)
    heard: list[str] = []
    begun = time.monotonic()
    wrong: list[str] = []
    try:
        async with connect(
            f"{address}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers={"authorization": f"Bearer {target.reader}"},
            close_timeout=MOST_SECONDS,
            proxy=None,
        ) as socket:
            with suppress(ConnectionClosed):
                await _send(socket, sent)
                await _hear(socket, heard)
                if not any(isinstance(each, tuple) for each in sent):
                    wrong += await _still_answers(socket)
        if socket.close_code == CloseCode.INTERNAL_ERROR:
            wrong.append("closed with 1011")
        closed = socket.close_code
    except (InvalidHandshake, InvalidMessage, OSError, TimeoutError) as error:
        wrong.append(f"no connection: {type(error).__name__}")
        closed = None
    seconds = time.monotonic() - begun
    _judge(target, tally, sent, heard, closed, seconds, wrong)


async def _send(socket: ClientConnection, sent: list[_Sent]) -> None:
    for each in sent:
        if isinstance(each, tuple):
            socket.transport.write(each[0])
        else:
            await socket.send(each)


async def _hear(socket: ClientConnection, heard: list[str]) -> None:
    """Hear until it is quiet."""
    with suppress(TimeoutError):
        while True:
            message = await asyncio.wait_for(socket.recv(), timeout=_QUIET_SECONDS)
            heard.append(message if isinstance(message, str) else repr(message))


async def _still_answers(socket: ClientConnection) -> list[str]:
    try:
        await asyncio.wait_for(await socket.ping(), timeout=MOST_SECONDS)
    except TimeoutError:
        return ["does not answer a ping"]
    return []


def _judge(
    target: Target,
    tally: Tally,
    sent: list[_Sent],
    heard: list[str],
    closed: int | None,
    seconds: float,
    wrong: list[str],
) -> None:
    text = "\n".join(heard)
    wrong += target.judge.told_in_answer(text, sent=str(sent))
    outcomes = [] if closed in {None, CloseCode.NORMAL_CLOSURE} else [f"closed {closed}"]
    for message in heard:
        payload = json.loads(message).get("payload")
        errors = payload if isinstance(payload, list) else (payload or {}).get("errors")
        wrong += wrong_codes(errors)
        outcomes += codes_of(errors) or (["GraphQL"] if errors else [])
    # The time is that of a whole conversation; a single message is measured by the ping.
    for turn, each in enumerate(sent):
        is_last = turn == len(sent) - 1
        tally.count(
            repr(each)[:500], seconds if is_last else 0.0, outcomes, wrong if is_last else []
        )
    if wrong:
        tally.keep(wrong, sent=[repr(each) for each in sent], answer=text[:4_000], closed=closed)
