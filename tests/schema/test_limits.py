"""How much one document may ask for: refused with the limit and the number."""

from typing import Any

import pytest
from graphql import GraphQLError, get_introspection_query

from schema import spending
from schema.breadth import DIRECTIVES_MOST, FIELDS_MOST, LENGTH_MOST, PAIRS_MOST, SPREADS_MOST
from schema.limits import ALIASES_MOST, COST_MOST, DEPTH_MOST, TOKENS_MOST, VARIABLES_MOST
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import Client, ClientMaker


def nested(depth: int) -> str:
    """A document of this depth."""
    levels = depth - 1
    return "{ crisisTypes " + "{ children " * (levels - 1) + "{ code }" + " }" * levels


def aliased(count: int) -> str:
    return "{ " + " ".join(f"a{n}: library {{ revision }}" for n in range(count)) + " }"


async def errors(ask: Client, query: str, **variables: Any) -> list[str]:
    answer = await ask.answer(query, **variables)
    if "errors" not in answer:
        return []
    assert "data" not in answer
    return [error["message"] for error in answer["errors"]]


async def test_a_document_at_a_limit_is_answered(library: Desk, ask: Client) -> None:
    assert await errors(ask, nested(6)) == []
    assert await errors(ask, aliased(ALIASES_MOST)) == []


async def refusal(ask: Client, query: str) -> dict[str, Any]:
    answer = await ask.answer(query)
    # What was refused before it was executed has no data at all.
    assert answer.get("data") is None
    (error,) = answer["errors"]
    return {"message": error["message"], **error["extensions"]}


async def test_a_document_that_is_too_deep_is_refused(library: Desk, ask: Client) -> None:
    refused = await refusal(ask, nested(DEPTH_MOST + 2))

    assert refused == {
        "message": f"The document's depth is {DEPTH_MOST + 2}; at most {DEPTH_MOST} is allowed. "
        "Follow a link with a second query.",
        "code": "DEPTH_LIMIT",
        "limit": DEPTH_MOST,
        "found": DEPTH_MOST + 2,
    }


async def test_depth_in_fragments_counts(library: Desk, ask: Client) -> None:
    query = "{ ...A } " + "fragment A on Query { crisisTypes { ...T0 } } "
    query += " ".join(
        f"fragment T{n} on CrisisType {{ children {{ ...T{n + 1} }} }}" for n in range(DEPTH_MOST)
    )
    query += f" fragment T{DEPTH_MOST} on CrisisType {{ code }}"

    messages = await errors(ask, query)

    assert any(str(DEPTH_MOST) in message for message in messages)


async def test_too_many_aliases_are_refused(library: Desk, ask: Client) -> None:
    refused = await refusal(ask, aliased(ALIASES_MOST + 1))

    assert refused == {
        "message": f"The document has {ALIASES_MOST + 1} aliases; at most {ALIASES_MOST} are "
        "allowed. Send several documents.",
        "code": "ALIAS_LIMIT",
        "limit": ALIASES_MOST,
        "found": ALIASES_MOST + 1,
    }


async def test_too_many_tokens_are_refused(library: Desk, ask: Client) -> None:
    refused = await refusal(ask, "{ library { " + "revision " * TOKENS_MOST + "} }")

    assert (refused["code"], refused["limit"]) == ("TOKEN_LIMIT", TOKENS_MOST)
    assert f"more than {TOKENS_MOST} tokens" in refused["message"]


def repeated(count: int) -> str:
    return "{ library { " + "revision " * count + "} }"


def with_directives(count: int) -> str:
    """A document of one directive a field, each field of another name."""
    fields = " ".join(f"a{n} @skip(if: true)" for n in range(count - 1))
    return f"{{ library @include(if: true) {{ {fields} }} }}"


def with_spreads(count: int) -> str:
    return "{ " + "...F " * count + "} fragment F on Query { library { revision } }"


# Some are wrong in other ways too, which validating or parsing would tell.
BROAD = [
    (
        "FIELD_LIMIT",
        "{ library { " + " ".join(f"x{n}" for n in range(FIELDS_MOST)) + " } }",
        (FIELDS_MOST, FIELDS_MOST + 1),
    ),
    ("PAIR_LIMIT", repeated(142), (PAIRS_MOST, 142 * 141 // 2)),
    ("SPREAD_LIMIT", with_spreads(SPREADS_MOST + 1), (SPREADS_MOST, SPREADS_MOST + 1)),
    ("DIRECTIVE_LIMIT", with_directives(DIRECTIVES_MOST + 1), (DIRECTIVES_MOST, 51)),
    ("LENGTH_LIMIT", "{ no graphql " + " " * LENGTH_MOST, (LENGTH_MOST, LENGTH_MOST + 13)),
]


@pytest.mark.parametrize(("code", "query", "numbers"), BROAD)
async def test_a_document_that_holds_too_much_is_not_validated(
    ask: Client, code: str, query: str, numbers: tuple[int, int]
) -> None:
    refused = await refusal(ask, query)

    limit, found = numbers
    assert (refused["code"], refused["limit"], refused["found"]) == (code, limit, found)
    assert f"{found} " in refused["message"]
    assert f"at most {limit} are allowed" in refused["message"]


async def test_a_document_at_the_limits_of_breadth_is_answered(library: Desk, ask: Client) -> None:
    assert await errors(ask, repeated(141)) == []
    assert await errors(ask, with_spreads(SPREADS_MOST)) == []
    messages = await errors(ask, with_directives(DIRECTIVES_MOST))
    assert all("Cannot query field" in message for message in messages)


async def test_variables_that_hold_too_much_are_refused(library: Desk, ask: Client) -> None:
    query = "query ($f: CaseFilter, $s: String) { cases(filter: $f) { totalCount } case(slug: $s) { slug } }"
    text = "x" * (VARIABLES_MOST - 1 - len("fs"))

    fitting = await ask.answer(query, f=None, s=text)
    too_large = await ask.answer(query, f=None, s=f"{text}x")

    assert fitting["data"]["case"] is None
    (error,) = too_large["errors"]
    assert error["message"] == (
        f"The variables hold {VARIABLES_MOST + 1} characters and values; at most {VARIABLES_MOST} "
        "are allowed. Send shorter texts, or fewer values."
    )
    assert error["extensions"] == {
        "code": "VARIABLES_LIMIT",
        "limit": VARIABLES_MOST,
        "found": VARIABLES_MOST + 1,
    }


DEEP = "edges { node { statements { case { statements { case { statements { key kind } } } } } } }"


async def test_a_costly_document_is_refused_with_its_cost(library: Desk, ask: Client) -> None:
    refused = await refusal(ask, f"{{ cases(first: 100) {{ {DEEP} }} }}")

    cost = refused["found"]
    assert cost > COST_MOST
    assert refused == {
        "message": f"The document costs {cost}; at most {COST_MOST} is allowed. "
        "Ask for fewer items with `first`, or for fewer fields.",
        "code": "COST_LIMIT",
        "limit": COST_MOST,
        "found": cost,
    }


WAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("written out", f"{{ cases(first: 100) {{ {DEEP} }} }}", {}),
    ("by a variable", f"query($n: Int) {{ cases(first: $n) {{ {DEEP} }} }}", {"n": 100}),
    (
        "by a variable's default",
        f"query($n: Int = 100) {{ cases(first: $n) {{ {DEEP} }} }}",
        {},
    ),
    ("in a fragment", f"{{ ...F }} fragment F on Query {{ cases(first: 100) {{ {DEEP} }} }}", {}),
    ("in an inline fragment", f"{{ ... on Query {{ cases(first: 100) {{ {DEEP} }} }} }}", {}),
    (
        "by many aliases",
        "{ " + " ".join(f"a{n}: cases(first: 20) {{ {DEEP} }}" for n in range(5)) + " }",
        {},
    ),
    (
        "by the operation that is run",
        f"query A {{ library {{ revision }} }} query B {{ cases(first: 100) {{ {DEEP} }} }}",
        {"operation": "B"},
    ),
]


@pytest.mark.parametrize(("label", "query", "variables"), WAYS)
async def test_cost_is_reckoned_however_it_is_written(
    library: Desk, ask: Client, label: str, query: str, variables: dict[str, Any]
) -> None:
    given = {name: value for name, value in variables.items() if name != "operation"}
    body = {"query": query, "variables": given, "operationName": variables.get("operation")}

    answer = (await ask.post(body, token=ask.tokens[AccessRole.READER])).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["COST_LIMIT"]


@pytest.mark.parametrize("default", ["", " = 100"])
async def test_the_same_document_is_reckoned_anew_for_another_page(
    library: Desk, ask: Client, default: str
) -> None:
    query = f"query($n: Int{default}, $m: Int) {{ cases(first: $n) {{ {DEEP} }} sources(first: $m) {{ totalCount }} }}"

    async def refused(**variables: Any) -> bool:
        return "COST_LIMIT" in str((await ask.answer(query, **variables)).get("errors"))

    assert not await refused(n=1)
    assert await refused(n=100)
    assert not await refused(n=1, m=100)
    assert not await refused(n=None)
    assert await refused() is bool(default)
    assert await refused(n=100)


DEAR = [
    (
        "what is reckoned",
        " ".join(f'a{n}: brief(situation: {{text: "x"}}) {{ hasFit }}' for n in range(20)),
    ),
    ("the cases of terms", "crisisTypes { cases { " + "summary " * 50 + "} }"),
]


@pytest.mark.parametrize(("label", "fields"), DEAR)
async def test_what_is_dear_costs_more_than_its_fields(
    library: Desk, ask: Client, label: str, fields: str
) -> None:
    refused = await refusal(ask, f"{{ {fields} }}")

    assert (refused["code"], refused["limit"]) == ("COST_LIMIT", COST_MOST)


async def test_an_operation_that_is_not_run_costs_nothing(library: Desk, ask: Client) -> None:
    query = f"query A {{ library {{ revision }} }} query B {{ cases(first: 100) {{ {DEEP} }} }}"
    body = {"query": query, "operationName": "A"}

    answer = (await ask.post(body, token=ask.tokens[AccessRole.READER])).json()

    assert answer == {"data": {"library": {"revision": 1}}}


async def test_introspection_is_within_the_limits(library: Desk, ask: Client) -> None:
    data = await ask(get_introspection_query())

    assert data["__schema"]["queryType"]["name"] == "Query"


async def test_introspection_tells_of_a_list_that_it_is_no_input(ask: Client) -> None:
    data = await ask("{ __schema { types { fields { type { isOneOf ofType { isOneOf } } } } } }")

    types = [field["type"] for held in data["__schema"]["types"] for field in held["fields"] or ()]
    assert {type_["isOneOf"] for type_ in types} == {None}


HOSTILE = [
    ("fragments in a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
    ("a fragment in itself", "{ ...A } fragment A on Query { library { revision } ...A }"),
    ("an unknown field", "{ colour }"),
    ("an unknown argument", '{ case(colour: "red") { slug } }'),
    ("an unknown fragment", "{ ...Gone }"),
    ("an unknown type", "query($x: Wizard) { library { revision } }"),
    ("an unknown variable", "{ case(slug: $x) { slug } }"),
    ("no selection", "{ library }"),
    ("a selection of a leaf", "{ library { revision { x } } }"),
    ("an open brace", "{ library {"),
    ("nothing at all", " "),
    ("a NUL", "{ library\0 { revision } }"),
    ("a wrong enum", "{ cases(orderBy: {field: COLOUR}) { totalCount } }"),
    ("a number too large", "{ cases(first: 99999999999) { totalCount } }"),
    ("very deep braces", "{" * 3_000),
    (
        "very deep lists",
        "{ cases(filter: {slug: " + "[" * 1_500 + "]" * 1_500 + "}) { totalCount } }",
    ),
    (
        "very deep filters",
        "{ cases(filter: " + "{and: " * 900 + "{}" + "}" * 900 + ") { totalCount } }",
    ),
]


@pytest.mark.parametrize(("label", "query"), HOSTILE)
async def test_a_document_that_cannot_be_run_is_refused_in_words(
    library: Desk, ask: Client, label: str, query: str
) -> None:
    response = await ask.post({"query": query}, token=ask.tokens[AccessRole.READER])

    answer = response.json()
    assert response.status_code in {200, 400}
    assert "data" not in answer
    for error in answer["errors"]:
        assert error["message"]
        assert error.get("extensions", {}).get("code") not in {"INTERNAL", "UNAVAILABLE"}


PAGES = "{ cases { edges { node { title statements { key case { slug } } outcomeMetrics { unit } } } } }"
LINKS = "{ crisisTypes { code methods { slug findings { note } } procedures { slug } } }"
CHECKED = "{ vocabularies { terms { code label } } }"


@pytest.mark.parametrize("query", [PAGES, LINKS, CHECKED])
async def test_an_answer_that_grows_too_large_is_not_given(
    library: Desk, ask: Client, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    whole = await ask.answer(query)
    monkeypatch.setattr(spending, "ANSWER", spending.ANSWER._replace(most=40))

    # Not the same document, whose answer is kept.
    refused = await refusal(ask, f"{query} ")

    assert "errors" not in whole
    assert (refused["code"], refused["limit"]) == ("ANSWER_LIMIT", 40)
    assert f"grew to a cost of {refused['found']}; at most 40 is allowed" in refused["message"]


async def test_a_page_below_a_list_costs_more_than_its_fields(
    library: Desk, ask: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2 * spending.PAGE_COST - 1
    monkeypatch.setattr(spending, "ANSWER", spending.ANSWER._replace(most=most))

    one = await errors(ask, "{ cases { totalCount } }")
    two = await refusal(ask, "{ cases { totalCount } statements { totalCount } }")

    assert one == []
    assert two["code"] == "ANSWER_LIMIT"


async def test_each_operation_of_a_batch_costs_by_itself(
    library: Desk, ask_with: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2 * spending.PAGE_COST - 1
    monkeypatch.setattr(spending, "ANSWER", spending.ANSWER._replace(most=most))
    ask = ask_with(batch=3)
    body = [{"query": f"{{ {field} {{ totalCount }} }}"} for field in ("cases", "statements")]
    dear = {"query": "{ cases { totalCount } statements { totalCount } }"}

    answers = (await ask.post([*body, dear], token=ask.tokens[AccessRole.READER])).json()

    assert ["errors" in answer for answer in answers] == [False, False, True]


async def test_each_event_of_a_subscription_costs_by_itself() -> None:
    spent = spending.Spending()
    spent.spend(spending.ANSWER_MOST)
    with pytest.raises(GraphQLError):
        spent.spend(1)

    spent.clear()

    spent.spend(spending.ANSWER_MOST)
    assert spent.refusal is None
