"""`remedies` and `followedWithin`: what was offered, and what followed, across cases."""

from typing import Any

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import (
    BREACH,
    HIJACK,
    Client,
    a_case,
    both,
    publish,
    small_vocabularies,
    term,
    vocabulary,
)

LITIGATION = "SECONDARY.LITIGATION"


def remedy(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "recipient": "AFFECTED_USER",
        "form": both("三年会员", "Three years of membership"),
        "citations": ["S1#p3"],
        "credibility": "CRED_2",
        **fields,
    }


def lawsuit(since: float | None = None, until: float | None = None, **fields: Any) -> Any:
    moment = {"offset": {"from_hours": since, "to_hours": until}}
    return {
        "type": LITIGATION,
        "text": both("起诉", "A lawsuit"),
        "citations": ["S1"],
        **({} if since is None else {"moment": moment}),
        **fields,
    }


CASES = [
    a_case(
        "measured",
        1,
        primary_type=HIJACK,
        editorial_verdict={"verdict": "GAIN", "reason": both("得", "A gain")},
        remedies=[
            remedy(
                "CASH",
                amount={"value": 100, "unit": "PERSON", "comparator": "LE"},
                moment={"offset": {"from_hours": 2, "to_hours": 6}},
                effect_before={"value": 30, "unit": "PERCENT"},
                effect_after={"value": 85, "unit": "PERCENT"},
            ),
            remedy("CASH.VOUCHER", effect_before={"value": 30, "unit": "PERCENT"}),
        ],
        secondary_effects=[lawsuit(0, 24), lawsuit(600, 600)],
    ),
    a_case(
        "plain",
        2,
        other_types=[BREACH],
        remedies=[remedy("REFUND")],
        secondary_effects=[lawsuit(48, 96)],
    ),
    a_case("outage", 3, remedies=[remedy("CASH")], secondary_effects=[lawsuit()]),
    a_case(
        "hidden",
        4,
        sharing="TLP_AMBER",
        primary_type=HIJACK,
        remedies=[remedy("CASH")],
        secondary_effects=[lawsuit(1, 1)],
    ),
    a_case(
        "made-up",
        5,
        provenance="SYNTHETIC",
        primary_type=HIJACK,
        remedies=[remedy("CASH")],
        secondary_effects=[lawsuit(1, 1)],
    ),
    a_case("rumoured", 6, secondary_effects=[lawsuit(1, 1, basis="UNVERIFIED", citations=[])]),
    a_case("later", 7, secondary_effects=[lawsuit(100, 200)]),
]


@pytest.fixture
async def library(desk: Desk) -> Desk:
    kinds = ("CASH", "CASH.VOUCHER", "REFUND")
    more = [
        vocabulary("RemedyKind", "remedy-kind", *(term(one, one, one) for one in kinds)),
        vocabulary("StakeholderKind", "stakeholder", term("AFFECTED_USER", "用户", "User")),
    ]
    await publish(desk, *small_vocabularies(), *more, *CASES)
    return desk


LISTED = """query($kind: String, $type: String, $first: Int, $after: String) {
  remedies(kind: $kind, crisisType: $type, first: $first, after: $after) { totalCount
    edges { node { kind { code } case { slug } } } pageInfo { hasNextPage endCursor } } }"""


def listed(answer: dict[str, Any]) -> list[tuple[str, str]]:
    nodes = [edge["node"] for edge in answer["remedies"]["edges"]]
    assert answer["remedies"]["totalCount"] == len(nodes)
    return [(node["case"]["slug"], node["kind"]["code"]) for node in nodes]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {},
            [
                ("measured", "CASH"),
                ("measured", "CASH.VOUCHER"),
                ("plain", "REFUND"),
                ("outage", "CASH"),
            ],
        ),
        (
            {"kind": "CASH"},
            [("measured", "CASH"), ("measured", "CASH.VOUCHER"), ("outage", "CASH")],
        ),
        ({"kind": "CASH.VOUCHER"}, [("measured", "CASH.VOUCHER")]),
        (
            {"type": "DATA_SECURITY"},
            [("measured", "CASH"), ("measured", "CASH.VOUCHER"), ("plain", "REFUND")],
        ),
        ({"kind": "REFUND", "type": "DATA_SECURITY"}, [("plain", "REFUND")]),
        ({"kind": "REFUND", "type": HIJACK}, []),
    ],
)
async def test_remedies_are_narrowed_by_kind_and_crisis_type_with_those_below(
    library: Desk,
    ask: Client,
    variables: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    answer = await ask(LISTED, **variables)

    assert listed(answer) == expected


async def test_a_remedy_of_a_hidden_case_is_listed_for_those_who_may_see_it(
    library: Desk, ask: Client
) -> None:
    answer = await ask(LISTED, as_=AccessRole.RESPONDER, type=HIJACK, kind="CASH")

    assert listed(answer) == [
        ("measured", "CASH"),
        ("measured", "CASH.VOUCHER"),
        ("hidden", "CASH"),
    ]


async def test_remedies_are_paged(library: Desk, ask: Client) -> None:
    one = (await ask(LISTED, first=3))["remedies"]
    two = (await ask(LISTED, first=3, after=one["pageInfo"]["endCursor"]))["remedies"]

    assert [len(page["edges"]) for page in (one, two)] == [3, 1]
    assert [page["pageInfo"]["hasNextPage"] for page in (one, two)] == [True, False]
    assert [page["totalCount"] for page in (one, two)] == [4, 4]


async def test_a_remedy_tells_what_it_was_to_whom_and_to_what_effect(
    library: Desk, ask: Client
) -> None:
    query = """query($type: String) { remedies(crisisType: $type) { edges { node {
      form(locale: EN) recipient amount { value comparator unit } offset { fromHours toHours basis }
      effectBefore { value unit } effectAfter { value unit }
      effectUnknownBecause(locale: EN) effectUnknownBecauseLocale(locale: EN)
      basis admiraltyGrade citations { place source { title } }
      case { editorialVerdict { verdict } } } } } }"""

    answer = await ask(query, type="DATA_SECURITY")

    measured, half, unmeasured = (edge["node"] for edge in answer["remedies"]["edges"])
    assert measured == {
        "form": "Three years of membership",
        "recipient": "AFFECTED_USER",
        "amount": {"value": 100, "comparator": "LE", "unit": "PERSON"},
        "offset": {"fromHours": 2, "toHours": 6, "basis": "STATED"},
        "effectBefore": {"value": 30, "unit": "PERCENT"},
        "effectAfter": {"value": 85, "unit": "PERCENT"},
        "effectUnknownBecause": None,
        "effectUnknownBecauseLocale": None,
        "basis": "REPORTED",
        "admiraltyGrade": "B2",
        "citations": [{"place": "p3", "source": {"title": "A report"}}],
        "case": {"editorialVerdict": {"verdict": "GAIN"}},
    }
    assert half["effectUnknownBecause"] == (
        "A source measured only one side of it, so there is nothing to compare"
    )
    assert (half["effectBefore"], half["effectAfter"]) == ({"value": 30, "unit": "PERCENT"}, None)
    assert unmeasured["effectUnknownBecause"] == "No source at hand measured its effect"
    assert unmeasured["case"] == {"editorialVerdict": None}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"kind": "CAHS"}, "'CAHS' is not a code of RemedyKind; near it are CASH"),
        ({"type": "NOPE\0"}, "type holds a value that is not text"),
        ({"type": "DATA"}, "'DATA' is not a code of CrisisType"),
        ({"first": 0}, "first is 0; ask for 1 to 100 items."),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_what_can(
    library: Desk, ask: Client, variables: dict[str, Any], message: str
) -> None:
    answer = await ask.answer(LISTED, **variables)

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert message in error["message"]


FOLLOWED = """query($hours: Int! = 72, $type: String) {
  followedWithin(hours: $hours, crisisType: $type) { hours considered excluded
    groups { type { code } within possibly unknownTime unverified
      effects { totalCount edges { node { timing case { slug } effect { text(locale: EN) } } } } } } }"""


async def test_what_followed_is_counted_by_how_certainly_it_did(library: Desk, ask: Client) -> None:
    answer = await ask(FOLLOWED)

    timings = [
        ("measured", "WITHIN"),
        ("plain", "POSSIBLY"),
        ("outage", "UNKNOWN_TIME"),
        ("rumoured", "UNVERIFIED"),
    ]
    assert answer["followedWithin"] == {
        "hours": 72,
        "considered": 5,
        "excluded": 1,
        "groups": [
            {
                "type": {"code": LITIGATION},
                "within": 1,
                "possibly": 1,
                "unknownTime": 1,
                "unverified": 1,
                "effects": {
                    "totalCount": 4,
                    "edges": [
                        {
                            "node": {
                                "timing": timing,
                                "case": {"slug": slug},
                                "effect": {"text": "A lawsuit"},
                            }
                        }
                        for slug, timing in timings
                    ],
                },
            }
        ],
    }


async def test_what_followed_is_narrowed_to_a_crisis_type_and_to_what_may_be_seen(
    library: Desk, ask: Client
) -> None:
    found = {
        role: (await ask(FOLLOWED, as_=role, type=HIJACK, hours=2))["followedWithin"]
        for role in (AccessRole.READER, AccessRole.RESPONDER)
    }

    counts = {
        role: (
            held["considered"],
            held["excluded"],
            [(group["within"], group["possibly"]) for group in held["groups"]],
        )
        for role, held in found.items()
    }
    assert counts == {
        AccessRole.READER: (1, 1, [(0, 1)]),
        AccessRole.RESPONDER: (2, 1, [(1, 1)]),
    }


@pytest.mark.parametrize("hours", [0, -1, 87_601])
async def test_hours_outside_their_bounds_are_refused(
    library: Desk, ask: Client, hours: int
) -> None:
    answer = await ask.answer(FOLLOWED, hours=hours)

    (error,) = answer["errors"]
    assert error["message"] == f"hours is {hours}; ask for 1 to 87600."


async def test_effects_lead_to_their_case_and_say_what_they_rest_on(
    library: Desk, ask: Client
) -> None:
    answer = await ask(
        """{ case(slug: "measured") { secondaryEffects { case { slug } admiraltyGrade }
             remedies { case { slug } } } }"""
    )

    assert answer["case"] == {
        "secondaryEffects": [{"case": {"slug": "measured"}, "admiraltyGrade": "B6"}] * 2,
        "remedies": [{"case": {"slug": "measured"}}] * 2,
    }
