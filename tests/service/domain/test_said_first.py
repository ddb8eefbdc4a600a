"""Which statement of a case is told as the first."""

from typing import Any

import pytest

from service.domain.cases import Case
from service.domain.precedent_reasons import said_first
from tests.library import a_case, a_statement

HOUR_FOUR = {"offset": {"from_hours": 4, "to_hours": 4}}
HOUR_TWO = {"offset": {"from_hours": 1, "to_hours": 2}}
THAT_DAY = {"offset": {"from_hours": 0, "to_hours": 24}}

TOLD: list[tuple[str, list[dict[str, Any] | None], str | None]] = [
    ("nothing is recorded", [], None),
    ("no time is known", [None, None], "S-1"),
    ("told in the order of their hours", [HOUR_TWO, HOUR_FOUR], "S-1"),
    ("told in another order", [HOUR_FOUR, HOUR_TWO], "S-2"),
    ("a later one of which only the day is known", [HOUR_FOUR, THAT_DAY], "S-1"),
    ("a first one of which only the day is known", [THAT_DAY, HOUR_FOUR], "S-1"),
    ("an earlier one behind one without a time", [None, HOUR_TWO], "S-1"),
]


@pytest.mark.parametrize(("label", "moments", "expected"), TOLD, ids=[row[0] for row in TOLD])
def test_the_first_told_is_first_unless_another_certainly_came_before(
    label: str, moments: list[dict[str, Any] | None], expected: str | None
) -> None:
    statements = [
        a_statement(f"S-{place}", **({} if moment is None else {"moment": moment}))
        for place, moment in enumerate(moments, start=1)
    ]
    case = a_case("told", 1, statements=statements)
    assert isinstance(case, Case)

    first = said_first(case)

    assert (None if first is None else first.key) == expected
