"""How answers leave: head and body in one write.

uvicorn writes the head of an answer and then its body. Each write is a call of the system, which takes
longer than to find an answer that is kept.
"""

import asyncio
from typing import Any, Final, cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What is longer is written at once, so that whoever writes much hears that it is too much.
_GATHERED_MOST_BYTES: Final = 64_000


class GatheringTransport(asyncio.Transport):
    """A transport that writes once what it is given within one turn of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0
        self._gathers = True

    @override
    def write(self, data: Any) -> None:
        if not self._gathers:
            self._transport.write(data)
            return
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(bytes(data))
        self._size += len(data)
        if self._size > _GATHERED_MOST_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            self._transport.write(data)

    @override
    def close(self) -> None:
        self._flush()
        self._transport.close()

    @override
    def abort(self) -> None:
        self._waiting.clear()
        self._transport.abort()

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol, as that of WebSockets, which writes whole messages."""
        self._flush()
        self._gathers = False
        self._transport.set_protocol(protocol)

    @override
    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._transport.get_protocol()

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    @override
    def pause_reading(self) -> None:
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._transport.resume_reading()


class GatheringProtocol(HttpToolsProtocol):
    """uvicorn's protocol, on a transport that gathers."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        gathering = GatheringTransport(cast("asyncio.Transport", transport), self.loop)
        super().connection_made(gathering)
