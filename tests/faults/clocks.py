"""A clock that jumps while the service runs: what was acknowledged is found, and nobody is shut out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from search.folders import write_whole
from tests.faults import clocked
from tests.faults.databases import outcome_of
from tests.faults.indexes import running_engine
from tests.faults.outcomes import Outcome
from tests.faults.publishing import found_library
from tests.live import environment_for, running_server

_DAY = 86_400.0
_LEAP_DAY_ENDS = datetime(2028, 2, 29, 23, 59, 50, tzinfo=UTC)


def clock_faults(folder: Path) -> Iterator[Outcome]:
    """A service whose clock is put forward and back."""
    with running_engine(folder) as engine:
        wrong_by = folder / "wrong-by"
        wrong_by.write_text("0", encoding="utf-8")
        settings = {
            "PRECEDENT_MEILI_URL": engine.url,
            "PRECEDENT_MEILI_KEY": engine.key,
            "PRECEDENT_SEED": "false",
            clocked.OFF_BY: str(wrong_by),
        }
        var = folder / "var"
        var.mkdir()
        found_library(environment_for(var, **settings))
        with running_server(var, module=clocked.__name__, start_seconds=90, **settings) as server:
            server.wait_until("/readyz", "ready")
            jumps = (
                ("a day forward", _DAY),
                ("two days back", -_DAY),
                ("to the end of a leap day", (_LEAP_DAY_ENDS - datetime.now(UTC)).total_seconds()),
                ("right again", 0.0),
            )
            for told, seconds in jumps:
                jump = partial(write_whole, wrong_by, str(seconds))
                yield outcome_of(f"clock of the service put {told}", server, jump)
