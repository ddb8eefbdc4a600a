"""How long indexing takes: until our service finds what was imported, and for a bare Meilisearch."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from bench.engines import running_engine
from search.launcher import Address
from search.tasks import MeiliTasks
from tests.live import LiveServer

_POLL_SECONDS: Final = 0.2
_PAGE: Final = 1_000
_LAG: Final = "precedent_index_lag_revisions"

Documents = Sequence[Mapping[str, Any]]


def wait_until_indexed(server: LiveServer, *, seconds: float) -> None:
    """Wait until both indexes hold the library as it is."""
    deadline = time.monotonic() + seconds
    while True:
        lines = httpx.get(f"{server.address}/metrics", timeout=30).text.splitlines()
        lags = [float(line.split()[-1]) for line in lines if line.startswith(f"{_LAG}{{")]
        if len(lags) > 1 and not any(lags):
            return
        assert time.monotonic() < deadline, f"the indexes lag behind: {lags}"
        time.sleep(_POLL_SECONDS)


def documents_in(engine: Address) -> list[Documents]:
    """Every document of the one index of an engine, a page at a time."""
    pages: list[Documents] = []
    headers = {"authorization": f"Bearer {engine.key}"}
    with httpx.Client(base_url=engine.url, headers=headers, timeout=300) as client:
        (index,) = client.get("/indexes").json()["results"]
        while True:
            asked = {"limit": _PAGE, "offset": len(pages) * _PAGE}
            answer = client.get(f"/indexes/{index['uid']}/documents", params=asked)
            found = orjson.loads(answer.content)["results"]
            if not found:
                return pages
            pages.append(found)


async def index_bare(folder: Path, pages: Sequence[Documents]) -> float:
    """Index documents with the default settings; the seconds until they can be searched."""
    async with running_engine(folder) as (engine, _):
        tasks = MeiliTasks(*engine)
        begun = time.monotonic()
        await tasks.create_index("bare", settings={})
        accepted = [await tasks.put("bare", page) for page in pages]
        for each in accepted:
            await tasks.confirm(each)
        assert await tasks.document_count("bare") == sum(map(len, pages))
        return time.monotonic() - begun
