"""What a procedure and its clocks may say."""

from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.clocks import ClockStart, DayKind
from service.domain.procedures import Clock, Procedure
from tests.library import a_procedure, a_step, both


def clock(**fields: Any) -> Clock:
    return Clock.model_validate({"starts_from": "DETECTED", "basis": "EDITORIAL", **fields})


@pytest.mark.parametrize("limit", ["PT30M", "PT1H", "PT1H30M", "P15D", "P2W", "P3M", "P1Y"])
def test_a_limit_is_a_duration(limit: str) -> None:
    assert clock(limit=limit).limit == limit


WRONG_LIMITS = [
    "",
    "1h",
    "PT",
    "P",
    "30M",
    "P1D12H",
    "PT1D",
    "-PT1H",
    "PT1.5H",
    "PT１H",
    "PT1H\n",
    "P10000D",
    "PT10000H",
]


@pytest.mark.parametrize("limit", WRONG_LIMITS)
def test_a_limit_of_another_form_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError):
        clock(limit=limit)


def test_a_clock_without_a_limit_runs_at_once() -> None:
    held = clock()

    assert (held.limit, held.counted_in, held.starts_from) == (
        None,
        DayKind.CALENDAR,
        ClockStart.DETECTED,
    )


def test_conflicting_limits_stand_side_by_side() -> None:
    clocks = [
        {"limit": limit, "starts_from": "DETECTED", "basis": "EDITORIAL"}
        for limit in ("PT30M", "PT1H")
    ]

    procedure = a_procedure("one", a_step("a", clocks=clocks))

    assert isinstance(procedure, Procedure)
    assert [held.limit for held in procedure.steps[0].clocks] == ["PT30M", "PT1H"]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("two steps of one key", {"steps": [a_step("a"), a_step("a")]}, "two steps have the same key"),
    ("no step", {"steps": []}, "steps"),
    ("a step without anything to do", {"steps": [a_step("a", do=[])]}, "steps.0.do"),
    ("a key with a blank", {"steps": [a_step("a b")]}, "steps.0.key"),
    ("a role there is not", {"steps": [a_step("a", role="BOSS")]}, "steps.0.role"),
    ("a title left out", {"title": {"zh_hans": "题"}}, "title.en"),
    ("a summary too long", {"summary": both("长" * 2401, "long")}, "at most 2400 fit"),
]


@pytest.mark.parametrize(("label", "fields", "message"), WRONG)
def test_what_cannot_be_is_refused(label: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        a_procedure("one", **fields)

    assert message in str(refused.value)
