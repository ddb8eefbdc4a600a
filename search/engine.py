"""What is asked of any Meilisearch before it is used: that it is one, lets us in, and is new enough.

Also the one place where its refusals become ours.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp

from search.errors import (
    DocumentMissing,
    EmbedderUnavailable,
    IndexMissing,
    SearchError,
    SearchRejected,
    SearchUnavailable,
)
from search.versions import require_usable

# Meilisearch answers compressed calls 40 ms later, because the kernel delays an acknowledgement.
IDENTITY_ENCODING: Final = {"Accept-Encoding": "identity"}
TIMEOUT: Final = aiohttp.ClientTimeout(total=2, sock_connect=1)

# It did not answer, or the index was made before there was one.
_EMBEDDER_CODES: Final = ("vector_embedding_error", "invalid_search_embedder")


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """A Meilisearch that answered and may be used."""

    url: str
    version: str


async def probe(url: str, key: str) -> EngineInfo:
    """Return what answers at this address, or raise `SearchUnavailable` saying what to change."""
    async with new_session(url, key) as session:
        return await ask_version(session, url)


def new_session(url: str, key: str) -> aiohttp.ClientSession:
    """Return a connection pool for one Meilisearch; it needs a running event loop."""
    if not re.match(r"https?://[^/]", url):
        raise SearchUnavailable(
            f"{url!r} is no address of a Meilisearch; PRECEDENT_MEILI_URL looks like "
            "http://127.0.0.1:7700"
        )
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    return aiohttp.ClientSession(
        headers={**IDENTITY_ENCODING, **authorization},
        timeout=TIMEOUT,
        auto_decompress=False,
    )


async def ask_version(session: aiohttp.ClientSession, url: str) -> EngineInfo:
    """Return the version that answers, or raise `SearchUnavailable` if it cannot be used."""
    # Only /health answers without a key, so it is what tells a wrong address from a wrong key.
    health = await request(session, "GET", f"{url}/health")
    if _object(health).get("status") != "available":
        raise _not_meilisearch(url)
    version = _object(await request(session, "GET", f"{url}/version")).get("pkgVersion")
    if not isinstance(version, str):
        raise _not_meilisearch(url)
    require_usable(version, where=url)
    return EngineInfo(url=url, version=version)


async def request(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    timeout: aiohttp.ClientTimeout = TIMEOUT,
) -> bytes:
    """Return the body of a successful answer; raise what any other one means."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    try:
        async with session.request(
            method, url, data=body, headers=headers, timeout=timeout
        ) as response:
            answer = await response.read()
            status = response.status
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SearchUnavailable(f"Meilisearch at {url} does not answer: {_told(error)}") from error
    if status != HTTPStatus.OK:
        said = _object(answer)
        raise refusal(url, status=status, code=said.get("code"), message=said.get("message"))
    return answer


def refusal(url: str, *, status: int, code: object, message: object) -> SearchError:
    """Return the error that a refusal of Meilisearch means to us."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return SearchUnavailable(
            f"Meilisearch at {url} refuses the key ({message}); set PRECEDENT_MEILI_KEY to its "
            "master key or to a key allowed every action"
        )
    if code == "index_not_found":
        return IndexMissing(f"Meilisearch at {url} has no index yet; `precedent rebuild` makes it")
    if code == "document_not_found":
        return DocumentMissing(f"{url} is not there")
    if code in _EMBEDDER_CODES:
        # The lines below the first repeat what the embedder said, which may be a key or the text.
        told, *_ = str(message).splitlines()
        return EmbedderUnavailable(f"the embedder fails: {told}")
    if not code:
        return _not_meilisearch(url)
    if status == HTTPStatus.BAD_REQUEST:
        return SearchRejected(f"Meilisearch refused a request: {message}")
    return SearchUnavailable(f"Meilisearch at {url} failed ({status}): {message}")


def _not_meilisearch(url: str) -> SearchUnavailable:
    return SearchUnavailable(
        f"what answers at {url} is not a Meilisearch; check PRECEDENT_MEILI_URL"
    )


def _object(answer: bytes) -> Mapping[str, object]:
    """Return a JSON object, or an empty one for whatever else a stranger may answer."""
    try:
        value = json.loads(answer)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _told(error: Exception) -> str:
    return str(error) or "it took too long"
