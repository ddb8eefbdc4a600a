"""The golden queries: what people type, and which cases are right, by grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

_FOLDER: Final = Path(__file__).parent / "golden"

NOTHING: Final = "nothing"
# The halves used while the ranking is worked on, and those that are only ever reported. In the
# distant ones a situation is told in words that its case's title and summary do not hold.
TUNING: Final = ("tuning", "tuning-distant")
HELD: Final = ("held", "held-distant")

RIGHT_FROM: Final = 2


@dataclass(frozen=True, slots=True)
class Golden:
    """One query. `right` grades cases: 3 the precedent needed, 2 also right, 1 related."""

    query: str
    category: str
    right: Mapping[str, int]

    @property
    def right_ones(self) -> frozenset[str]:
        """The cases that are a right answer."""
        return frozenset(slug for slug, grade in self.right.items() if grade >= RIGHT_FROM)


def golden_queries(name: str) -> tuple[Golden, ...]:
    """The queries of one file."""
    with (_FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return tuple(
            Golden(entry["query"], entry["category"], entry["right"])
            for entry in yaml.safe_load(file)
        )
