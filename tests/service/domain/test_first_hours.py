"""Which steps fall due in the first hour, from which procedure, and in which order."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from service.domain.clocks import ClockStart
from service.domain.codes import RiskLevel
from service.domain.errors import BadInput
from service.domain.first_hours import DueBasis, applicable, plan_hour, start_of_hour
from service.domain.procedures import AccountHolder, Procedure
from tests.library import a_procedure, a_step

ORGANISATION, INDIVIDUAL = AccountHolder.ORGANISATION, AccountHolder.INDIVIDUAL
SIX = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def clock(limit: str | None = None, starts_from: str = "DETECTED", **fields: Any) -> dict[str, Any]:
    held = {"starts_from": starts_from, "basis": "EDITORIAL", **fields}
    return held if limit is None else {"limit": limit, **held}


def procedure(slug: str, *steps: dict[str, Any], **fields: Any) -> Procedure:
    held = a_procedure(slug, *steps, **fields)
    assert isinstance(held, Procedure)
    return held


CLOCKS: list[tuple[str, list[dict[str, Any]], tuple[DueBasis, str | None, bool] | None]] = [
    ("an hour", [clock("PT1H")], (DueBasis.LIMIT, "PT1H", False)),
    ("sixty minutes", [clock("PT60M")], (DueBasis.LIMIT, "PT60M", False)),
    ("more than an hour", [clock("PT1H1M")], None),
    ("days", [clock("P1D")], None),
    ("at once", [clock()], (DueBasis.AT_ONCE, None, True)),
    ("at once and a limit", [clock(), clock("PT1H")], (DueBasis.LIMIT, "PT1H", True)),
    ("the shortest", [clock("PT1H"), clock("PT30M")], (DueBasis.LIMIT, "PT30M", False)),
    ("conflicting", [clock("PT4H"), clock("PT1H")], (DueBasis.LIMIT, "PT1H", False)),
    ("from the first signal", [clock("PT1H", "FIRST_SIGNAL")], (DueBasis.LIMIT, "PT1H", False)),
    ("from awareness", [clock("PT1H", "AWARE")], (DueBasis.LIMIT, "PT1H", False)),
    ("from a later moment", [clock("PT1H", "FIRST_STATEMENT")], None),
    ("from no stated moment", [clock("PT1H", "NOT_STATED")], None),
    (
        "from an assumed moment",
        [clock("PT1H", "NOT_STATED", assumed_start="DETECTED")],
        (DueBasis.LIMIT, "PT1H", False),
    ),
    ("a window that opens later", [clock("PT1H", not_before="PT1H")], None),
    (
        "a window that opens in the hour",
        [clock("PT1H", not_before="PT30M")],
        (DueBasis.LIMIT, "PT1H", False),
    ),
    ("by the calendar", [clock(None, "CALENDAR")], None),
    ("no clock, after all that is due", [], None),
]


@pytest.mark.parametrize(("label", "clocks", "expected"), CLOCKS, ids=[row[0] for row in CLOCKS])
def test_a_step_is_in_the_hour_by_its_clocks(
    label: str, clocks: list[dict[str, Any]], expected: tuple[DueBasis, str | None, bool] | None
) -> None:
    plan = plan_hour([procedure("one", a_step("a", clocks=clocks))], level=None)

    found = [
        (held.due.basis, held.due.clock and held.due.clock.limit, held.due.at_once)
        for held in plan.steps
    ]
    assert found == ([] if expected is None else [expected])
    assert [step.key for _, step in plan.beyond] == (["a"] if expected is None else [])


def test_steps_run_by_due_and_those_without_a_clock_keep_their_place() -> None:
    one = procedure(
        "one",
        a_step("first"),
        a_step("hour", clocks=[clock("PT1H")]),
        a_step("between"),
        a_step("half", clocks=[clock("PT30M")]),
        a_step("once", clocks=[clock()]),
        a_step("after"),
        a_step("prepare", phase="PREPARATION", clocks=[clock("PT1H")]),
        a_step("review", phase="REVIEW", clocks=[clock("PT1H")]),
    )

    plan = plan_hour([one], level=None)

    assert [(held.step.key, held.due.basis) for held in plan.steps] == [
        ("first", DueBasis.PLACE),
        ("once", DueBasis.AT_ONCE),
        ("half", DueBasis.LIMIT),
        ("hour", DueBasis.LIMIT),
        ("between", DueBasis.PLACE),
    ]
    assert [step.key for _, step in plan.beyond] == ["after"]


def test_a_wider_procedure_adds_only_what_the_nearer_is_silent_on() -> None:
    near = procedure(
        "near",
        a_step("collect", phase_step="RESPONSE.COLLECT", clocks=[clock("PT30M")]),
        a_step("facts", phase_step="RESPONSE.FACTS_PLAN", clocks=[clock("PT12H")]),
        a_step("legal", role="LEGAL", clocks=[clock("PT1H")]),
    )
    wide = procedure(
        "wide",
        a_step("collect", phase_step="RESPONSE.COLLECT", clocks=[clock()]),
        a_step("facts", phase_step="RESPONSE.FACTS_PLAN", clocks=[clock("PT1H")]),
        a_step("escalate", phase_step="EARLY_WARNING.ESCALATE", clocks=[clock()]),
        a_step("scope", phase_step="RESPONSE.SCOPE"),
        a_step("lawyer", role="LEGAL", clocks=[clock()]),
    )

    plan = plan_hour([near, wide], level=None)

    assert [(held.procedure.slug, held.step.key) for held in plan.steps] == [
        ("wide", "escalate"),
        ("near", "collect"),
        ("near", "legal"),
    ]
    assert [step.key for _, step in plan.beyond] == ["facts"]


def test_a_level_leaves_out_the_steps_of_other_levels() -> None:
    one = procedure(
        "one",
        a_step("all", clocks=[clock()]),
        a_step("grave", levels=["HIGH"], clocks=[clock()]),
        a_step("later", levels=["HIGH"]),
    )

    low, every = plan_hour([one], level=RiskLevel.LOW), plan_hour([one], level=None)

    assert [held.step.key for held in low.steps] == ["all"]
    assert low.beyond == ()
    assert [held.step.key for held in every.steps] == ["all", "grave"]


APPLICABLE: list[tuple[str, str, AccountHolder, list[str]]] = [
    ("exact before wider before all", "A.B.C", ORGANISATION, ["exact", "mixed", "wide", "all"]),
    ("a sibling is not on the way", "A.X", ORGANISATION, ["wide", "all"]),
    ("the individual's own first", "A.B.C", INDIVIDUAL, ["own", "exact", "mixed", "wide", "all"]),
    ("another root", "Z", ORGANISATION, ["mixed", "all"]),
]


@pytest.mark.parametrize(
    ("label", "crisis_type", "holder", "expected"), APPLICABLE, ids=[row[0] for row in APPLICABLE]
)
def test_procedures_apply_from_the_nearest_to_the_widest(
    label: str, crisis_type: str, holder: AccountHolder, expected: list[str]
) -> None:
    held = [
        procedure("all"),
        procedure("own", crisis_types=["A"], account_holder="INDIVIDUAL"),
        procedure("wide", crisis_types=["A"]),
        procedure("mixed", crisis_types=["A.B.C", "Z"]),
        procedure("exact", crisis_types=["A.B.C"]),
    ]

    found = applicable(held, crisis_type=crisis_type, holder=holder)

    assert [way.slug for way in found] == expected


STARTS = [
    ("from detection", clock("PT30M"), SIX, SIX + timedelta(minutes=30)),
    ("at once", clock(), SIX, SIX),
    ("from a signal that came before", clock("PT30M", "FIRST_SIGNAL"), SIX, None),
    ("without a start", clock("PT30M"), None, None),
]


@pytest.mark.parametrize(
    ("label", "held", "started_at", "expected"), STARTS, ids=[row[0] for row in STARTS]
)
def test_the_moment_a_step_is_due_is_known_only_from_its_own_start(
    label: str, held: dict[str, Any], started_at: datetime | None, expected: datetime | None
) -> None:
    plan = plan_hour([procedure("one", a_step("a", clocks=[held]))], level=None)

    assert plan.steps[0].due.due_at(started_at) == expected


def test_a_start_the_library_assumed_says_so() -> None:
    assumed = clock("PT30M", "NOT_STATED", assumed_start="DETECTED")
    plan = plan_hour([procedure("one", a_step("a", clocks=[assumed]))], level=None)

    due = plan.steps[0].due

    assert (due.counted_from, due.start_is_assumed) == (ClockStart.DETECTED, True)


def test_the_start_of_the_hour_is_given_in_utc() -> None:
    eight = datetime(2026, 11, 20, 14, 0, tzinfo=timezone(timedelta(hours=8)))

    assert start_of_hour(eight).isoformat() == "2026-11-20T06:00:00+00:00"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (datetime(2026, 11, 20, 14, 0), "startedAt has no zone"),  # noqa: DTZ001 - that is the point
        (datetime.max.replace(tzinfo=UTC), "startedAt is outside the calendar"),
    ],
)
def test_a_start_without_a_zone_or_at_the_end_of_time_is_refused(
    given: datetime, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        start_of_hour(given)
