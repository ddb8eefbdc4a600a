"""Searching through the API while the engine is away: the built-in index answers."""

from typing import Any

import pytest

from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import OUTAGE, Client, a_case, both, publish, small_vocabularies

SEARCH = """query($q: String!, $k: [EntryKind!], $f: LibraryFilter, $l: Locale! = ZH_HANS,
               $n: Int, $a: String) {
  searchLibrary(query: $q, kinds: $k, filter: $f, locale: $l, first: $n, after: $a) {
    degraded totalCount
    edges { score cursor highlights { field fragments }
      node { __typename ... on Case { slug } ... on Statement { key case { slug } }
             ... on Method { slug } ... on ProcedureStep { key } ... on StatementTemplate { slug } } }
    facets { name buckets { value label count } }
    concepts { set words term { code label } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } }"""


@pytest.fixture
async def indexed(application: Application, library: Desk) -> Desk:
    """The small library, looked through by the indexer once; there is no engine."""
    await application.indexer.look()
    return library


async def found(ask: Client, text: str, **how: Any) -> list[str]:
    data = (await ask(SEARCH, q=text, **how))["searchLibrary"]
    assert data["degraded"] is True
    nodes = [edge["node"] for edge in data["edges"]]
    return [f"{node['__typename']} {node.get('slug') or node['key']}" for node in nodes]


FIRST = [
    ("a short word", "宕机", "Case yuque-outage"),
    ("traditional characters", "語雀當機", "Case yuque-outage"),
    ("the pinyin of the organisation", "yuque", "Case yuque-outage"),
    ("an English name", "outage", "Case yuque-outage"),
    ("capitals", "YUQUE", "Case yuque-outage"),
    ("full-width letters", "ｙｕｑｕｅ", "Case yuque-outage"),
    ("what people type in that situation", "我们的服务崩了怎么办", "Case yuque-outage"),
    ("a term's alias", "盗号", "Case ap-hijack"),
    ("half a sentence", "官方账号被盗发了假消息", "Case ap-hijack"),
]


async def test_the_right_case_comes_first(indexed: Desk, ask: Client) -> None:
    first = {label: (await found(ask, text, k=["CASE"]))[0] for label, text, _ in FIRST}

    assert first == {label: expected for label, _, expected in FIRST}


async def test_an_empty_query_lists_everything_that_may_be_seen(indexed: Desk, ask: Client) -> None:
    reader = await found(ask, "")
    administrator = await found(ask, "", as_=AccessRole.ADMIN)

    assert sorted(reader) == [
        "Case ap-hijack",
        "Case yuque-outage",
        "Method first-hour",
        "ProcedureStep a",
        "ProcedureStep b",
        "Statement S-1",
        "Statement S-1",
        "Statement S-2",
        "StatementTemplate holding",
    ]
    assert len(administrator) == len(reader) + 3


async def test_what_is_hidden_is_neither_found_nor_counted(indexed: Desk, ask: Client) -> None:
    reader = (await ask(SEARCH, q="机密案例"))["searchLibrary"]
    administrator = (await ask(SEARCH, as_=AccessRole.ADMIN, q="机密案例"))["searchLibrary"]

    assert not any("secret" in str(edge["node"]) for edge in reader["edges"])
    assert administrator["edges"][0]["node"] == {"__typename": "Case", "slug": "secret"}
    assert administrator["totalCount"] > reader["totalCount"]


KINDS = [
    (["CASE"], {"Case"}),
    (["STATEMENT"], {"Statement"}),
    (["METHOD", "PROCEDURE_STEP"], {"Method", "ProcedureStep"}),
    (["STATEMENT_TEMPLATE"], {"StatementTemplate"}),
]


@pytest.mark.parametrize(("kinds", "types"), KINDS)
async def test_a_search_is_narrowed_to_kinds(
    indexed: Desk, ask: Client, kinds: list[str], types: set[str]
) -> None:
    names = await found(ask, "", k=kinds)

    assert {name.partition(" ")[0] for name in names} == types


CASES: dict[str, Any] = {"k": ["CASE"]}
FILTERS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a type and those below", {"type": ["PUBLIC_OPINION"]}, ["Case yuque-outage"]),
    ("a platform", {"platform": ["X"]}, ["Case ap-hijack"]),
    ("a country", {"country": ["CN"]}, ["Case yuque-outage"]),
    ("a level", {"level": ["HIGH"]}, ["Case yuque-outage"]),
    ("a year", {"year": {"most": 2013}}, ["Case ap-hijack"]),
    ("a strategy above", {"strategy": ["REBUILD.APOLOGY"]}, ["Case yuque-outage"]),
    ("a verdict", {"verdict": ["MIXED"]}, ["Case yuque-outage"]),
    ("a metric", {"metric": ["AFFECTED_USERS"]}, ["Case yuque-outage"]),
    ("hours certainly", {"hoursToFirstStatement": {"most": 2.5}}, ["Case yuque-outage"]),
    ("hours not certainly", {"hoursToFirstStatement": {"most": 2}}, []),
    ("no values", {"country": []}, []),
    ("or", {"or": [{"country": ["US"]}, {"level": ["LOW"]}]}, ["Case ap-hijack"]),
    ("not", {"not": {"country": ["CN"]}}, ["Case ap-hijack"]),
]


async def test_a_search_is_narrowed_by_a_filter(indexed: Desk, ask: Client) -> None:
    names = {label: await found(ask, "", f=given, **CASES) for label, given, _ in FILTERS}

    assert names == {label: expected for label, _, expected in FILTERS}


async def test_facets_count_what_was_found_with_their_labels(indexed: Desk, ask: Client) -> None:
    data = (await ask(SEARCH, q="", l="EN", **CASES))["searchLibrary"]

    facets = {facet["name"]: facet["buckets"] for facet in data["facets"]}
    assert {"value": OUTAGE, "label": "Service outage", "count": 1} in facets["type"]
    assert facets["country"] == [
        {"value": "CN", "label": "CN", "count": 1},
        {"value": "US", "label": "US", "count": 1},
    ]
    assert facets["level"] == [{"value": "HIGH", "label": "HIGH", "count": 1}]


async def test_the_concepts_of_a_query_are_read(indexed: Desk, ask: Client) -> None:
    data = (await ask(SEARCH, q="系統崩了，有人盜號"))["searchLibrary"]

    concepts = {concept["term"]["code"]: concept for concept in data["concepts"]}
    assert concepts[OUTAGE]["words"] == ["崩了"]
    assert concepts["DATA_SECURITY.ACCOUNT_COMPROMISE"]["set"] == "CrisisType"


async def test_highlights_are_safe_html(application: Application, desk: Desk, ask: Client) -> None:
    title = both("<script>alert(1)</script> 宕机 & 公告", "<b>Down</b>")
    await publish(desk, *small_vocabularies(), a_case("one", 1, title=title))
    await application.indexer.look()

    data = (await ask(SEARCH, q="宕机"))["searchLibrary"]

    highlights = {held["field"]: held["fragments"] for held in data["edges"][0]["highlights"]}
    assert highlights["title"] == [
        "&lt;script&gt;alert(1)&lt;/script&gt; <mark>宕机</mark> &amp; 公告"
    ]


async def test_pages_of_a_search_follow_each_other(indexed: Desk, ask: Client) -> None:
    pages, after = [], None
    for _ in range(3):
        page = (await ask(SEARCH, q="", n=4, a=after))["searchLibrary"]
        after = page["pageInfo"]["endCursor"]
        pages.append(page)

    whole = await found(ask, "")
    assert [len(page["edges"]) for page in pages] == [4, 4, 1]
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, True, False]
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [False, True, True]
    nodes = [str(edge["node"]) for page in pages for edge in page["edges"]]
    assert len(nodes) == len(set(nodes)) == len(whole)


ODD = [
    *(
        '"',
        '"宕机',
        "-宕机",
        "宕机 -语雀",
        "宕机 OR",
        "AND",
        "(",
        "title:x",
        "*",
        "?",
        "\\",
        "^2",
        "~",
    ),
    *(
        "😀",
        "😀😀😀",
        "。。。",
        "   ",
        "\n",
        "\t",
        "\u200b",
        "\0",
        "的",
        "a",
        "1",
        "%",
        "_",
        "'; --",
    ),
    *("[* TO *]", "+", "/x/", "宕" * 2_000, "a" * 2_000, "- " * 900, "\ufeff", "\u202e"),
]


@pytest.mark.parametrize("text", ODD)
async def test_whatever_is_typed_is_answered(indexed: Desk, ask: Client, text: str) -> None:
    answer = await ask.answer(SEARCH, q=text)

    assert "errors" not in answer
    assert answer["data"]["searchLibrary"]["degraded"] is True


async def test_half_a_character_is_answered_or_refused_in_words(indexed: Desk, ask: Client) -> None:
    query = "query($q: String!) { searchLibrary(query: $q) { totalCount } }"
    body = f'{{"query": "{query}", "variables": {{"q": "\\ud800"}}}}'
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
    }

    response = await ask.request("POST", "/graphql", content=body, headers=headers)

    codes = [error.get("extensions") for error in response.json().get("errors", ())]
    assert codes == []


async def test_a_query_that_is_too_long_is_refused_with_the_limit(
    indexed: Desk, ask: Client
) -> None:
    answer = await ask.answer(SEARCH, q="宕" * 20_000)

    (error,) = answer["errors"]
    assert error["message"].startswith("query has 20000 characters; at most 2000 are read.")
    assert error["extensions"] == {"code": "BAD_INPUT"}


async def test_a_library_that_is_not_indexed_yet_says_so(library: Desk, ask: Client) -> None:
    answer = await ask.answer(SEARCH, q="宕机")

    (error,) = answer["errors"]
    assert error["message"] == "The library is being indexed; search again in a moment."
    assert error["extensions"] == {"code": "NOT_READY"}
    assert answer["data"] is None


async def test_the_cursor_of_another_listing_is_refused(indexed: Desk, ask: Client) -> None:
    data = await ask("{ cases(first: 1) { pageInfo { endCursor } } }")

    answer = await ask.answer(SEARCH, q="", a=data["cases"]["pageInfo"]["endCursor"])

    assert answer["errors"][0]["extensions"] == {"code": "BAD_INPUT"}
