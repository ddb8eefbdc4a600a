"""`kill -9` at random moments of writes, migrations and reindexing: all of a write stands, or none."""

import asyncio
import random
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import select

from search.launcher import Address
from service.domain.cases import Case
from service.store.engine import Database
from service.store.rows import CaseRow, EntryRow, EntryTermRow, StatementRow
from service.store.units import Store
from tests.faults.indexes import differences, expected, in_engine, running_engine
from tests.faults.outcomes import Outcome
from tests.faults.publishing import begin, cases_of, publish, write_lines
from tests.faults.readers import lost_of
from tests.library import small_vocabularies
from tests.live import environment_for, greeting, precedent, start, stop
from tests.postgres import running_postgres

_SEED: Final = 20_261_128
_MANY: Final = 200
_FIRST: Final = 1_000
_RECOVERY_SECONDS: Final = 60

_Result = TypeVar("_Result")


def kill_faults(folder: Path, *, kills: int) -> Iterator[Outcome]:
    """Half of the kills on SQLite, the others on PostgreSQL."""
    with running_engine(folder) as address:
        here = folder / "sqlite"
        here.mkdir()
        url = f"sqlite:///{here / 'precedent.db'}"
        empty = (f"sqlite:///{here / f'empty-{n}.db'}" for n in range(kills))
        yield _Killing(here, url, address, lambda: next(empty)).outcome("SQLite", kills // 2)
        here = folder / "postgresql"
        here.mkdir()
        with running_postgres() as server:
            url = asyncio.run(server.create_database())

            def new() -> str:
                return asyncio.run(server.create_database())

            yield _Killing(here, url, address, new).outcome("PostgreSQL", kills - kills // 2)


@dataclass(slots=True)
class _Killing:
    """A library that is written to by processes that are killed."""

    folder: Path
    url: str
    address: Address
    new_database: Callable[[], str]
    environment: dict[str, str] = field(init=False)
    took: float = 2.0
    round: int = 0
    lost: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.environment = environment_for(
            self.folder,
            PRECEDENT_SEED="false",
            PRECEDENT_DATABASE_URL=self.url,
            PRECEDENT_MEILI_URL=self.address.url,
            PRECEDENT_MEILI_KEY=self.address.key,
        )

    def outcome(self, database: str, kills: int) -> Outcome:
        """Kill so often, recover, and compare everything."""
        chance = random.Random(_SEED)
        assert publish(self.environment, *small_vocabularies())
        begun = time.monotonic()
        assert publish(self.environment, *cases_of(_MANY, first=_FIRST, told="round 0"))
        self.took = time.monotonic() - begun
        acts = (self._import, self._import, self._publish, self._migrate, self._reindex)
        for _ in range(kills):
            self.round += 1
            chance.choice(acts)(chance)
        seconds = self._recover()
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.done.items()))
        return Outcome(
            injected=f"kill -9 of writes, migrations and reindexing on {database}, {kills} times",
            seen=told,
            seconds=seconds,
            lost=lost_of(*dict.fromkeys(self.lost)),
        )

    def _import(self, chance: random.Random) -> None:
        self._write("import", _MANY, chance)

    def _publish(self, chance: random.Random) -> None:
        self._write("publish", 1, chance)

    def _write(self, what: str, count: int, chance: random.Random) -> None:
        told = f"round {self.round}"
        documents = cases_of(count, first=_FIRST, told=told)
        before = asyncio.run(self._titles())
        lines = write_lines(self.folder / "killed.jsonl", documents)
        process = begin("import", str(lines), environment=self.environment)
        acknowledged = _killed(process, self.took * chance.uniform(0.4, 1.1))
        after = asyncio.run(self._titles())
        wanted = before | {each.slug: f"{told} {n}" for n, each in enumerate(documents, _FIRST)}
        self.done[f"{what} {'acknowledged' if acknowledged else 'killed'}"] += 1
        if after not in (before, wanted):
            self.lost.append("an import stands by half")
        elif acknowledged and after != wanted:
            self.lost.append("an acknowledged import is gone")

    def _migrate(self, chance: random.Random) -> None:
        elsewhere = {**self.environment, "PRECEDENT_DATABASE_URL": self.new_database()}
        process = begin("token", "list", environment=elsewhere)
        finished = _killed(process, self.took * chance.uniform(0.3, 0.9))
        self.done[f"migrations {'finished' if finished else 'killed'}"] += 1
        if precedent("token", "list", environment=elsewhere).returncode != 0:
            self.lost.append("a migration that was killed does not go on")

    def _reindex(self, chance: random.Random) -> None:
        service = start(self.environment)
        try:
            greeting(service, self.environment)
            asyncio.run(self._with_store(_expire))
            time.sleep(chance.uniform(0.2, 2.0))
        finally:
            service.kill()
            service.wait()
        self.done["reindexing killed"] += 1

    def _recover(self) -> float | None:
        """Serve once more until both indexes are the database's, then compare what is derived."""
        service = start(self.environment)
        try:
            greeting(service, self.environment)
            begun = time.monotonic()
            library, wanted = asyncio.run(expected(self.url))
            uid = f"precedent-{library.library_id}"
            while asyncio.run(in_engine(self.address, uid)) != wanted:
                if time.monotonic() - begun > _RECOVERY_SECONDS:
                    return None
                time.sleep(0.2)
            seconds = time.monotonic() - begun
        finally:
            stop(service)
        self.lost += differences(self.url, self.address, self.folder / "lexical")
        projected = asyncio.run(self._projection())
        assert precedent("rebuild", environment=self.environment).returncode == 0
        if asyncio.run(self._projection()) != projected:
            self.lost.append("the projection is not that of the revisions")
        return seconds

    async def _with_store(self, work: Callable[[Store], Awaitable[_Result]]) -> _Result:
        database = Database(self.url)
        try:
            return await work(Store(database))
        finally:
            await database.aclose()

    async def _titles(self) -> dict[str, str]:
        return await self._with_store(_titles)

    async def _projection(self) -> list[Any]:
        """What is projected of each entry, whatever its rows are numbered."""
        database = Database(self.url)
        slug = EntryRow.slug
        try:
            async with database.reading() as connection:
                return [
                    sorted(map(repr, await connection.execute(query)))
                    for query in (
                        select(slug, CaseRow.level).join(CaseRow, CaseRow.entry_id == EntryRow.id),
                        select(slug, StatementRow.key).join(
                            StatementRow, StatementRow.entry_id == EntryRow.id
                        ),
                        select(slug, EntryTermRow.vocabulary, EntryTermRow.code).join(
                            EntryTermRow, EntryTermRow.entry_id == EntryRow.id
                        ),
                    )
                ]
        finally:
            await database.aclose()


async def _expire(store: Store) -> None:
    async with store.writing() as writing:
        await writing.library.expire_indexes()


async def _titles(store: Store) -> dict[str, str]:
    async with store.reading() as reading:
        return {
            entry.key.slug: entry.document.title.zh_hans or ""
            async for entries in reading.entries.walk()
            for entry in entries
            if isinstance(entry.document, Case)
        }


def _killed(process: "subprocess.Popen[bytes]", after_seconds: float) -> bool:
    """Kill a command after so long; whether it had acknowledged by then."""
    try:
        process.wait(after_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode == 0
