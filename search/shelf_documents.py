"""What the lexical index stores: the fields of a document, and the note that is its identity."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tantivy import Document, Schema, SchemaBuilder

from search.grams import gram_text
from search.protocol import (
    FACET_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    Hit,
    IndexIdentity,
    NearDocument,
    SearchDocument,
    Synonyms,
)

IDENTITY_KIND: Final = "IDENTITY"


@dataclass(frozen=True, slots=True)
class Note:
    """What an index says of itself."""

    identity: IndexIdentity
    synonyms: Synonyms


def new_schema() -> Schema:
    """Return the fields of an index. Grams come cut, so splitting at spaces is all it has to do."""
    builder = SchemaBuilder()
    for field in ("id", "entry"):
        builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(
        "kind", stored=True, fast=True, tokenizer_name="raw", index_option="basic"
    )
    for field in TEXT_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    for field in FACET_FIELDS:
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in NUMBER_FIELDS:
        builder.add_float_field(field, fast=True, indexed=True)
    builder.add_bytes_field("facets", stored=True)
    builder.add_bytes_field("note", stored=True)
    return builder.build()


def stored_document(document: SearchDocument) -> Document:
    """Return a document as the index takes it. A value held twice counts once."""
    fields: dict[str, Any] = {
        "id": document.id,
        "kind": document.kind,
        "entry": document.entry,
        **{field: gram_text(text) for field, text in document.texts.items()},
        **{field: list(dict.fromkeys(values)) for field, values in document.facets.items()},
        **{field: float(number) for field, number in document.numbers.items()},
        "facets": json.dumps(
            {field: list(held) for field, held in document.facets.items()}
        ).encode(),
    }
    return Document(**fields)


def hit_of(stored: Document, *, score: float) -> Hit:
    """Return the hit that a stored document is."""
    return Hit(stored["id"][0], stored["kind"][0], stored["entry"][0], score)


def near_document_of(stored: Document, *, closeness: float) -> NearDocument:
    """Return a stored document with the codes it holds."""
    facets: Mapping[str, list[str]] = json.loads(bytes(stored["facets"][0]))
    return NearDocument(
        stored["id"][0],
        stored["entry"][0],
        closeness,
        {field: tuple(values) for field, values in facets.items()},
    )


def stored_note(note: Note) -> Document:
    """Return the document an index carries about itself."""
    described = {
        "library_id": note.identity.library_id,
        "revision": note.identity.revision,
        "stamp": note.identity.stamp,
        "format": note.identity.format,
        "access": note.identity.access,
        "synonyms": dict(note.synonyms),
    }
    return Document(kind=IDENTITY_KIND, note=json.dumps(described).encode())


def note_of(stored: Document) -> Note:
    """Return what an index carries about itself."""
    described: Mapping[str, Any] = json.loads(bytes(stored["note"][0]))
    return Note(
        identity=IndexIdentity(
            described["library_id"],
            described["revision"],
            described["stamp"],
            described["format"],
            described["access"],
        ),
        synonyms={word: tuple(others) for word, others in described["synonyms"].items()},
    )
