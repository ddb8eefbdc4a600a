"""How lines are measured: in rounds that alternate between the sides."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.checking import ask_once
from bench.lines import Line
from bench.precedents import console
from bench.publishing import publishing
from bench.services import Services
from bench.sides import Side
from service.app import offline_desk
from service.commands.bars import progress_bar
from service.settings import Settings

# What a process asks of its library at most: a case never asked before, for so long.
_CASES_A_SECOND = 1_000
_WARM_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many rounds, and how long and on how many connections a side is asked in each."""

    count: int
    seconds: int
    connections: int

    async def measure(self, lines: Sequence[Line], ours: Side, *, settings: Settings) -> None:
        """Run every line with every side in each round; each round another side goes first.

        The settings are those of whoever publishes meanwhile.
        """
        await self._warm(lines)
        with progress_bar(console) as progress:
            total = self.count * sum(len(line.sides) for line in lines)
            task = progress.add_task("Asking", total=total)
            for number in range(self.count):
                console.print(f"Round {number + 1} of {self.count} …")
                for place, line in enumerate(lines):
                    first = number % len(line.sides)
                    for side in line.sides[first:] + line.sides[:first]:
                        progress.update(task, description=f"{line.name}: {side.name}")
                        if side is ours:
                            await _prepare(line, side)
                        await self._run(line, side, turn=f"{number}-{place}", settings=settings)
                        progress.advance(task)

    async def measure_fresh(self, line: Line, services: Services, *, cases: int) -> None:
        """Run a line with processes that have read nothing yet, each case at most once in each."""
        with progress_bar(console) as progress:
            task = progress.add_task(line.name, total=self.count)
            for number in range(self.count):
                with services.running(beneath=line.sides[0].beneath) as side:
                    most = max(1, cases // len(side.addresses) // _CASES_A_SECOND)
                    await line.run(
                        side,
                        turn=f"fresh-{number}",
                        seconds=min(self.seconds, most),
                        connections=self.connections,
                    )
                progress.advance(task)

    async def _warm(self, lines: Sequence[Line]) -> None:
        """Have every side run hot, unmeasured: Node compiles what it has run often enough."""
        for line in lines:
            if line.meanwhile is None and not line.again:
                for side in line.sides:
                    await line.ask(
                        side, turn="warm", seconds=_WARM_SECONDS, connections=self.connections
                    )

    async def _run(self, line: Line, side: Side, *, turn: str, settings: Settings) -> None:
        async with AsyncExitStack() as stack:
            if line.meanwhile is not None:
                desk = await stack.enter_async_context(offline_desk(settings))
                await stack.enter_async_context(publishing(desk, line.meanwhile))
            await line.run(side, turn=turn, seconds=self.seconds, connections=self.connections)


async def _prepare(line: Line, side: Side) -> None:
    """Bring our caches to what the line says: an answer asked again is held, a case has been read."""
    request = line.requests[side.name]
    await ask_once(side, (request.bodies if line.again else request.walk).read_bytes().splitlines())
