"""What a search finds: how an index document names its place, and which texts are shown of it."""

from collections.abc import Iterator
from typing import NamedTuple

from service.domain.cases import Case
from service.domain.entries import Document, EntryKey, EntryKind
from service.domain.methods import Method
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate
from service.domain.values import Bilingual


class Place(NamedTuple):
    """The entry, and the key of the statement or step in it, if it is one."""

    entry: EntryKey
    item: str | None


# A slug holds no underscore, so the first two of an id part prefix, slug and item.
_PREFIXES = {
    "CASE": "case",
    "STATEMENT": "statement",
    "METHOD": "method",
    "PROCEDURE_STEP": "step",
    "STATEMENT_TEMPLATE": "template",
}
_KINDS_BY_PREFIX = {
    "case": EntryKind.CASE,
    "statement": EntryKind.CASE,
    "method": EntryKind.METHOD,
    "step": EntryKind.PROCEDURE,
    "template": EntryKind.STATEMENT_TEMPLATE,
}


def document_id(kind: str, slug: str, item: str | None = None) -> str:
    """The id of a search document. Equal only for the same kind, slug and item."""
    return "_".join((_PREFIXES[kind], slug, *(() if item is None else (item,))))


def place_of(document_id: str) -> Place:
    """The entry and item an id was made from. Raises `ValueError` for an id not made here."""
    prefix, _, rest = document_id.partition("_")
    slug, _, item = rest.partition("_")
    if prefix not in _KINDS_BY_PREFIX or not slug:
        raise ValueError(f"'{document_id}' is not the id of a search document")
    return Place(EntryKey(_KINDS_BY_PREFIX[prefix], slug), item or None)


Shown = Iterator[tuple[str, Bilingual]]


def displayed_texts(document: Document, item: str | None) -> Shown:
    """The texts a reader sees of what was found, with the name of the field each is shown as."""
    match document:
        case Case() if item is not None:
            return _of_statement(document, item)
        case Case():
            return _of_case(document)
        case Procedure():
            return _of_step(document, item)
        case Method() | StatementTemplate():
            return _of_guide(document)
        case _:
            return iter(())


def _of_case(case: Case) -> Shown:
    yield "title", case.title
    yield "organisation", case.organisation.name
    yield "summary", case.summary
    for event in case.timeline:
        yield "timeline", event.text
    for lesson in case.lessons:
        yield "lessons", lesson.text


def _of_statement(case: Case, key: str) -> Shown:
    for statement in case.statements:
        if statement.key == key:
            for message in statement.key_messages:
                yield "keyMessages", message
            if statement.reception is not None:
                yield "reception", statement.reception.text


def _of_step(procedure: Procedure, key: str | None) -> Shown:
    for step in procedure.steps:
        if step.key == key:
            yield "title", step.title
            for line in step.do:
                yield "do", line
            for line in step.do_not:
                yield "doNot", line


def _of_guide(guide: Method | StatementTemplate) -> Shown:
    yield "title", guide.title
    yield "summary", guide.summary
    yield "body", guide.body
