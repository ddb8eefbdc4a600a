"""Faults of Meilisearch: reads go on, searches are answered at once, and nothing has to be restarted."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.faults.indexes import differences, running_engine
from tests.faults.outcomes import Outcome
from tests.faults.proxies import EngineProxy, served
from tests.faults.publishing import a_case_about, new_word, publish
from tests.faults.readers import Reader, lost_of, seconds_until_found
from tests.live import LiveServer, running_server

_DEGRADED_SECONDS_MOST: Final = 0.3
_LASTS_SECONDS: Final = 4.0
_PATIENCE: Final = {"PRECEDENT_MEILI_SECONDS": "0.2"}

_Act = Callable[[], object]


def child_faults(folder: Path) -> Iterator[Outcome]:
    """Faults of the Meilisearch that the service starts itself."""
    with running_server(folder, start_seconds=90, **_PATIENCE) as server:
        server.wait_until("/readyz", "ready")
        data = folder / "meilisearch"

        def wipe() -> None:
            shutil.rmtree(data)
            os.kill(pid, signal.SIGKILL)

        pid = _child(data)
        yield _outcome("Meilisearch: killed", server, lambda: os.kill(pid, signal.SIGKILL))
        pid = _child(data)
        yield _outcome(
            "Meilisearch: stopped (SIGSTOP), then continued",
            server,
            lambda: os.kill(pid, signal.SIGSTOP),
            undo=lambda: os.kill(pid, signal.SIGCONT),
        )
        yield _outcome("Meilisearch: data folder wiped, then killed", server, wipe)


def far_faults(folder: Path) -> Iterator[Outcome]:
    """Faults of a Meilisearch elsewhere, behind something that misbehaves."""
    with running_engine(folder) as address:
        proxy = EngineProxy(address.url)
        with served(proxy.serve):
            far = {"PRECEDENT_MEILI_URL": proxy.url, "PRECEDENT_MEILI_KEY": address.key}
            with running_server(folder, start_seconds=90, **_PATIENCE, **far) as server:
                server.wait_until("/readyz", "ready")
                for mode, told in (
                    ("slow", "every answer 2 s late"),
                    ("failing", "answers 500 to everything"),
                    ("garbage", "answers with what is no JSON"),
                    ("refusing", "refuses every request"),
                    ("old", "another version answers"),
                    ("tasks failing", "every task fails, as with a full disk"),
                ):
                    yield _outcome(
                        f"Meilisearch: {told}",
                        server,
                        lambda mode=mode: setattr(proxy, "mode", mode),  # type: ignore[misc]
                        undo=lambda: setattr(proxy, "mode", "well"),
                    )
        told_apart = differences(
            f"sqlite:///{folder / 'precedent.db'}", address, folder / "lexical"
        )
        yield Outcome(
            injected="Meilisearch: after all of these, every document compared",
            seen="—",
            seconds=0,
            lost=lost_of(*told_apart),
        )


def _child(data: Path) -> int:
    pid: int = json.loads((data / "child.json").read_text(encoding="utf-8"))["pid"]
    return pid


def _outcome(
    injected: str, server: LiveServer, inject: _Act, *, undo: _Act = lambda: None
) -> Outcome:
    """Break the engine, publish a case meanwhile, mend it, and wait until it finds the case."""
    word = new_word()
    with Reader(server) as reader:
        time.sleep(0.5)
        broken_at = time.monotonic()
        inject()
        acknowledged = publish(server.environment, a_case_about(word))
        time.sleep(max(0.0, broken_at + _LASTS_SECONDS - time.monotonic()))
        undo()
        seconds = seconds_until_found(server, word)
        seen = reader.since(broken_at)
    wrong = []
    if seen.unanswered:
        wrong.append(f"{seen.unanswered} not answered")
    if seen.first_degraded is not None and seen.first_degraded > _DEGRADED_SECONDS_MOST:
        wrong.append("degraded later than after 300 ms")
    if not acknowledged:
        wrong.append("a publish was refused")
    lost = lost_of() if seconds is not None else "what was published meanwhile is not found"
    return Outcome(
        injected=injected, seen=str(seen), seconds=seconds, lost=lost, wrong=tuple(wrong)
    )
