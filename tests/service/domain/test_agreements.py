"""Leaving out each case in turn."""

from service.domain.agreements import Agreement, Confused, Labelled, agreement, labels_of
from service.domain.cases import Case
from service.domain.codes import RiskLevel
from tests.library import a_case, both

LOW, MEDIUM, HIGH = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH
MILD, GRAVE = Labelled(1, 1, 1, LOW), Labelled(5, 5, 5, HIGH)


def counted(held: Agreement) -> dict[tuple[RiskLevel, RiskLevel], int]:
    return {(cell.labelled, cell.predicted): cell.count for cell in held.confusion if cell.count}


def test_labels_the_rule_can_tell_apart_agree_whole() -> None:
    held = agreement([MILD] * 5 + [GRAVE] * 7)

    assert (held.cases, held.agreeing, held.share) == (12, 12, 1.0)
    assert (held.commonest, held.commonest_share) == (7, 0.583)
    assert counted(held) == {(LOW, LOW): 5, (HIGH, HIGH): 7}
    assert len(held.confusion) == 9


def test_a_label_nothing_else_supports_is_not_learned_from_itself() -> None:
    odd = Labelled(5, 5, 5, LOW)

    held = agreement([MILD] * 6 + [GRAVE] * 6 + [odd])

    assert (held.agreeing, counted(held)[LOW, HIGH]) == (12, 1)


def test_each_case_is_predicted_without_its_own_label() -> None:
    lone = Labelled(3, 1, 1, MEDIUM)

    held = agreement([MILD] * 6 + [GRAVE] * 6 + [lone])

    assert held.agreeing == 12
    assert (MEDIUM, MEDIUM) not in counted(held)


def test_too_few_cases_give_no_figure() -> None:
    assert agreement([GRAVE] * 9, unscored=2) == Agreement(9, 2)
    assert agreement([GRAVE] * 9, unscored=2).share is None
    assert agreement([GRAVE] * 10).share == 1.0


def test_of_equally_common_levels_one_is_guessed_and_the_case_itself_does_not_vote() -> None:
    assert agreement([MILD] * 5 + [GRAVE] * 5).commonest == 0


def test_the_latest_scored_assessment_of_a_case_counts() -> None:
    scores = {"influence": 2, "severity": 2, "volatility": 2}
    reason = both("因为", "Because")
    early = {"rule": "EDITORS_1_TO_5", "level": "LOW", "reason": reason, **scores}
    late = {**early, "severity": 5, "level": "HIGH"}
    unscored = {"rule": "UNSCORED", "level": "HIGH", "reason": reason}
    cases = [
        a_case("twice", 1, assessments=[early, late, unscored]),
        a_case("level-only", 2, assessments=[unscored]),
        a_case("none", 3),
    ]

    labelled, without = labels_of(held for held in cases if isinstance(held, Case))

    assert labelled == (Labelled(2, 5, 2, HIGH),)
    assert without == 1


def test_all_nine_pairs_are_given() -> None:
    held = agreement([GRAVE] * 10)

    assert held.confusion[0] == Confused(LOW, LOW, 0)
    assert held.confusion[-1] == Confused(HIGH, HIGH, 10)
