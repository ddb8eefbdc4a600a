"""Global ids, cursors and pages."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest

from schema.relay import global_id
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import OUTAGE, Client, a_case, publish, small_vocabularies

IDS = """{
  case(slug: "yuque-outage") { id statements { id } sources { id } industry { id }
    primaryType { id } outcomeMetrics { metric { id } } }
  method(slug: "first-hour") { id }
  procedure(slug: "outage") { id steps { id } }
  statementTemplate(slug: "holding") { id }
}"""
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"


def _ids(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [
            found
            for name, held in value.items()
            for found in ([held] if name == "id" else _ids(held))
        ]
    return [found for held in value for found in _ids(held)] if isinstance(value, list) else []


async def test_every_id_a_query_returns_leads_back(library: Desk, ask: Client) -> None:
    ids = _ids(await ask(IDS))

    nodes = [(await ask(NODE, id=each))["node"] for each in ids]

    assert [node["id"] for node in nodes] == ids
    assert {node["__typename"] for node in nodes} == {
        "Case",
        "Statement",
        "Source",
        "VocabularyTerm",
        "CrisisType",
        "Metric",
        "Method",
        "Procedure",
        "ProcedureStep",
        "StatementTemplate",
    }


def encoded(text: str | bytes) -> str:
    held = text.encode() if isinstance(text, str) else text
    return urlsafe_b64encode(held).decode().rstrip("=")


NO_NODES = [
    ("an unknown case", global_id("Case", "gone")),
    ("a hidden case", global_id("Case", "secret")),
    ("a statement of a hidden case", global_id("Statement", "secret/S-1")),
    ("an unknown statement", global_id("Statement", "yuque-outage/S-9")),
    ("a statement without a key", global_id("Statement", "yuque-outage")),
    ("an unknown step", global_id("ProcedureStep", "outage/z")),
    ("an unknown source", global_id("Source", "0" * 64)),
    ("an unknown code", global_id("CrisisType", "GONE")),
    ("an unknown type", global_id("Wizard", "merlin")),
    ("a hidden method", global_id("Method", "secret-method")),
    ("a NUL in the slug", encoded("Case:a\0b")),
]


async def test_hidden_and_missing_nodes_look_the_same(library: Desk, ask: Client) -> None:
    found = {label: await ask.answer(NODE, id=each) for label, each in NO_NODES}

    assert found == {label: {"data": {"node": None}} for label in found}


MALFORMED = [
    ("nothing", ""),
    ("no base64", "???"),
    ("Chinese", "案例"),
    ("no colon", encoded("Case")),
    ("no name", encoded("Case:")),
    ("no type", encoded(":slug")),
    ("no text", encoded(b"\xff\xfe:x")),
    ("too long", encoded("Case:" + "a" * 500)),
    ("a number of base64 that cannot be", "QUJDR"),
]


async def test_a_malformed_id_is_bad_input(library: Desk, ask: Client) -> None:
    answers = {label: await ask.answer(NODE, id=each) for label, each in MALFORMED}

    found = {
        label: (answer["data"], [error["extensions"] for error in answer["errors"]])
        for label, answer in answers.items()
    }
    assert found == dict.fromkeys(found, ({"node": None}, [{"code": "BAD_INPUT"}]))


async def test_a_hidden_node_is_there_for_who_may_see_it(library: Desk, ask: Client) -> None:
    each = global_id("Statement", "secret/S-1")

    data = await ask(NODE, as_=AccessRole.ADMIN, id=each)

    assert data == {"node": {"__typename": "Statement", "id": each}}


PAGE = """query($n: Int, $after: String, $o: CaseOrder) { cases(first: $n, after: $after, orderBy: $o) {
  totalCount edges { cursor node { number } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def test_pages_follow_each_other_to_the_end(desk: Desk, ask: Client) -> None:
    await publish(desk, *small_vocabularies(), *(a_case(f"c{n}", n) for n in range(1, 6)))

    pages, after = [], None
    for _ in range(3):
        page = (await ask(PAGE, n=2, after=after))["cases"]
        after = page["pageInfo"]["endCursor"]
        pages.append(page)

    assert [[edge["node"]["number"][-1] for edge in page["edges"]] for page in pages] == [
        ["1", "2"],
        ["3", "4"],
        ["5"],
    ]
    assert [page["totalCount"] for page in pages] == [5, 5, 5]
    infos = [page["pageInfo"] for page in pages]
    assert [info["hasNextPage"] for info in infos] == [True, True, False]
    assert [info["hasPreviousPage"] for info in infos] == [False, True, True]
    for page, info in zip(pages, infos, strict=True):
        assert info["startCursor"] == page["edges"][0]["cursor"]
        assert info["endCursor"] == page["edges"][-1]["cursor"]


async def test_beyond_the_end_is_an_empty_page(library: Desk, ask: Client) -> None:
    last = (await ask(PAGE))["cases"]["pageInfo"]["endCursor"]

    page = (await ask(PAGE, after=last))["cases"]

    assert page == {
        "totalCount": 2,
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": True,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize("field", ["cases", "statements", "sources", "methods", "outcomeMetrics"])
async def test_a_page_holds_1_to_100_items(library: Desk, ask: Client, field: str) -> None:
    query = f"query($n: Int) {{ {field}(first: $n) {{ totalCount }} }}"

    answers = {size: await ask.answer(query, n=size) for size in (0, -1, 101, 10**9, 1, 100, None)}

    refused = {size for size, answer in answers.items() if "errors" in answer}
    assert refused == {0, -1, 101, 10**9}
    for size in refused:
        (error,) = answers[size]["errors"]
        assert error["message"] == f"first is {size}; ask for 1 to 100 items."
        assert error["extensions"] == {"code": "BAD_INPUT"}


def changed(cursor: str, **places: Any) -> str:
    held = json.loads(urlsafe_b64decode(cursor + "=="))
    for place, value in places.items():
        held[int(place[1:])] = value
    return encoded(json.dumps(held))


async def test_a_foreign_cursor_is_bad_input(library: Desk, ask: Client) -> None:
    own = (await ask(PAGE, n=1))["cases"]["pageInfo"]["endCursor"]
    by_year = (await ask(PAGE, n=1, o={"field": "YEAR"}))["cases"]["pageInfo"]["endCursor"]
    data = await ask("{ statements(first: 1) { pageInfo { endCursor } } }")
    statement = data["statements"]["pageInfo"]["endCursor"]

    foreign = {
        "of another field": statement,
        "of another order": by_year,
        "nothing": "",
        "garbage": "%%%",
        "Chinese": "下一页",
        "cut off": own[:-3],
        "no list": encoded("{}"),
        "an id": global_id("Case", "ap-hijack"),
        "deep nesting": encoded("[" * 200),
        "very long": encoded("[" * 70_000),
        "a list for a value": changed(own, p1=[5]),
        "a truth value": changed(own, p1=True),
        "no row": changed(own, p2="x"),
        "a row too large": changed(own, p2=2**40),
        "a text with a NUL": changed(own, p1="a\0"),
    }
    answers = {label: await ask.answer(PAGE, after=cursor) for label, cursor in foreign.items()}

    codes = {
        label: [error.get("extensions", {}).get("code") for error in answer["errors"]]
        for label, answer in answers.items()
    }
    assert codes == {label: ["BAD_INPUT"] for label in codes}


async def test_a_cursor_of_numbers_takes_no_text_and_no_number_without_end(
    library: Desk, ask: Client
) -> None:
    order = {"field": "YEAR"}
    own = (await ask(PAGE, n=1, o=order))["cases"]["pageInfo"]["endCursor"]

    answers = [
        await ask.answer(PAGE, o=order, after=cursor)
        for cursor in (changed(own, p1="2013"), changed(own, p1=10**400))
    ]

    assert [answer["errors"][0]["extensions"]["code"] for answer in answers] == ["BAD_INPUT"] * 2


async def test_an_id_names_its_type_and_name() -> None:
    assert urlsafe_b64decode(global_id("CrisisType", OUTAGE) + "==").decode() == (
        f"CrisisType:{OUTAGE}"
    )
