"""Clients that are slow, or too many: the others are answered all along."""

import contextlib
import resource
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.faults.outcomes import Outcome
from tests.faults.publishing import found_library
from tests.faults.readers import Reader, seconds_until_read
from tests.live import LiveServer, environment_for, running_server

_SLOW_CLIENTS: Final = 20
_SLOW_SECONDS: Final = 10
_IDLE_MOST: Final = 10_000
# What either side needs besides its connections.
_SPARE_FILES: Final = 500


def client_faults(folder: Path) -> Iterator[Outcome]:
    """Clients that send a byte a second, and ten thousand that send nothing."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        found_library(environment_for(folder, PRECEDENT_SEED="false"))
        with running_server(folder, PRECEDENT_SEED="false") as server:
            server.wait_until("/readyz", "ready")
            yield _slow_clients(server)
            yield _idle_clients(server, min(_IDLE_MOST, before[1] - _SPARE_FILES))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def _connect(server: LiveServer) -> socket.socket:
    address = urlsplit(server.address)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def _slow_clients(server: LiveServer) -> Outcome:
    request = f"POST /graphql HTTP/1.1\r\nHost: {urlsplit(server.address).netloc}\r\n".encode()

    def trickle() -> None:
        with contextlib.suppress(OSError), _connect(server) as connection:
            for byte in request[:_SLOW_SECONDS]:
                connection.send(bytes([byte]))
                time.sleep(1)

    threads = [threading.Thread(target=trickle) for _ in range(_SLOW_CLIENTS)]
    return _outcome(
        f"{_SLOW_CLIENTS} clients that send one byte a second", server, threads, _SLOW_SECONDS
    )


def _idle_clients(server: LiveServer, count: int) -> Outcome:
    connections: list[socket.socket] = []

    def connect() -> None:
        with contextlib.suppress(OSError):
            connections.extend(_connect(server) for _ in range(count))

    return _outcome(
        f"{count} idle connections", server, [threading.Thread(target=connect)], 5, connections
    )


def _outcome(
    injected: str,
    server: LiveServer,
    threads: list[threading.Thread],
    lasts_seconds: float,
    connections: list[socket.socket] | None = None,
) -> Outcome:
    with Reader(server) as reader:
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        if connections is not None:
            threads[0].join()
        time.sleep(lasts_seconds)
        held = "" if connections is None else f"; {len(connections)} were held"
        for connection in connections or ():
            connection.close()
        for thread in threads:
            thread.join()
        seconds = seconds_until_read(server)
        seen = reader.since(begun)
    wrong = (f"{seen.unanswered} not answered",) if seen.unanswered else ()
    return Outcome(injected=injected, seen=f"{seen}{held}", seconds=seconds, wrong=wrong)
