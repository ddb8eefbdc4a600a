"""Which entries changed since a state of the library, and the notice that one has."""

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.changes import ChangedEntry, LibraryChange, LibraryPoint
from service.domain.codes import SharingMarking
from service.domain.entries import EntryKey, EntryKind
from service.store.rows import EntryRow, EntryTermRow, LibraryRow, PublicationRow

NOTICE_CHANNEL = "precedent_library"
# Of a larger change nobody makes use entry by entry.
_NAMED_MOST = 1_000
_TYPE_FIELDS = ("primary_type", "other_types", "crisis_types")


async def give_notice(connection: AsyncConnection) -> None:
    """Have PostgreSQL tell every listening replica once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(NOTICE_CHANNEL, "")))


class Changes:
    """The changes of the library on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def point(self) -> LibraryPoint:
        """The state the library is in."""
        rows = await self._connection.execute(
            select(
                LibraryRow.library_id, LibraryRow.revision, func.coalesce(PublicationRow.stamp, "")
            ).outerjoin(PublicationRow, PublicationRow.revision == LibraryRow.revision)
        )
        return LibraryPoint(*rows.one())

    async def since(self, before: LibraryPoint) -> LibraryChange | None:
        """What changed since a state of the library; None where nothing did.

        It is not whole where that state is of another history, as after a restored backup, or where
        more changed than can be named.
        """
        now = await self.point()
        if now == before:
            return None
        published_at = await self._connection.scalar(
            select(PublicationRow.created_at).where(PublicationRow.revision == now.revision)
        )
        change = LibraryChange(now, published_at)
        if not await self._leads_here(before, now):
            return change.without_entries()
        rows = (
            await self._connection.execute(
                select(
                    EntryRow.id,
                    EntryRow.kind,
                    EntryRow.slug,
                    EntryRow.revision,
                    EntryRow.library_revision,
                    EntryRow.sharing,
                    EntryRow.listed_revision,
                )
                .where(EntryRow.library_revision > before.revision)
                .order_by(EntryRow.library_revision, EntryRow.id)
                .limit(_NAMED_MOST + 1)
            )
        ).all()
        if len(rows) > _NAMED_MOST:
            return change.without_entries()
        types = await self._types([row.id for row in rows])
        entries = tuple(
            ChangedEntry(
                row.id,
                EntryKey(EntryKind(row.kind), row.slug),
                row.revision,
                row.library_revision,
                SharingMarking(row.sharing),
                frozenset(types[row.id]),
                row.listed_revision > before.revision,
            )
            for row in rows
        )
        return LibraryChange(now, published_at, entries)

    async def _leads_here(self, before: LibraryPoint, now: LibraryPoint) -> bool:
        if before.library_id != now.library_id or before.revision >= now.revision:
            return False
        stamp = await self._connection.scalar(
            select(PublicationRow.stamp).where(PublicationRow.revision == before.revision)
        )
        return (stamp or "") == before.stamp

    async def _types(self, ids: list[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        rows = await self._connection.execute(
            select(EntryTermRow.entry_id, EntryTermRow.code).where(
                EntryTermRow.entry_id.in_(ids),
                EntryTermRow.vocabulary == "CrisisType",
                EntryTermRow.field.in_(_TYPE_FIELDS),
            )
        )
        for entry_id, code in rows:
            found[entry_id].add(code)
        return found
