"""The desk: what an operation works with, built once by the composition root."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from search.protocol import NearnessIndex, SearchIndex
from service.domain.agreements import Agreement
from service.domain.changes import LibraryChange
from service.domain.concepts import ConceptReader
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.store.caches import Name
from service.store.tokens import Token
from service.store.units import Reading, Store
from service.store.watches import LibraryWatch


class VocabularyShelf:
    """The published vocabularies in memory, with the reader of concepts made from them when asked for."""

    def __init__(self) -> None:
        self.vocabularies = Vocabularies()
        self._concepts: ConceptReader | None = None
        self._revisions: tuple[tuple[int, int], ...] = ()

    @property
    def concepts(self) -> ConceptReader:
        """The reader of concepts. It takes a moment to make, and most commands need none."""
        if self._concepts is None:
            self._concepts = ConceptReader(self.vocabularies.by_set)
        return self._concepts

    async def refresh(self, reading: Reading) -> None:
        """Read the vocabularies again where any has been published since."""
        entries = await reading.entries.load_kind(EntryKind.VOCABULARY)
        revisions = tuple((entry.id, entry.revision) for entry in entries)
        if revisions == self._revisions:
            return
        held = [entry.document for entry in entries if isinstance(entry.document, Vocabulary)]
        self.vocabularies = Vocabularies(held)
        self._concepts = None
        self._revisions = revisions

    async def follow(self, reading: Reading, change: LibraryChange) -> None:
        """Read the vocabularies again where a change could be one of theirs."""
        kinds = {entry.key.kind for entry in change.entries}
        if not change.is_whole or EntryKind.VOCABULARY in kinds:
            await self.refresh(reading)


class AgreementShelf:
    """The agreement last measured for each set of markings, at the state it was measured in."""

    def __init__(self) -> None:
        self._held: dict[frozenset[str], tuple[tuple[int, str], Agreement]] = {}

    def find(self, visible: Collection[str], *, at: tuple[int, str]) -> Agreement | None:
        """What was measured at this revision and stamp of the library, or None."""
        state, held = self._held.get(frozenset(visible), (None, None))
        return held if state == at else None

    def keep(self, visible: Collection[str], held: Agreement, *, at: tuple[int, str]) -> None:
        """Hold what was measured, in the place of what was measured before."""
        self._held[frozenset(visible)] = (at, held)


TokenReading = Callable[[Collection[str]], Awaitable[Mapping[str, Token]]]


class TokenShelf:
    """Tokens as they were read less than a second ago, at most so many, by their hash.

    What another process revokes is so refused within a second; what this one revokes, at once.
    """

    _LIFE = timedelta(seconds=1)

    def __init__(self, *, most: int = 1_000) -> None:
        self._most = most
        self._held: OrderedDict[str, tuple[datetime, Token]] = OrderedDict()
        self._asked: dict[str, asyncio.Future[Token | None]] = {}
        self._answering: set[asyncio.Task[None]] = set()

    def find(self, digest: str, *, now: datetime) -> Token | None:
        """The token with this hash, if it was read less than a second ago."""
        read_at, token = self._held.get(digest, (None, None))
        # A clock that was put back proves nothing.
        fresh = read_at is not None and timedelta() <= now - read_at < self._LIFE
        return token if fresh else None

    def keep(self, digest: str, token: Token, *, read_at: datetime) -> None:
        """Hold a token; `read_at` is no later than the state of the database it was read in."""
        self._held.pop(digest, None)
        self._held[digest] = (read_at, token)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    async def ask(self, digest: str, read: TokenReading) -> Token | None:
        """The token with this hash as it is now, read together with what others ask just now.

        A change wakes every subscriber at once, and each must still be who it was.
        """
        if not self._asked:
            task = asyncio.create_task(self._answer(read))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if digest not in self._asked:
            self._asked[digest] = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._asked[digest])

    async def _answer(self, read: TokenReading) -> None:
        # Whoever is awake already has asked by then.
        await asyncio.sleep(0)
        asked, self._asked = self._asked, {}
        try:
            found = await read(asked)
        except Exception as error:  # noqa: BLE001 - it belongs to those who asked
            for answer in asked.values():
                answer.set_exception(error)
                # They may have gone away meanwhile.
                answer.exception()
        else:
            for digest, answer in asked.items():
                answer.set_result(found.get(digest))
        finally:
            for answer in asked.values():
                answer.cancel()

    def clear(self) -> None:
        """Forget every token, since one has changed."""
        self._held.clear()


class ChangeShelf:
    """Entries that are shown to many subscribers at once, each read once for half a second."""

    _LIFE = timedelta(milliseconds=500)

    def __init__(self) -> None:
        self._held: dict[Hashable, tuple[datetime, asyncio.Task[dict[int, Entry]]]] = {}

    async def load(
        self,
        key: Hashable,
        read: Callable[[], Coroutine[None, None, dict[int, Entry]]],
        *,
        now: datetime,
    ) -> dict[int, Entry]:
        """What was read under this key, or is being read by another who asked, or is read now."""
        self._held = {
            held: (begun, task)
            for held, (begun, task) in self._held.items()
            if timedelta() <= now - begun < self._LIFE
        }
        if key not in self._held:
            self._held[key] = now, asyncio.create_task(read())
        # Whoever asked first may go away while others wait.
        return await asyncio.shield(self._held[key][1])


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, the two search engines, the vocabularies, the watch on changes and the clock.

    `published` is called after a publish has been committed, so that indexing starts at once.
    `meaning_share` is how much meaning counts in a search; None where the engine knows no meanings.
    """

    store: Store
    engine: SearchIndex
    lexical: NearnessIndex
    shelf: VocabularyShelf
    watch: LibraryWatch
    now: Callable[[], datetime]
    published: Callable[[], None] = field(default=lambda: None)
    agreements: AgreementShelf = field(default_factory=AgreementShelf)
    tokens: TokenShelf = field(default_factory=TokenShelf)
    changes: ChangeShelf = field(default_factory=ChangeShelf)
    meaning_share: float | None = None

    async def load_entries(
        self, ids: Collection[int], *, visible: Collection[str]
    ) -> dict[int, Entry]:
        """The entries of these rows that bear a visible marking, from memory where it is sure."""
        known, unknown = self._recall(ids, visible=visible)
        if unknown:
            async with self.store.entries() as entries:
                known |= await entries.load_many(unknown, visible=visible)
        return known

    async def find_entries(
        self, keys: Collection[EntryKey], *, visible: Collection[str]
    ) -> dict[EntryKey, Entry]:
        """The entries of these names that bear a visible marking, from memory where it is sure."""
        known, unknown = self._recall(keys, visible=visible)
        if unknown:
            async with self.store.entries() as entries:
                known |= await entries.find_many(unknown, visible=visible)
        return known

    def _recall(
        self, names: Collection[Name], *, visible: Collection[str]
    ) -> tuple[dict[Name, Entry], list[Name]]:
        """What is known to be published now and may be seen, and the names of which nothing is known."""
        known = self.watch.recall(names)
        seen = {
            name: entry for name, entry in known.items() if entry.document.sharing.value in visible
        }
        return seen, [name for name in names if name not in known]
