"""Print, for each rule, language and half of the corpus, how well the lint tells breach from none.

`python -m tests.lint.table` prints the table; `--missed` lists the texts it gets wrong in tuning.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass

from tests.lint.corpus import HALVES, samples


@dataclass(slots=True)
class Count:
    """How often a rule was found where it is broken, and where it is not."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    passed: int = 0

    def add(self, *, breaks: bool, found: bool) -> None:
        """Count one text."""
        if breaks:
            self.right, self.missed = self.right + found, self.missed + (not found)
        else:
            self.wrong, self.passed = self.wrong + found, self.passed + (not found)

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is a breach; None where nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Of the breaches, the share that was found; None where there are none."""
        breaches = self.right + self.missed
        return self.right / breaches if breaches else None

    @property
    def n(self) -> int:
        """How many texts were counted."""
        return self.right + self.missed + self.wrong + self.passed


def counts(half: str) -> dict[tuple[str, str], Count]:
    """The counts of one half, by rule and locale."""
    counted: dict[tuple[str, str], Count] = defaultdict(Count)
    for sample in samples(half):
        counted[sample.rule, sample.locale].add(breaks=sample.breaks, found=sample.is_found())
    return counted


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def main() -> None:
    """Print the table, or what is wrong in the half that may be looked at."""
    if "--missed" in sys.argv:
        for sample in samples("tuning"):
            if sample.is_found() is not sample.breaks:
                _say(f"{sample.rule} {sample.locale} {sample.breaks} {sample.text!r}")
        return
    _say(f"{'rule':<24}{'locale':<9}{'half':<8}{'n':>4}{'precision':>11}{'recall':>8}")
    for half in HALVES:
        for (rule, locale), count in sorted(counts(half).items()):
            shares = f"{_share(count.precision):>11}{_share(count.recall):>8}"
            _say(f"{rule:<24}{locale:<9}{half:<8}{count.n:>4}{shares}")


if __name__ == "__main__":
    main()
