"""The slow side of Meilisearch: indexes, settings and documents, each change waited for.

Meilisearch accepts a change at once and makes it later; here a change that returned is made.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, TypeVar

import meilisearch
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchTimeoutError,
)
from meilisearch.models.task import Task, TaskInfo

from search.engine import refusal
from search.errors import IndexMissing, SearchRejected, SearchUnavailable

_Answer = TypeVar("_Answer")

_CALL_SECONDS: Final = 60
_TASK_SECONDS: Final = 1_800
_FIRST_WAIT_SECONDS: Final = 0.005
_LONGEST_WAIT_SECONDS: Final = 0.25
_PAGE: Final = 1_000


class MeiliTasks:
    """Changes to a Meilisearch through its own client, which is synchronous: each call is a thread's."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._client = meilisearch.Client(url, key, timeout=_CALL_SECONDS)

    async def index_uids(self) -> tuple[str, ...]:
        """Return the names of every index of this Meilisearch."""
        uids: list[str] = []
        while True:
            # The client calls this a list; Meilisearch answers with a page of one.
            page: Any = await self._call(
                partial(self._client.get_raw_indexes, {"limit": _PAGE, "offset": len(uids)})
            )
            uids += [index["uid"] for index in page["results"]]
            if len(uids) >= page["total"]:
                return tuple(uids)

    async def create_index(self, uid: str, *, settings: Mapping[str, Any]) -> None:
        """Make an empty index with these settings."""
        await self.confirm(
            await self._call(lambda: self._client.create_index(uid, {"primaryKey": "id"}))
        )
        await self.change_settings(uid, settings)

    async def change_settings(self, uid: str, settings: Mapping[str, Any]) -> None:
        """Give an index these settings and leave its others as they are."""
        await self.confirm(
            await self._call(lambda: self._client.index(uid).update_settings(dict(settings)))
        )

    async def delete_index(self, uid: str) -> None:
        await self.confirm(await self._call(lambda: self._client.delete_index(uid)))

    async def swap(self, one: str, other: str) -> None:
        """Give each index the other's name, at one moment."""
        await self.confirm(
            await self._call(lambda: self._client.swap_indexes([{"indexes": [one, other]}]))
        )

    async def document_count(self, uid: str) -> int:
        stats = await self._call(lambda: self._client.index(uid).get_stats())
        return stats.number_of_documents

    async def put(self, uid: str, documents: Sequence[Mapping[str, Any]]) -> TaskInfo:
        """Hand documents over, and return the task to confirm."""
        return await self._call(lambda: self._client.index(uid).add_documents(documents))

    async def holds(self, uid: str, filter_expression: str) -> bool:
        """Return whether any document matches the filter."""
        asked = {"filter": filter_expression, "fields": ["id"], "limit": 1}
        found = await self._call(lambda: self._client.index(uid).get_documents(asked))
        return bool(found.results)

    async def delete_where(self, uid: str, filter_expression: str) -> None:
        """Remove every document the filter matches."""
        await self.confirm(
            await self._call(
                lambda: self._client.index(uid).delete_documents(filter=filter_expression)
            )
        )

    async def confirm(self, accepted: TaskInfo) -> None:
        """Return when the task has succeeded; raise when it has not."""
        try:
            async with asyncio.timeout(_TASK_SECONDS):
                task = await self._finished(accepted.task_uid)
        except TimeoutError as error:
            raise SearchUnavailable(f"Meilisearch does not finish {accepted.type}") from error
        if task.status == "succeeded":
            return
        said = task.error or {}
        if said.get("code") == "index_not_found":
            raise IndexMissing("the index is gone; `precedent rebuild` makes it anew")
        if said.get("code") == "vector_embedding_error":
            raise refusal(
                self._url,
                status=HTTPStatus.BAD_REQUEST,
                code=said["code"],
                message=said.get("message"),
            )
        raise SearchRejected(f"Meilisearch {task.type} {task.status}: {said.get('message')}")

    async def _finished(self, task_uid: int) -> Task:
        wait_seconds = _FIRST_WAIT_SECONDS
        while True:
            task = await self._call(lambda: self._client.get_task(task_uid))
            if task.status in ("succeeded", "failed", "canceled"):
                return task
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(2 * wait_seconds, _LONGEST_WAIT_SECONDS)

    async def _call(self, ask: Callable[[], _Answer]) -> _Answer:
        try:
            return await asyncio.to_thread(ask)
        except MeilisearchApiError as error:
            raise refusal(
                self._url, status=error.status_code, code=error.code, message=error.message
            ) from error
        except (MeilisearchCommunicationError, MeilisearchTimeoutError) as error:
            raise SearchUnavailable(f"Meilisearch at {self._url} does not answer") from error
