"""`make faults`: break what the service stands on, and say what its client saw and what was lost.

Everything runs on the loopback, in a temporary folder: real services, real Meilisearch, real databases.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from tests.faults import clients, clocks, databases, engine, kills
from tests.faults.outcomes import Faults, Outcome, table

_PAGE: Final = Path(__file__).parents[2] / "docs" / "faults.md"


def _faults(arguments: argparse.Namespace) -> Mapping[str, Faults]:
    return {
        "meilisearch child": engine.child_faults,
        "meilisearch by url": engine.far_faults,
        "sqlite": databases.sqlite_faults,
        "postgresql": databases.postgres_faults,
        "replicas": databases.replica_faults,
        "clocks": clocks.clock_faults,
        "clients": clients.client_faults,
        "kills": partial(kills.kill_faults, kills=arguments.kills),
    }


def main() -> None:
    """Run the faults asked for; the exit code says whether all went well."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", metavar="WORD", help="only groups whose name holds this")
    parser.add_argument("--kills", type=int, default=40, help="how many times to kill (default 40)")
    parser.add_argument("--list", action="store_true", help="name the groups")
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.name} as well")
    arguments = parser.parse_args()
    # What was started is ended when we are told to end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    outcomes: list[Outcome] = []
    for name, faults in _faults(arguments).items():
        if arguments.only and arguments.only.lower() not in name:
            continue
        if arguments.list:
            print(name)
            continue
        outcomes += _run(name, faults)
    if arguments.write:
        _PAGE.write_text(_page(outcomes), encoding="utf-8")
    if not all(outcome.is_well for outcome in outcomes):
        sys.exit(1)


def _run(name: str, faults: Faults) -> list[Outcome]:
    """The outcomes of a group, each printed as soon as it is known."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="precedent-faults-") as folder:
        try:
            for outcome in faults(Path(folder)):
                print(" · ".join(outcome.cells), flush=True)
                outcomes.append(outcome)
        except Exception as error:  # noqa: BLE001 - the other groups go on
            traceback.print_exc()
            told = f"the suite itself failed: {type(error).__name__}"
            outcomes.append(Outcome(injected=name, seen=told, seconds=None))
    return outcomes


def _page(outcomes: list[Outcome]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git there is
        check=True,
        capture_output=True,
        text=True,
        cwd=_PAGE.parent,
    ).stdout.strip()
    head = (
        "# What breaks, and what is seen of it\n\n"
        f"Written by `make faults ARGS=--write` at commit {commit}, {datetime.now(UTC):%Y-%m-%d}, "
        "on two shared cores. `—`: not asked.\n\n"
    )
    return head + table(outcomes)


if __name__ == "__main__":
    main()
