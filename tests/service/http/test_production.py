"""What helps development is off in production, and is set one by one."""

import json
from typing import Any

import pytest
from graphql import get_introspection_query

from service.domain.access import AccessRole
from service.settings import Settings
from tests.library import Client, ClientMaker

REVISION = "{ library { revision } }"
ANSWER = {"data": {"library": {"revision": 0}}}


async def sent(ask: Client, body: Any) -> Any:
    return (await ask.post(body, token=ask.tokens[AccessRole.READER])).json()


async def test_in_production_the_schema_is_not_told(ask_with: ClientMaker) -> None:
    ask = ask_with(production=True)

    refused = [
        await ask.answer(document)
        for document in (
            get_introspection_query(),
            "{ library { revision } ...F } fragment F on Query { s: __schema { types { name } } }",
        )
    ]
    types = '{ a: __type(name: "Query") { name fields { name } } b: __type(name: "Gone") { name } }'

    assert ["data" in answer for answer in refused] == [False] * 2
    assert all("does not tell its schema" in json.dumps(answer) for answer in refused)
    assert await ask(types) == {"a": None, "b": None}
    # What an object is may be asked, since clients need it to tell unions apart.
    assert await ask("{ library { __typename } }") == {"library": {"__typename": "Library"}}


async def test_in_production_there_is_no_page(ask_with: ClientMaker) -> None:
    ask = ask_with(production=True)
    browser = {"accept": "text/html", "authorization": f"Bearer {ask.tokens[AccessRole.READER]}"}

    page = await ask.get("/graphql", **browser)

    assert (page.status_code, page.headers["content-type"]) == (
        400,
        "application/json; charset=utf-8",
    )


MISSPELT: list[tuple[str, str, dict[str, Any]]] = [
    ("a field", "{ librari { revision } }", {}),
    ("a field of another type", '{ node(id: "x") { slug } }', {}),
    ("an argument", '{ case(slugg: "x") { slug } }', {}),
    ("an argument of a directive", "{ library @skip(iff: true) { revision } }", {}),
    ("a type", "{ ... on Quary { library { revision } } }", {}),
    ("an input field", "{ cases(filter: {industri: {eq: OTHER}}) { totalCount } }", {}),
    ("an enum value", "{ cases(orderBy: {field: NUMBR}) { totalCount } }", {}),
    (
        "an input field in a variable",
        "query ($f: CaseFilter) { cases(filter: $f) { totalCount } }",
        {"f": {"industri": {}}},
    ),
    (
        "an enum value in a variable",
        "query ($l: Locale) { methods { edges { node { title(locale: $l) } } } }",
        {"l": "ZH_HANZ"},
    ),
]


@pytest.mark.parametrize(("label", "document", "variables"), MISSPELT)
async def test_in_production_a_refusal_names_nothing_near(
    ask: Client, ask_with: ClientMaker, label: str, document: str, variables: dict[str, Any]
) -> None:
    body = {"query": document, "variables": variables}

    helped = await sent(ask, body)
    closed = await sent(ask_with(production=True), body)

    assert "Did you mean" in json.dumps(helped)
    assert "Did you mean" not in json.dumps(closed)
    assert len(closed["errors"]) == len(helped["errors"])


async def test_what_is_set_by_itself_stays_on_in_production(ask_with: ClientMaker) -> None:
    ask = ask_with(production=True, introspection=True, suggestions=True, graphiql=True, batch=2)

    page = await ask.get("/graphql", accept="text/html")
    misspelt = await ask.answer("{ librari { revision } }")

    assert "data" in await ask.answer(get_introspection_query())
    assert "Did you mean" in json.dumps(misspelt)
    assert page.status_code == 200
    assert await sent(ask, [{"query": REVISION}]) == [ANSWER]


async def test_a_body_of_several_operations_is_refused_unless_it_is_set(
    ask: Client, ask_with: ClientMaker
) -> None:
    batching = ask_with(batch=2)

    refused = await sent(ask, [{"query": REVISION}])
    taken = await sent(batching, [{"query": REVISION}, {"query": "{ colour }"}])
    too_many = await sent(batching, [{"query": REVISION}] * 3)
    none = await sent(batching, [])
    of_wrong_parts = await sent(batching, [{"query": REVISION}, {"query": 5}])

    assert "data" not in refused
    assert "send each by itself" in refused["errors"][0]["message"]
    assert taken[0] == ANSWER
    assert "Cannot query field" in taken[1]["errors"][0]["message"]
    assert [one["errors"][0]["message"] for one in (too_many, none, of_wrong_parts)] == [
        "The body holds 3 operations; 1 to 2 are taken.",
        "The body holds 0 operations; 1 to 2 are taken.",
        "`query` must be a string.",
    ]


def test_production_turns_off_what_is_not_set() -> None:
    settings = Settings(production=True, introspection=True)

    assert settings.helps(settings.introspection)
    assert not settings.helps(settings.suggestions)
    assert not settings.helps(settings.graphiql)
