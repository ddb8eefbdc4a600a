"""What Meilisearch is asked: by the words of a text, by its meaning, or by both at once."""

from typing import Any

from search.embedders import EMBEDDER
from search.meili_documents import IDENTITY_KIND
from search.meili_filters import any_of, render
from search.protocol import SearchQuery


def by_words(query: SearchQuery, *, terms: str, strategy: str) -> dict[str, Any]:
    """Return the request for what holds the terms."""
    return _part(query) | _page(query) | {"q": terms, "matchingStrategy": strategy}


def by_meaning(query: SearchQuery) -> dict[str, Any]:
    """Return the request for what means the same as the text."""
    return _part(query) | _page(query) | _meant(query)


def by_both(query: SearchQuery, *, terms: str, uid: str) -> dict[str, Any]:
    """Return the request for both, each counting by its share.

    Meilisearch's own mixture (a `semanticRatio` between 0 and 1) says nothing when the embedder
    fails, and gives it only the few words it searches for.
    """
    larger = max(query.meaning, 1 - query.meaning)
    halves = (
        # An unknown first word leaves `last` with nothing.
        ({"q": terms, "matchingStrategy": "frequency"}, 1 - query.meaning),
        (_meant(query), query.meaning),
    )
    return {
        "federation": {
            "offset": query.offset,
            "limit": query.limit,
            "facetsByIndex": {uid: ["kind", *query.facets]},
        },
        "queries": [
            {
                "indexUid": uid,
                **_part(query),
                **half,
                "federationOptions": {"weight": share / larger},
            }
            for half, share in halves
        ],
    }


def _part(query: SearchQuery) -> dict[str, Any]:
    kinds = any_of("kind", query.kinds) if query.kinds else f"kind != {IDENTITY_KIND}"
    return {
        "filter": kinds if query.condition is None else f"{kinds} AND ({render(query.condition)})",
        "attributesToRetrieve": ["id", "kind", "entry"],
        "showRankingScore": True,
    }


def _page(query: SearchQuery) -> dict[str, Any]:
    return {"facets": ["kind", *query.facets], "offset": query.offset, "limit": query.limit}


def _meant(query: SearchQuery) -> dict[str, Any]:
    # Nothing in the text is an operator here: it goes to the embedder as it stands.
    return {"q": query.text, "hybrid": {"embedder": EMBEDDER, "semanticRatio": 1.0}}
