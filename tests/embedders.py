"""A small embedder of the tests' own: what means the same gets the same vector, whatever its words."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from search.embedders import Embedder

SECRET = "a-secret-that-is-never-told"
# Each line is one meaning; a text means what it has a word of, and the last dimension is nothing.
_MEANINGS = (
    ("宕机", "中断", "nothing loads", "打不开"),
    ("老鼠", "后厨", "rodents", "耗子"),
    ("hijack", "盗", "not us who posted"),
)


@dataclass
class LocalEmbedder:
    """What it was asked, by which key, and how it answers."""

    url: str = ""
    status: int = 200
    is_away: bool = False
    texts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def as_embedder(self, *, key: str = SECRET, **changes: Any) -> Embedder:
        """How Meilisearch is told to ask it."""
        settings = {
            "source": "rest",
            "url": self.url,
            "apiKey": key,
            "dimensions": len(_MEANINGS) + 1,
            "request": {"texts": ["{{text}}", "{{..}}"]},
            "response": {"vectors": ["{{embedding}}", "{{..}}"]},
        }
        return Embedder.from_json(json.dumps(settings | changes))

    async def answer(self, request: web.Request) -> web.Response:
        texts: list[str] = (await request.json())["texts"]
        key = request.headers["Authorization"]
        self.texts += texts
        self.keys.append(key)
        if self.is_away:
            await self.ended.wait()
        if self.status != 200:
            # A real one may repeat the key it was given.
            return web.json_response({"error": f"no entry with {key}"}, status=self.status)
        return web.json_response({"vectors": [_vector(text) for text in texts]})


def _vector(text: str) -> list[float]:
    held = [float(any(word in text for word in words)) for words in _MEANINGS]
    return [*held, 0.0 if any(held) else 1.0]


@asynccontextmanager
async def local_embedder() -> AsyncIterator[LocalEmbedder]:
    """The embedder, listening on the loopback."""
    embedder = LocalEmbedder()
    app = web.Application()
    app.router.add_post("/", embedder.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    embedder.url = f"http://{host}:{port}/"
    yield embedder
    embedder.ended.set()
    await runner.cleanup()
