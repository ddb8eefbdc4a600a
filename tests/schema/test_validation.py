"""Documents are validated as graphql-core does it, and are gone when nobody holds them any more."""

import gc
from collections.abc import Iterator, Sequence

import pytest
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    parse,
    specified_rules,
    validate,
)

from schema.build import build_schema
from schema.validation import errors_of, untie
from tests.fuzz.documents import Documents
from tests.fuzz.values import Pool

COUNT = 300
SCHEMA = build_schema()._schema
TOO_DEEP = " ".join(
    ["{ ...F0 }", *(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(3_000))]
)
TOO_WRONG = "{ " + " ".join(f"nothing{n}" for n in range(200)) + " }"


def documents() -> Iterator[DocumentNode]:
    drawn = Documents(SCHEMA, 7, Pool({"slug": ["a-case"]}))
    texts = [TOO_DEEP, TOO_WRONG, *(drawn.next().document for _ in range(COUNT))]
    for text in texts:
        try:
            yield parse(text)
        except GraphQLSyntaxError:
            continue


def told(errors: Sequence[GraphQLError]) -> list[object]:
    return [error.formatted for error in errors]


@pytest.mark.parametrize("suggestions", [True, False])
def test_the_errors_of_a_document_are_those_that_graphql_core_finds(*, suggestions: bool) -> None:
    wrong = 0
    for document in documents():
        expected = validate(SCHEMA, document, specified_rules, hide_suggestions=not suggestions)
        untie(document)

        found = errors_of(document, SCHEMA, specified_rules, suggestions=suggestions)

        assert told(found) == told(expected)
        wrong += bool(found)
    assert 10 < wrong < COUNT


def alive() -> int:
    return sum(isinstance(found, DocumentNode) for found in gc.get_objects())


def validate_once(text: str) -> None:
    document = parse(text)
    untie(document)
    errors_of(document, SCHEMA, specified_rules, suggestions=True)


def test_a_document_is_gone_with_its_last_holder_and_not_with_the_next_collection() -> None:
    # One with a wrong literal hangs on the frames of its error.
    texts = [
        document.loc.source.body
        for document in documents()
        if document.loc is not None and not validate(SCHEMA, document)
    ]
    gc.collect()
    before = alive()
    gc.disable()
    try:
        for text in texts:
            validate_once(text)
        left = alive() - before
        unreachable = gc.collect()
    finally:
        gc.enable()

    assert len(texts) > COUNT / 2
    assert left == 0
    # It is some 2 400 for each, and seven times the memory, where `graphql.validate` has validated them.
    assert unreachable < 400 * len(texts)
