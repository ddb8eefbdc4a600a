"""How good a ranking is, by category, each with the same weight."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, NamedTuple

from tests.relevance.golden import NOTHING, Golden

DEPTH: Final = 10
_RECALL_DEPTH: Final = 3
_FIT: Final = 0.5


class Ranked(NamedTuple):
    """A case found, with the score claimed for it; None from systems that claim nothing."""

    slug: str
    score: float | None


Answers = Mapping[str, Sequence[Ranked]]


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the answers to some queries are, from 0 to 1.

    `confident_wrong` is the share of queries without a right answer whose first answer claims a
    fit, `confident_right` that of the others whose first answer is right and claims it.
    """

    count: int
    mrr: float
    ndcg: float
    recall: float
    confident_wrong: float | None
    confident_right: float | None


def reciprocal_rank(golden: Golden, ranked: Sequence[Ranked]) -> float:
    """One over the place of the first right case within ten, 0 where there is none."""
    for place, found in enumerate(ranked[:DEPTH], start=1):
        if found.slug in golden.right_ones:
            return 1 / place
    return 0.0


def discounted_gain(golden: Golden, ranked: Sequence[Ranked]) -> float:
    """nDCG@10 over the grades."""
    ideal = sorted(golden.right.values(), reverse=True)[:DEPTH]
    found = [golden.right.get(each.slug, 0) for each in ranked[:DEPTH]]
    return _gain(found) / _gain(ideal) if ideal else 0.0


def recall(golden: Golden, ranked: Sequence[Ranked]) -> float:
    """The share of the right cases, at most three of them, that stand among the first three."""
    right = golden.right_ones
    hits = sum(each.slug in right for each in ranked[:_RECALL_DEPTH])
    return hits / min(_RECALL_DEPTH, len(right)) if right else 0.0


def quality(queries: Sequence[Golden], answers: Answers) -> dict[str, Quality]:
    """The quality in each category, and under `all` that of the categories taken together."""
    by_category: dict[str, list[Golden]] = {}
    for golden in queries:
        by_category.setdefault(golden.category, []).append(golden)
    found = {category: _of(group, answers) for category, group in by_category.items()}
    answered = [each for category, each in found.items() if category != NOTHING]
    found["all"] = Quality(
        count=len(queries),
        mrr=fmean(each.mrr for each in answered),
        ndcg=fmean(each.ndcg for each in answered),
        recall=fmean(each.recall for each in answered),
        confident_wrong=found[NOTHING].confident_wrong if NOTHING in found else None,
        confident_right=_mean([each.confident_right for each in answered]),
    )
    return found


def _of(group: Sequence[Golden], answers: Answers) -> Quality:
    ranked = [answers[golden.query] for golden in group]
    pairs = list(zip(group, ranked, strict=True))
    is_nothing = group[0].category == NOTHING
    claims = [_claims(found) for found in ranked]
    rights = [
        None if claim is None else float(claim and reciprocal_rank(golden, found) == 1)
        for claim, (golden, found) in zip(claims, pairs, strict=True)
    ]
    return Quality(
        count=len(group),
        mrr=fmean(reciprocal_rank(*pair) for pair in pairs),
        ndcg=fmean(discounted_gain(*pair) for pair in pairs),
        recall=fmean(recall(*pair) for pair in pairs),
        confident_wrong=_mean([None if c is None else float(c) for c in claims])
        if is_nothing
        else None,
        confident_right=None if is_nothing else _mean(rights),
    )


def _claims(ranked: Sequence[Ranked]) -> bool | None:
    if not ranked:
        return False
    return None if ranked[0].score is None else ranked[0].score >= _FIT


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == len(values) and known else None


def _gain(grades: Sequence[int]) -> float:
    return sum(
        (2.0**grade - 1.0) / math.log2(place + 1) for place, grade in enumerate(grades, start=1)
    )
