"""What stands between the service and what it depends on, and misbehaves when it is told to."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, Final

import aiohttp
from aiohttp import web

_SLOW_SECONDS: Final = 2.0


class EngineProxy:
    """A Meilisearch that is well, slow, or one that answers wrongly, as `mode` says."""

    def __init__(self, url: str) -> None:
        self._upstream = url
        self.mode = "well"
        self.url = ""

    async def serve(self, stack: AsyncExitStack) -> None:
        """Listen on a free port."""
        connector = aiohttp.TCPConnector(limit=0)
        self._session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self._respond)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            return await self._answer(request)
        except (OSError, aiohttp.ClientError):
            # Either side has left.
            return web.Response(status=502)

    async def _answer(self, request: web.Request) -> web.Response:
        match self.mode:
            case "slow":
                await asyncio.sleep(_SLOW_SECONDS)
            case "failing":
                return web.json_response({"message": "no", "code": "internal"}, status=500)
            case "garbage":
                return web.Response(body=b"\x00\xff{not json", content_type="application/json")
            case "refusing":
                return web.json_response({"message": "no", "code": "bad_filter"}, status=400)
            case "old":
                return web.json_response({"status": "available", "pkgVersion": "0.30.0"})
            case _:
                pass
        kept = {"authorization", "content-type"}
        headers = {name: value for name, value in request.headers.items() if name.lower() in kept}
        async with self._session.request(
            request.method,
            f"{self._upstream}{request.path_qs}",
            data=await request.read(),
            headers={**headers, "accept-encoding": "identity"},
        ) as response:
            body = await response.read()
        if self.mode == "tasks failing" and request.path.startswith("/tasks/"):
            error = {"message": "disk full", "code": "internal", "type": "internal", "link": ""}
            body = json.dumps({**json.loads(body), "status": "failed", "error": error}).encode()
        return web.Response(body=body, status=response.status, content_type=response.content_type)


class SlowLine:
    """A line to an address; each piece from the client waits so many `seconds`. It can be cut."""

    def __init__(self, connect: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self._connect = connect
        self._writers: set[asyncio.StreamWriter] = set()
        self.seconds = 0.0
        self.port = 0

    async def serve(self, stack: AsyncExitStack) -> None:
        """Listen on a free port."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        stack.callback(server.close)
        self.port = server.sockets[0].getsockname()[1]

    def follow(self, connect: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Lead elsewhere from now on, and cut what is open."""
        self._connect = connect
        for writer in list(self._writers):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(
                self._copy(reader, far_writer, delayed=True),
                self._copy(far_reader, writer, delayed=False),
            )
        finally:
            self._writers -= {writer, far_writer}

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, delayed: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(2**16):
                if delayed and self.seconds:
                    await asyncio.sleep(self.seconds)
                writer.write(piece)
                await writer.drain()
        writer.close()


@contextmanager
def served(serve: Callable[[AsyncExitStack], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Serve something in a loop and thread of its own while the block lasts."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            await serve(stack)
            ready.set()
            await stopping.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    ready.wait(30)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)
