"""What evidence takes from a case's document, and what it leaves as unknown."""

from typing import Any

import pytest

from service.domain.cases import Case
from service.domain.codes import Verdict
from service.domain.errors import BadInput
from service.domain.observations import (
    CASES_MOST,
    Dimension,
    Observation,
    SpeedBand,
    band_of,
    observed,
    require_few_enough,
)
from service.domain.spreads import Interval
from tests.library import OUTAGE, a_case, a_statement, an_outcome, both

EMPTY = Observation(
    slug="c",
    number=42,
    codes=(),
    verdict=None,
    first_response=None,
    resolved=None,
    subsided=None,
    reversed=None,
    promise_broken=None,
    effects=(),
)


def case(**fields: Any) -> Case:
    document = a_case("c", 42, **fields)
    assert isinstance(document, Case)
    return document


def seen(**fields: Any) -> Observation:
    return observed(case(**fields), by=Dimension.LEVEL)


def promise(outcome: str) -> dict[str, Any]:
    return {"text": both("会退", "Refunds"), "outcome": outcome, "citations": ["S1"]}


def effect(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "text": both("后果", "It followed"), "citations": ["S1"], **fields}


def test_what_a_case_does_not_tell_is_unknown() -> None:
    assert seen() == EMPTY


def test_a_case_that_tells_all_is_observed_whole() -> None:
    found = seen(
        anchors={
            "first_signal_at": {"at": "2024-05-06T10:00+08:00"},
            "first_statement_at": {"at": "2024-05-06T12:00+08:00"},
            "resolved_at": {"at": "2024-05-07"},
        },
        statements=[a_statement("a"), a_statement("b", supersedes="a")],
        promises=[promise("KEPT"), promise("BROKEN")],
        outcomes=[an_outcome("SUBSIDE_DAYS", 3, "DAY")],
        secondary_effects=[effect("SECONDARY.LITIGATION"), effect("SECONDARY.BOYCOTT")],
        assessments=[{"rule": "UNSCORED", "level": "HIGH", "reason": both("广", "Wide")}],
        editorial_verdict={"verdict": "LOSS", "reason": both("失", "A loss")},
    )

    assert found == Observation(
        slug="c",
        number=42,
        codes=("HIGH",),
        verdict=Verdict.LOSS,
        first_response=Interval(2, 2),
        resolved=Interval(14, 38),
        subsided=Interval(3, 3),
        reversed=True,
        promise_broken=True,
        effects=("SECONDARY.BOYCOTT", "SECONDARY.LITIGATION"),
    )


@pytest.mark.parametrize(
    ("outcomes", "broken"),
    [([], None), (["UNKNOWN"], None), (["KEPT", "UNKNOWN"], False), (["PARTLY_KEPT"], False)],
)
def test_a_promise_is_unbroken_only_where_its_outcome_is_told(
    outcomes: list[str], *, broken: bool | None
) -> None:
    assert seen(promises=[promise(one) for one in outcomes]).promise_broken is broken


@pytest.mark.parametrize(
    ("label", "outcomes", "subsided"),
    [
        ("a limit", [an_outcome("SUBSIDE_DAYS", 3, "DAY", comparator="LT")], Interval(0, 3)),
        (
            "two measurements hold each other",
            [an_outcome("SUBSIDE_DAYS", 3, "DAY"), an_outcome("SUBSIDE_DAYS", 5, "DAY")],
            Interval(3, 5),
        ),
        ("another unit is never converted", [an_outcome("SUBSIDE_DAYS", 3, "HOUR")], None),
        (
            "an unverified figure is none",
            [an_outcome("SUBSIDE_DAYS", 3, "DAY", basis="UNVERIFIED")],
            None,
        ),
    ],
)
def test_days_to_subside_are_those_that_were_measured_in_days(
    label: str, outcomes: list[dict[str, Any]], subsided: Interval | None
) -> None:
    assert seen(outcomes=outcomes).subsided == subsided


def test_an_unverified_effect_is_not_observed() -> None:
    effects = [effect("SECONDARY.BOYCOTT", basis="UNVERIFIED"), effect("SECONDARY.LITIGATION")]

    assert seen(secondary_effects=effects).effects == ("SECONDARY.LITIGATION",)


@pytest.mark.parametrize(
    ("first_response", "band"),
    [
        (None, None),
        (Interval(0, 1), SpeedBand.WITHIN_1_HOUR),
        (Interval(0.5, 1.5), SpeedBand.WITHIN_4_HOURS),
        (Interval(0, 24), SpeedBand.WITHIN_24_HOURS),
        (Interval(0, 48), SpeedBand.UNCERTAIN),
        (Interval(2, None), SpeedBand.UNCERTAIN),
        (Interval(24, 72), SpeedBand.AFTER_24_HOURS),
        (Interval(30, None), SpeedBand.AFTER_24_HOURS),
    ],
)
def test_a_band_is_the_narrowest_it_certainly_falls_in(
    first_response: Interval | None, band: SpeedBand | None
) -> None:
    assert band_of(first_response) is band


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        (Dimension.STRATEGY_CLUSTER, ("DENY", "REBUILD", "SILENCE")),
        (Dimension.STRATEGY, ("DENY.DENIAL", "REBUILD.APOLOGY", "SILENCE")),
        (Dimension.STATEMENT_KIND, ("CORRECTION", "HOLDING")),
        (Dimension.CRISIS_TYPE, (OUTAGE,)),
        (Dimension.INDUSTRY, ("OTHER",)),
        (Dimension.LEVEL, ()),
        (Dimension.RESPONSE_SPEED, ("WITHIN_1_HOUR",)),
    ],
)
def test_a_case_has_the_codes_of_what_it_is_grouped_by_once_each(
    by: Dimension, codes: tuple[str, ...]
) -> None:
    document = case(
        statements=[
            a_statement(
                "a",
                strategies=["REBUILD.APOLOGY", "DENY.DENIAL"],
                moment={"offset": {"from_hours": 1, "to_hours": 1}},
            ),
            a_statement("b", kind="CORRECTION", strategies=["REBUILD.APOLOGY"]),
        ],
        actions=[
            {"text": both("不回应", "Silence"), "strategies": ["SILENCE"], "citations": ["S1"]}
        ],
    )

    assert observed(document, by=by).codes == codes


def test_more_cases_than_one_answer_is_reckoned_from_are_refused() -> None:
    require_few_enough(CASES_MOST)

    with pytest.raises(
        BadInput, match="20001 cases fit; one answer is reckoned from at most 20000"
    ):
        require_few_enough(CASES_MOST + 1)
