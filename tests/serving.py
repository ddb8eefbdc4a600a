"""The application served on a port of the loopback in the test's own loop, and clients that follow it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import uvicorn

from service.app import Application
from service.commands.serving import ServiceServer
from service.http.transports import GatheringProtocol

PATIENCE_SECONDS: Final = 20
PROTOCOL: Final = "graphql-transport-ws"


@asynccontextmanager
async def served(application: Application) -> AsyncIterator[tuple[str, ServiceServer]]:
    """The address of a running application, and its server."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            application.asgi(),
            log_config=None,
            access_log=False,
            http=GatheringProtocol,
            ws="websockets-sansio",
        )
        server = ServiceServer(config, on_stop=application.watch.close)
        task = asyncio.create_task(server._serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/graphql", server
        finally:
            server.should_exit = True
            await task


class Socket:
    """A client of `graphql-transport-ws`."""

    def __init__(self, held: aiohttp.ClientWebSocketResponse) -> None:
        self.held = held

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.held.send_json(message)

    async def subscribe(self, document: str, /, *, id: str = "1", **variables: Any) -> None:
        """Run an operation."""
        payload = {"query": document, "variables": variables}
        await self.send(id=id, type="subscribe", payload=payload)

    async def next(self) -> Any:
        """The next message, or the code and reason the connection was closed with."""
        message = await asyncio.wait_for(self.held.receive(), PATIENCE_SECONDS)
        if message.type is aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)
        return (message.data, message.extra)

    async def event(self, field: str = "libraryChanged") -> Any:
        """The data of the next event."""
        message = await self.next()
        assert message["type"] == "next", message
        return message["payload"]["data"][field]


@asynccontextmanager
async def opened(
    address: str, token: str | None, *, protocol: str = PROTOCOL, **headers: str
) -> AsyncIterator[Socket]:
    """A WebSocket that has been greeted, with the token in its first message."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, protocols=[protocol], headers=headers) as held,
    ):
        opened = Socket(held)
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await opened.send(type="connection_init", payload=payload)
        yield opened


class Stream:
    """What a server sends as events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> tuple[str, Any]:
        """The name of the next event and its payload; `end` where there is none."""
        name = ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self.response.content:
                key, _, value = line.decode().strip().partition(": ")
                if key == "event":
                    name = value
                elif name:
                    return name, json.loads(value) if value else None
        return "end", None

    async def event(self, field: str = "libraryChanged") -> Any:
        """The data of the next event."""
        name, payload = await self.next()
        assert name == "next", (name, payload)
        return payload["data"][field]


@asynccontextmanager
async def streamed(
    address: str, token: str, document: str, /, **variables: Any
) -> AsyncIterator[Stream]:
    """The events of an operation."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    body = {"query": document, "variables": variables}
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json=body, headers=headers) as response,
    ):
        yield Stream(response)
