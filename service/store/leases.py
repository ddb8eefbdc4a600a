"""Leases: who alone may do something, until when."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import LeaseRow

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


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
        await self._connection.execute(
            _insertion(self._connection.dialect.name)
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


def _insertion(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    # A dialect brings all its drivers along, so only the one in use is imported.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(LeaseRow)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(LeaseRow)
