from math import log2

import pytest

from tests.relevance.golden import NOTHING, Golden
from tests.relevance.measures import (
    Quality,
    Ranked,
    discounted_gain,
    quality,
    recall,
    reciprocal_rank,
)

GOLDEN = Golden("q", "short", {"a": 3, "b": 2, "c": 1})


def ranked(slugs: str, score: float | None = None) -> list[Ranked]:
    return [Ranked(slug, score) for slug in slugs]


@pytest.mark.parametrize(
    ("case", "found", "rank", "gain", "share"),
    [
        ("nothing", "", 0.0, 0.0, 0.0),
        ("none of them", "xyz", 0.0, 0.0, 0.0),
        ("ideal", "abc", 1.0, 1.0, 1.0),
        ("the second first", "ba", 1.0, (3 + 7 / log2(3)) / (7 + 3 / log2(3) + 1 / 2), 1.0),
        ("only related", "c", 0.0, 1 / (7 + 3 / log2(3) + 1 / 2), 0.0),
        ("at the third place", "xya", 1 / 3, (7 / 2) / (7 + 3 / log2(3) + 1 / 2), 0.5),
        ("at the fourth place", "xyzb", 1 / 4, (3 / log2(5)) / (7 + 3 / log2(3) + 1 / 2), 0.0),
        ("beyond ten", "0123456789a", 0.0, 0.0, 0.0),
    ],
)
def test_a_ranking_is_measured_by_the_grades_of_what_it_finds(
    case: str, found: str, rank: float, gain: float, share: float
) -> None:
    answer = ranked(found)

    assert reciprocal_rank(GOLDEN, answer) == pytest.approx(rank)
    assert discounted_gain(GOLDEN, answer) == pytest.approx(gain)
    assert recall(GOLDEN, answer) == pytest.approx(share)


def test_of_more_than_three_right_cases_three_are_to_be_found() -> None:
    golden = Golden("q", "short", dict.fromkeys("abcde", 2))

    assert recall(golden, ranked("abcde")) == 1.0
    assert recall(golden, ranked("axb")) == pytest.approx(2 / 3)


def test_a_query_without_an_answer_gains_nothing() -> None:
    golden = Golden("q", NOTHING, {})

    assert discounted_gain(golden, ranked("a")) == 0.0
    assert recall(golden, ranked("a")) == 0.0


def test_each_category_weighs_the_same_and_claims_are_counted_apart() -> None:
    queries = [
        Golden("s1", "short", {"a": 3}),
        Golden("s2", "short", {"a": 3}),
        Golden("l1", "long", {"a": 3}),
        Golden("n1", NOTHING, {}),
        Golden("n2", NOTHING, {}),
    ]
    answers = {
        "s1": ranked("a", 0.5),
        "s2": ranked("xya", 0.9),
        "l1": ranked("a", 0.49),
        "n1": ranked("x", 0.5),
        "n2": [],
    }

    found = quality(queries, answers)

    # At the third place a case counts a third of the rank, and half of the gain.
    short = (1 + 1 / 3) / 2
    assert found == {
        "short": Quality(2, short, 0.75, 1.0, None, 0.5),
        "long": Quality(1, 1.0, 1.0, 1.0, None, 0.0),
        NOTHING: Quality(2, 0.0, 0.0, 0.0, 0.5, None),
        "all": Quality(5, (short + 1) / 2, 0.875, 1.0, 0.5, 0.25),
    }


def test_a_system_that_claims_nothing_is_neither_right_nor_wrong_with_confidence() -> None:
    queries = [Golden("s", "short", {"a": 3}), Golden("n", NOTHING, {})]

    found = quality(queries, {"s": ranked("a"), "n": ranked("a")})

    assert found["all"] == Quality(2, 1.0, 1.0, 1.0, None, None)
