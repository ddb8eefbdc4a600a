"""What an answer was made from, noted as it is read, so that the answer is kept no longer than right.

Whoever reads the library notes what: entries, whole kinds, lists, or everything. What no publish tells
of, the time or a search index, passes: an answer with that in it is not kept at all.
"""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Final, NamedTuple

from service.domain.changes import ChangedEntry
from service.domain.entries import EntryKey, EntryKind


class Whole(Enum):
    """The library as one thing to read."""

    LIBRARY = "LIBRARY"


class Lists(NamedTuple):
    """The lists and counts of a kind, or those that entries of any kind are in."""

    kind: EntryKind | None = None


class Reads:
    """What was read so far: rows and names of entries, kinds, lists, or the whole library."""

    def __init__(self) -> None:
        self.sources: set[Hashable] = set()
        self.lasts = True
        self.operation: str | None = None


_CURRENT: Final[ContextVar[Reads | None]] = ContextVar("reads", default=None)


@contextmanager
def noting_reads() -> Iterator[Reads]:
    """Note what is read within, also by tasks that are started there."""
    reads = Reads()
    token = _CURRENT.set(reads)
    try:
        yield reads
    finally:
        _CURRENT.reset(token)


def note_entries(entries: Iterable[int | EntryKey]) -> None:
    """These entries were read, by row or by name, also those that do not exist."""
    if (reads := _CURRENT.get()) is not None:
        reads.sources.update(entries)


def note_kinds(*kinds: EntryKind) -> None:
    """The documents of these kinds were read, all of them."""
    if (reads := _CURRENT.get()) is not None:
        reads.sources.update(kinds)


def note_lists(kind: EntryKind | None = None) -> None:
    """What entries of a kind, or of any, are found, ordered and counted by was read.

    Whoever reads more of an entry that was found notes the entry.
    """
    if (reads := _CURRENT.get()) is not None:
        reads.sources.add(Lists(kind))


def note_library() -> None:
    """Something was read that any publish may change."""
    if (reads := _CURRENT.get()) is not None:
        reads.sources.add(Whole.LIBRARY)


def note_operation(label: str) -> None:
    """This is what reads, by the name it is counted under."""
    if (reads := _CURRENT.get()) is not None:
        reads.operation = label


def note_passing() -> None:
    """Something was read that changes without a publish."""
    if (reads := _CURRENT.get()) is not None:
        reads.lasts = False


def changed_sources(entry: ChangedEntry) -> tuple[Hashable, ...]:
    """What the publish of this entry changes."""
    read = (entry.id, entry.key, entry.key.kind, Whole.LIBRARY)
    return (*read, Lists(entry.key.kind), Lists()) if entry.is_relisted else read
