"""What came of a fault: what its client saw, how long it took to recover, and what was lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NOTHING: Final = "nothing"
_HEADINGS: Final = ("injected", "seen by the client", "time to recover", "lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One line of the table. `wrong` names each demand that was not met; there should be none."""

    injected: str
    seen: str
    seconds: float | None
    lost: str = NOTHING
    wrong: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, it recovered, and all demands were met."""
        return self.lost == NOTHING and self.seconds is not None and not self.wrong

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        recovered = "never" if self.seconds is None else f"{self.seconds:.1f} s"
        seen = "; ".join((self.seen, *(f"✗ {demand}" for demand in self.wrong)))
        return self.injected, seen, recovered, self.lost


# A fault, or several that share a service, in a folder of its own.
Faults = Callable[[Path], Iterator[Outcome]]


def table(outcomes: list[Outcome]) -> str:
    """The outcomes as a table in Markdown."""
    lines = [_HEADINGS, ("---",) * len(_HEADINGS), *(outcome.cells for outcome in outcomes)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
