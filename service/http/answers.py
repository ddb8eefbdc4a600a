"""Whole answers as bytes, each kept until something it was made from is published anew.

A request is known by its bytes and by what its reader may see: the same words from a reader with the
same rights have the same answer. Only an answer without errors is kept, and only one that nothing but
a publish can change (`service.domain.reads`).
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from service.domain.access import AccessRole
from service.domain.changes import ChangedEntry
from service.domain.entries import EntryKind
from service.domain.reads import Reads, changed_sources, noting_reads

ANSWER_MOST_BYTES = 1_000_000
# What an answer takes besides its own bytes and its request's.
_OVERHEAD_BYTES = 1_000
# An answer that took longer than so many publishes is not kept: too much may have changed.
_PUBLISHES_HELD = 1_000
# A publish of more entries than this leaves hardly an answer right.
_ENTRIES_MOST = 1_000


class AnswerKey(NamedTuple):
    """A request by its bytes: what its reader may see, how it was sent, and what is asked."""

    role: AccessRole | None
    method: str
    media_type: str
    query: bytes
    body: bytes


class Answer(NamedTuple):
    """An answer as it is sent, and the name of the operation it is counted under."""

    body: bytes
    operation: str | None = None


@dataclass(slots=True)
class _Held:
    answer: Answer
    sources: frozenset[Hashable]
    size: int


@dataclass(slots=True)
class Flight:
    """An answer on its way, for everyone who asks the same meanwhile."""

    began: int
    answer: Answer | None = None
    landed: asyncio.Future[Answer | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class AnswerCache:
    """The answers asked for last, up to so many bytes.

    While `hears_of_changes` says no, every answer is made: something may have been published.
    """

    def __init__(
        self, *, most_bytes: int, hears_of_changes: Callable[[], bool] = lambda: True
    ) -> None:
        self._most_bytes = most_bytes
        self._hears_of_changes = hears_of_changes
        self._held: OrderedDict[AnswerKey, _Held] = OrderedDict()
        self._readers: dict[Hashable, set[AnswerKey]] = {}
        self._flights: dict[AnswerKey, Flight] = {}
        self._publishes = 0
        self._recent: deque[frozenset[Hashable] | None] = deque(maxlen=_PUBLISHES_HELD)
        self.bytes_held = 0
        self.hits = 0
        self.misses = 0

    async def find(self, key: AnswerKey) -> Answer | None:
        """The answer to this request; None where it is to be made, within `making`.

        A request that is being answered already is waited for, and its answer shared, kept or not:
        nothing has been published since it was begun.
        """
        if not self._hears_of_changes():
            self.misses += 1
            return None
        held = self._held.get(key)
        if held is not None:
            self._held.move_to_end(key)
            self.hits += 1
            return held.answer
        flight = self._flights.get(key)
        answer = None if flight is None else await asyncio.shield(flight.landed)
        if answer is None:
            self.misses += 1
        else:
            self.hits += 1
        return answer

    @contextmanager
    def making(self, key: AnswerKey) -> Iterator[Flight]:
        """Make the answer to a request within, and keep it if it lasts."""
        flight = Flight(self._publishes)
        is_first = self._flights.setdefault(key, flight) is flight
        try:
            with noting_reads() as reads:
                yield flight
            if flight.answer is not None:
                flight.answer = flight.answer._replace(operation=reads.operation)
            if flight.answer is not None and self._may_be_kept(flight, reads):
                self._keep(key, flight.answer, frozenset(reads.sources))
        finally:
            flight.landed.set_result(flight.answer)
            if is_first and self._flights.get(key) is flight:
                del self._flights[key]

    def drop(self, entries: Iterable[ChangedEntry]) -> None:
        """Forget what the publish of these entries may change, also what is on its way."""
        changed: set[Hashable] = set()
        for count, entry in enumerate(entries, start=1):
            if count > _ENTRIES_MOST or entry.key.kind is EntryKind.VOCABULARY:
                # What a vocabulary says is read from memory, and noted nowhere.
                self.clear()
                return
            changed.update(changed_sources(entry))
        self._published(frozenset(changed))
        for source in changed:
            for asked in tuple(self._readers.get(source, ())):
                self._forget(asked)

    def clear(self) -> None:
        """Forget everything: nobody knows what has changed."""
        self._published(None)
        self._held.clear()
        self._readers.clear()
        self.bytes_held = 0

    def _published(self, changed: frozenset[Hashable] | None) -> None:
        self._publishes += 1
        self._recent.append(changed)
        # Who asks from now on must not be given what was read before.
        self._flights.clear()

    def _may_be_kept(self, flight: Flight, reads: Reads) -> bool:
        """Whether only a publish can change the answer, and none has since it was begun."""
        since = self._publishes - flight.began
        if not reads.lasts or since > len(self._recent):
            return False
        later = (self._recent[-place] for place in range(1, since + 1))
        return all(changed is not None and changed.isdisjoint(reads.sources) for changed in later)

    def _keep(self, key: AnswerKey, answer: Answer, sources: frozenset[Hashable]) -> None:
        if len(answer.body) > ANSWER_MOST_BYTES:
            return
        self._forget(key)
        size = len(answer.body) + len(key.body) + len(key.query) + _OVERHEAD_BYTES
        self._held[key] = _Held(answer, sources, size)
        self.bytes_held += size
        for source in sources:
            self._readers.setdefault(source, set()).add(key)
        while self.bytes_held > self._most_bytes:
            self._forget(next(iter(self._held)))

    def _forget(self, key: AnswerKey) -> None:
        held = self._held.pop(key, None)
        if held is None:
            return
        self.bytes_held -= held.size
        for source in held.sources:
            readers = self._readers[source]
            readers.discard(key)
            if not readers:
                del self._readers[source]
