"""`compareCases`: cases on one clock, their figures in one matrix, hidden and missing alike."""

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import Client

QUERY = """query($slugs: [String!]!) { compareCases(slugs: $slugs) { missing
  cases { case { slug anchors { firstStatementAt { offset { fromHours } } }
      editorialVerdict { verdict } }
    points { kind label(locale: EN) labelLocale(locale: EN) term { code } strategies { code }
      offset { fromHours toHours basis } basis admiraltyGrade citations { place } }
    undated { kind label(locale: EN) basis strategies { code } } }
  metrics { metric { code } label unit values { value comparator trend } } } }"""


async def test_cases_stand_side_by_side_on_the_clock_of_their_first_signal(
    library: Desk, ask: Client
) -> None:
    answer = await ask(QUERY, slugs=["yuque-outage", "ap-hijack"])

    yuque, hijack = answer["compareCases"]["cases"]
    assert yuque == {
        "case": {
            "slug": "yuque-outage",
            "anchors": {"firstStatementAt": {"offset": {"fromHours": 1.5}}},
            "editorialVerdict": {"verdict": "MIXED"},
        },
        "points": [
            {
                "kind": "EVENT",
                "label": "An alert",
                "labelLocale": "EN",
                "term": {"code": "RESPONSE"},
                "strategies": [],
                "offset": {"fromHours": 0, "toHours": 0.62, "basis": "CLOCK"},
                "basis": "REPORTED",
                "admiraltyGrade": "A2",
                "citations": [{"place": "p2"}],
            }
        ],
        "undated": [
            {"kind": "EVENT", "label": "Doubt", "basis": "UNVERIFIED", "strategies": []},
            {
                "kind": "STATEMENT",
                "label": "We are checking",
                "basis": "REPORTED",
                "strategies": [{"code": "REBUILD.APOLOGY"}],
            },
            {
                "kind": "STATEMENT",
                "label": "We are checking",
                "basis": "REPORTED",
                "strategies": [{"code": "DENY.DENIAL"}],
            },
        ],
    }
    assert (hijack["case"]["slug"], hijack["points"]) == ("ap-hijack", [])


async def test_figures_of_one_metric_and_unit_stand_in_one_row(library: Desk, ask: Client) -> None:
    answer = await ask(QUERY, slugs=["yuque-outage", "ap-hijack"])

    assert answer["compareCases"]["metrics"] == [
        {
            "metric": {"code": "CHURN_RATE"},
            "label": "CHURN_RATE",
            "unit": "PERCENT",
            "values": [
                [{"value": 5, "comparator": "EQ", "trend": None}],
                [{"value": None, "comparator": "EQ", "trend": "FELL"}],
            ],
        },
        {
            "metric": {"code": "AFFECTED_USERS"},
            "label": "AFFECTED_USERS",
            "unit": "PERSON",
            "values": [[{"value": 1000, "comparator": "GE", "trend": None}], []],
        },
    ]


async def test_a_hidden_case_is_missing_like_one_that_never_was(library: Desk, ask: Client) -> None:
    slugs = ["secret", "yuque-outage", "never-was"]

    reader = (await ask(QUERY, slugs=slugs))["compareCases"]
    admin = (await ask(QUERY, as_=AccessRole.ADMIN, slugs=slugs))["compareCases"]

    assert reader["missing"] == ["secret", "never-was"]
    assert [one["case"]["slug"] for one in reader["cases"]] == ["yuque-outage"]
    assert [len(row["values"]) for row in reader["metrics"]] == [1, 1]
    assert admin["missing"] == ["never-was"]
    assert [one["case"]["slug"] for one in admin["cases"]] == ["secret", "yuque-outage"]


@pytest.mark.parametrize(
    ("slugs", "message"),
    [
        (["a"], "slugs has 1 values; give 2 to 6 cases."),
        ([f"c{n}" for n in range(7)], "slugs has 7 values; give 2 to 6 cases."),
        (["a", "a"], "slugs names a case twice; name each once."),
        (["a", "No slug\0"], "slugs[1] is not a slug; write it as a case gives it."),
    ],
)
async def test_slugs_that_cannot_be_compared_are_refused(
    library: Desk, ask: Client, slugs: list[str], message: str
) -> None:
    answer = await ask.answer(QUERY, slugs=slugs)

    (error,) = answer["errors"]
    assert (error["message"], error["extensions"]["code"]) == (message, "BAD_INPUT")
