"""How near the documents of a lexical index are to a text, and how much of the text they hold."""

from collections.abc import Sequence
from typing import Final

from tantivy import Document, Occur, Query, Schema

from search.gram_query import Finding, GramLookup, GramQuery, gram_query
from search.protocol import NearDocument, Nearness, Preference, SearchQuery
from search.shelf_documents import codes_in
from search.shelf_filters import FACETS, narrowed, require_known

_NOTHING: Final = Nearness(0.0, 0.0, ())
# What a weight of one is worth where no text was given.
_NO_TEXT_SCORE: Final = 1.0
# Tantivy adds scores up in single precision: what is left of one without a word is not quite zero.
_EXACT_DIGITS: Final = 5


def nearest(query: SearchQuery, preferences: Sequence[Preference], lookup: GramLookup) -> Nearness:
    """Return the documents nearest by words and preferences together."""
    for preference in preferences:
        require_known(preference.field, FACETS)
    meant = None
    if query.text.strip():
        meant = gram_query(query.text, lookup, finding=Finding.ANY)
    if meant is None and not preferences:
        return _NOTHING
    whole = _NO_TEXT_SCORE if meant is None else meant.plain_score
    wanted = [_preferred(preference, whole, lookup.schema) for preference in preferences]
    if meant is not None:
        wanted.append(meant.query)
    asked = narrowed(
        query, lookup.schema, Query.boolean_query([(Occur.Should, each) for each in wanted])
    )
    searcher = lookup.searcher
    found = [
        _near(searcher.doc(address), score / whole, preferences)
        for score, address in searcher.search(asked, limit=max(1, query.limit)).hits
    ][: query.limit]
    if meant is None or not found:
        return Nearness(0.0, 0.0, tuple(found))
    closest = max(found, key=lambda document: document.closeness)
    return Nearness(
        typed=meant.plain_score,
        covered=_covered(meant, closest),
        documents=tuple(found),
    )


def _preferred(preference: Preference, whole: float, schema: Schema) -> Query:
    holds = Query.term_set_query(schema, preference.field, list(preference.values))
    return Query.const_score_query(holds, preference.weight * whole)


def _near(stored: Document, score: float, preferences: Sequence[Preference]) -> NearDocument:
    """Return the document with what of its score its words account for."""
    codes = codes_in(stored, [preference.field for preference in preferences])
    preferred = sum(
        preference.weight
        for preference in preferences
        if not set(preference.values).isdisjoint(codes[preference.field])
    )
    closeness = max(0.0, round(score - preferred, _EXACT_DIGITS))
    return NearDocument(stored["id"][0], stored["entry"][0], closeness, codes)


def _covered(meant: GramQuery, document: NearDocument) -> float:
    """Return the share of the text that one document holds."""
    held = meant.held()
    if held is None:
        return 0.0
    is_document = Query.term_query(meant.lookup.schema, "id", document.id, index_option="basic")
    asked = Query.boolean_query(
        [(Occur.Must, Query.const_score_query(is_document, 0.0)), (Occur.Must, held)]
    )
    hits = meant.lookup.searcher.search(asked, limit=1).hits
    return min(1.0, hits[0][0] / meant.plain_score) if hits else 0.0
