"""Groups of cases: what is summed up, what is only listed, what is never counted."""

from dataclasses import replace
from typing import Any

from service.domain.cases import Case
from service.domain.codes import Verdict
from service.domain.evidence import (
    Evidence,
    Group,
    Measure,
    Mishap,
    evidence_of,
    gathered,
)
from service.domain.observations import Dimension, Observation
from service.domain.spreads import Interval, Spread
from tests.library import a_case, a_statement, both

BASE = Observation(
    slug="",
    number=0,
    codes=("DENY",),
    verdict=Verdict.GAIN,
    first_response=Interval(1, 2),
    resolved=None,
    subsided=None,
    reversed=False,
    promise_broken=None,
    effects=(),
)


def some(count: int, *, start: int = 1, **fields: Any) -> list[Observation]:
    return [replace(BASE, slug=f"c{n}", number=n, **fields) for n in range(start, start + count)]


def evidence(
    *observations: list[Observation], by: Dimension = Dimension.STRATEGY_CLUSTER
) -> Evidence:
    return gathered([one for held in observations for one in held], by=by, excluded=0)


def group(found: Evidence, code: str) -> Group:
    (held,) = [one for one in found.groups if one.code == code]
    return held


def numbers(cases: tuple[Observation, ...]) -> list[int]:
    return [one.number for one in cases]


def test_five_cases_are_summed_up_and_four_are_only_listed() -> None:
    found = evidence(some(5), some(4, start=10, codes=("LEGAL",)))

    five, four = (group(found, code).measures[0] for code in ("DENY", "LEGAL"))
    once = Interval(1, 2)
    assert (five.measure, len(five.values), five.unknown) == (Measure.HOURS_TO_FIRST_RESPONSE, 5, 0)
    assert five.spread == Spread(once, once, once)
    assert four.spread is None
    assert [(one.number, interval) for one, interval in four.values] == [
        (n, once) for n in (10, 11, 12, 13)
    ]
    assert four.standing.rank is None
    assert four.standing.refusal is not None
    assert four.standing.refusal.en.startswith("n = 4 is below 5:")
    assert four.standing.refusal.zh_hans.startswith("n = 4，不足 5：")


def test_a_group_that_alone_is_large_enough_has_nothing_to_be_ranked_against() -> None:
    found = evidence(some(5), some(4, start=10, codes=("LEGAL",)))

    standing = group(found, "DENY").measures[0].standing

    assert standing.rank is None
    assert standing.refusal is not None
    assert standing.refusal.en.startswith("No other group reaches n ≥ 5")


def test_groups_rank_within_one_measure_where_one_is_certainly_lower() -> None:
    found = evidence(
        some(5),
        some(5, start=10, codes=("REBUILD",), first_response=Interval(2, 24)),
        some(5, start=20, codes=("LEGAL",), first_response=Interval(30, 40)),
    )

    ranks = {one.code: one.measures[0].standing.rank for one in found.groups}

    assert ranks == {"DENY": 1, "REBUILD": 1, "LEGAL": 3}


def test_each_measure_counts_only_the_cases_that_know_it() -> None:
    found = evidence(some(5), some(1, start=9, resolved=Interval(3, 3), first_response=None))

    counts = {one.measure: (len(one.values), one.unknown) for one in group(found, "DENY").measures}

    assert counts == {
        Measure.HOURS_TO_FIRST_RESPONSE: (5, 1),
        Measure.HOURS_TO_RESOLUTION: (1, 5),
        Measure.DAYS_TO_SUBSIDE: (0, 6),
    }


def test_a_rate_counts_the_cases_of_which_it_can_be_told() -> None:
    found = evidence(
        some(4, verdict=Verdict.LOSS),
        some(4, start=10, promise_broken=True),
        some(2, start=20, verdict=None, reversed=None, effects=("SECONDARY.BOYCOTT",)),
    )

    rates = {
        one.mishap: (numbers(one.cases), one.n, one.share) for one in group(found, "DENY").rates
    }

    assert rates == {
        Mishap.VERDICT_LOSS: ([1, 2, 3, 4], 8, 0.5),
        Mishap.PROMISE_BROKEN: ([10, 11, 12, 13], 4, None),
        Mishap.STATEMENT_SUPERSEDED: ([], 8, 0),
        Mishap.SECONDARY_EFFECT: ([20, 21], 10, 0.2),
    }


def test_a_failure_says_everything_the_owner_answers_for() -> None:
    found = evidence(
        some(1, verdict=Verdict.LOSS, reversed=True),
        some(1, start=2, effects=("SECONDARY.BOYCOTT",)),
        some(1, start=3, promise_broken=True),
    )

    failures = [(one.number, mishaps) for one, mishaps in group(found, "DENY").failures]

    assert failures == [
        (1, (Mishap.VERDICT_LOSS, Mishap.STATEMENT_SUPERSEDED)),
        (3, (Mishap.PROMISE_BROKEN,)),
    ]


def test_effects_are_counted_by_kind_the_most_frequent_first() -> None:
    found = evidence(
        some(1, effects=("SECONDARY.BOYCOTT", "SECONDARY.LITIGATION")),
        some(1, start=2, effects=("SECONDARY.LITIGATION",)),
    )

    effects = [(code, numbers(cases)) for code, cases in group(found, "DENY").effects]

    assert effects == [("SECONDARY.LITIGATION", [1, 2]), ("SECONDARY.BOYCOTT", [1])]


def test_a_case_counts_in_each_of_its_groups_and_one_without_codes_in_none() -> None:
    found = evidence(some(1, codes=("DENY", "REBUILD")), some(1, start=2, codes=()))

    assert [(one.code, numbers(one.cases)) for one in found.groups] == [
        ("DENY", [1]),
        ("REBUILD", [1]),
    ]
    assert (found.considered, found.ungrouped) == (2, 1)


def test_the_note_says_how_many_cells_are_comparable() -> None:
    found = evidence(some(5), some(1, start=9, codes=("LEGAL",), verdict=None))

    assert (found.cells, found.comparable_cells) == (6, 1)
    assert "1 of 6 cells of group and verdict reach n ≥ 5" in found.note.en
    assert "6 个“组别×得失”格中有 1 个达到 n ≥ 5" in found.note.zh_hans


def test_how_soon_is_not_measured_in_groups_made_by_how_soon() -> None:
    found = evidence(some(1, codes=("WITHIN_1_HOUR",)), by=Dimension.RESPONSE_SPEED)

    assert [one.measure for one in found.groups[0].measures] == [
        Measure.HOURS_TO_RESOLUTION,
        Measure.DAYS_TO_SUBSIDE,
    ]


def test_no_cases_are_no_evidence() -> None:
    found = evidence_of([])

    assert found == Evidence(Dimension.STRATEGY_CLUSTER, (), 0, 0, 0)


def test_synthetic_and_near_miss_cases_are_left_out_of_documents() -> None:
    documents = [
        a_case(
            provenance.lower().replace("_", "-"),
            number,
            provenance=provenance,
            statements=[a_statement("a", strategies=["DENY.DENIAL"])],
            editorial_verdict={"verdict": "GAIN", "reason": both("得", "A gain")},
        )
        for number, provenance in enumerate(
            ("PUBLIC_SOURCED", "SEED_ANONYMOUS", "INTERNAL", "SYNTHETIC", "NEAR_MISS"), start=1
        )
    ]

    found = evidence_of(one for one in documents if isinstance(one, Case))

    assert numbers(group(found, "DENY").cases) == [1, 2, 3]
    assert (found.considered, found.excluded) == (3, 2)
