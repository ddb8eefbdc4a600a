"""Which other sites' pages may ask, and read the answer: none that is not named."""

from collections.abc import Collection

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

_ALLOWED_HEADERS = ("Authorization", "Content-Type", "X-Request-Id")
_READABLE_HEADERS = ("Retry-After", "X-Request-Id")


def cross_origin(origins: Collection[str]) -> list[Middleware]:
    """What tells browsers that these origins may ask; nothing where there are none.

    No credentials are allowed: a token is sent by the page that holds it, never by the browser.
    """
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=("GET", "POST"),
            allow_headers=_ALLOWED_HEADERS,
            expose_headers=_READABLE_HEADERS,
        )
    ]
