"""Fitting the weights of the precedent score: logistic regression on the tuning half."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from search import protocol
from search.protocol import SearchQuery
from service.domain.findings import place_of
from service.domain.precedents import lead_of
from service.domain.situations import Situation, read_situation
from service.operations.ports import Desk
from service.operations.precedents import CANDIDATES
from tests.relevance.golden import NOTHING, Golden

_NAMES: Final = ("bias", "covered", "typed", "lead")
_ROUNDS: Final = 40
# Queries without a right answer are few, and a confident wrong answer is the worst there is.
_WEIGHT_OF_NOTHING: Final = 8.0
_RIDGE: Final = 0.01


class _Example(NamedTuple):
    signals: tuple[float, ...]
    is_right: bool
    weight: float


async def fitted(desk: Desk, queries: Sequence[Golden]) -> dict[str, float]:
    """Print and return the weights that tell right from wrong best among the closest cases.

    How fast a score falls behind the closest is chosen by hand.
    """
    found = [await _example(desk, golden) for golden in queries]
    examples = [example for example in found if example is not None]
    weights = _logistic(examples)
    for name, weight in zip(_NAMES, weights, strict=True):
        print(f"{name:>10} {weight:8.2f}")
    return dict(zip(_NAMES, weights, strict=True))


async def _example(desk: Desk, golden: Golden) -> _Example | None:
    """The closest case of a query, and whether it is right or related."""
    reading = read_situation(Situation(text=golden.query), desk.shelf.concepts)
    query = SearchQuery(text=reading.words, kinds=(protocol.CASE,), limit=CANDIDATES)
    near = await desk.lexical.nearest(query)
    if not near.documents:
        return None
    closest, *others = sorted(near.documents, key=lambda document: -document.closeness)
    lead = lead_of(closest.closeness, [document.closeness for document in others])
    return _Example(
        signals=(1.0, near.covered, math.log1p(near.typed), math.log(lead)),
        is_right=golden.right.get(place_of(closest.id).entry.slug, 0) > 0,
        weight=_WEIGHT_OF_NOTHING if golden.category == NOTHING else 1.0,
    )


def _logistic(examples: Sequence[_Example]) -> list[float]:
    """Newton's method with a little ridge."""
    size = len(_NAMES)
    weights = [0.0] * size
    for _ in range(_ROUNDS):
        gradient = [-_RIDGE * weight for weight in weights]
        curvature = [[_RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for signals, is_right, weight in examples:
            odds = sum(w * s for w, s in zip(weights, signals, strict=True))
            expected = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            spread = weight * expected * (1 - expected)
            for i in range(size):
                gradient[i] += weight * (is_right - expected) * signals[i]
                for j in range(size):
                    curvature[i][j] += spread * signals[i] * signals[j]
        weights = [w + step for w, step in zip(weights, _solved(curvature, gradient), strict=True)]
    return weights


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gauss and Jordan, with the largest pivot first."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda at: abs(rows[at][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(len(rows)):
            if other != column:
                factor = rows[other][column]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]
