"""The outbox: published entries the search index has not confirmed."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import OutboxRow


class Outbox:
    """The outbox on one connection. Whoever holds the lease on indexing works it off."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def settle_through(self, library_revision: int) -> None:
        """Forget all that an index made at this library revision holds."""
        await self._connection.execute(
            delete(OutboxRow).where(OutboxRow.library_revision <= library_revision)
        )

    async def depth(self) -> int:
        """How many items wait."""
        rows = await self._connection.execute(select(func.count()).select_from(OutboxRow))
        return rows.scalar_one()
