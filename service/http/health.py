"""Whether the process lives, and whether it can answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ALIVE: Final = "/healthz"
READY: Final = "/readyz"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be answered, whether only by the built-in index, and why not fully."""

    ready: bool
    degraded: bool
    reasons: tuple[str, ...] = field(default=())


def health_routes(readiness: Callable[[], Awaitable[Readiness]]) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: 200 when it can answer, else 503."""

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> JSONResponse:
        found = await readiness()
        status = "unready" if not found.ready else "degraded" if found.degraded else "ready"
        return JSONResponse(
            {"status": status, "reasons": list(found.reasons)}, 200 if found.ready else 503
        )

    return [Route(ALIVE, healthz), Route(READY, readyz)]
