"""`make soak`: ask at 70 % of what the service can do, with writes, and see whether anything grows.

First the capacity is measured for a few seconds; then one process of the service is watched from outside.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from tests.faults.publishing import a_case_about, found_library, new_word, publish
from tests.faults.readers import READ, SEARCH
from tests.live import LiveServer, environment_for, running_server

_CLIENTS: Final = 4
_MEASURED_SECONDS: Final = 8.0
_LOAD: Final = 0.7
_WRITE_SECONDS: Final = 5.0
_SAMPLES: Final = 30
# The last third may be so much above the one before it until that counts as grown. In the first third
# what is bounded fills up: the entries and answers in memory.
_GROWTH_MOST: Final = {"RSS MB": 1.1, "open files": 1.1, "threads": 1.1, "median ms": 1.5}


@dataclass(frozen=True, slots=True)
class Sample:
    """How the process is at one moment, and how it answered since the last."""

    minute: float
    rss_mb: float
    files: int
    threads: int
    median_ms: float
    answered: int
    failed: int

    @property
    def grows(self) -> tuple[float, ...]:
        """What must not grow, in the order of the table."""
        return self.rss_mb, self.files, self.threads, self.median_ms


class _Load:
    """Requests at a pace, or as fast as they are answered."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._numbers = itertools.count()
        self.seconds: list[float] = []
        self.failed = 0

    async def run(self, until: float, *, per_second: float | None = None) -> None:
        """Ask until then."""
        limits = httpx.Limits(max_connections=_CLIENTS)
        async with httpx.AsyncClient(timeout=15, limits=limits) as client:
            pause = None if per_second is None else _CLIENTS / per_second
            await asyncio.gather(*(self._ask(client, until, pause) for _ in range(_CLIENTS)))

    async def _ask(self, client: httpx.AsyncClient, until: float, pause: float | None) -> None:
        due = time.monotonic()
        while time.monotonic() < until:
            number = next(self._numbers)
            body = {"query": READ}
            if number % 2:
                body |= {"query": SEARCH, "variables": {"text": f"宕机 {number}"}}  # type: ignore[dict-item]
            begun = time.monotonic()
            try:
                response = await client.post(
                    f"{self._server.address}/graphql",
                    json=body,
                    headers={"authorization": f"Bearer {self._server.token}"},
                )
                self.failed += "errors" in response.json()
            except (httpx.HTTPError, ValueError):
                self.failed += 1
            self.seconds.append(time.monotonic() - begun)
            if pause is not None:
                due += pause
                await asyncio.sleep(max(0.0, due - time.monotonic()))


def main() -> None:
    """Soak, print the table, and end with 1 where something grew or failed."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="precedent-soak-") as folder:
        found_library(environment_for(Path(folder), PRECEDENT_SEED="false"))
        with running_server(Path(folder), PRECEDENT_SEED="false") as server:
            server.wait_until("/readyz", "ready")
            samples = asyncio.run(_soak(server, minutes * 60))
    if not _judge(samples):
        sys.exit(1)


async def _soak(server: LiveServer, seconds: float) -> list[Sample]:
    capacity = _Load(server)
    await capacity.run(time.monotonic() + _MEASURED_SECONDS)
    per_second = len(capacity.seconds) / _MEASURED_SECONDS * _LOAD
    print(f"{per_second / _LOAD:.0f} answers/s at most; soaking at {per_second:.0f}/s")
    print("| minute | RSS MB | open files | threads | median ms | answered | failed |")
    print("|---|---|---|---|---|---|---|")
    begun = time.monotonic()
    load = _Load(server)
    asking = asyncio.create_task(load.run(begun + seconds, per_second=per_second))
    writing = asyncio.create_task(_write(server, begun + seconds))
    samples = []
    for _ in range(_SAMPLES):
        await asyncio.sleep(seconds / _SAMPLES)
        samples.append(_sample(server, load, (time.monotonic() - begun) / 60))
    await asyncio.gather(asking, writing)
    return samples


async def _write(server: LiveServer, until: float) -> None:
    while time.monotonic() < until:
        await asyncio.to_thread(publish, server.environment, a_case_about(new_word()))
        await asyncio.sleep(_WRITE_SECONDS)


def _sample(server: LiveServer, load: _Load, minute: float) -> Sample:
    process = Path(f"/proc/{server.process.pid}")
    status = dict(
        line.split(":", 1) for line in (process / "status").read_text("utf-8").splitlines()
    )
    seconds, load.seconds = load.seconds, []
    failed, load.failed = load.failed, 0
    sample = Sample(
        minute=minute,
        rss_mb=int(status["VmRSS"].split()[0]) / 1024,
        files=len(list((process / "fd").iterdir())),
        threads=int(status["Threads"]),
        median_ms=median(seconds) * 1000 if seconds else 0.0,
        answered=len(seconds),
        failed=failed,
    )
    print(
        f"| {sample.minute:.1f} | {sample.rss_mb:.0f} | {sample.files} | {sample.threads} "
        f"| {sample.median_ms:.1f} | {sample.answered} | {sample.failed} |",
        flush=True,
    )
    return sample


def _judge(samples: Sequence[Sample]) -> bool:
    """Say of each column whether it is flat: the last third beside the one before it."""
    third = max(1, len(samples) // 3)
    well = True
    for place, (name, most) in enumerate(_GROWTH_MOST.items()):
        before, last = (
            median(sample.grows[place] for sample in part)
            for part in (samples[-2 * third : -third] or samples, samples[-third:])
        )
        flat = last <= before * most
        well = well and flat
        print(f"{name}: {before:.1f} → {last:.1f}, {'flat' if flat else 'NOT flat'}")
    failed = sum(sample.failed for sample in samples)
    print(f"{failed} failed")
    return well and not failed


if __name__ == "__main__":
    main()
