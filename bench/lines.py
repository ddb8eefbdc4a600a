"""What is measured: each line asks every side of it the same, and keeps what each round found."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.checking import Bodies
from bench.processes import cpu_seconds, forget_peak, peak_megabytes
from bench.sides import Side
from bench.wrk import Asked, ask
from service.domain.cases import Case
from service.domain.methods import Method

# Answers have a head of a few hundred bytes, and in a short run not all of them are asked equally often.
_HEAD_BYTES_MOST: Final = 600
_SPREAD: Final = 0.2


@dataclass(frozen=True, slots=True)
class Request:
    """What a side is asked: where, with which bodies, and how large an answer is on average.

    `walk` reads all that the bodies ask for, in another document.
    """

    path: str
    bodies: Path
    walk: Path
    bytes_each: int


@dataclass(frozen=True, slots=True)
class Run:
    """One round of a side: what wrk found, processor time, and peak megabytes by process.

    Of processor time, what the side works with (PostgreSQL) is counted too; of memory it is not.
    """

    asked: Asked
    cpu: float
    peaks: tuple[float, ...]


@dataclass(slots=True)
class Line:
    """One thing that is measured: its sides, what each is asked, and the runs of each so far.

    `again` asks the same bytes over and over; without it no request is ever sent twice. `meanwhile` is
    published every second while it is asked.
    """

    name: str
    sides: tuple[Side, ...]
    requests: Mapping[str, Request]
    again: bool = False
    meanwhile: Case | Method | None = None
    runs: dict[str, list[Run]] = field(default_factory=dict)

    async def ask(self, side: Side, *, turn: str, seconds: int, connections: int) -> Asked:
        """Ask a side. Raises where the answers are not what was checked before."""
        request = self.requests[side.name]
        asked = await ask(
            side,
            request.path,
            request.bodies,
            turn="" if self.again else turn,
            seconds=seconds,
            connections=connections,
        )
        _require_whole(asked, request)
        return asked

    async def run(self, side: Side, *, turn: str, seconds: int, connections: int) -> None:
        """Ask a side once more, and keep what that took."""
        counted = (*side.pids, *side.beneath)
        forget_peak(side.pids)
        before = cpu_seconds(counted)
        asked = await self.ask(side, turn=turn, seconds=seconds, connections=connections)
        cpu = cpu_seconds(counted) - before
        peaks = tuple(peak_megabytes(pid) for pid in side.pids)
        self.runs.setdefault(side.name, []).append(Run(asked, cpu, peaks))

    def rate(self, side: str) -> float:
        """The requests a second of a side, the median of all rounds."""
        return statistics.median(run.asked.answers_per_second for run in self.runs[side])

    def cpu_ms(self, side: str) -> float:
        """The milliseconds of processor time an answer of a side takes, over all rounds."""
        runs = self.runs[side]
        return 1000 * sum(run.cpu for run in runs) / sum(run.asked.answers for run in runs)


def lines_between(
    sides: Sequence[Side], bodies: Sequence[Bodies], *, unrelated: Sequence[Case | Method]
) -> dict[str, Line]:
    """Everything that is measured in rounds, by a short name.

    First come our side and the peer, each with its bodies, then the bare answer. The unrelated entries
    are in no answer that is asked for; a case among them is in the listing of cases all the same.
    """
    ours, _, bare = sides
    everyone = tuple(sides)
    ones = {
        side.name: Request("/graphql", each.one, each.walk, each.bytes_of_one)
        for side, each in zip(sides, bodies, strict=False)
    }
    pages = {
        side.name: Request("/graphql", each.page, each.walk, each.bytes_of_page)
        for side, each in zip(sides, bodies, strict=False)
    }
    for requests in (ones, pages):
        like = requests[ours.name]
        requests[bare.name] = Request(
            f"/{like.bytes_each}", like.bodies, like.walk, like.bytes_each
        )
    lines = {
        "one": Line("One case, no request twice", everyone, ones),
        "page": Line("Twenty cases, no request twice", everyone, pages),
        "one again": Line("One case, asked again", everyone, ones, again=True),
        "page again": Line("Twenty cases, asked again", everyone, pages, again=True),
    }
    for entry in unrelated:
        kind = type(entry).__name__.lower()
        what = f"asked again while another {kind} is published every second"
        for key, name, requests in (("one", "One case", ones), ("page", "Twenty cases", pages)):
            lines[f"{key} while a {kind} is published"] = Line(
                f"{name}, {what}", (ours,), requests, again=True, meanwhile=entry
            )
    return lines


def fresh_line(ours: Side, bodies: Bodies) -> Line:
    """Any case of the library, of processes that have read none yet."""
    request = Request("/graphql", bodies.any_case, bodies.walk, bodies.bytes_of_one)
    return Line("One case, by processes that have read nothing yet", (ours,), {ours.name: request})


def _require_whole(asked: Asked, request: Request) -> None:
    assert asked.answers, "nothing was answered"
    mean = asked.bytes_read / asked.answers
    least, most = (1 - _SPREAD) * request.bytes_each, (1 + _SPREAD) * request.bytes_each
    assert least < mean < most + _HEAD_BYTES_MOST, (
        f"answers have {mean:.0f} bytes, not {request.bytes_each} and a head"
    )
