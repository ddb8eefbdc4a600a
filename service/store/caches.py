"""Documents in memory, by entry and revision: a published revision never changes."""

from collections import OrderedDict

from service.domain.entries import Entry

CACHED_ENTRIES = 2_000


class EntryCache:
    """The entries read last, at most so many. What it holds is never stale, only forgotten."""

    def __init__(self, *, most: int = CACHED_ENTRIES) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, int], Entry] = OrderedDict()
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

    def keep(self, entry: Entry) -> None:
        """Hold an entry, and forget the one not read for longest when there are too many."""
        self._held[(entry.id, entry.revision)] = entry
        self._held.move_to_end((entry.id, entry.revision))
        while len(self._held) > self._most:
            self._held.popitem(last=False)
