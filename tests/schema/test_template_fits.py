"""Templates ranked by fit, with the statements that were of their kind."""

from typing import Any

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import (
    BREACH,
    HIJACK,
    OUTAGE,
    Client,
    a_case,
    a_statement,
    a_template,
    an_outcome,
    both,
    publish,
    small_vocabularies,
)

COMPLAINT = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"
RECEIVED = {
    "reception": {"text": both("骂声一片", "Anger"), "sentiment": "NEGATIVE", "citations": ["S1"]}
}
RANKED = """query($type: String, $kind: StatementKind, $phase: Phase, $channel: ChannelKind,
                  $locale: Locale, $filter: GuideFilter, $first: Int, $after: String) {
  statementTemplates(crisisType: $type, kind: $kind, phase: $phase, channel: $channel,
                     locale: $locale, filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { fit node { slug } reasons { aspect degree } } } }"""


@pytest.fixture
async def shelf(desk: Desk) -> Desk:
    """Templates of two kinds, and cases that made such statements."""
    await publish(
        desk,
        *small_vocabularies(),
        a_template("any-type"),
        a_template("of-breach", crisis_types=[BREACH]),
        a_template("of-complaint", crisis_types=[COMPLAINT], phases=["REVIEW"]),
        a_template("of-outage", crisis_types=[OUTAGE]),
        a_template("correction", kind="CORRECTION", crisis_types=[OUTAGE]),
        a_template("secret", crisis_types=[OUTAGE], sharing="TLP_RED"),
        a_case(
            "old-outage",
            1,
            statements=[
                a_statement("S-1"),
                a_statement("S-2", **RECEIVED),
                a_statement("S-3", kind="CORRECTION"),
            ],
            outcomes=[an_outcome("CHURN_RATE", n) for n in range(4)],
            editorial_verdict={"verdict": "LOSS", "reason": both("失", "Lost")},
        ),
        a_case("complaint", 2, primary_type=COMPLAINT, statements=[a_statement("S-1")]),
        a_case("hijack", 3, primary_type=HIJACK, statements=[a_statement("S-1")]),
        a_case("new-outage", 4, statements=[a_statement("S-1")]),
        a_case("silent", 5),
        a_case("hidden", 6, sharing="TLP_RED", statements=[a_statement("S-1")]),
        a_case("drill", 7, provenance="SYNTHETIC", statements=[a_statement("S-1")]),
    )
    return desk


def fits(data: dict[str, Any]) -> list[tuple[str, float | None]]:
    return [(edge["node"]["slug"], edge["fit"]) for edge in data["statementTemplates"]["edges"]]


async def test_templates_are_ranked_by_what_is_asked_for(shelf: Desk, ask: Client) -> None:
    data = await ask(RANKED, type=OUTAGE, kind="HOLDING", phase="RESPONSE", channel="OWNED_ACCOUNT")

    assert fits(data) == [
        ("of-outage", 1.0),
        ("any-type", 0.967),
        ("of-breach", 0.933),
        ("of-complaint", 0.72),
    ]
    assert data["statementTemplates"]["edges"][3]["reasons"] == [
        {"aspect": "KIND", "degree": 1.0},
        {"aspect": "PHASE", "degree": 0.0},
        {"aspect": "CHANNEL", "degree": 1.0},
        {"aspect": "CRISIS_TYPE", "degree": 0.8},
    ]


async def test_without_an_aspect_the_listing_is_by_slug_and_has_no_fit(
    shelf: Desk, ask: Client
) -> None:
    data = await ask(RANKED)

    assert fits(data) == [
        ("any-type", None),
        ("correction", None),
        ("of-breach", None),
        ("of-complaint", None),
        ("of-outage", None),
    ]
    assert [edge["reasons"] for edge in data["statementTemplates"]["edges"]] == [[]] * 5


async def test_a_filter_narrows_what_is_ranked(shelf: Desk, ask: Client) -> None:
    data = await ask(RANKED, type=OUTAGE, filter={"slug": ["any-type", "of-breach"]})

    assert fits(data) == [("any-type", 0.5), ("of-breach", 0.0)]


async def test_a_hidden_template_is_ranked_for_those_who_may_see_it(
    shelf: Desk, ask: Client
) -> None:
    data = await ask(RANKED, as_=AccessRole.ADMIN, type=OUTAGE, kind="HOLDING", first=2)

    assert fits(data) == [("of-outage", 1.0), ("secret", 1.0)]


async def test_pages_of_a_ranking_join_without_gap_or_repeat(shelf: Desk, ask: Client) -> None:
    pages: list[dict[str, Any]] = []
    for _ in range(3):
        after = pages[-1]["pageInfo"]["endCursor"] if pages else None
        data = await ask(RANKED, type=OUTAGE, first=2, after=after)
        pages.append(data["statementTemplates"])

    page = pages[-1]
    assert [edge["node"]["slug"] for held in pages for edge in held["edges"]] == [
        "of-outage",
        "correction",
        "of-complaint",
        "any-type",
        "of-breach",
    ]
    assert page["totalCount"] == 5
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_a_cursor_of_another_question_is_refused(shelf: Desk, ask: Client) -> None:
    data = await ask(RANKED, type=OUTAGE, first=1)
    cursor = data["statementTemplates"]["pageInfo"]["endCursor"]

    answer = await ask.answer(RANKED, type=BREACH, first=1, after=cursor)

    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_script_nobody_wrote_in_fits_less_and_says_so(shelf: Desk, ask: Client) -> None:
    data = await ask(
        """{ statementTemplates(locale: ZH_HANT, first: 1) { edges { fit
             reasons { aspect degree text(locale: EN) textLocale(locale: EN) crisisType { code } }
        } } }"""
    )

    assert data["statementTemplates"]["edges"] == [
        {
            "fit": 0.0,
            "reasons": [
                {
                    "aspect": "LOCALE",
                    "degree": 0.0,
                    "text": "It is not written in this script; simplified Chinese stands in.",
                    "textLocale": "EN",
                    "crisisType": None,
                }
            ],
        }
    ]


PRECEDENTS = """query($type: String, $kind: StatementKind, $most: Int!) {
  statementTemplates(crisisType: $type, kind: $kind, phase: RESPONSE, first: 1) { edges {
    precedents(first: $most) { sharedType { code } statement { key case { slug } reception {
      sentiment } } editorialVerdict { verdict } outcomes { value } } } } }"""


async def test_precedents_are_the_nearest_cases_and_tell_what_came_of_them(
    shelf: Desk, ask: Client
) -> None:
    data = await ask(PRECEDENTS, type=OUTAGE, kind="HOLDING", most=10)

    (edge,) = data["statementTemplates"]["edges"]
    assert [
        (held["statement"]["case"]["slug"], held["sharedType"] and held["sharedType"]["code"])
        for held in edge["precedents"]
    ] == [
        ("new-outage", OUTAGE),
        ("old-outage", OUTAGE),
        ("complaint", COMPLAINT),
        ("hijack", None),
    ]
    assert edge["precedents"][1] == {
        "sharedType": {"code": OUTAGE},
        "statement": {
            "key": "S-2",
            "case": {"slug": "old-outage"},
            "reception": {"sentiment": "NEGATIVE"},
        },
        "editorialVerdict": {"verdict": "LOSS"},
        "outcomes": [{"value": 0}, {"value": 1}, {"value": 2}],
    }


async def test_precedents_are_of_the_kind_and_no_more_than_asked_for(
    shelf: Desk, ask: Client
) -> None:
    corrections = await ask(PRECEDENTS, kind="CORRECTION", most=3)
    one = await ask(PRECEDENTS, type=HIJACK, kind="HOLDING", most=1)

    def named(data: dict[str, Any]) -> list[str]:
        (edge,) = data["statementTemplates"]["edges"]
        return [held["statement"]["case"]["slug"] for held in edge["precedents"]]

    assert named(corrections) == ["old-outage"]
    assert named(one) == ["hijack"]


@pytest.mark.parametrize("most", [0, 11])
async def test_a_number_of_precedents_out_of_bounds_is_refused(
    most: int, shelf: Desk, ask: Client
) -> None:
    answer = await ask.answer(PRECEDENTS, type=OUTAGE, most=most)

    assert answer["errors"][0]["message"] == f"first is {most}; ask for 1 to 10 precedents."


async def test_an_unknown_type_is_refused_with_those_near_it(shelf: Desk, ask: Client) -> None:
    answer = await ask.answer(RANKED, type="DATA_SECURTY")

    assert answer["errors"][0]["message"] == (
        "'DATA_SECURTY' is not a code of CrisisType; near it are DATA_SECURITY, "
        "DATA_SECURITY.PRIVACY_BREACH, DATA_SECURITY.ACCOUNT_COMPROMISE."
    )
