"""Which library this is, its revision, and whether it has been seeded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import LibraryRow, PublicationRow


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The library's identity and revision; `seeded_at` is None until it has been seeded once.

    An index made at another epoch is to be made anew. The stamp is that of the revision.
    """

    library_id: str
    revision: int
    index_epoch: int
    seeded_at: datetime | None
    stamp: str = ""


class Libraries:
    """The one library row on a connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self) -> LibraryState | None:
        """The library's state, or None before it was founded."""
        rows = await self._connection.execute(
            select(
                LibraryRow.library_id,
                LibraryRow.revision,
                LibraryRow.index_epoch,
                LibraryRow.seeded_at,
                func.coalesce(PublicationRow.stamp, ""),
            ).outerjoin(PublicationRow, PublicationRow.revision == LibraryRow.revision)
        )
        row = rows.one_or_none()
        return None if row is None else LibraryState(*row)

    async def lock(self) -> None:
        """Make other publishers wait until this transaction ends; SQLite admits only one anyway."""
        await self._connection.execute(select(LibraryRow.id).with_for_update())

    async def stamp_of(self, revision: int) -> str | None:
        """The stamp of a library revision; empty for the first, None for one never published."""
        if revision == 0:
            return ""
        stamp: str | None = await self._connection.scalar(
            select(PublicationRow.stamp).where(PublicationRow.revision == revision)
        )
        return stamp

    async def get(self) -> LibraryState:
        """The library's state; it was founded when the database was migrated."""
        state = await self.find()
        if state is None:
            raise LookupError("the library row is missing; run `precedent serve` or migrate first")
        return state

    async def found(self, library_id: str) -> None:
        """Write the library row of a new database."""
        await self._connection.execute(
            insert(LibraryRow).values(
                id=1, library_id=library_id, revision=0, index_epoch=0, seeded_at=None
            )
        )

    async def expire_indexes(self) -> None:
        """Have every index made anew, whatever it holds."""
        await self._connection.execute(
            update(LibraryRow).values(index_epoch=LibraryRow.index_epoch + 1)
        )

    async def mark_seeded(self, *, now: datetime) -> None:
        """Remember that the seed library has been loaded, so that it is not loaded again."""
        await self._connection.execute(update(LibraryRow).values(seeded_at=now))
