"""Leases: who alone may do something, until when."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import LeaseRow


class Leases:
    """The leases on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, name: str, holder: str, *, now: datetime, seconds: float) -> bool:
        """Take a lease, or hold it for longer; False while another holds it.

        One that lasts much longer than it may was taken by a clock that was wrong, and counts as ended.
        """
        ends_at = now + timedelta(seconds=seconds)
        credible = now + timedelta(seconds=2 * seconds)
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        await self._connection.execute(
            insert(LeaseRow)
            .values(name=name, holder=holder, ends_at=ends_at)
            .on_conflict_do_nothing()
        )
        await self._connection.execute(
            update(LeaseRow)
            .where(
                LeaseRow.name == name,
                (LeaseRow.holder == holder)
                | (LeaseRow.ends_at < now)
                | (LeaseRow.ends_at > credible),
            )
            .values(holder=holder, ends_at=ends_at)
        )
        held = await self._connection.scalar(select(LeaseRow.holder).where(LeaseRow.name == name))
        return held == holder

    async def give_back(self, name: str, holder: str) -> None:
        """End a lease before its time."""
        await self._connection.execute(
            delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder)
        )
