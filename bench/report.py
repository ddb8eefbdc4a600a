"""The section of `bench/RESULTS.md` on the peers: what was set and what was found, then each line."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.lines import Line, Run
from bench.results import table
from service.domain.cases import Case

# How much of a rate is asked for: of the peer's, never the same request twice and again; of the bare
# answer's, again; and of ours again, while something is published.
_OF_PEER: Final = {"one": 1.0, "page": 0.8, "one again": 3.0, "page again": 3.0}
_OF_BARE: Final = {"one again": 0.4, "page again": 0.4}
_OF_OURS_AGAIN: Final = 0.8
_READY_SECONDS: Final = 3.0

_LINE_HEAD: Final = (
    *("", "median ms", "p99 ms", "requests/s", "least–most"),
    *("CPU s", "CPU ms a request", "peak MB"),
)


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds: to fill the library, until ready with no index yet, and with the index in place."""

    fill: float
    index: float
    ready: float


@dataclass(frozen=True, slots=True)
class Found:
    """Every line by its short name, the one of fresh processes, and megabytes by process."""

    lines: Mapping[str, Line]
    fresh: Line
    memory: Mapping[str, float]


def report(found: Found, starts: Starts, *, preface: str) -> str:
    """The section's text."""
    memory = [[name, f"{held:.0f}"] for name, held in found.memory.items()]
    start = (
        f"**Start.** The library was filled in {starts.fill:.0f} s. Two processes with no index yet had"
        f" all of theirs in {starts.index:.0f} s; one with them in place was ready in {starts.ready:.1f} s."
    )
    parts = [
        preface,
        table(("requests/s", "found", "by CPU time", "set", "holds"), _goals(found.lines, starts)),
        *(f"**{line.name}**\n\n{_line_table(line)}" for line in found.lines.values()),
        f"**{found.fresh.name}**\n\n{_line_table(found.fresh)}",
        start,
        f"**Memory**\n\n{table(('process', 'peak MB'), memory)}",
    ]
    return "\n\n".join(parts)


def _goals(lines: Mapping[str, Line], starts: Starts) -> list[list[str]]:
    ours, peer, bare = (side.name for side in lines["one"].sides)
    goals = []
    for key, line in lines.items():
        for other, set_of in ((peer, _OF_PEER), (bare, _OF_BARE)):
            if key in set_of:
                goals.append(_goal(line, ours, line, other, set_of[key]))
        if line.meanwhile is not None:
            quiet = lines["one again" if key.startswith("one") else "page again"]
            # A case that is published may belong on any page of cases.
            is_listed = quiet is lines["page again"] and isinstance(line.meanwhile, Case)
            goals.append(_goal(line, ours, quiet, ours, None if is_listed else _OF_OURS_AGAIN))
    ready = f"{starts.ready:.1f} s"
    holds = _held(starts.ready <= _READY_SECONDS)
    return [*goals, ["Ready with the index in place", ready, "", f"≤ {_READY_SECONDS} s", holds]]


def _goal(line: Line, ours: str, base: Line, other: str, least: float | None) -> list[str]:
    """How many times the rate of the other: as found, and as it were by processor time alone."""
    rate = line.rate(ours) / base.rate(other)
    by_cpu = base.cpu_ms(other) / line.cpu_ms(ours)
    beside = other if base is line else "nothing published"
    found = [line.name, f"{rate:.2f} × {beside}", f"{by_cpu:.2f} ×"]
    return [
        *found,
        *(("reported", "") if least is None else (f"≥ {least} ×", _held(rate >= least))),
    ]


def _held(holds: bool) -> str:  # noqa: FBT001 - it is all there is to say
    return "yes" if holds else "**no**"


def _line_table(line: Line) -> str:
    return table(_LINE_HEAD, [_row(line, side.name) for side in line.sides])


def _row(line: Line, side: str) -> list[str]:
    """The medians of the rounds of a side, and their sums where they add up."""
    runs: Sequence[Run] = line.runs[side]
    rates = [run.asked.answers_per_second for run in runs]
    return [
        side,
        f"{statistics.median(run.asked.median_ms for run in runs):.2f}",
        f"{statistics.median(run.asked.p99_ms for run in runs):.2f}",
        f"{line.rate(side):.0f}",
        f"{min(rates):.0f}–{max(rates):.0f}",
        f"{sum(run.cpu for run in runs):.1f}",
        f"{line.cpu_ms(side):.2f}",
        f"{max(sum(run.peaks) for run in runs):.0f}",
    ]
