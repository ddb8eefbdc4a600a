"""One build of the lexical index: a folder that Tantivy reads and writes, with its identity inside.

Synchronous; `search.lexical` calls it in threads and decides which build is the current one.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from tantivy import Index, Query, Schema, Searcher

from search.errors import SearchUnavailable
from search.gram_query import Finding, GramLookup, gram_query
from search.protocol import (
    IndexIdentity,
    Nearness,
    Preference,
    SearchAnswer,
    SearchDocument,
    SearchQuery,
)
from search.shelf_documents import (
    IDENTITY_KIND,
    hit_of,
    identity_of,
    new_schema,
    stored_document,
    stored_identity,
)
from search.shelf_filters import FACETS, narrowed, require_known
from search.shelf_nearness import nearest

_WRITER_BYTES: Final = 64_000_000
# More values than any facet has, so that counts are exact.
_FACET_VALUES: Final = 10_000


class Shelf:
    """A lexical index in one folder. It opens only if it is whole and says what it is."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lookup = GramLookup(index.searcher(), index.schema)
        self._identity = _identity_in(self._lookup.searcher, index.schema)

    @classmethod
    def open(cls, folder: Path) -> "Shelf":
        """Return the index in this folder; raise `SearchUnavailable` if it is damaged."""
        with damage_reported(f"the lexical index in {folder} is damaged"):
            return cls(Index.open(str(folder)))

    @property
    def identity(self) -> IndexIdentity:
        """What this index was made from."""
        return self._identity

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Return one page of matches; text without a single gram matches nothing."""
        started_at = time.perf_counter()
        for field in query.facets:
            require_known(field, FACETS)
        lookup = self._lookup
        searcher = lookup.searcher
        meant = None
        if query.text.strip():
            finding = Finding.WHOLE if query.whole else Finding.ENOUGH
            meant = gram_query(query.text, lookup, finding=finding)
            if meant is None:
                return SearchAnswer((), 0, {field: {} for field in query.facets}, 0.0)
        asked = narrowed(query, lookup.schema, None if meant is None else meant.query)
        # Tantivy takes no limit of zero.
        found = searcher.search(asked, limit=max(1, query.limit), offset=query.offset)
        hits = tuple(
            hit_of(searcher.doc(address), score=1.0 if meant is None else meant.score(raw))
            for raw, address in found.hits[: query.limit]
        )
        facets = _facet_counts(query.facets, searcher, asked)
        total: int = found.count  # type: ignore[attr-defined]  # tantivy's stub leaves it out
        return SearchAnswer(hits, total, facets, 1_000 * (time.perf_counter() - started_at))

    def nearest(self, query: SearchQuery, preferences: Sequence[Preference]) -> Nearness:
        """Return the documents nearest to the text of a query."""
        return nearest(query, preferences, self._lookup)

    def replace(
        self,
        documents: Sequence[SearchDocument],
        *,
        entries: Collection[str],
        identity: IndexIdentity,
    ) -> None:
        """Change the documents of these entries, and the identity, in one commit."""
        with ShelfWriter(self._index) as writer:
            writer.remove("entry", entries)
            writer.remove("kind", (IDENTITY_KIND,))
            writer.add(documents)
            writer.finish(identity)
        self._index.reload()
        self._lookup = GramLookup(self._index.searcher(), self._index.schema)
        self._identity = identity


class ShelfWriter:
    """Documents on their way into one index; without `finish`, nothing of it happened."""

    def __init__(self, index: Index) -> None:
        self._writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._is_finished = False

    @classmethod
    def create(cls, folder: Path) -> "ShelfWriter":
        """Start a new index in an empty folder."""
        return cls(Index(new_schema(), str(folder)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, documents: Iterable[SearchDocument]) -> None:
        """Take documents in; none of them is seen before `finish`."""
        for document in documents:
            self._writer.add_document(stored_document(document))

    def remove(self, field: str, values: Iterable[str]) -> None:
        """Remove what is in the index so far and holds one of the values."""
        for value in values:
            self._writer.delete_documents_by_term(field, value)

    def finish(self, identity: IndexIdentity) -> None:
        """Make everything durable and seen at once."""
        self._writer.add_document(stored_identity(identity))
        self._writer.commit()
        self._is_finished = True

    def close(self) -> None:
        """Give the index back to the next writer, forgetting what was not finished."""
        if not self._is_finished:
            self._writer.rollback()
        self._writer.wait_merging_threads()


@contextmanager
def damage_reported(what: str) -> Iterator[None]:
    """Turn what Tantivy raises for files that are damaged or gone into `SearchUnavailable`."""
    try:
        yield
    except (ValueError, LookupError, OSError) as error:
        raise SearchUnavailable(f"{what}: {error}") from error
    except BaseException as error:
        # A panic of Tantivy is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise SearchUnavailable(f"{what}: {error}") from error


def _identity_in(searcher: Searcher, schema: Schema) -> IndexIdentity:
    says_it = Query.term_query(schema, "kind", IDENTITY_KIND, index_option="basic")
    found = searcher.search(says_it, limit=1).hits
    if not found:
        raise LookupError("it does not say what it is")
    return identity_of(searcher.doc(found[0][1]))


def _facet_counts(
    fields: Sequence[str], searcher: Searcher, asked: Query
) -> Mapping[str, Mapping[str, int]]:
    if not fields:
        return {}
    terms = {"size": _FACET_VALUES, "segment_size": _FACET_VALUES}
    counted = searcher.aggregate(
        asked, {field: {"terms": {"field": field, **terms}} for field in fields}
    )
    return {
        field: {bucket["key"]: bucket["doc_count"] for bucket in counted[field]["buckets"]}
        for field in fields
    }
