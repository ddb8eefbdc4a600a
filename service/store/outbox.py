"""The outbox: published entries the search index has not confirmed."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import OutboxRow


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One entry to be indexed again."""

    id: int
    entry_id: int


class Outbox:
    """The outbox on one connection. Whoever holds the lease on indexing works it off."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def oldest(self, *, limit: int) -> tuple[OutboxItem, ...]:
        """The items that have waited longest."""
        rows = await self._connection.execute(
            select(OutboxRow.id, OutboxRow.entry_id).order_by(OutboxRow.id).limit(limit)
        )
        return tuple(OutboxItem(row.id, row.entry_id) for row in rows)

    async def settle(self, ids: Collection[int]) -> None:
        """Forget items the index has confirmed."""
        await self._connection.execute(delete(OutboxRow).where(OutboxRow.id.in_(ids)))

    async def settle_through(self, library_revision: int) -> None:
        """Forget all that an index made at this library revision holds."""
        await self._connection.execute(
            delete(OutboxRow).where(OutboxRow.library_revision <= library_revision)
        )

    async def depth(self) -> int:
        """How many items wait."""
        rows = await self._connection.execute(select(func.count()).select_from(OutboxRow))
        return rows.scalar_one()
