"""The contract every search engine keeps: documents in, queries, answers, and the identity of an index.

All text that arrives here is already prepared (normalised, simplified, case-folded) by its caller.
"""

from collections.abc import AsyncIterable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

CASE = "CASE"
STATEMENT = "STATEMENT"
METHOD = "METHOD"
PROCEDURE_STEP = "PROCEDURE_STEP"
STATEMENT_TEMPLATE = "STATEMENT_TEMPLATE"
# Of two that fit equally well the earlier kind comes first: a statement repeats its case's title.
ENTRY_KINDS = (CASE, METHOD, STATEMENT_TEMPLATE, PROCEDURE_STEP, STATEMENT)

# In falling weight. `names` holds organisation names, aliases and pinyin; `asked_as` the phrasings
# people type in that situation.
TEXT_FIELDS = ("title", "names", "asked_as", "labels", "summary", "body")

# Codes, filtered and counted as they are. `crisis_types` holds every ancestor of each type.
FACET_FIELDS = (
    "crisis_types",
    "platforms",
    "industry",
    "country",
    "level",
    "year",
    "strategies",
    "statement_kind",
    "channel",
    "phase",
    "provenance",
    "sharing",
    "verdict",
    "metrics",
)

# Figures one filters by range. A document leaves out what is not known.
NUMBER_FIELDS = ("year_number", "first_statement_from_hours", "first_statement_hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One findable thing. Several documents (a case and its statements) belong to one entry.

    `id` uses only letters, digits, `-` and `_`; `entry` is free text such as `CASE:yuque-outage`;
    `revision` is the library revision that published it. An absent key is an empty value.
    """

    id: str
    kind: str
    entry: str
    revision: int
    texts: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The facet holds at least one of the values; `kind` and `entry` count as facets.

    No values: nothing matches.
    """

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The number is known and lies between the bounds, both included; `None` is no bound."""

    field: str
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every condition holds. No conditions: everything matches."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one condition holds. No conditions: nothing matches."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold, which includes that its field is empty."""

    condition: "Condition"


Condition = AnyOf | Range | AllOf | OneOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for. Empty text matches every document; empty `kinds` means all kinds.

    `whole` asks for documents that hold every word of the text, not only some. `meaning` is the share,
    from 0 to 1, by which it counts what the text means beside the words it uses. At 1 a score of a
    half is no nearness. An index that knows no meanings goes by the words alone.
    """

    text: str = ""
    whole: bool = False
    meaning: float = 0.0
    kinds: tuple[str, ...] = ()
    condition: Condition | None = None
    facets: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document. Scores lie in 0..1 and compare only within one answer."""

    id: str
    kind: str
    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of hits, best first; `total` and `facets` count all matches, not this page."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    processing_ms: float


@dataclass(frozen=True, slots=True)
class Preference:
    """A document whose facet holds one of the values is nearer by `weight`, whatever its words.

    A weight of one is as much as holding every gram of the text once.
    """

    field: str
    values: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class NearDocument:
    """A document near a text. `closeness` is that of its words alone: 1 for holding each gram once.

    `facets` holds its codes in the facets that were preferred.
    """

    id: str
    entry: str
    closeness: float
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Nearness:
    """The documents nearest to a text, and how much of the text the closest of them holds.

    `typed` is how much the text says: the summed rarity of its grams. `covered` is the share of it,
    from 0 to 1, that the document whose words are closest holds anywhere.
    """

    typed: float
    covered: float
    documents: tuple[NearDocument, ...]


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """Which library an index was made from, up to which revision, and in which format.

    `stamp` is that revision's own mark: a library that was restored from a backup and went on from
    there has the same revision numbers with other stamps. `access` marks the secrets that the index was
    given to ask others with; where they change, what it holds stays right.
    """

    library_id: str
    revision: int
    stamp: str
    format: str
    access: str = ""


Progress = Callable[[int], None]


class SearchIndex(Protocol):
    """One index. Every method raises `SearchUnavailable` while its engine is away."""

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Return one page of matches. An index that was never built has none."""
        ...

    async def identity(self) -> IndexIdentity | None:
        """Return what the index says it was made from, or `None` where there is no index."""
        ...

    async def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Make `documents` the only ones of `entries`, and `identity` that of the index.

        An entry without documents is removed. When this returns the engine has confirmed it; a
        reader never sees an entry missing in between. Needs an index; `SearchRejected` without.
        """
        ...

    async def rebuild(
        self,
        batches: AsyncIterable[Sequence[SearchDocument]],
        *,
        identity: IndexIdentity,
        progress: Progress | None = None,
    ) -> None:
        """Fill a new index beside the old one, swap the two, and delete the old.

        A failure in the middle leaves the old index serving; what it left behind goes with the
        next rebuild. `progress` is told how many documents are in so far.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections and files. The index itself stays."""
        ...


class NearnessIndex(SearchIndex, Protocol):
    """An index that also says how near its documents are to a text, not only which match."""

    async def nearest(
        self, query: SearchQuery, *, preferences: Sequence[Preference] = ()
    ) -> Nearness:
        """Return the nearest documents, best first, counting words and preferences together.

        Of the query, `facets` and `offset` are not used. Raises like `search`.
        """
        ...
