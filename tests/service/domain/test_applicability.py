"""Whether a clock runs for this owner in this crisis: yes, perhaps, or no."""

from typing import Any

import pytest

from service.domain.applicability import Circumstances, open_questions
from service.domain.clocks import OwnerKind, RegulatoryClockDefinition
from tests.library import BREACH, HIJACK, OUTAGE, both

GOVERNMENT, FINANCIAL = OwnerKind.GOVERNMENT_BODY, OwnerKind.FINANCIAL_ENTITY
IN_CHINA = {"jurisdictions": frozenset({"CN"})}
HARM = both("是否有损害", "whether harm is likely")


def clock(jurisdiction: str | None = "CN", **when: Any) -> RegulatoryClockDefinition:
    return RegulatoryClockDefinition.model_validate(
        {
            "jurisdiction": jurisdiction,
            "applies_when": when,
            "trigger": both("起算", "It starts"),
            "starts_from": "ASSESSED_NOTIFIABLE",
            "limit": "72 hours",
            "certainty": "high",
        }
    )


LISTED, OWNERS = "whether the owner is listed (listed)", "whether the owner is a financial entity"
MANY = "how many people's personal data are affected (affectedCount): from 500 on the threshold is"
SIZE = {"affected_at_least": 500, "depends_on": [HARM]}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], list[str] | None]] = [
    ("its own jurisdiction", {}, IN_CHINA, []),
    ("another jurisdiction", {}, {"jurisdictions": frozenset({"HK"})}, None),
    ("none the library covers", {}, {"jurisdictions": frozenset()}, None),
    ("jurisdiction not known", {}, {}, ["which jurisdictions' law binds the owner"]),
    ("its type", {"crisis_types": [BREACH]}, {**IN_CHINA, "crisis_types": (BREACH,)}, []),
    (
        "a type below it",
        {"crisis_types": [BREACH]},
        {**IN_CHINA, "crisis_types": (f"{BREACH}.DARK_WEB_SALE",)},
        [],
    ),
    (
        "a wider type",
        {"crisis_types": [BREACH]},
        {**IN_CHINA, "crisis_types": ("DATA_SECURITY",)},
        ["whether what its trigger says has happened"],
    ),
    (
        "a type it may run for",
        {"crisis_types": [BREACH], "possible_types": [HIJACK]},
        {**IN_CHINA, "crisis_types": (HIJACK,)},
        ["whether what its trigger says has happened"],
    ),
    ("another type", {"crisis_types": [BREACH]}, {**IN_CHINA, "crisis_types": (OUTAGE,)}, None),
    (
        "one type of several",
        {"crisis_types": [BREACH]},
        {**IN_CHINA, "crisis_types": (OUTAGE, BREACH)},
        [],
    ),
    (
        "type not known",
        {"crisis_types": [BREACH]},
        IN_CHINA,
        ["what type of crisis it is (crisisTypes)"],
    ),
    ("listed", {"listed_only": True}, {**IN_CHINA, "listed": True}, []),
    ("not listed", {"listed_only": True}, {**IN_CHINA, "listed": False}, None),
    ("listing not known", {"listed_only": True}, IN_CHINA, [LISTED]),
    ("its kind of owner", {"owner": FINANCIAL}, {**IN_CHINA, "owners": {FINANCIAL}}, []),
    ("another owner", {"owner": FINANCIAL}, {**IN_CHINA, "owners": {OwnerKind.OTHER}}, None),
    ("owner not known", {"owner": FINANCIAL}, IN_CHINA, [OWNERS]),
    ("no government unless it says so", {"owner": GOVERNMENT}, IN_CHINA, None),
    ("a government", {"owner": GOVERNMENT}, {**IN_CHINA, "owners": {GOVERNMENT}}, []),
    ("an owner left out", {"not_owner": [FINANCIAL]}, {**IN_CHINA, "owners": {FINANCIAL}}, None),
    ("as many as the threshold", SIZE, {**IN_CHINA, "affected_count": 500}, []),
    ("fewer, so something else decides", SIZE, {**IN_CHINA, "affected_count": 499}, [HARM["en"]]),
    ("nobody counted", SIZE, IN_CHINA, [MANY, HARM["en"]]),
    ("only the desk can tell", {"depends_on": [HARM]}, IN_CHINA, [HARM["en"]]),
    (
        "several at once",
        {"crisis_types": [BREACH], "listed_only": True, "depends_on": [HARM]},
        {},
        [
            "which jurisdictions' law binds the owner",
            "what type of crisis it is (crisisTypes)",
            LISTED,
            HARM["en"],
        ],
    ),
]


@pytest.mark.parametrize(("label", "when", "known", "expected"), CASES)
def test_a_clock_runs_perhaps_runs_or_does_not(
    label: str, when: dict[str, Any], known: dict[str, Any], expected: list[str] | None
) -> None:
    questions = open_questions(clock(**when), Circumstances(**known), start_is_known=False)

    if expected is None:
        assert questions is None
    else:
        assert questions is not None
        assert [
            text.en[: len(start)] for text, start in zip(questions, expected, strict=True)
        ] == expected


def test_a_target_of_practice_always_runs() -> None:
    assert open_questions(clock(None), Circumstances(), start_is_known=False) == ()


def test_an_assessment_that_was_made_decides_what_only_the_desk_can_tell() -> None:
    asked = clock(depends_on=[HARM], listed_only=True)

    questions = open_questions(asked, Circumstances(frozenset({"CN"})), start_is_known=True)

    assert questions is not None
    assert [text.en for text in questions] == [LISTED]


def test_working_days_cannot_be_counted_in_hours() -> None:
    fields = clock().model_dump() | {"due_in": "PT72H", "counted_in": "WORKING"}

    with pytest.raises(ValueError, match="counted in days; write due_in as P4D"):
        RegulatoryClockDefinition.model_validate(fields)
