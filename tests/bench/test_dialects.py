"""What a bench asks of us is asked in words of our schema, and read as it is answered."""

import orjson
import pytest
from graphql import build_schema, parse, validate

from bench.dialects import OURS, POSTGRAPHILE, TURN, Told
from schema.build import schema_text

STATEMENTS = (("st1", 0.0, 10.5), ("st2", None, None))
METRICS = (("FOLLOWERS", "ABOUT", 268000.0, "ACCOUNT"), ("OTHER", "EQ", None, "COUNT"))
TOLD = Told("a-case", "CASE-0001", "CN", 2023, "HIGH", None, STATEMENTS, METRICS)


@pytest.mark.parametrize("document", [OURS.one, OURS.page, OURS.walk])
def test_our_documents_are_valid(document: str) -> None:
    assert validate(build_schema(schema_text()), parse(document)) == []


def test_a_body_has_one_place_for_the_turn_in_both_dialects() -> None:
    bodies = [
        body
        for dialect in (OURS, POSTGRAPHILE)
        for body in (dialect.body_of_one("a-case"), dialect.body_of_page("a cursor"))
    ]

    assert [body.count(TURN.encode()) for body in bodies] == [1, 1, 1, 1]
    assert [orjson.loads(body)["variables"]["turn"] for body in bodies] == [TURN] * 4


def test_the_same_case_is_read_alike_from_both_sides() -> None:
    ours = {
        "slug": "a-case",
        "number": "CASE-0001",
        "country": "CN",
        "year": 2023,
        "level": "HIGH",
        "editorialVerdict": None,
        "statements": [
            {"key": "st1", "offset": {"fromHours": 0.0, "toHours": 10.5}},
            {"key": "st2", "offset": None},
        ],
        "outcomeMetrics": [
            {
                "metric": {"code": "FOLLOWERS"},
                "comparator": "ABOUT",
                "value": 268000.0,
                "unit": "ACCOUNT",
            },
            {"metric": {"code": "OTHER"}, "comparator": "EQ", "value": None, "unit": "COUNT"},
        ],
    }
    theirs = {
        "slug": "a-case",
        "number": "CASE-0001",
        "caseByEntryId": {"country": "CN", "year": 2023, "level": "HIGH", "verdict": None},
        "statementsByEntryIdList": [
            {"key": "st1", "fromHours": 0, "toHours": 10.5},
            {"key": "st2", "fromHours": None, "toHours": None},
        ],
        "outcomeMetricsByEntryIdList": [
            {"metric": "FOLLOWERS", "comparator": "ABOUT", "value": 268000, "unit": "ACCOUNT"},
            {"metric": "OTHER", "comparator": "EQ", "value": None, "unit": "COUNT"},
        ],
    }

    assert OURS.case_in({"case": ours}) == TOLD
    assert POSTGRAPHILE.case_in({"entryByKindAndSlug": theirs}) == TOLD
