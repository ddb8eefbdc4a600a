"""A WebSocket that is closed before its answer is sent."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.exceptions import WebSocketDisconnected

from schema.build import build_schema
from service.http.sockets import SocketAdapter

SENDS: list[Callable[[SocketAdapter], Awaitable[None]]] = [
    lambda adapter: adapter.send_json({"type": "pong"}),
    lambda adapter: adapter.close(4400, "no message"),
]


@pytest.mark.parametrize("send", SENDS)
async def test_a_socket_the_server_has_closed_is_one_nobody_is_at(
    send: Callable[[SocketAdapter], Awaitable[None]],
) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def closed(message: Any) -> None:
        if message["type"] != "websocket.accept":
            raise RuntimeError(f"Unexpected ASGI message {message['type']!r}, after sending ...")

    socket = WebSocket({"type": "websocket"}, receive, closed)
    await socket.accept()

    with pytest.raises(WebSocketDisconnected):
        await send(SocketAdapter(GraphQL(build_schema()), socket, socket))
