"""Entries and their revisions: publishing documents and reading them back."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import Case
from service.domain.entries import (
    Document,
    Entry,
    EntryKey,
    EntryKind,
    body_of,
    digest_of,
    key_of,
    published_document,
)
from service.domain.reads import note_entries, note_kinds, note_library, note_lists
from service.store import projections
from service.store.caches import EntryCache
from service.store.changes import give_notice
from service.store.rows import (
    EntryRow,
    EntryTermRow,
    LibraryRow,
    OutboxRow,
    PublicationRow,
    RevisionRow,
)

_BATCH = 500
# A case in memory, with its rows, is ten times its text.
_PUBLISHED_AT_ONCE = 200
_LIBRARY = 1


_ENTRY = select(
    EntryRow.id,
    EntryRow.kind,
    EntryRow.slug,
    EntryRow.revision,
    EntryRow.library_revision,
    RevisionRow.body,
).join(
    RevisionRow,
    (RevisionRow.entry_id == EntryRow.id) & (RevisionRow.number == EntryRow.revision),
)
_REVISIONS = select(EntryRow.id, EntryRow.revision)
# To put these together takes longer than the database takes to answer them.
_IS_ROW = EntryRow.id.in_(bindparam("ids", expanding=True))
# Pairs of kind and slug would be as short, but SQLite looks through every entry for them.
_IS_NAMED = and_(
    EntryRow.kind == bindparam("kind"), EntryRow.slug.in_(bindparam("slugs", expanding=True))
)
_IS_VISIBLE = EntryRow.sharing.in_(bindparam("visible", expanding=True))
_BODIES = _ENTRY.where(_IS_ROW)
_ROWS = select(EntryRow.id, EntryRow.kind, EntryRow.slug).where(_IS_NAMED)
_HELD = select(EntryRow).where(_IS_NAMED)


@dataclass(frozen=True, slots=True)
class _Which:
    """Some entries: which revisions are published, and the whole of them."""

    revisions: Select[int, int]
    whole: Select[*tuple[Any, ...]]

    @classmethod
    def where(cls, *conditions: ColumnElement[bool]) -> "_Which":
        return cls(_REVISIONS.where(*conditions), _ENTRY.where(*conditions))


_BY_ROW = _Which.where(_IS_ROW, _IS_VISIBLE)
_BY_NAME = _Which.where(_IS_NAMED, _IS_VISIBLE)
_BY_KIND = _Which.where(EntryRow.kind == bindparam("kind"))


def _entry(found: Any) -> Entry:
    return Entry(
        id=found.id,
        key=EntryKey(EntryKind(found.kind), found.slug),
        revision=found.revision,
        library_revision=found.library_revision,
        document=published_document(found.body),
    )


def _batches(keys: Iterable[EntryKey]) -> Iterator[dict[str, Any]]:
    """What a statement asks for, for each kind and so many names of it at once."""
    slugs: dict[EntryKind, list[str]] = {}
    for key in keys:
        slugs.setdefault(key.kind, []).append(key.slug)
    for kind, named in slugs.items():
        for start in range(0, len(named), _BATCH):
            yield {"kind": kind.value, "slugs": named[start : start + _BATCH]}


class Entries:
    """The entries of the library on one connection.

    `began` is how many changes the cache had heard of before this state of the library was taken; None
    in a transaction, where what is read may yet be undone. `at_once` has bodies read without asking
    first which of them are in memory.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        cache: EntryCache,
        *,
        began: int | None = None,
        at_once: bool = False,
    ) -> None:
        self._connection = connection
        self._cache = cache
        self._began = began
        self._at_once = at_once

    async def ids_of(self, keys: Collection[EntryKey]) -> dict[EntryKey, int]:
        """The row of each entry that exists, hidden ones included."""
        note_library()
        found: dict[EntryKey, int] = {}
        for named in _batches(keys):
            rows = await self._connection.execute(_ROWS, named)
            found |= {EntryKey(EntryKind(row.kind), row.slug): row.id for row in rows}
        return found

    async def id_of_number(self, number: str) -> int | None:
        """The row of the case with this number, or None."""
        row: int | None = await self._connection.scalar(
            select(EntryRow.id).where(EntryRow.number == number)
        )
        if row is None:
            note_lists(EntryKind.CASE)
        else:
            # No other case can have the number before this one gives it up.
            note_entries((row,))
        return row

    async def holders_of(self, numbers: Collection[str]) -> dict[str, str]:
        """The slug of the case that holds each of these numbers."""
        note_library()
        found: dict[str, str] = {}
        ordered = list(numbers)
        for start in range(0, len(ordered), _BATCH):
            rows = await self._connection.execute(
                select(EntryRow.number, EntryRow.slug).where(
                    EntryRow.number.in_(ordered[start : start + _BATCH])
                )
            )
            found |= {str(number): slug for number, slug in rows}
        return found

    async def users_of(
        self, vocabulary: str, codes: Collection[str], *, besides: Collection[int]
    ) -> list[tuple[str, int]]:
        """How many entries, besides some, use each of these codes, where any does."""
        note_library()
        rows = await self._connection.execute(
            select(EntryTermRow.code, EntryTermRow.entry_id)
            .distinct()
            .where(
                EntryTermRow.vocabulary == vocabulary,
                EntryTermRow.code.in_(codes),
                EntryTermRow.direct,
            )
        )
        users = Counter(code for code, entry_id in rows if entry_id not in besides)
        return sorted(users.items())

    async def load_many(
        self, ids: Collection[int], *, visible: Collection[str]
    ) -> dict[int, Entry]:
        """The entries of these rows that bear a visible marking, as they are published now."""
        note_entries(ids)
        return await self._load(_BY_ROW, ids=list(ids), visible=list(visible))

    async def find_many(
        self, keys: Collection[EntryKey], *, visible: Collection[str]
    ) -> dict[EntryKey, Entry]:
        """The entries of these names that bear a visible marking, as they are published now."""
        note_entries(keys)
        found: dict[EntryKey, Entry] = {}
        for named in _batches(keys):
            entries = await self._load(_BY_NAME, **named, visible=list(visible))
            found |= {entry.key: entry for entry in entries.values()}
        return found

    async def _load(self, which: _Which, **bound: Any) -> dict[int, Entry]:
        if self._at_once:
            rows = await self._connection.execute(which.whole, bound)
            found = {
                row.id: self._cache.find(row.id, row.revision) or self._kept(row) for row in rows
            }
        else:
            found = await self._load_missing(which.revisions, bound)
        if self._began is not None:
            self._cache.keep_published(found.values(), began=self._began)
        return found

    async def _load_missing(self, which: Select[int, int], bound: Any) -> dict[int, Entry]:
        rows = await self._connection.execute(which, bound)
        known = {row.id: self._cache.find(row.id, row.revision) for row in rows}
        found = {entry_id: entry for entry_id, entry in known.items() if entry is not None}
        if missing := known.keys() - found.keys():
            for row in await self._connection.execute(_BODIES, {"ids": list(missing)}):
                found[row.id] = self._kept(row)
        return found

    def _kept(self, row: Any) -> Entry:
        entry = _entry(row)
        self._cache.keep(entry)
        return entry

    async def load_kind(self, kind: EntryKind) -> tuple[Entry, ...]:
        """Every entry of a kind, by slug, whatever its marking."""
        note_kinds(kind)
        found = await self._load(_BY_KIND, kind=kind.value)
        return tuple(sorted(found.values(), key=lambda entry: entry.key.slug))

    async def load_all(self, ids: Collection[int]) -> tuple[Entry, ...]:
        """The entries of these rows, whatever their marking."""
        note_entries(ids)
        rows = await self._connection.execute(_BODIES, {"ids": list(ids)})
        return tuple(_entry(row) for row in rows)

    async def load_after(self, last: int, *, limit: int) -> tuple[Entry, ...]:
        """The next entries in the order of their rows, whatever their marking."""
        note_library()
        rows = await self._connection.execute(
            _ENTRY.where(EntryRow.id > last).order_by(EntryRow.id).limit(limit)
        )
        return tuple(_entry(row) for row in rows)

    async def walk_by_name(self) -> AsyncIterator[tuple[Entry, ...]]:
        """Every entry, a batch at a time, by kind and slug, whenever each was first published."""
        note_library()
        rows = await self._connection.execute(select(EntryRow.kind, EntryRow.slug, EntryRow.id))
        # Databases differ in how they order texts; an export must not.
        ordered = [row.id for row in sorted(rows, key=tuple)]
        for start in range(0, len(ordered), _BATCH):
            part = ordered[start : start + _BATCH]
            held = {entry.id: entry for entry in await self.load_all(part)}
            yield tuple(held[entry_id] for entry_id in part)

    async def walk(self) -> AsyncIterator[tuple[Entry, ...]]:
        """Every entry, a batch at a time, in the order of their rows."""
        last = 0
        while entries := await self.load_after(last, limit=_BATCH):
            yield entries
            last = entries[-1].id

    async def changed_since(self, revision: int) -> list[int]:
        """The rows of entries published after a library revision, oldest first."""
        note_library()
        rows = await self._connection.scalars(
            select(EntryRow.id)
            .where(EntryRow.library_revision > revision)
            .order_by(EntryRow.library_revision, EntryRow.id)
        )
        return list(rows)

    async def count(self) -> int:
        """How many entries there are, hidden ones included."""
        note_library()
        found = await self._connection.scalar(select(func.count()).select_from(EntryRow))
        return found or 0

    async def counts(self, *, visible: Collection[str]) -> dict[EntryKind, int]:
        """How many visible entries of each kind there are."""
        note_lists()
        rows = await self._connection.execute(
            select(EntryRow.kind, func.count())
            .where(EntryRow.sharing.in_(visible))
            .group_by(EntryRow.kind)
        )
        found = {EntryKind(kind): count for kind, count in rows}
        return {kind: found.get(kind, 0) for kind in EntryKind}

    async def publish(
        self,
        documents: Iterable[Document],
        *,
        author: str,
        note: str | None,
        now: datetime,
        progress: Callable[[int], None] = lambda _: None,
    ) -> tuple[EntryKey, ...]:
        """Publish what differs from what is published, in one library revision.

        Writes revisions, projection, outbox and library revision; an unchanged document writes
        nothing. Documents are taken a batch at a time, each batch when the one before is written and
        let go of. Returns the keys of the entries that changed.
        """
        revision = await self._next_library_revision()
        changed: list[EntryKey] = []
        count = 0
        left = iter(documents)
        while batch := list(islice(left, _PUBLISHED_AT_ONCE)):
            changed += await self._publish_batch(batch, revision, author, note, now)
            count += len(batch)
            progress(count)
            # Or it would be held until the next is read.
            batch.clear()
        if changed:
            await self._connection.execute(update(LibraryRow).values(revision=revision))
            await self._connection.execute(
                insert(PublicationRow).values(
                    revision=revision, stamp=str(uuid4()), author=author, created_at=now
                )
            )
            await give_notice(self._connection)
        return tuple(changed)

    async def _next_library_revision(self) -> int:
        # The lock makes publishers wait for each other, so revisions are published in their order.
        rows = await self._connection.execute(
            select(LibraryRow.revision).where(LibraryRow.id == _LIBRARY).with_for_update()
        )
        return rows.scalar_one() + 1

    async def _publish_batch(
        self,
        documents: Sequence[Document],
        library_revision: int,
        author: str,
        note: str | None,
        now: datetime,
    ) -> list[EntryKey]:
        given = {key_of(document): (document, body_of(document)) for document in documents}
        held = await self._held(given)
        digests = {key: digest_of(body) for key, (_, body) in given.items()}
        ids = {key: row.id for key, row in held.items() if row.digest != digests[key]}
        numbers = {held[key].id: held[key].revision + 1 for key in ids}
        relisted = await self._relisted(
            [(held[key], document) for key, (document, _) in given.items() if key in ids]
        )
        new: list[dict[str, Any]] = []
        revised: list[dict[str, Any]] = []
        for key, (document, _) in given.items():
            entry = {
                "number": document.number if isinstance(document, Case) else None,
                "sharing": document.sharing.value,
                "digest": digests[key],
                "library_revision": library_revision,
                "listed_revision": library_revision,
            }
            if key not in held:
                new.append({**entry, "kind": key.kind.value, "slug": key.slug, "revision": 1})
            elif key in ids:
                row = held[key]
                if row.id not in relisted:
                    entry["listed_revision"] = row.listed_revision
                revised.append({**entry, "row_id": row.id, "new_revision": numbers[row.id]})
        if revised:
            await self._connection.execute(
                update(EntryRow)
                .where(EntryRow.id == bindparam("row_id"))
                .values(
                    number=bindparam("number"),
                    sharing=bindparam("sharing"),
                    digest=bindparam("digest"),
                    library_revision=bindparam("library_revision"),
                    listed_revision=bindparam("listed_revision"),
                    revision=bindparam("new_revision"),
                ),
                revised,
            )
        if relisted:
            await projections.clear(self._connection, relisted)
        if new:
            await self._connection.execute(insert(EntryRow), new)
            ids |= await self.ids_of(
                [EntryKey(EntryKind(entry["kind"]), entry["slug"]) for entry in new]
            )
        if not ids:
            return []
        await self._connection.execute(
            insert(RevisionRow),
            [
                {
                    "entry_id": entry_id,
                    "number": numbers.get(entry_id, 1),
                    "body": given[key][1],
                    "author": author,
                    "note": note,
                    "created_at": now,
                }
                for key, entry_id in ids.items()
            ],
        )
        await projections.project(
            self._connection,
            [
                (entry_id, given[key][0])
                for key, entry_id in ids.items()
                if entry_id in relisted or key not in held
            ],
        )
        await self._connection.execute(
            insert(OutboxRow),
            [
                {"entry_id": entry_id, "library_revision": library_revision}
                for entry_id in ids.values()
            ],
        )
        return list(ids)

    async def _relisted(self, revised: Sequence[tuple[Any, Document]]) -> frozenset[int]:
        """Those of the held rows whose new document is found, ordered or counted by something else."""
        if not revised:
            return frozenset()
        before = {
            entry.id: entry.document
            for entry in await self.load_all([row.id for row, _ in revised])
        }
        return frozenset(
            row.id
            for row, document in revised
            if row.sharing != document.sharing.value
            or not projections.is_alike(before[row.id], document)
        )

    async def _held(self, keys: Iterable[EntryKey]) -> dict[EntryKey, Any]:
        held: dict[EntryKey, Any] = {}
        for named in _batches(keys):
            rows = await self._connection.execute(_HELD, named)
            held |= {EntryKey(EntryKind(row.kind), row.slug): row for row in rows}
        return held

    async def reproject(self, *, progress: Callable[[int], None]) -> int:
        """Write the whole projection anew from the published revisions; how many entries."""
        await projections.clear(self._connection)
        count = 0
        async for entries in self.walk():
            await projections.project(
                self._connection, [(entry.id, entry.document) for entry in entries]
            )
            count += len(entries)
            progress(count)
        return count
