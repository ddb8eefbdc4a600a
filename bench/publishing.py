"""A writer beside the readers: it publishes one entry every second, each time in other words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from service.domain.access import OPERATOR
from service.domain.cases import Case
from service.domain.files import FileDocument
from service.domain.methods import Method
from service.operations.ports import Desk
from service.operations.publishing import import_documents

_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class Publishes:
    """How many there have been."""

    count: int = 0


@asynccontextmanager
async def publishing(desk: Desk, entry: Case | Method) -> AsyncIterator[Publishes]:
    """Publish the entry every second within the block, as another connection does."""
    publishes = Publishes()

    async def publish() -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in count(1):
            title = entry.title.model_copy(update={"en": f"Published {loop.time()}"})
            document = entry.model_copy(update={"title": title})
            await import_documents(desk, OPERATOR, [FileDocument(document, entry.slug, {})])
            publishes.count += 1
            await asyncio.sleep(max(0.0, begun + number * _EVERY_SECONDS - loop.time()))

    task = asyncio.create_task(publish(), name="publishing")
    try:
        yield publishes
        assert not task.done(), f"publishing ended: {task.exception()}"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
