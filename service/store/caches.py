"""Documents in memory, by entry and revision: a published revision never changes.

Which revision is published does change. As long as every change is heard of, it is known without
asking the database, also for whoever comes next.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar

from service.domain.entries import Entry, EntryKey

CACHED_ENTRIES = 3_000

Name = TypeVar("Name", int, EntryKey)


class EntryCache:
    """The entries read last, at most so many.

    `changes` counts what was heard of. Who reads an entry says how many it was when they began: only
    where nothing was heard since is what they read known to be what is published now.
    """

    def __init__(self, *, most: int = CACHED_ENTRIES) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, int], Entry] = OrderedDict()
        self._published: dict[int | EntryKey, Entry] = {}
        self.changes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._held)

    def find(self, entry_id: int, revision: int) -> Entry | None:
        """The entry at this revision, if it is still held."""
        entry = self._held.get((entry_id, revision))
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._held.move_to_end((entry_id, revision))
        return entry

    def find_published(self, names: Iterable[Name]) -> dict[Name, Entry]:
        """The entries of these rows or keys whose published revision is known and held."""
        found = {name: self._published[name] for name in names if name in self._published}
        for entry in found.values():
            self._held.move_to_end((entry.id, entry.revision))
        self.hits += len(found)
        return found

    def keep(self, entry: Entry) -> None:
        """Hold an entry, and forget the one not read for longest when there are too many."""
        self._held[(entry.id, entry.revision)] = entry
        self._held.move_to_end((entry.id, entry.revision))
        while len(self._held) > self._most:
            (row, revision), _ = self._held.popitem(last=False)
            published = self._published.get(row)
            if published is not None and published.revision == revision:
                self._unpublish(row)

    def keep_published(self, entries: Iterable[Entry], *, began: int) -> None:
        """These were published when `changes` was `began`, and are held unless forgotten already."""
        if began != self.changes:
            return
        for entry in entries:
            if self._held.get((entry.id, entry.revision)) is entry:
                self._published[entry.id] = self._published[entry.key] = entry

    def publish(self, rows: Iterable[int]) -> None:
        """Something else is published for the entries of these rows."""
        self.changes += 1
        for row in rows:
            self._unpublish(row)

    def publish_any(self) -> None:
        """Something else may be published for any entry."""
        self.changes += 1
        self._published.clear()

    def _unpublish(self, row: int) -> None:
        if (entry := self._published.pop(row, None)) is not None:
            del self._published[entry.key]
