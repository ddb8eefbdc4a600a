"""What the lexical index stores: the fields of a document, and the document that says what it is."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any, Final

from tantivy import Document, Schema, SchemaBuilder

from search.grams import gram_text
from search.protocol import (
    FACET_FIELDS,
    NUMBER_FIELDS,
    Hit,
    IndexIdentity,
    SearchDocument,
)

IDENTITY_KIND: Final = "IDENTITY"
# The texts of a document by what they are to it: what it is called or asked for by, the names of its
# codes, and what it tells. Fewer fields take less time, and fewer than these find less.
GRAM_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "called": ("title", "names", "asked_as"),
    "labels": ("labels",),
    "told": ("summary", "body"),
}


def new_schema() -> Schema:
    """Return the fields of an index. Grams come cut, so splitting at spaces is all it has to do."""
    builder = SchemaBuilder()
    for field in ("id", "entry"):
        builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(
        "kind", stored=True, fast=True, tokenizer_name="raw", index_option="basic"
    )
    for field in GRAM_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in FACET_FIELDS:
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in NUMBER_FIELDS:
        builder.add_float_field(field, fast=True, indexed=True)
    builder.add_bytes_field("facets", stored=True)
    builder.add_bytes_field("identity", stored=True)
    return builder.build()


def stored_document(document: SearchDocument) -> Document:
    """Return a document as the index takes it. A value held twice counts once."""
    fields: dict[str, Any] = {
        "id": document.id,
        "kind": document.kind,
        "entry": document.entry,
        **_grams(document.texts),
        **{field: list(dict.fromkeys(values)) for field, values in document.facets.items()},
        **{field: float(number) for field, number in document.numbers.items()},
        "facets": json.dumps(
            {field: list(held) for field, held in document.facets.items()}
        ).encode(),
    }
    return Document(**fields)


def _grams(texts: Mapping[str, str]) -> dict[str, str]:
    grams = {
        field: " ".join(gram_text(texts[name]) for name in names if name in texts)
        for field, names in GRAM_FIELDS.items()
    }
    return {field: cut for field, cut in grams.items() if cut}


def hit_of(stored: Document, *, score: float) -> Hit:
    """Return the hit that a stored document is."""
    return Hit(stored["id"][0], stored["kind"][0], stored["entry"][0], score)


def codes_in(stored: Document, fields: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes a stored document holds in each of these facets."""
    if not fields:
        return {}
    held: Mapping[str, list[str]] = json.loads(bytes(stored["facets"][0]))
    return {field: tuple(held.get(field, ())) for field in fields}


def stored_identity(identity: IndexIdentity) -> Document:
    """Return the document that says what an index was made from."""
    return Document(kind=IDENTITY_KIND, identity=json.dumps(asdict(identity)).encode())


def identity_of(stored: Document) -> IndexIdentity:
    """Return what an index says it was made from."""
    return IndexIdentity(**json.loads(bytes(stored["identity"][0])))
