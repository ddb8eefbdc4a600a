"""Faults of PostgreSQL and of SQLite: nothing hangs, what was acknowledged stays, and all comes back."""

import asyncio
import contextlib
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import make_url

from tests.faults.indexes import running_engine
from tests.faults.outcomes import Outcome
from tests.faults.proxies import SlowLine, served
from tests.faults.publishing import a_case_about, found_library, new_word, publish, write_lines
from tests.faults.readers import Reader, lost_of, seconds_until_found, seconds_until_read
from tests.live import LiveServer, environment_for, precedent, running_server
from tests.postgres import DURABLE, REPLICATED, running_postgres, standby_of

_ANSWER_SECONDS_MOST: Final = 12.0
_RECOVERY_SECONDS_MOST: Final = 10.0
_LASTS_SECONDS: Final = 3.0


def postgres_faults(folder: Path) -> Iterator[Outcome]:
    """A service whose PostgreSQL restarts, dies, is full, answers late, or is replaced by its standby."""
    with (
        running_engine(folder) as engine,
        running_postgres(**REPLICATED) as server,
        standby_of(server) as standby,
    ):
        database = make_url(asyncio.run(server.create_database())).database
        line = SlowLine(lambda: asyncio.open_unix_connection(str(server.socket)))
        with served(line.serve):
            url = f"postgresql://postgres@127.0.0.1:{line.port}/{database}"
            settings = {
                "PRECEDENT_DATABASE_URL": url,
                "PRECEDENT_MEILI_URL": engine.url,
                "PRECEDENT_MEILI_KEY": engine.key,
                "PRECEDENT_SEED": "false",
            }
            found_library(environment_for(folder, **settings))
            with running_server(folder, start_seconds=90, **settings) as service:
                service.wait_until("/readyz", "ready")

                def restart() -> None:
                    server.stop()
                    time.sleep(1)
                    server.start()

                def kill() -> None:
                    server.kill()
                    time.sleep(1)
                    server.start()

                def exhaust() -> None:
                    asyncio.run(_exhaust(str(server.socket.parent)))

                def slow() -> None:
                    line.seconds = 5.0
                    time.sleep(12)
                    line.seconds = 0.0

                def replace() -> None:
                    server.kill()
                    asyncio.run(standby.promote())
                    line.follow(lambda: asyncio.open_unix_connection(str(standby.socket)))
                    assert publish(service.environment, a_case_about(new_word()))

                yield outcome_of("PostgreSQL: restarted, away for a second", service, restart)
                yield outcome_of("PostgreSQL: killed (SIGKILL), started again", service, kill)
                yield outcome_of("PostgreSQL: connections exhausted for 4 s", service, exhaust)
                yield outcome_of("PostgreSQL: every statement 5 s late", service, slow)
                asyncio.run(server.require_standby())
                yield outcome_of(
                    "PostgreSQL: killed, its standby promoted behind the URL", service, replace
                )


async def _exhaust(host: str) -> None:
    held = []
    with contextlib.suppress(asyncpg.TooManyConnectionsError):
        while True:
            held.append(await asyncpg.connect(host=host, user="postgres", database="postgres"))
    await asyncio.sleep(4)
    for connection in held:
        connection.terminate()


def outcome_of(
    injected: str,
    server: LiveServer,
    break_and_mend: Callable[[], object],
) -> Outcome:
    """Publish, break the database right after that was acknowledged, and look for the case."""
    word = new_word()
    acknowledged = publish(server.environment, a_case_about(word))
    with Reader(server) as reader:
        time.sleep(0.5)
        broken_at = time.monotonic()
        break_and_mend()
        mended_at = time.monotonic()
        seconds = seconds_until_read(server)
        found = seconds_until_found(server, word)
        time.sleep(max(0.0, broken_at + _LASTS_SECONDS - time.monotonic()))
    # Also what was still waiting then has been answered by now.
    seen = reader.since(broken_at)
    late = reader.since(mended_at + _RECOVERY_SECONDS_MOST).answers
    wrong = []
    if not acknowledged:
        wrong.append("the publish before was refused")
    if max(each.seconds for each in seen.answers) > _ANSWER_SECONDS_MOST:
        wrong.append(f"a request waited longer than {_ANSWER_SECONDS_MOST:.0f} s")
    if any(not each.well for each in late):
        wrong.append("requests failed long after")
    lost = lost_of() if found is not None else "an acknowledged publish is gone"
    return Outcome(
        injected=injected, seen=str(seen), seconds=seconds, lost=lost, wrong=tuple(wrong)
    )


def replica_faults(folder: Path) -> Iterator[Outcome]:
    """Two services on one PostgreSQL and one Meilisearch, of which one is killed."""
    with running_engine(folder) as engine, running_postgres(**DURABLE) as server:
        settings = {
            "PRECEDENT_DATABASE_URL": asyncio.run(server.create_database()),
            "PRECEDENT_MEILI_URL": engine.url,
            "PRECEDENT_MEILI_KEY": engine.key,
            "PRECEDENT_SEED": "false",
        }
        one, other = folder / "one", folder / "other"
        one.mkdir()
        other.mkdir()
        found_library(environment_for(one, **settings))
        with running_server(one, start_seconds=90, **settings) as first:
            first.wait_until("/readyz", "ready")
            with running_server(other, start_seconds=90, **settings) as second:
                second.token = first.token
                second.wait_until("/readyz", "ready")
                word = new_word()
                with Reader(second) as reader:
                    time.sleep(0.5)
                    killed_at = time.monotonic()
                    # The first to start holds the lease on indexing.
                    first.process.kill()
                    acknowledged = publish(second.environment, a_case_about(word))
                    found = seconds_until_found(second, word)
                    seconds = None if found is None else time.monotonic() - killed_at
                    seen = reader.since(killed_at)
                wrong = [f"{seen.unanswered} not answered"] if seen.unanswered else []
                if not acknowledged:
                    wrong.append("a publish was refused")
                yield Outcome(
                    injected="two replicas: the one that writes the index killed",
                    seen=f"of the other: {seen}",
                    seconds=seconds,
                    lost=lost_of() if seconds is not None else "what was published is not indexed",
                    wrong=tuple(wrong),
                )


def sqlite_faults(folder: Path) -> Iterator[Outcome]:
    """A SQLite file that is locked, on a full disk, or damaged."""
    with running_engine(folder) as engine:
        settings = {
            "PRECEDENT_MEILI_URL": engine.url,
            "PRECEDENT_MEILI_KEY": engine.key,
            "PRECEDENT_SEED": "false",
        }
        var = folder / "var"
        var.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(var)],  # noqa: S607
            check=False,
            capture_output=True,
        )
        is_mounted = mounted.returncode == 0
        try:
            found_library(environment_for(var, **settings))
            with running_server(var, start_seconds=90, **settings) as server:
                server.wait_until("/readyz", "ready")
                yield outcome_of(
                    "SQLite: locked by another process for 4 s", server, lambda: _lock(var)
                )
                if is_mounted:
                    yield _full(server, var)
            yield _damaged(var)
        finally:
            if is_mounted:
                subprocess.run(["umount", str(var)], check=True)  # noqa: S607
        if not is_mounted:
            yield Outcome(
                injected="SQLite: disk full",
                seen="not tried: a tmpfs may not be mounted",
                seconds=0,
            )


def _lock(var: Path) -> None:
    with contextlib.closing(sqlite3.connect(var / "precedent.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        time.sleep(4)


def _full(server: LiveServer, var: Path) -> Outcome:
    word, filler = new_word(), var / "filler"
    with Reader(server) as reader:
        broken_at = time.monotonic()
        with filler.open("wb") as file, contextlib.suppress(OSError):
            while True:
                file.write(b"0" * 2**16)
                file.flush()
        lines = var.parent / "full.jsonl"
        said = _publish_apart(lines, server.environment, word)
        time.sleep(_LASTS_SECONDS)
        filler.unlink()
        again = _publish_apart(lines, server.environment, word)
        seconds = seconds_until_found(server, word)
        seen = reader.since(broken_at)
    wrong = [f"{seen.unanswered} not answered"] if seen.unanswered else []
    if said.returncode == 0 or "free space on the disk" not in said.stderr:
        wrong.append("a publish on a full disk is not refused clearly")
    return Outcome(
        injected="SQLite: disk full (a tmpfs)",
        seen=f"{seen}; the publish: “{said.stderr.strip().splitlines()[-1][-60:]}”",
        seconds=seconds if again.returncode == 0 else None,
        wrong=tuple(wrong),
    )


def _publish_apart(
    lines: Path, environment: dict[str, str], word: str
) -> "subprocess.CompletedProcess[str]":
    write_lines(lines, [a_case_about(word)])
    return precedent("import", str(lines), environment=environment)


def _damaged(var: Path) -> Outcome:
    """A page in the middle is overwritten; the start is to say so before anything is answered."""
    file = var / "precedent.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    file.write_bytes(whole[:middle] + b"\xff" * 65_536 + whole[middle + 65_536 :])
    begun = time.monotonic()
    ended = precedent("serve", environment=environment_for(var))
    told = ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else "nothing"
    file.write_bytes(whole)
    wrong = () if "the file is damaged" in told else ("the damage is not named",)
    return Outcome(
        injected="SQLite: 64 KB in the middle of the file overwritten",
        seen=f"`precedent serve` ends with {ended.returncode}: “{told[-90:]}”",
        seconds=time.monotonic() - begun,
        wrong=wrong,
    )
