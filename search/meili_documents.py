"""What Meilisearch stores and answers with: documents, the identity among them, and found pages."""

from typing import Any, Final

from pydantic import BaseModel, Field

from search.embedders import EMBEDDER
from search.protocol import ENTRY_KINDS, IndexIdentity, SearchDocument

IDENTITY_ID: Final = "identity"
IDENTITY_KIND: Final = "IDENTITY"

_KIND_ORDER: Final = {kind: place for place, kind in enumerate(ENTRY_KINDS)}


class FoundHit(BaseModel):
    id: str
    kind: str
    entry: str
    score: float = Field(alias="_rankingScore")


class Found(BaseModel):
    hits: tuple[FoundHit, ...]
    facets: dict[str, dict[str, int]] = Field(alias="facetDistribution")
    processing_ms: float = Field(alias="processingTimeMs")


class Standing(BaseModel):
    score: float = Field(alias="weightedRankingScore")


class FoundByBothHit(BaseModel):
    id: str
    kind: str
    entry: str
    standing: Standing = Field(alias="_federation")


class FacetCounts(BaseModel):
    distribution: dict[str, dict[str, int]]


class FoundByBoth(BaseModel):
    hits: tuple[FoundByBothHit, ...]
    facets: dict[str, FacetCounts] = Field(alias="facetsByIndex")
    processing_ms: float = Field(alias="processingTimeMs")


class StoredIdentity(BaseModel):
    library_id: str
    revision: int
    stamp: str
    format: str
    access: str


def stored_document(document: SearchDocument) -> dict[str, Any]:
    return {
        "id": document.id,
        "kind": document.kind,
        "kind_order": _KIND_ORDER.get(document.kind, len(_KIND_ORDER)),
        "entry": document.entry,
        "revision": document.revision,
        **document.texts,
        **document.facets,
        **document.numbers,
    }


def stored_identity(identity: IndexIdentity) -> dict[str, Any]:
    """Return the identity as a document that no embedder is asked about."""
    return {
        "id": IDENTITY_ID,
        "kind": IDENTITY_KIND,
        "library_id": identity.library_id,
        "revision": identity.revision,
        "stamp": identity.stamp,
        "format": identity.format,
        "access": identity.access,
        "_vectors": {EMBEDDER: None},
    }
