"""How often one token and one address may ask: what comes faster is told when to come again.

Counted in this process alone: of several behind one address each counts what reaches it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from socket import AF_INET, inet_pton
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.heads import header

BURST_SECONDS: Final = 5
KEYS_MOST: Final = 10_000
_TRY_AGAIN_LATER: Final = 1013


class Buckets:
    """A bucket of tries for each key: it fills by so many a second, up to those of five seconds.

    Of more keys than are kept, the one not seen for longest is forgotten, and begins anew full.
    """

    def __init__(
        self, per_second: int, *, clock: Callable[[], float], most: int = KEYS_MOST
    ) -> None:
        self.per_second = per_second
        self._full = float(per_second * BURST_SECONDS)
        self._clock = clock
        self._most = most
        self._held: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, key: bytes) -> float:
        """Take one try: 0 where there was one, else in how many seconds there will be."""
        now = self._clock()
        held, at = self._held.pop(key, (self._full, now))
        held = min(self._full, held + (now - at) * self.per_second)
        wait = 0.0 if held >= 1 else (1 - held) / self.per_second
        self._held[key] = (held if wait else held - 1, now)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return wait


class RateGate:
    """Answers 429 to a token or an address that asks too often; 0 a second sets no limit.

    A WebSocket is refused in the same way; once it is open, its messages are read no faster.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        by_token: int,
        by_address: int,
        exempt: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._exempt = frozenset(exempt)
        self._limits = [
            (whose, key_of, Buckets(per_second, clock=clock))
            for whose, key_of, per_second in (
                ("from this address", _address, by_address),
                ("with this token", _token, by_token),
            )
            if per_second
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in self._exempt:
            await self._app(scope, receive, send)
            return
        keys = [key_of(scope) for _, key_of, _ in self._limits]

        async def receive_paced() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                while (refused := self._take(keys)) is not None:  # noqa: ASYNC110 - only time fills it
                    await asyncio.sleep(refused[0])
            return message

        if (refused := self._take(keys)) is None:
            is_socket = scope["type"] == "websocket"
            await self._app(scope, receive_paced if is_socket else receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})
        else:
            await _refusal(*refused)(scope, receive, send)

    def _take(self, keys: list[bytes | None]) -> tuple[float, str, int] | None:
        """None where there was a try for each key, else the wait, whose it is, and the limit."""
        for (whose, _, buckets), key in zip(self._limits, keys, strict=True):
            if key is not None and (wait := buckets.take(key)):
                return wait, whose, buckets.per_second
        return None


def _refusal(wait: float, whose: str, per_second: int) -> JSONResponse:
    seconds = ceil(wait)
    message = (
        f"Too many requests {whose}: {per_second} a second are answered, "
        f"{per_second * BURST_SECONDS} at once. Try again in {seconds} s."
    )
    return JSONResponse(
        {"errors": [{"message": message}]},
        HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(seconds)},
    )


def _token(scope: Scope) -> bytes | None:
    """The hash of what the request is signed with, so that no token is kept here."""
    authorization = header(scope, b"authorization")
    return None if authorization is None else sha256(authorization.encode("latin-1")).digest()


def _address(scope: Scope) -> bytes | None:
    """The address of the client; of IPv6 the network, since one client has all of it."""
    client = scope.get("client")
    if client is None:
        return None
    with suppress(OSError, ValueError):
        # Most are of this kind, and it is read a dozen times faster so.
        return inet_pton(AF_INET, client[0])
    try:
        address = ip_address(client[0])
    except ValueError:
        # A trusted proxy may have named something else.
        return sha256(client[0].encode(errors="replace")).digest()
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return (
            ip_network((address, 64), strict=False).network_address.packed
            if mapped is None
            else mapped.packed
        )
    return address.packed
