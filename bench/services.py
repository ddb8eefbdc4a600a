"""The service under test: two processes of it on one PostgreSQL, sharing one Meilisearch."""

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import free_port, wait_for_answer
from bench.sides import Side
from search.launcher import Address
from service.app import offline_desk
from service.domain.access import OPERATOR, AccessRole
from service.operations.tokens import create_token
from service.settings import Settings
from tests.live import environment_for, start, stop

PROCESSES = 2
_START_SECONDS = 900


async def make_token(settings: Settings) -> str:
    """A token that sees everything, as whoever asks a database's owner does."""
    async with offline_desk(settings) as desk:
        return await create_token(
            desk,
            OPERATOR,
            name="bench",
            role=AccessRole.ADMIN,
            random=lambda: secrets.token_urlsafe(32),
        )


@dataclass(frozen=True, slots=True)
class Services:
    """How our processes are started, each on a data folder of its own."""

    folder: Path
    database_url: str
    engine: Address
    token: str

    @contextmanager
    def running(self, *, beneath: tuple[int, ...] = ()) -> Iterator[Side]:
        """Both processes, ready; ended with the block."""
        started: list[subprocess.Popen[str]] = []
        addresses = []
        try:
            for place in range(PROCESSES):
                process, address, _ = self._start(place)
                started.append(process)
                addresses.append(address)
            pids = tuple(process.pid for process in started)
            yield Side("Precedent", tuple(addresses), pids, beneath, self.token)
        finally:
            for process in started:
                stop(process)

    def make_indexes(self) -> float:
        """Run both processes until each has both its indexes; the seconds that took.

        They answer long before, with the built-in index, and what is measured meanwhile is measured
        beside an engine at work.
        """
        begun = time.monotonic()
        with self.running() as side:
            for pid, address in zip(side.pids, side.addresses, strict=True):
                url = f"{address}/readyz"
                wait_for_answer(pid, url, seconds=_START_SECONDS, saying='"status":"ready"')
        return time.monotonic() - begun

    def seconds_to_ready(self, place: int = 0) -> float:
        """Start one process, and end it once it is ready; the seconds that took from nothing."""
        process, _, seconds = self._start(place)
        stop(process)
        return seconds

    def _start(self, place: int) -> tuple["subprocess.Popen[str]", str, float]:
        var = self.folder / f"var-{place}"
        var.mkdir(exist_ok=True)
        port = free_port()
        environment = environment_for(
            var,
            PRECEDENT_PORT=str(port),
            PRECEDENT_DATABASE_URL=self.database_url,
            PRECEDENT_MEILI_URL=self.engine.url,
            PRECEDENT_MEILI_KEY=self.engine.key,
            PRECEDENT_PRODUCTION="true",
            # One client asks all there is to ask.
            PRECEDENT_RATE_BY_TOKEN="0",  # noqa: S106 - a rate, not a token
            PRECEDENT_RATE_BY_ADDRESS="0",
        )
        begun = time.monotonic()
        process = start(environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for_answer(process.pid, f"{address}/readyz", seconds=_START_SECONDS)
        except BaseException:
            stop(process)
            raise
        return process, address, time.monotonic() - begun
