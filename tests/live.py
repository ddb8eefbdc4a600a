"""The service as a process of its own, started as a user starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

_PROJECT: Final = Path(__file__).parent.parent
_START_SECONDS: Final = 90
_POLL_SECONDS: Final = 0.1

# The suite may keep the machine so busy that an engine which is well takes longer than readers wait.
PATIENCE_SECONDS: Final = 5.0


@dataclass(slots=True)
class LiveServer:
    """A running service: its process, its address, and an administrator's token."""

    process: "subprocess.Popen[str]"
    address: str
    token: str
    environment: dict[str, str]

    def ask(self, document: str, /, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        response = httpx.post(
            f"{self.address}/graphql",
            json={"query": document, "variables": variables},
            headers={"authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def wait_until(self, path: str, status: str) -> None:
        """Wait until a health page says so."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                found = httpx.get(f"{self.address}{path}", timeout=5).json()["status"]
            except (httpx.HTTPError, ValueError) as error:
                found = type(error).__name__
            if found == status:
                return
            assert time.monotonic() < deadline, f"{path} is {found}, not {status}"
            time.sleep(_POLL_SECONDS)


def environment_for(var: Path, **settings: str) -> dict[str, str]:
    """The environment of a service with a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRECEDENT_")}
    binaries = _PROJECT / "var" / "bin"
    folder = var / "bin"
    if binaries.exists() and not folder.exists():
        # The engine is fetched once for all tests.
        folder.symlink_to(binaries)
    return {
        **kept,
        "PRECEDENT_VAR": str(var),
        "PRECEDENT_PORT": "0",
        "PRECEDENT_MEILI_SECONDS": str(PATIENCE_SECONDS),
        **settings,
    }


def precedent(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=_PROJECT,
        env=environment,
        timeout=100,
    )


def start(environment: dict[str, str], *, module: str = "service") -> "subprocess.Popen[str]":
    """Start the service, or a module that runs it; its greeting goes to a file in its data folder."""
    log = Path(environment["PRECEDENT_VAR"]) / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, "serve"],
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=_PROJECT,
            env=environment,
        )


def greeting(
    process: "subprocess.Popen[str]",
    environment: dict[str, str],
    *,
    start_seconds: float = _START_SECONDS,
) -> dict[str, str]:
    """The address, and the first token if it is shown, once the service has greeted."""
    log = Path(environment["PRECEDENT_VAR"]) / "serve.log"
    deadline = time.monotonic() + start_seconds
    while True:
        text = log.read_text(encoding="utf-8")
        found = {
            name: line.partition(mark)[2].strip()
            for line in text.splitlines()
            for name, mark in (("address", "answers at "), ("token", "Authorization: Bearer "))
            if mark in line
        }
        if "address" in found and ("token" in found or "precedent token create" in text):
            return found
        assert process.poll() is None, f"the service ended:\n{text}"
        assert time.monotonic() < deadline, f"the service did not greet:\n{text}"
        time.sleep(_POLL_SECONDS)


def stop(process: "subprocess.Popen[str]") -> int:
    """End the service as an operator does, and give its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(timeout=30)


@contextmanager
def running_server(
    var: Path,
    *,
    start_seconds: float = _START_SECONDS,
    module: str = "service",
    **settings: str,
) -> Iterator[LiveServer]:
    """A service on the seed library, or on what the folder holds already; ended with the block."""
    environment = environment_for(var, **settings)
    process = start(environment, module=module)
    try:
        found = greeting(process, environment, start_seconds=start_seconds)
        address = found["address"].removesuffix("/graphql")
        yield LiveServer(process, address, found.get("token", ""), environment)
    finally:
        stop(process)
