"""The desk: what an operation works with, built once by the composition root."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from search.protocol import NearnessIndex, SearchIndex
from service.domain.agreements import Agreement
from service.domain.concepts import ConceptReader
from service.domain.entries import EntryKind
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.store.tokens import Token
from service.store.units import Reading, Store


class VocabularyShelf:
    """The published vocabularies in memory, with the reader of concepts made from them."""

    def __init__(self) -> None:
        self.vocabularies = Vocabularies()
        self.concepts = ConceptReader({})
        self._revisions: tuple[tuple[int, int], ...] = ()

    async def refresh(self, reading: Reading) -> None:
        """Read the vocabularies again where any has been published since."""
        entries = await reading.entries.load_kind(EntryKind.VOCABULARY)
        revisions = tuple((entry.id, entry.revision) for entry in entries)
        if revisions == self._revisions:
            return
        held = [entry.document for entry in entries if isinstance(entry.document, Vocabulary)]
        self.vocabularies = Vocabularies(held)
        self.concepts = ConceptReader(self.vocabularies.by_set)
        self._revisions = revisions


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


class TokenShelf:
    """Tokens as they were read less than a second ago, at most so many, by their hash.

    What another process revokes is so refused within a second; what this one revokes, at once.
    """

    _LIFE = timedelta(seconds=1)

    def __init__(self, *, most: int = 1_000) -> None:
        self._most = most
        self._held: OrderedDict[str, tuple[datetime, Token]] = OrderedDict()

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

    def clear(self) -> None:
        """Forget every token, since one has changed."""
        self._held.clear()


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, the two search engines, the vocabularies and the clock.

    `published` is called after a publish has been committed, so that indexing starts at once.
    `meaning_share` is how much meaning counts in a search; None where the engine knows no meanings.
    """

    store: Store
    engine: SearchIndex
    lexical: NearnessIndex
    shelf: VocabularyShelf
    now: Callable[[], datetime]
    published: Callable[[], None] = field(default=lambda: None)
    agreements: AgreementShelf = field(default_factory=AgreementShelf)
    tokens: TokenShelf = field(default_factory=TokenShelf)
    meaning_share: float | None = None
