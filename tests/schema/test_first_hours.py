"""The first hour, asked for as somebody mid-crisis would."""

from typing import Any

import pytest

from seed_cases.loader import seed_documents
from service.domain.access import OPERATOR, AccessRole
from service.operations.ports import Desk
from service.operations.publishing import import_documents
from tests.library import (
    HIJACK,
    OUTAGE,
    Client,
    a_case,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    both,
    publish,
    small_vocabularies,
)

HOUR = """query($type: String!, $level: RiskLevel, $at: DateTime, $holder: AccountHolder! = ORGANISATION) {
  firstHour(crisisType: $type, level: $level, startedAt: $at, accountHolder: $holder) {
    crisisType { code } level startedAt
    procedures { slug }
    steps {
      step { key role do(locale: EN) doNot(locale: EN) templates { slug } procedure { slug } }
      due { basis limit atOnce countedFrom startIsAssumed dueAt }
      precedents { reason why(locale: EN) whyLocale(locale: ZH_HANT) case { slug } statement { key } }
    }
    beyond { key }
  } }"""
SAID_AT_ONCE = {"moment": {"offset": {"from_hours": 0.5, "to_hours": 0.5}}}
SAID_THAT_DAY = {"moment": {"offset": {"from_hours": 0, "to_hours": 24}}}
EXAMPLE = "The editors name this case as an example of the step."
SAID = (
    "A case of this type that made a statement of the kind of the step’s template within an hour "
    "of the first signal."
)
WITHIN_THIRTY = {
    "limit": "PT30M",
    "starts_from": "NOT_STATED",
    "assumed_start": "DETECTED",
    "basis": "EDITORIAL",
}
AT_ONCE = {"starts_from": "DETECTED", "basis": "EDITORIAL"}


@pytest.fixture
async def desk_of_two(desk: Desk) -> Desk:
    """A procedure for outages with a wider one behind it, and cases that spoke at different times."""
    await publish(
        desk,
        *small_vocabularies(),
        a_template("holding"),
        a_case("named", 1, statements=[a_statement("S-1", **SAID_THAT_DAY)]),
        a_case("quick", 2, statements=[a_statement("S-1", **SAID_AT_ONCE)]),
        a_case("same-day", 3, statements=[a_statement("S-1", **SAID_THAT_DAY)]),
        a_case("hijacked", 4, primary_type=HIJACK, statements=[a_statement("S-1", **SAID_AT_ONCE)]),
        a_case("hidden", 5, sharing="TLP_RED", statements=[a_statement("S-1", **SAID_AT_ONCE)]),
        a_case("drill", 6, provenance="SYNTHETIC", statements=[a_statement("S-1", **SAID_AT_ONCE)]),
        a_procedure(
            "outage",
            a_step("speak", templates=["holding"], clocks=[WITHIN_THIRTY], example_cases=["named"]),
            a_step("later"),
            crisis_types=[OUTAGE],
        ),
        a_procedure(
            "whole",
            a_step(
                "escalate", role="LEGAL", do_not=[both("别等", "Do not wait")], clocks=[AT_ONCE]
            ),
            a_step("speak", clocks=[WITHIN_THIRTY]),
            a_step("grave", role="LEGAL", levels=["HIGH"], clocks=[AT_ONCE]),
            crisis_types=["PUBLIC_OPINION"],
        ),
        a_procedure("secret", a_step("x", clocks=[AT_ONCE]), sharing="TLP_RED"),
        a_procedure(
            "person",
            a_step("breathe", clocks=[AT_ONCE]),
            crisis_types=[OUTAGE],
            account_holder="INDIVIDUAL",
        ),
    )
    return desk


def keys(hour: dict[str, Any]) -> list[str]:
    return [f"{held['step']['procedure']['slug']}/{held['step']['key']}" for held in hour["steps"]]


async def test_the_hour_tells_who_does_what_by_when_and_who_did_it(
    desk_of_two: Desk, ask: Client
) -> None:
    data = await ask(HOUR, type=OUTAGE, level="LOW", at="2026-11-20T14:00:00+08:00")

    escalate = {
        "step": {
            "key": "escalate",
            "role": "LEGAL",
            "do": ["Check the facts"],
            "doNot": ["Do not wait"],
            "templates": [],
            "procedure": {"slug": "whole"},
        },
        "due": {
            "basis": "AT_ONCE",
            "limit": None,
            "atOnce": True,
            "countedFrom": "DETECTED",
            "startIsAssumed": False,
            "dueAt": "2026-11-20T06:00:00+00:00",
        },
        "precedents": [],
    }
    speak = {
        "step": {
            "key": "speak",
            "role": "PR",
            "do": ["Check the facts"],
            "doNot": [],
            "templates": [{"slug": "holding"}],
            "procedure": {"slug": "outage"},
        },
        "due": {
            "basis": "LIMIT",
            "limit": "PT30M",
            "atOnce": False,
            "countedFrom": "DETECTED",
            "startIsAssumed": True,
            "dueAt": "2026-11-20T06:30:00+00:00",
        },
        "precedents": [
            {
                "reason": "EXAMPLE",
                "why": EXAMPLE,
                "whyLocale": "ZH_HANS",
                "case": {"slug": "named"},
                "statement": {"key": "S-1"},
            },
            {
                "reason": "SAID_WITHIN_HOUR",
                "why": SAID,
                "whyLocale": "ZH_HANS",
                "case": {"slug": "quick"},
                "statement": {"key": "S-1"},
            },
        ],
    }
    assert data["firstHour"] == {
        "crisisType": {"code": OUTAGE},
        "level": "LOW",
        "startedAt": "2026-11-20T06:00:00+00:00",
        "procedures": [{"slug": "outage"}, {"slug": "whole"}],
        "steps": [escalate, speak],
        "beyond": [{"key": "later"}],
    }


async def test_without_a_level_steps_for_any_level_are_told(desk_of_two: Desk, ask: Client) -> None:
    hour = (await ask(HOUR, type=OUTAGE))["firstHour"]

    assert keys(hour) == ["whole/escalate", "whole/grave", "outage/speak"]
    assert {held["due"]["dueAt"] for held in hour["steps"]} == {None}


async def test_the_procedure_for_a_person_is_for_a_person(desk_of_two: Desk, ask: Client) -> None:
    hour = (await ask(HOUR, type=OUTAGE, holder="INDIVIDUAL"))["firstHour"]

    assert keys(hour)[0] == "person/breathe"


async def test_what_a_role_may_not_see_is_in_no_hour(desk_of_two: Desk, ask: Client) -> None:
    for_reader = (await ask(HOUR, type=HIJACK))["firstHour"]
    for_admin = (await ask(HOUR, as_=AccessRole.ADMIN, type=HIJACK))["firstHour"]

    assert (for_reader["procedures"], for_reader["steps"]) == ([], [])
    assert keys(for_admin) == ["secret/x"]


REFUSED = [
    ("an unknown type", {"type": "SERVICE_OUTAGE"}, "'SERVICE_OUTAGE' is not a code of CrisisType"),
    ("no zone", {"type": OUTAGE, "at": "2026-11-20T14:00:00"}, "startedAt has no zone"),
    (
        "the end of time",
        {"type": OUTAGE, "at": "9999-12-31T23:59:00Z"},
        "startedAt is outside the calendar",
    ),
]


@pytest.mark.parametrize(
    ("label", "variables", "message"), REFUSED, ids=[row[0] for row in REFUSED]
)
async def test_what_cannot_be_asked_is_refused_with_what_would_be_right(
    label: str, variables: dict[str, Any], message: str, desk_of_two: Desk, ask: Client
) -> None:
    answer = await ask.answer(HOUR, **variables)

    (error,) = answer["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"]["code"] == "BAD_INPUT"


async def test_a_library_without_procedures_has_no_steps(desk: Desk, ask: Client) -> None:
    hour = (await ask(HOUR, type=OUTAGE))["firstHour"]

    assert (hour["procedures"], hour["steps"], hour["beyond"]) == ([], [], [])


@pytest.mark.parametrize("crisis_type", ["", "A\0B", "outage", "A" * 121])
async def test_what_cannot_be_a_type_is_refused_before_there_are_types(
    crisis_type: str, desk: Desk, ask: Client
) -> None:
    answer = await ask.answer(HOUR, type=crisis_type)

    assert answer["errors"][0]["message"] == (
        "A code of CrisisType is written like ABOVE.BELOW; give one."
    )


async def test_the_seed_library_has_a_first_hour_for_every_crisis_type(
    desk: Desk, ask: Client
) -> None:
    await import_documents(desk, OPERATOR, list(seed_documents()), seeding=True)
    terms = (await ask('{ vocabulary(set: "CrisisType") { terms { code } } }'))["vocabulary"]
    query = """query($type: String!) { firstHour(crisisType: $type, level: HIGH) { steps {
      step { key } due { basis limit } precedents { case { slug } } } } }"""

    hours = {
        term["code"]: (await ask(query, type=term["code"]))["firstHour"]["steps"]
        for term in terms["terms"]
    }

    assert len(hours) == 62
    for code, steps in hours.items():
        limits = [held["due"]["limit"] for held in steps if held["due"]["basis"] == "LIMIT"]
        assert limits[0] == "PT30M", code
        assert set(limits) == {"PT30M", "PT1H"}, code
        assert 4 <= len(steps) <= 16, code
        assert all(len(held["precedents"]) <= 2 for held in steps), code
