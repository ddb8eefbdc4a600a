"""The kinds of entry, the union of their documents, and the codes, links and sources they hold."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, Field, TypeAdapter
from pydantic_core import SchemaValidator

from service.domain import codes
from service.domain.cases import Case
from service.domain.citations import Cited, Source
from service.domain.codes import TermOf
from service.domain.methods import Method
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate
from service.domain.values import Value
from service.domain.vocabularies import Vocabulary

Document = Annotated[
    Case | Method | Procedure | StatementTemplate | Vocabulary, Field(discriminator="entry")
]
CitingDocument = Case | Method | Procedure | StatementTemplate

DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def _unchecked(schema: Any) -> Any:
    """A schema without the checks written in Python: what a field holds is as typed as before."""
    if isinstance(schema, list | tuple):
        return type(schema)(_unchecked(each) for each in schema)
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "function-after":
        own = {"ref": schema["ref"]} if "ref" in schema else {}
        return _unchecked(schema["schema"]) | own
    return {
        name: each if name in _NOT_SCHEMAS else _unchecked(each) for name, each in schema.items()
    }


_NOT_SCHEMAS = frozenset({"metadata", "serialization"})

# A published body passed every check before it was written, and checking it again is a third of what
# reading it takes. Models bring their own validators along unless they are told not to.
_PUBLISHED = SchemaValidator(_unchecked(DOCUMENT.core_schema), _use_prebuilt=False)


def published_document(body: str) -> Document:
    """The document whose revision has this body. Raises `ValidationError` where it is none."""
    document: Document = _PUBLISHED.validate_json(body)
    _forget_given(document)
    return document


# Shared by all, and never written to: models are frozen, and a copy of one has a set of its own.
_NOTHING: set[str] = set()


def _forget_given(model: BaseModel) -> None:
    """Let go of what each model notes of which fields it was given, by name.

    Nobody asks that of what is published, and it is more than half of what a case takes in memory.
    """
    object.__setattr__(model, "__pydantic_fields_set__", _NOTHING)
    held = model.__dict__
    for name in _value_fields(type(model)):
        value = held[name]
        if type(value) is tuple:
            for each in value:
                if isinstance(each, BaseModel):
                    _forget_given(each)
        elif isinstance(value, BaseModel):
            _forget_given(value)


class EntryKind(StrEnum):
    """The kinds of entry the library holds, each a versioned document."""

    CASE = "CASE"
    METHOD = "METHOD"
    PROCEDURE = "PROCEDURE"
    STATEMENT_TEMPLATE = "STATEMENT_TEMPLATE"
    VOCABULARY = "VOCABULARY"


class EntryKey(NamedTuple):
    """What names an entry: its kind and slug."""

    kind: EntryKind
    slug: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A published document: its revision number, and the library revision it was published at."""

    id: int
    key: EntryKey
    revision: int
    library_revision: int
    document: Document


class ItemKey(NamedTuple):
    """What names a part of an entry: the entry's row and the statement's key or metric's place."""

    entry_id: int
    item: str


class CodeUse(NamedTuple):
    """A vocabulary code where a document uses it: `item` is the key of the statement or step."""

    path: tuple[str | int, ...]
    item: str
    field: str
    set: str
    code: str


class CitationUse(NamedTuple):
    """A citation where a document makes it."""

    path: tuple[str | int, ...]
    citation: str


def json_schemas() -> dict[EntryKind, str]:
    """The JSON Schema of each kind of document, as the text of its file."""
    models: dict[EntryKind, type[Value]] = {
        EntryKind.CASE: Case,
        EntryKind.METHOD: Method,
        EntryKind.PROCEDURE: Procedure,
        EntryKind.STATEMENT_TEMPLATE: StatementTemplate,
        EntryKind.VOCABULARY: Vocabulary,
    }
    return {
        kind: json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        for kind, model in models.items()
    }


def key_of(document: Document) -> EntryKey:
    """The kind and slug that name a document's entry."""
    return EntryKey(EntryKind(document.entry), document.slug)


def body_of(document: Document) -> str:
    """The document as compact JSON without defaults: the body of its revision."""
    return json.dumps(
        document.model_dump(mode="json", exclude_defaults=True),
        ensure_ascii=False,
        separators=(",", ":"),
    )


def digest_of(body: str) -> str:
    """What tells two bodies apart."""
    return hashlib.sha256(body.encode()).hexdigest()


def _set_of(annotation: Any) -> str | None:
    if isinstance(annotation, type):
        is_enum = issubclass(annotation, StrEnum) and annotation.__module__ == codes.__name__
        return annotation.__name__ if is_enum else None
    if get_origin(annotation) is Annotated:
        for mark in annotation.__metadata__:
            if isinstance(mark, TermOf):
                return mark.set
        return _set_of(get_args(annotation)[0])
    for part in get_args(annotation):
        if (found := _set_of(part)) is not None:
            return found
    return None


@cache
def _code_fields(model: type[BaseModel]) -> dict[str, str]:
    sets = {}
    for name, field in model.model_fields.items():
        marks = [mark.set for mark in field.metadata if isinstance(mark, TermOf)]
        found = marks[0] if marks else _set_of(field.annotation)
        if found is not None:
            sets[name] = found
    return sets


def _may_hold_values(annotation: Any) -> bool:
    if parts := get_args(annotation):
        return any(_may_hold_values(part) for part in parts)
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


@cache
def _value_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model to walk into; most hold only a text or a code."""
    return tuple(
        name for name, field in model.model_fields.items() if _may_hold_values(field.annotation)
    )


@cache
def _names_an_item(model: type[BaseModel]) -> bool:
    return "key" in model.model_fields and not issubclass(model, Source)


def _walk(
    value: Any, path: tuple[str | int, ...], item: str
) -> Iterator[tuple[BaseModel, tuple[str | int, ...], str]]:
    if isinstance(value, BaseModel):
        model = type(value)
        if _names_an_item(model):
            item = value.key  # type: ignore[attr-defined]
        yield value, path, item
        for name in _value_fields(model):
            yield from _walk(getattr(value, name), (*path, name), item)
    elif isinstance(value, tuple):
        for position, child in enumerate(value):
            yield from _walk(child, (*path, position), item)


def codes_in(document: Document) -> Iterator[CodeUse]:
    """Every vocabulary code a document uses, with where it stands."""
    for value, path, item in _walk(document, (), ""):
        for field, set_name in _code_fields(type(value)).items():
            held = getattr(value, field)
            if isinstance(held, tuple):
                for position, code in enumerate(held):
                    yield CodeUse((*path, field, position), item, field, set_name, str(code))
            elif held is not None:
                yield CodeUse((*path, field), item, field, set_name, str(held))


def citations_in(document: Document) -> Iterator[CitationUse]:
    """Every citation a document makes in its items, with where it stands."""
    for value, path, _ in _walk(document, (), ""):
        if isinstance(value, Cited):
            for position, citation in enumerate(value.citations):
                yield CitationUse((*path, "citations", position), citation)
