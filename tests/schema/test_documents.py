"""A document that is asked again is not read again, and nobody can tell."""

import pytest
from graphql import DocumentNode, parse

from schema.documents import DOCUMENTS_MOST, ValidDocuments
from service.operations.ports import Desk
from tests.library import Client

CASE = "query ($slug: String) { case(slug: $slug) { slug } }"
TWO = "query One { methods { totalCount } } query Two { procedures { totalCount } }"
DEEP = "edges { node { statements { case { statements { case { statements { key kind } } } } } } }"


def a_document() -> DocumentNode:
    return parse("{ methods { totalCount } }")


async def test_a_document_asked_again_answers_by_its_new_variables(
    library: Desk, ask: Client
) -> None:
    await ask(CASE, slug="yuque-outage")

    again = await ask(CASE, slug="nowhere")

    assert again == {"case": None}


REFUSED = [
    ("an unknown field", "{ nothing }"),
    ("no GraphQL", "{ cases( }"),
    ("a variable that is not declared", "{ case(slug: $slug) { slug } }"),
]


@pytest.mark.parametrize(("label", "document"), REFUSED)
async def test_a_refused_document_is_refused_again_in_the_same_words(
    ask: Client, label: str, document: str
) -> None:
    first = await ask.answer(document)

    again = await ask.answer(document)

    assert again == first
    assert "data" not in again
    assert len(again["errors"]) == 1


async def test_what_a_known_document_may_ask_for_is_reckoned_each_time(
    library: Desk, ask: Client
) -> None:
    document = f"query ($n: Int) {{ cases(first: $n) {{ {DEEP} }} }}"
    assert "errors" not in await ask.answer(document, n=1)

    refused = await ask.answer(document, n=100)

    assert refused["errors"][0]["extensions"]["code"] == "COST_LIMIT"


async def test_a_known_document_must_still_say_which_operation(ask: Client) -> None:
    first = await ask.answer(TWO)

    again = await ask.answer(TWO)

    assert again == first
    assert [error["message"] for error in again["errors"]] == [
        "The document holds several operations; name one of them."
    ]


def test_the_document_not_asked_for_longest_is_forgotten() -> None:
    known = ValidDocuments(most=2)
    first, second, third = a_document(), a_document(), a_document()
    known.keep("first", first)
    known.keep("second", second)
    known.find("first")

    known.keep("third", third)

    assert [known.find(text) for text in ("first", "second", "third")] == [first, None, third]


def test_a_document_of_unusual_length_is_not_held() -> None:
    known = ValidDocuments(most=DOCUMENTS_MOST)
    text = f"{{ methods {{ totalCount }} }} # {'x' * 20_000}"

    known.keep(text, a_document())

    assert known.find(text) is None
