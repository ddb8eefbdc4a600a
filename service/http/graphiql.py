"""The GraphiQL page: the API tried out in a browser, from files of our own and no other address.

The files are built in `web/graphiql` and kept beside this module, because a machine that runs the
service has no need of the tools that build them.
"""

import os
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope
from typing_extensions import override

_BUILT: Final = Path(__file__).parent / "graphiql"

# A page that holds a token runs nothing but our file and reaches nothing but our address, so text
# from the library could not send the token away even where it was shown as markup.
_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # The editor's style sheet carries its three underline marks as data.
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

_PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}

# Python asks the machine for media types, and a machine may be wrong; a browser runs no module of the
# wrong type.
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


def graphiql_page() -> Response:
    """The page. It names its files relative to `/graphql`, so it also works below a prefix."""
    return FileResponse(
        _BUILT / "index.html", headers=_PAGE_HEADERS, media_type="text/html; charset=utf-8"
    )


def asset_routes() -> list[BaseRoute]:
    """The files the page names. They hold no secret, so they need no token."""
    files = _Assets(directory=_BUILT / "assets")
    return [Mount("/graphiql-assets", app=files, name="graphiql-assets")]


class _Assets(StaticFiles):
    """Files whose names carry their hash: what a browser has once, it never asks for again."""

    @override
    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = HTTPStatus.OK,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers["Content-Type"] = _MEDIA_TYPES[Path(full_path).suffix]
        return response
