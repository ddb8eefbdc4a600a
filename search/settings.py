"""How Meilisearch is told to index, as data, and the digest that says when an index is outdated."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from search.embedders import EMBEDDER, Embedder
from search.protocol import FACET_FIELDS, NUMBER_FIELDS, TEXT_FIELDS

# Grows when documents, grams or stored fields change their meaning without changing the settings.
SHAPE_VERSION: Final = 7


def _filterable(fields: Sequence[str], *, by_range: bool) -> dict[str, Any]:
    """Return how fields can be filtered. Nothing looks for a value among those of a field."""
    features = {"facetSearch": False, "filter": {"equality": True, "comparison": by_range}}
    return {"attributePatterns": list(fields), "features": features}


_SETTINGS: Final[dict[str, Any]] = {
    "searchableAttributes": list(TEXT_FIELDS),
    "filterableAttributes": [
        _filterable(("id", "kind", "entry", *FACET_FIELDS), by_range=False),
        _filterable(NUMBER_FIELDS, by_range=True),
    ],
    "displayedAttributes": [
        "id",
        "kind",
        "entry",
        "library_id",
        "revision",
        "stamp",
        "format",
        "access",
    ],
    "sortableAttributes": [],
    "rankingRules": [
        "words",
        "typo",
        "proximity",
        "attribute",
        "sort",
        "kind_order:asc",
        "exactness",
    ],
    # The query is shortened in `search.terms`, where dropping a word also makes room for another.
    "stopWords": [],
    # Meilisearch would read all of them again for each word typed (docs/decisions/0018).
    "synonyms": {},
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        # 315 is not 316, and su7 is not su8.
        "disableOnNumbers": True,
    },
    "prefixSearch": "indexingTime",
    # Pairs of words that stand near each other are half of an index, and of the time it takes to make
    # (docs/decisions/0026).
    "proximityPrecision": "byAttribute",
    "facetSearch": False,
    # The default of 1000 would end a listing early.
    "pagination": {"maxTotalHits": 20_000},
    "faceting": {"maxValuesPerFacet": 1_000, "sortFacetValuesBy": {"*": "count"}},
    # A body is Chinese and English in one, so its language is named rather than guessed.
    "localizedAttributes": [{"attributePatterns": ["*"], "locales": ["cmn", "eng"]}],
    "searchCutoffMs": 1_500,
}


def index_settings(embedder: Embedder | None = None) -> dict[str, Any]:
    """Return the whole settings of a Meilisearch index."""
    return _SETTINGS | ({} if embedder is None else embedder_settings(embedder))


def embedder_settings(embedder: Embedder) -> dict[str, Any]:
    """Return the part of the settings that is an embedder."""
    return {"embedders": {EMBEDDER: embedder.settings}}


def index_format() -> str:
    """Return a short digest that differs whenever an index must be built anew to stay right."""
    described = json.dumps([SHAPE_VERSION, index_settings()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()[:16]
