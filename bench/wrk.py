"""wrk, which asks: a client in C, so that what is measured is the server."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bench.sides import Side

_SCRIPT: Final = Path(__file__).parent / "ask.lua"
_MARK: Final = "ASKED "
_MILLISECOND: Final = 1_000
_SECOND: Final = 1_000_000
# What wrk takes at most beyond the time it asks: it waits for the answers on their way.
_MOST_EXTRA_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run of wrk found. The bytes are those of the answers with their heads."""

    answers: int
    seconds: float
    bytes_read: int
    median_ms: float
    p99_ms: float

    @property
    def answers_per_second(self) -> float:
        return self.answers / self.seconds


def require_wrk() -> str:
    """The version of wrk. Ends the bench, saying how to get it, where there is none."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit(
            "wrk is not installed; it asks what `make bench` measures. "
            "On Debian and Ubuntu: `apt-get install wrk`."
        )
    told = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)
    return told.stdout.split()[1]


async def ask(
    side: Side, path: str, bodies: Path, *, turn: str, seconds: int, connections: int
) -> Asked:
    """Ask a side for so long, in as many threads as it may have processes.

    Each body gets the turn, and a number that is never repeated; an empty turn leaves them as they are.
    """
    threads = 2
    environment = {
        "PATH": os.environ["PATH"],
        "ASK_ADDRESSES": " ".join(urlsplit(address).netloc for address in side.addresses),
        "ASK_BODIES": str(bodies),
        "ASK_TURN": turn,
        "ASK_TOKEN": side.token,
        "ASK_THREADS": str(threads),
    }
    process = await asyncio.create_subprocess_exec(
        *("wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"),
        *("-s", str(_SCRIPT), f"{side.addresses[0]}{path}"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(seconds + _MOST_EXTRA_SECONDS):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _read(output.decode().splitlines())


def _read(lines: Sequence[str]) -> Asked:
    told = [line.removeprefix(_MARK) for line in lines if line.startswith(_MARK)]
    assert told, "\n".join(lines)
    found = json.loads(told[0])
    assert not found["refused"], f"{found['refused']} answers were not 200"
    assert not found["broken"], f"{found['broken']} answers did not come"
    return Asked(
        answers=found["answers"],
        seconds=found["microseconds"] / _SECOND,
        bytes_read=found["bytes"],
        median_ms=found["median"] / _MILLISECOND,
        p99_ms=found["p99"] / _MILLISECOND,
    )
