"""What every request passes through: an id, a bound on its size, a line in the log."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from secrets import token_hex
from typing import Final

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.heads import header
from service.logs import request_id

BODY_MOST_BYTES = 1_000_000
READ_OFF_MOST_BYTES = 32_000_000
URL_MOST_BYTES = 16_000

_log = logging.getLogger("precedent.http")
_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
# An answer is data: a browser that is led to show one as a page runs, loads and frames nothing. The
# GraphiQL page brings a policy of its own.
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# No status that is ever sent: the client hung up before it had said what it wants.
HUNG_UP: Final = 499
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class _TooLarge(Exception):
    """A body without a length has outgrown the bound."""


class RequestGate:
    """Gives each request an id, refuses what is too large, and logs how it ended.

    The log holds method, path and status: never a query, a variable or a token. `hsts_seconds` is
    for how long browsers that came by TLS are told to come by nothing else; 0 does not tell them.
    """

    def __init__(
        self,
        app: ASGIApp,
        clock: Callable[[], float] = time.perf_counter,
        *,
        hsts_seconds: int = 0,
    ) -> None:
        self._app = app
        self._clock = clock
        self._hsts_seconds = hsts_seconds
        self._hsts = b"strict-transport-security", f"max-age={hsts_seconds}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-request-id") or ""
        current = given if _ID.match(given) else token_hex(8)
        request_id.set(current)
        started = self._clock()
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                marked = [*message["headers"], (b"x-request-id", current.encode())]
                named = {name for name, _ in marked}
                marked += (each for each in _HEADERS if each[0] not in named)
                # RFC 6797, 7.2: never over a connection that is not secure.
                if self._hsts_seconds and scope.get("scheme") == "https":
                    marked.append(self._hsts)
                message["headers"] = marked
            await send(message)

        try:
            await self._bounded(scope, receive, send_marked)
        except ClientDisconnect:
            # Nobody is left to be answered, and nothing of ours went wrong.
            status = HUNG_UP
        finally:
            if scope["path"] not in _QUIET:
                _log.info(
                    "request",
                    extra={
                        "method": scope["method"],
                        "path": scope["path"][:200],
                        "status": status,
                        "ms": round((self._clock() - started) * 1000, 1),
                    },
                )

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = header(scope, b"content-length")
        length = "0" if length is None else length
        if len(scope.get("query_string", b"")) > URL_MOST_BYTES:
            message = f"The address is longer than {URL_MOST_BYTES} bytes; send it by POST."
            await _refuse(send, HTTPStatus.REQUEST_URI_TOO_LONG, message)
            return
        if not (length.isascii() and length.isdigit()) or int(length) > BODY_MOST_BYTES:
            message = f"The body is larger than {BODY_MOST_BYTES} bytes."
            await _read_off(receive)
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
            return
        read = 0

        async def receive_bounded() -> Message:
            # A chunked body names no length, so it is counted as it comes.
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_MOST_BYTES:
                raise _TooLarge
            return message

        try:
            await self._app(scope, receive_bounded, send)
        except _TooLarge:
            await _read_off(receive)
            message = f"The body is larger than {BODY_MOST_BYTES} bytes."
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)


async def _read_off(receive: Receive) -> None:
    """Read what a client is still sending, up to a bound: one cut off would not see the answer."""
    read = 0
    while read < READ_OFF_MOST_BYTES:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


async def _refuse(send: Send, status: HTTPStatus, message: str) -> None:
    body = orjson.dumps({"errors": [{"message": message}]})
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        # What is left of the body is not read.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
