"""GraphQL over WebSocket, by the `graphql-transport-ws` protocol.

Strawberry speaks the protocol. Here is said who asks, and what a client may send that is no message.
Each operation has a context of its own, so that one that comes later sees the library, and what its
token may see, as they are then.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final

from cross_web import HTTPException
from graphql import GraphQLError
from starlette.websockets import WebSocket
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)
from typing_extensions import override

from service.domain.access import Actor
from service.domain.errors import TooManySubscriptions
from service.logs import request_id

# A control frame holds 125 bytes, two of them for the code.
_REASON_MOST_BYTES: Final = 123
_ID_MOST: Final = 200
_FORBIDDEN: Final = 4403
_TRY_AGAIN_LATER: Final = 1013

ActorFinder = Callable[[WebSocket, str | None], Awaitable[Actor]]
ContextMaker = Callable[[WebSocket, str | None, Actor], Any]


@dataclass(slots=True)
class Visitor:
    """Whoever opened a WebSocket, with what the handshake and the first message carried."""

    socket: WebSocket
    find_actor: ActorFinder
    make_context: ContextMaker
    connection_params: dict[str, Any] = field(default_factory=dict)

    async def context(self) -> Any:
        """A fresh context. Raises `HTTPException` for nobody.

        A browser cannot give a WebSocket headers, so the first message may carry the token instead.
        """
        given = self.connection_params.get("authorization") or self.connection_params.get(
            "Authorization"
        )
        carried = given if isinstance(given, str) else None
        actor = await self.find_actor(self.socket, carried)
        return self.make_context(self.socket, carried, actor)


class SocketAdapter(ASGIWebSocketAdapter):
    """A WebSocket whose client may send anything."""

    @override
    async def iter_json(
        self, *, ignore_parsing_errors: bool = False
    ) -> AsyncGenerator[object, None]:
        try:
            async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
                yield message
        except (ValueError, RecursionError) as error:
            # It nests or counts beyond all reason.
            raise NonJsonMessageReceived from error

    @override
    async def send_json(self, message: Mapping[str, object]) -> None:
        with _closing_told():
            await super().send_json(message)

    @override
    async def close(self, code: int, reason: str) -> None:
        cut = reason.encode(errors="replace")[:_REASON_MOST_BYTES].decode(errors="ignore")
        with _closing_told():
            await super().close(code, cut)


@contextmanager
def _closing_told() -> Iterator[None]:
    """Say that nobody is there where uvicorn has closed already, as on a client that breaks the protocol."""
    try:
        yield
    except RuntimeError as error:
        raise WebSocketDisconnected from error


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One connection."""

    @override
    async def handle_message(self, message: Message) -> None:
        if not _is_message(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    @override
    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        try:
            await super().handle_connection_init(message)
        except HTTPException as refusal:
            await self._refuse(refusal)

    @override
    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        most = self.max_subscriptions_per_connection
        if self.connection_acknowledged and most is not None and len(self.operations) >= most:
            refusal = TooManySubscriptions(most)
            error = GraphQLError(str(refusal), extensions={"code": refusal.code})
            await self.send_message(
                {"id": message["id"], "type": "error", "payload": [error.formatted]}
            )
            return
        await super().handle_subscribe(message)

    @override
    async def run_operation(self, operation: Operation[Any, None]) -> None:
        request_id.set(token_hex(8))
        # The same connection, with a context that no other operation shares.
        asked = copy(self)
        try:
            asked.context = await self.context.context()
        except HTTPException as refusal:
            await self._refuse(refusal)
            return
        await super(SocketHandler, asked).run_operation(operation)

    @override
    async def handle_task_exception(self, error: Exception) -> None:
        # Whoever hung up before the answer is no mistake of ours, which the log would call it.
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)

    async def _refuse(self, refusal: HTTPException) -> None:
        is_away = refusal.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        await self.websocket.close(_TRY_AGAIN_LATER if is_away else _FORBIDDEN, refusal.reason)


def _is_message(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    given = message.get("id", "")
    if not isinstance(given, str) or len(given) > _ID_MOST:
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
