"""Fixtures that every test may ask for: databases, a library on each, and a client of it."""

import asyncio
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from search.binary import ensure_binary
from search.launcher import Address, MeiliLauncher
from seed_cases.loader import seed_documents
from service.app import Application
from service.domain.access import OPERATOR, AccessRole
from service.domain.entries import Document
from service.domain.files import FileDocument
from service.operations.ports import Desk
from service.operations.tokens import create_token
from service.settings import Settings
from service.store.engine import Database
from service.store.migrations import migrate
from tests.collector import Collector, running_collector
from tests.library import Client, ClientMaker
from tests.live import PATIENCE_SECONDS, LiveServer, environment_for, running_server
from tests.postgres import PostgresServer, running_postgres

DIALECTS: Final = ("sqlite", "postgresql")

_Result = TypeVar("_Result")

# Kept between runs, so that the binary is fetched once.
_BINARIES: Final = Path(__file__).parents[1] / "var" / "bin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--database`, which narrows the suite to one database."""
    parser.addoption(
        "--database",
        choices=(*DIALECTS, "all"),
        default="all",
        help="Run the tests that need a database on this one only.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a database once on every dialect asked for."""
    if "dialect" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        dialects = DIALECTS if chosen == "all" else (chosen,)
        metafunc.parametrize("dialect", dialects, scope="session")


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A data folder of its own, without the seed library."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    """The environment of a service on that folder, which does not seed."""
    return environment_for(var, PRECEDENT_SEED="false")


@pytest.fixture(scope="session")
def seeds() -> tuple[FileDocument, ...]:
    """Every document of the seed library, read once for all."""
    return tuple(seed_documents())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole session, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture
async def database_url(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of an empty database that nobody else uses, on each dialect in turn."""
    if dialect == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'precedent.db'}"
        return
    # Asked for by name, so that a run on SQLite alone never starts PostgreSQL.
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = await server.create_database()
    yield url
    await server.drop_database(url)


async def _migrated(url: str) -> str:
    database = Database(url)
    await migrate(database)
    await database.aclose()
    return url


@pytest.fixture(scope="session")
def template_url(
    dialect: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> str:
    """A migrated database that the others are copies of, since migrating takes a while."""
    if dialect == "sqlite":
        file = tmp_path_factory.mktemp("template") / "precedent.db"
        return asyncio.run(_migrated(f"sqlite+aiosqlite:///{file}"))
    server: PostgresServer = request.getfixturevalue("postgres_server")

    async def create() -> str:
        return await _migrated(await server.create_database())

    return asyncio.run(create())


@pytest.fixture
async def migrated_url(
    dialect: str, template_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of a migrated database without entries that nobody else uses."""
    if dialect == "sqlite":
        copy = tmp_path / "precedent.db"
        shutil.copy(template_url.removeprefix("sqlite+aiosqlite:///"), copy)
        yield f"sqlite+aiosqlite:///{copy}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = await server.create_database(template=template_url)
    yield url
    await server.drop_database(url)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated database without entries."""
    database = Database(migrated_url)
    yield database
    await database.aclose()


@pytest.fixture
async def application(migrated_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    """The application on a migrated library without entries; nothing runs in the background."""
    settings = Settings(var=tmp_path, database_url=migrated_url, meili_seconds=PATIENCE_SECONDS)
    application = Application(settings)
    yield application
    await application.desk.lexical.aclose()
    await application.database.aclose()


@pytest.fixture
def desk(application: Application) -> Desk:
    """The desk of the application."""
    return application.desk


@pytest.fixture
async def ask(application: Application) -> AsyncIterator[Client]:
    """A client with a token of each role."""
    tokens = {
        role: await create_token(
            application.desk,
            OPERATOR,
            name=role.value,
            role=role,
            random=lambda: secrets.token_hex(16),
        )
        for role in AccessRole
    }
    client = Client(application.asgi(), tokens)
    yield client
    await client.aclose()


@pytest.fixture
async def ask_with(application: Application, ask: Client) -> AsyncIterator[ClientMaker]:
    """Makes clients of further services on the same library, each with settings of its own."""
    others: list[tuple[Application, Client]] = []

    def make(**settings: Any) -> Client:
        other = Application(application.settings.model_copy(update=settings))
        others.append((other, Client(other.asgi(), ask.tokens)))
        return others[-1][1]

    yield make
    for other, client in others:
        await client.aclose()
        await other.desk.lexical.aclose()
        await other.database.aclose()


@pytest.fixture(scope="session")
def seed_library(seeds: tuple[FileDocument, ...]) -> tuple[Document, ...]:
    """Every document of the seed library, without the file it was read from."""
    return tuple(read.document for read in seeds)


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """What the live server's traces are sent to."""
    with running_collector() as collector:
        yield collector


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[LiveServer]:
    """The installed command serving the seed library, with its own Meilisearch.

    It tells all that it can: every event, every operation as slow, and traces.
    """
    with running_server(
        tmp_path_factory.mktemp("live"),
        PRECEDENT_LOG_LEVEL="DEBUG",
        PRECEDENT_SLOW_SECONDS="0",
        PRECEDENT_OTLP_ENDPOINT=collector.address,
        OTEL_BSP_SCHEDULE_DELAY="200",
    ) as server:
        yield server


@pytest.fixture(scope="session")
def live_server(live: LiveServer) -> tuple[str, str]:
    """The address of the live server's API, and a token for it."""
    return f"{live.address}/graphql", live.token


@pytest.fixture(scope="session")
def meilisearch_binary() -> Path:
    """The pinned Meilisearch."""
    return ensure_binary(_BINARIES)


@pytest.fixture(scope="session")
def meilisearch_address(
    meilisearch_binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """A Meilisearch that runs for the whole session."""
    folder = tmp_path_factory.mktemp("meilisearch")
    launcher = MeiliLauncher(meilisearch_binary, folder / "data", folder / "meilisearch.log")
    address = _run_apart(launcher.start())
    yield address
    _run_apart(launcher.aclose())


def _run_apart(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine in a loop and thread of its own, whatever loop the tests use here."""
    results: list[_Result] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return results[0]
