"""What changed in the library: between which states of it, and which entries."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from service.domain.codes import SharingMarking
from service.domain.entries import EntryKey, EntryKind

CHANGED_ENTRIES_MOST = 100


class LibraryPoint(NamedTuple):
    """A state of the library. The stamp tells two histories apart that have the same numbers."""

    library_id: str
    revision: int
    stamp: str


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """An entry as a publish left it: its revision and the library's, its marking, its crisis types.

    Of the types those above are given too. Where it is not relisted, lists and counts find it, order it
    and leave it out as they did before.
    """

    id: int
    key: EntryKey
    revision: int
    library_revision: int
    sharing: SharingMarking
    types: frozenset[str] = frozenset()
    is_relisted: bool = True


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """What changed on the way to a state of the library, an entry once, in the order of publishing.

    Where it is not whole, more changed than is named: whoever keeps something of the library starts
    over at this state.
    """

    point: LibraryPoint
    published_at: datetime | None = None
    entries: tuple[ChangedEntry, ...] = ()
    is_whole: bool = True

    def since(self, revision: int) -> "LibraryChange":
        """What of the change was published after a revision of the library."""
        return self.naming(tuple(one for one in self.entries if one.library_revision > revision))

    def naming(self, entries: tuple[ChangedEntry, ...]) -> "LibraryChange":
        """The same change, of these entries."""
        return replace(self, entries=entries)

    def without_entries(self) -> "LibraryChange":
        """The same change for someone who missed what was in it, or before it."""
        return replace(self, entries=(), is_whole=False)


@dataclass(frozen=True, slots=True)
class ChangeSelection:
    """Which changed entries someone wants to hear of; what is None holds for all."""

    kinds: frozenset[EntryKind] | None = None
    slugs: frozenset[str] | None = None
    types: frozenset[str] | None = None

    def holds(self, entry: ChangedEntry) -> bool:
        """Whether the entry is among them."""
        return (
            (self.kinds is None or entry.key.kind in self.kinds)
            and (self.slugs is None or entry.key.slug in self.slugs)
            and (self.types is None or not self.types.isdisjoint(entry.types))
        )


def seen_by(
    change: LibraryChange, selection: ChangeSelection, visible: frozenset[SharingMarking]
) -> LibraryChange | None:
    """A change as someone sees it who may see these markings; None where nothing is left of it."""
    if not change.is_whole:
        return change.without_entries()
    entries = tuple(
        entry for entry in change.entries if entry.sharing in visible and selection.holds(entry)
    )
    if len(entries) > CHANGED_ENTRIES_MOST:
        return change.without_entries()
    return change.naming(entries) if entries else None
