"""Two processes of the service beside PostGraphile and a bare answer, over the same rows.

Asks for one case and for pages of twenty, each with all statements and outcome metrics: never the same
twice, the same again, and the same again while something else is published. wrk asks, in alternating
rounds, on the same two cores. Writes its section of `bench/RESULTS.md`. Aims at loopback only and stops
what it started.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import aiohttp

from bench.bare import bare_answers
from bench.checking import Plan, checked_bodies
from bench.dialects import OURS, POSTGRAPHILE
from bench.engines import running_engine
from bench.lines import Line, fresh_line, lines_between
from bench.postgraphile import server as postgraphile
from bench.precedents import console, fill
from bench.processes import keep_to_cores, peak_megabytes, shared_megabytes
from bench.report import Found, Starts, report
from bench.results import RESULTS, circumstances, write_section
from bench.rounds import Rounds
from bench.services import Services, make_token
from bench.sides import Side
from bench.wrk import require_wrk
from search.engine import ask_version
from search.launcher import Address
from seed_cases.loader import seed_documents
from service.domain.cases import Case
from service.domain.methods import Method
from service.settings import Settings
from tests.node import node_packages
from tests.postgres import running_postgres

_STARTS: Final = 3
# Fewer than the cases that ship cannot be.
_CASES_LEAST: Final = 300
# PostgreSQL may hold the whole library in memory, as it would with a machine to itself.
_POSTGRES: Final = {"shared_buffers": "512MB", "autovacuum": "on"}


async def _measured(folder: Path, rounds: Rounds, *, cases: int, wrk_version: str) -> str:
    """The text of the section."""
    load = os.getloadavg()[0]
    with running_postgres(**_POSTGRES) as postgres:
        async with running_engine(folder / "meilisearch") as (engine, engine_pid):
            database = (await postgres.create_database()).replace("+asyncpg", "")
            settings = Settings(var=folder, database_url=database)
            begun = time.monotonic()
            await fill(settings, count=cases)
            filled = time.monotonic() - begun
            versions = {
                **await postgraphile.prepare(database),
                "Meilisearch": await _engine_version(engine),
                "wrk": wrk_version,
            }
            services = Services(folder, database, engine, await make_token(settings))
            starts = _starts(services, filled)
            found = await _ask(
                services, rounds, settings=settings, postgres=postgres.pid, engine=engine_pid
            )
    return report(found, starts, preface=_preface(rounds, versions, load))


def _starts(services: Services, filled: float) -> Starts:
    console.print("Making the indexes …")
    indexed = services.make_indexes()
    console.print("Starting with the indexes in place …")
    times = [services.seconds_to_ready(0) for _ in range(_STARTS)]
    return Starts(fill=filled, index=indexed, ready=statistics.median(times))


async def _ask(
    services: Services, rounds: Rounds, *, settings: Settings, postgres: int, engine: int
) -> Found:
    folder = settings.var
    with ExitStack() as stack:
        ours = stack.enter_context(services.running(beneath=(postgres, engine)))
        peer = stack.enter_context(
            postgraphile.running_postgraphile(
                services.database_url,
                folder,
                connections=rounds.connections,
                beneath=(postgres,),
            )
        )
        bare = stack.enter_context(bare_answers(folder))
        console.print("Reading every case of both sides, and comparing …")
        both = ((ours, OURS), (peer, POSTGRAPHILE))
        plan, bodies = await checked_bodies(both, folder)
        sides = (ours, peer, bare)
        lines = lines_between(sides, bodies, unrelated=_unrelated(plan))
        await rounds.measure(list(lines.values()), ours, settings=settings)
        memory = {
            **_peaks(lines, sides),
            "PostgreSQL, all processes, at the end": shared_megabytes(postgres),
            "Meilisearch": peak_megabytes(engine),
        }
    fresh = fresh_line(ours, bodies[0])
    await rounds.measure_fresh(fresh, services, cases=len(plan.cases))
    return Found(lines, fresh, memory)


def _unrelated(plan: Plan) -> list[Case | Method]:
    """A method, and a case that nobody asks for."""
    asked = {case.slug for case in plan.asked}
    shipped = [read.document for read in seed_documents()]
    return [
        next(each for each in shipped if isinstance(each, Method)),
        next(each for each in shipped if isinstance(each, Case) and each.slug not in asked),
    ]


def _peaks(lines: Mapping[str, Line], sides: Sequence[Side]) -> dict[str, float]:
    """The most each process of each side held while it was asked."""
    found = {}
    for side in sides:
        runs = [run.peaks for line in lines.values() for run in line.runs.get(side.name, ())]
        for number, peaks in enumerate(zip(*runs, strict=True), start=1):
            found[f"{side.name}, process {number}"] = max(peaks)
    return found


async def _engine_version(engine: Address) -> str:
    headers = {"authorization": f"Bearer {engine.key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        return (await ask_version(session, engine.url)).version


def _preface(rounds: Rounds, versions: Mapping[str, str], load: float) -> str:
    return (
        f"{circumstances(versions, load=load)}\n\n"
        f"Each side was asked {rounds.seconds} s at a time on {rounds.connections} connections, in"
        f" {rounds.count} alternating rounds; shown are medians of the rounds. Precedent and the bare"
        " answer are two processes each, PostGraphile is one Node. Processor time includes"
        " PostgreSQL's; memory is that of the side's own processes. Every case was read from both"
        " sides and found the same. PostGraphile asks nobody for a token; Precedent does."
    )


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a number of at least {least}, not {text!r}")
        return int(text)

    return number


def main() -> None:
    """Make the library, start all sides, measure, write, end them."""
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__)
    parser.add_argument(
        "--cases", type=_at_least(_CASES_LEAST), default=10_000, help="how large the library is"
    )
    parser.add_argument(
        "--rounds", type=_at_least(1), default=3, help="how often each side is asked"
    )
    parser.add_argument(
        "--seconds", type=_at_least(1), default=5, help="how long it is asked each time"
    )
    parser.add_argument(
        "--connections", type=_at_least(2), default=8, help="on how many connections"
    )
    parser.add_argument("--to", type=Path, default=RESULTS, help="the page that is written")
    given = parser.parse_args()
    wrk_version = require_wrk()
    # Told to end, it ends all it has started first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    keep_to_cores()
    console.print("Installing PostGraphile, where it is not …")
    node_packages(postgraphile.HERE)
    rounds = Rounds(given.rounds, given.seconds, given.connections)
    with tempfile.TemporaryDirectory() as folder:
        measured = _measured(Path(folder), rounds, cases=given.cases, wrk_version=wrk_version)
        text = asyncio.run(measured)
    write_section(f"Beside PostGraphile and a bare answer, {given.cases} cases", text, to=given.to)
    print(text)


if __name__ == "__main__":
    main()
