"""The lint against texts marked by hand: those it is tuned on, and those it never saw."""

from collections import Counter

import pytest

from tests.lint.corpus import Sample, samples

TUNING = tuple(samples("tuning"))
HELD = tuple(samples("held"))
TEXT_RULES = 19
LEAST_EACH = 6


@pytest.mark.parametrize("rule", sorted({sample.rule for sample in TUNING}))
def test_each_text_of_the_tuning_half_behaves_as_it_is_marked(rule: str) -> None:
    marked = [sample for sample in TUNING if sample.rule == rule]

    wrong = [sample.text for sample in marked if sample.is_found() is not sample.breaks]

    assert wrong == []


def test_each_rule_that_the_text_decides_has_enough_texts_of_each_sort() -> None:
    counted = Counter((sample.rule, sample.locale, sample.breaks) for sample in TUNING)

    assert len(counted) == TEXT_RULES * 2 * 2
    assert {sort: n for sort, n in counted.items() if n < LEAST_EACH} == {}


def test_no_text_stands_in_both_halves() -> None:
    held: set[str] = {_bare(sample) for sample in HELD}

    assert held & {_bare(sample) for sample in TUNING} == set()


def _bare(sample: Sample) -> str:
    return "".join(sample.text.split())


@pytest.mark.parametrize(
    ("locale", "precision", "recall"), [("ZH_HANS", 0.9, 0.8), ("EN", 0.8, 0.7)]
)
def test_the_half_nobody_tuned_on_is_told_apart_well_enough(
    locale: str, precision: float, recall: float
) -> None:
    marked = [(sample.breaks, sample.is_found()) for sample in HELD if sample.locale == locale]

    found = [breaks for breaks, is_found in marked if is_found]
    broken = [is_found for breaks, is_found in marked if breaks]

    assert sum(found) / len(found) >= precision
    assert sum(broken) / len(broken) >= recall
