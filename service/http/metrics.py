"""`/metrics`, for who may see it, and the count of every response."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.auth import actor_of
from service.domain.access import Permission
from service.domain.errors import LibraryError
from service.http.requests import HUNG_UP
from service.metrics import OTHER, Metrics
from service.operations.ports import Desk
from service.operations.tokens import token_digest
from service.vitals import Vitals

MetricsAccess = Literal["off", "token", "loopback", "open"]

METRICS: Final = "/metrics"
_COUNTED = frozenset({"/graphql", METRICS, "/healthz", "/readyz"})
# A proxy adds one of these at least; what comes through it comes from elsewhere.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_TOKEN_SECONDS = 2.0
_REMEMBERED_MOST = 8


class MetricsPage:
    """The page a scraper reads. It answers while the database is away, to whom it has answered."""

    def __init__(
        self,
        desk: Desk,
        metrics: Metrics,
        take_vitals: Callable[[], Awaitable[Vitals]],
        *,
        access: MetricsAccess,
    ) -> None:
        self._desk, self._metrics, self._take_vitals = desk, metrics, take_vitals
        self._access = access
        self._remembered: dict[str, None] = {}

    def routes(self) -> list[Route]:
        """The route of the page, or none where it is off."""
        return [] if self._access == "off" else [Route(METRICS, self._answer)]

    async def _answer(self, request: Request) -> Response:
        if not await self._may_see(request):
            return PlainTextResponse(
                "Metrics are for a token that may read them: "
                "`precedent token create --role monitor` makes one.\n",
                HTTPStatus.UNAUTHORIZED,
                {"WWW-Authenticate": 'Bearer realm="precedent"'},
            )
        vitals = await self._take_vitals()
        text, media_type = self._metrics.exposition(
            vitals, accept=request.headers.get("accept", "")
        )
        return Response(text, media_type=None, headers={"Content-Type": media_type})

    async def _may_see(self, request: Request) -> bool:
        if self._access == "open" or (self._access == "loopback" and is_from_here(request)):
            return True
        given = request.headers.get("authorization")
        if given is None:
            return False
        digest = token_digest(given)
        try:
            async with asyncio.timeout(_TOKEN_SECONDS):
                actor = await actor_of(self._desk, given, anonymous_role=None)
        except (LibraryError, TimeoutError):
            # What is wrong with the database is what a scrape must tell just now.
            return digest in self._remembered
        self._remembered.pop(digest, None)
        if not actor.permits(Permission.WATCH):
            return False
        self._remembered[digest] = None
        while len(self._remembered) > _REMEMBERED_MOST:
            del self._remembered[next(iter(self._remembered))]
        return True


def is_from_here(request: Request) -> bool:
    """Whether a request comes from this machine itself, and not through a proxy on it.

    A page in a browser here could have its name resolved to the loopback, so the name asked for must
    be one of the loopback too.
    """
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(request.client.host) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class ResponseCounter:
    """Counts every HTTP response, and those that are still owed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status: int | None = None

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        metrics = self._metrics
        metrics.requests_in_progress.inc()
        try:
            await self._app(scope, receive, send_counted)
            # Neither answered nor failed: there was nobody left to be answered.
            status = status or HUNG_UP
        finally:
            metrics.requests_in_progress.dec()
            path = scope["path"]
            metrics.responded(path if path in _COUNTED else OTHER, status or 500)
