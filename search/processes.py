"""Child processes that cannot outlive us, and proof that a process is the one we noted.

A process number is used again after its process ends; together with the boot it belongs to and the
moment it started, it names one process for ever.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

_END_SECONDS: Final = 10

# Asks Linux to kill this process when the thread that started it ends, then becomes the command.
# Done in the child by a fresh interpreter, since running Python between fork and exec is not safe
# in a process with threads. A parent that is already gone is noticed by the changed parent.
_TIE_AND_RUN: Final = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """One process, told apart from every other that has or will have its number."""

    pid: int
    boot: str
    started: str


def start_tied(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a child that ends, at the latest, with the thread that calls this.

    It has its own session, so an interrupt typed at our terminal does not reach it before us.
    """
    tie: tuple[str, ...] = ()
    if sys.platform == "linux":
        tie = (sys.executable, "-I", "-S", "-c", _TIE_AND_RUN, str(os.getpid()))
    return subprocess.Popen(  # noqa: S603 - the command is ours
        [*tie, *command],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def mark(pid: int) -> ProcessMark | None:
    """Return the mark of a living process, or `None` where it is gone or cannot be proven."""
    try:
        # The command's name stands in brackets and may hold anything; 20 fields after it comes
        # the start, in ticks since boot.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    is_dead = fields[0] in ("Z", "X")
    return None if is_dead else ProcessMark(pid, boot, fields[19])


def write_mark(file: Path, process: ProcessMark) -> None:
    """Note a process, so that a later start can find it."""
    file.write_text(json.dumps(asdict(process)), encoding="utf-8")


def read_mark(file: Path) -> ProcessMark | None:
    """Return the process noted in this file, if the file is there and readable."""
    try:
        noted: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return ProcessMark(int(noted["pid"]), str(noted["boot"]), str(noted["started"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def kill_marked(process: ProcessMark) -> bool:
    """End exactly this process, and return whether it was still there."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return False
    try:
        # The handle holds on to one process, so what is compared is what is killed.
        if mark(process.pid) != process:
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        _await_end(handle)
    finally:
        os.close(handle)
    return True


def _await_end(handle: int) -> None:
    # A handle becomes readable when its process has ended.
    select.select([handle], [], [], _END_SECONDS)
