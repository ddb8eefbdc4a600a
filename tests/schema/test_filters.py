"""Filters and orders as they are written, and those that are refused."""

from typing import Any

import pytest

from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client

CASES = "query($f: CaseFilter, $o: CaseOrder) { cases(filter: $f, orderBy: $o) { edges { node { slug } } } }"
Y, H = "yuque-outage", "ap-hijack"


def metric(comparator: str, value: float, code: str = "CHURN_RATE", **more: Any) -> dict[str, Any]:
    return {"metrics": [{"metric": code, "comparator": comparator, "value": value, **more}]}


FILTERS: list[tuple[str, dict[str, Any] | None, list[str]]] = [
    ("none", None, [Y, H]),
    ("an empty one", {}, [Y, H]),
    ("a slug", {"slug": [H]}, [H]),
    ("no values", {"slug": []}, []),
    ("null values", {"slug": None}, [Y, H]),
    ("a type below", {"type": ["DATA_SECURITY"]}, [Y, H]),
    ("a primary type below", {"primaryType": ["DATA_SECURITY"]}, [H]),
    ("a platform", {"platform": ["WEIBO"]}, [Y]),
    ("an industry", {"industry": ["GAMES"]}, []),
    ("a country", {"country": ["CN", "US"]}, [Y, H]),
    ("a level", {"level": ["HIGH"]}, [Y]),
    ("a year", {"year": {"least": 2013, "most": 2013}}, [H]),
    ("an open year", {"year": {"least": 2014}}, [Y]),
    ("a strategy", {"strategy": ["DENY.DENIAL"]}, [Y, H]),
    ("a kind of statement", {"statementKind": ["CORRECTION"]}, [Y]),
    ("a provenance", {"provenance": ["SYNTHETIC"]}, []),
    ("a verdict", {"verdict": ["MIXED"]}, [Y]),
    ("a metric", metric("GE", 5), [Y]),
    ("a metric in a unit", metric("GE", 5, unit="PERSON"), []),
    ("a metric at least", metric("GE", 1000, "AFFECTED_USERS"), [Y]),
    ("a metric not certainly", metric("LE", 2000, "AFFECTED_USERS"), []),
    ("hours certainly", {"hoursToFirstStatement": {"most": 2.5}}, [Y]),
    ("hours not certainly", {"hoursToFirstStatement": {"most": 2}}, []),
    ("two fields", {"country": ["CN"], "platform": ["X"]}, []),
    ("and", {"and": [{"country": ["CN"]}, {"level": ["HIGH"]}]}, [Y]),
    ("or", {"or": [{"country": ["US"]}, {"level": ["HIGH"]}]}, [Y, H]),
    ("or of none", {"or": []}, []),
    ("and of none", {"and": []}, [Y, H]),
    ("not", {"not": {"country": ["US"]}}, [Y]),
    ("not, the unknown included", {"not": {"level": ["HIGH"]}}, [H]),
]


async def test_cases_are_filtered(library: Desk, ask: Client) -> None:
    found = {
        label: [edge["node"]["slug"] for edge in (await ask(CASES, f=given))["cases"]["edges"]]
        for label, given, _ in FILTERS
    }

    assert found == {label: expected for label, _, expected in FILTERS}


ORDERS: list[tuple[dict[str, str] | None, list[str]]] = [
    (None, [Y, H]),
    ({}, [Y, H]),
    ({"direction": "DESC"}, [H, Y]),
    ({"field": "YEAR"}, [H, Y]),
    ({"field": "YEAR", "direction": "DESC"}, [Y, H]),
    ({"field": "HOURS_TO_FIRST_STATEMENT"}, [Y, H]),
    ({"field": "HOURS_TO_FIRST_STATEMENT", "direction": "DESC"}, [Y, H]),
]


async def test_cases_are_ordered_and_the_unknown_comes_last(library: Desk, ask: Client) -> None:
    for order, expected in ORDERS:
        data = await ask(CASES, o=order)

        assert [edge["node"]["slug"] for edge in data["cases"]["edges"]] == expected, order


STATEMENTS = "query($f: StatementFilter) { statements(filter: $f) { totalCount } }"
STATEMENT_FILTERS: list[tuple[str, dict[str, Any], int]] = [
    ("a kind", {"kind": ["CORRECTION"]}, 1),
    ("a strategy above", {"strategy": ["DENY.DENIAL"]}, 2),
    ("a channel", {"channel": ["OWNED_ACCOUNT"]}, 1),
    ("a platform", {"platform": ["X"]}, 1),
    ("of a case", {"case": {"country": ["CN"]}}, 2),
    ("not of a case", {"not": {"case": {"country": ["CN"]}}}, 1),
    ("of a case by a metric", {"case": metric("EQ", 5)}, 2),
    ("hours nobody knows", {"offsetHours": {"least": 0}}, 0),
]


async def test_statements_are_filtered(library: Desk, ask: Client) -> None:
    found = {
        label: (await ask(STATEMENTS, f=given))["statements"]["totalCount"]
        for label, given, _ in STATEMENT_FILTERS
    }

    assert found == {label: count for label, _, count in STATEMENT_FILTERS}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "an unknown code",
        {"type": [f"{HIJACK}S"]},
        f"'{HIJACK}S' is not a code of CrisisType; near it are {HIJACK}",
    ),
    ("an unknown code of no kin", {"platform": ["微博"]}, "near it are WEIBO, X"),
    ("an unknown metric", metric("EQ", 1, "GONE"), "'GONE' is not a code of Metric"),
    ("an unknown unit", metric("EQ", 1, unit="GONE"), "'GONE' is not a code of Unit"),
    ("a very long code", {"type": ["A" * 5_000]}, f"'{'A' * 80}…' is not a code"),
    ("too many values", {"slug": ["a"] * 101}, "slug has 101 values; at most 100 are taken."),
    (
        "a range that runs backwards",
        {"year": {"least": 2020, "most": 2010}},
        "year has least 2020 above most 2010.",
    ),
    ("an unknown code below not", {"not": {"type": ["GONE"]}}, "'GONE' is not a code"),
]


@pytest.mark.parametrize(("label", "given", "message"), REFUSED)
async def test_a_filter_that_cannot_hold_is_refused_in_words(
    library: Desk, ask: Client, label: str, given: dict[str, Any], message: str
) -> None:
    answer = await ask.answer(CASES, f=given)

    (error,) = answer["errors"]
    assert message in error["message"]
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert answer["data"] is None


def chained(depth: int) -> dict[str, Any]:
    given: dict[str, Any] = {"country": ["CN"]}
    for _ in range(depth):
        given = {"not": given}
    return given


TOO_MUCH: list[tuple[str, dict[str, Any]]] = [
    ("a very deep filter", chained(60)),
    ("a filter of very many alternatives", {"or": [{"country": ["CN"]}] * 600}),
    ("a filter of very many metrics", {"metrics": metric("EQ", 1)["metrics"] * 600}),
]


@pytest.mark.parametrize(("label", "given"), TOO_MUCH)
async def test_a_filter_that_asks_too_much_is_bad_input(
    library: Desk, ask: Client, label: str, given: dict[str, Any]
) -> None:
    answer = await ask.answer(CASES, f=given)

    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    assert codes == ["BAD_INPUT"]


async def test_a_filter_of_some_depth_is_answered(library: Desk, ask: Client) -> None:
    data = await ask(CASES, f=chained(4))

    assert [edge["node"]["slug"] for edge in data["cases"]["edges"]] == [Y]


async def test_a_code_written_out_is_looked_up_too(library: Desk, ask: Client) -> None:
    data = await ask(f'{{ cases(filter: {{primaryType: "{OUTAGE}"}}) {{ totalCount }} }}')

    assert data == {"cases": {"totalCount": 1}}
