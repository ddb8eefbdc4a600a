"""What processes cost: processor time and memory, each with all it has started. Reads Linux's /proc."""

import os
import socket
import time
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
import psutil

CORES: Final = 2
_POLL_SECONDS: Final = 0.02
_MEGABYTE: Final = 1_000_000


def keep_to_cores() -> None:
    """Keep this process, and all it starts from now on, to the same few cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_answer(pid: int, url: str, *, seconds: float, saying: str = "") -> float:
    """Wait until the process answers there with 200 and these words; the seconds it took from now."""
    begun = time.monotonic()
    with httpx.Client(timeout=5) as client:
        while True:
            assert psutil.pid_exists(pid), f"the process ended before it answered at {url}"
            try:
                answer = client.get(url)
                said = answer.text
                if answer.status_code == HTTPStatus.OK and saying in said:
                    return time.monotonic() - begun
            except httpx.HTTPError as error:
                said = type(error).__name__
            passed = time.monotonic() - begun
            assert passed < seconds, f"{url} said {said} for {seconds:.0f} s"
            time.sleep(_POLL_SECONDS)


def cpu_seconds(pids: Iterable[int]) -> float:
    """The processor time that processes and all their children have taken so far."""
    total = 0.0
    for process in _with_children(pids):
        try:
            taken = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += taken.user + taken.system + taken.children_user + taken.children_system
    return total


def peak_megabytes(pid: int) -> float:
    """The most memory a process held at once since it began, or since `forget_peak`."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / _MEGABYTE


def forget_peak(pids: Iterable[int]) -> None:
    """Count the peak of each process anew from what it holds now."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def shared_megabytes(pid: int) -> float:
    """What a process and its children hold now, memory they share counted once."""
    return sum(each.memory_full_info().pss for each in _with_children([pid])) / _MEGABYTE


def _with_children(pids: Iterable[int]) -> list[psutil.Process]:
    parents = [psutil.Process(pid) for pid in pids]
    return [each for parent in parents for each in (parent, *parent.children(recursive=True))]
