"""What came of it: counts, the slowest answer, and the finds, which go to a file as they are made."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_PROGRESS: Final = 1_000
_SHOWN: Final = 2_000


@dataclass(slots=True)
class Tally:
    """The counts of one kind of fuzzing."""

    name: str
    file: Path
    sent: int = 0
    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_sent: str = ""
    finds: int = 0

    def count(self, sent: str, seconds: float, outcomes: list[str], wrong: list[str]) -> None:
        """One more was sent: answered where there is no outcome, refused with these otherwise."""
        self.sent += 1
        if outcomes:
            self.refused.update(set(outcomes))
        else:
            self.answered += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_sent = seconds, sent
        self.finds += bool(wrong)
        if self.sent % _PROGRESS == 0:
            print(f"{self.name}: {self.sent} sent, {self.finds} finds", file=sys.stderr, flush=True)

    def keep(self, wrong: list[str], **told: Any) -> None:
        """Write a find to the file."""
        line = json.dumps({"fuzzed": self.name, "wrong": wrong, **told})
        with self.file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def lines(self) -> list[str]:
        """What is printed of it."""
        refused = ", ".join(f"{code} {count}" for code, count in self.refused.most_common())
        slowest = f"{self.slowest * 1000:.0f} ms"
        cells = (self.name, str(self.sent), str(self.answered), refused, slowest, str(self.finds))
        return [f"| {' | '.join(cells)} |"]


def table(tallies: list[Tally]) -> str:
    """The tallies as a table in Markdown, and under it what was slowest."""
    head = ["| fuzzed | sent | answered | refused | slowest | finds |", "|---|---|---|---|---|---|"]
    rows = [line for tally in tallies for line in tally.lines()]
    slow = [f"slowest of {tally.name}: {tally.slowest_sent[:_SHOWN]}" for tally in tallies]
    return "\n".join([*head, *rows, "", *slow])
