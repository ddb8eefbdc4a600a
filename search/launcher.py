"""Meilisearch as our own child process: started, watched, restarted, and ended with us."""

import asyncio
import http.client
import logging
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final, NamedTuple

from search.errors import EngineNotStarted
from search.folders import FolderLock
from search.keeper import ChildKeeper
from search.processes import kill_marked, mark, read_mark, start_tied, write_mark
from search.versions import require_usable

_log: Final = logging.getLogger(__name__)

_LOOPBACK: Final = "127.0.0.1"
_START_ATTEMPTS: Final = 3
_START_SECONDS: Final = 60
_POLL_SECONDS: Final = 0.02
_CALL_SECONDS: Final = 10
_LOG_BYTES: Final = 8_000_000


class Address(NamedTuple):
    """Where the child answers, and the key it asks for."""

    url: str
    key: str


class MeiliLauncher:
    """One Meilisearch on loopback over one data folder, which no other process may use meanwhile.

    Everything in the folder is derived, so data that does not fit the binary is thrown away.
    """

    def __init__(
        self,
        binary: Path,
        data_folder: Path,
        log_file: Path,
        *,
        key: str | None = None,
        may_embed: bool = False,
    ) -> None:
        self._binary = binary.absolute()
        self._folder = data_folder.absolute()
        self._database = self._folder / "database"
        self._mark_file = self._folder / "child.json"
        self._log_file = log_file.absolute()
        self._key = key or secrets.token_urlsafe(32)
        # Later versions ask no embedder in a private network unless they are told to; it is the
        # operator who names it, and earlier ones ignore this.
        self._permits = {"MEILI_EXPERIMENTAL_ALLOWED_IP_NETWORKS": "any"} if may_embed else {}
        self._lock = FolderLock(self._folder)
        self._keeper: ChildKeeper | None = None

    @property
    def pid(self) -> int | None:
        """The child's process number, while there is a child."""
        return None if self._keeper is None else self._keeper.pid

    async def start(self) -> Address:
        """Start the child and return where it answers, once it does.

        From then on it is started again whenever it ends, at the same address.
        """
        return await asyncio.to_thread(self._start)

    async def aclose(self) -> None:
        """End the child and give the data folder back."""
        await asyncio.to_thread(self._close)

    def _start(self) -> Address:
        self._lock.take()
        try:
            self._end_stale_child()
            self._discard_foreign_data()
            self._begin_log()
            for attempt in range(1, _START_ATTEMPTS + 1):
                address = self._attempt()
                if address is not None:
                    return address
                # The first failure may be a port somebody took; the second is taken for bad data.
                if attempt == _START_ATTEMPTS - 1:
                    self._discard_data("Meilisearch does not start with it")
        except BaseException as error:
            self._close()
            if isinstance(error, OSError):
                raise EngineNotStarted(f"Meilisearch cannot be started: {error}") from error
            raise
        self._close()
        raise EngineNotStarted(f"Meilisearch ends as soon as it starts; {self._log_file} says why")

    def _close(self) -> None:
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None
            self._mark_file.unlink(missing_ok=True)
        self._lock.release()

    def _attempt(self) -> Address | None:
        """Start the child once; return its address, or `None` if it ended at once."""
        port = _free_port()
        self._keeper = keeper = ChildKeeper(lambda: self._start_child(port))
        deadline = time.monotonic() + _START_SECONDS
        while not keeper.has_failed:
            if self._answers(port) and keeper.call_well():
                return Address(f"http://{_LOOPBACK}:{port}", self._key)
            if time.monotonic() > deadline:
                raise EngineNotStarted(
                    f"Meilisearch does not answer {_START_SECONDS} s after its start; "
                    f"{self._log_file} may say why"
                )
            time.sleep(_POLL_SECONDS)
        return None

    def _start_child(self, port: int) -> subprocess.Popen[bytes]:
        ours = {
            "MEILI_HTTP_ADDR": f"{_LOOPBACK}:{port}",
            # In production it refuses whoever lacks the key, and shows no web page.
            "MEILI_ENV": "production",
            "MEILI_MASTER_KEY": self._key,
            "MEILI_NO_ANALYTICS": "true",
            "MEILI_DB_PATH": str(self._database),
            "MEILI_DUMP_DIR": str(self._folder / "dumps"),
            "MEILI_SNAPSHOT_DIR": str(self._folder / "snapshots"),
            "MEILI_LOG_LEVEL": "WARN",
            # By default it takes two thirds of the machine, and seconds to touch it all.
            "MEILI_MAX_INDEXING_MEMORY": "1GiB",
            **self._permits,
        }
        # Neither its own settings nor ours (PRECEDENT_MEILI_…) are for the child to see.
        theirs = {name: value for name, value in os.environ.items() if "MEILI_" not in name}
        # Whoever deleted the folder meanwhile deleted what can be made again.
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("ab") as output:
            child = start_tied(
                [str(self._binary)],
                environment=theirs | ours,
                # Meilisearch reads a config.toml where it is started.
                folder=self._folder,
                output=output,
            )
        started = mark(child.pid)
        if started is not None:
            write_mark(self._mark_file, started)
        return child

    def _answers(self, port: int) -> bool:
        """Whether it is ours that answers there: nobody else knows the key."""
        connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=_CALL_SECONDS)
        try:
            connection.request("GET", "/version", headers={"Authorization": f"Bearer {self._key}"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _end_stale_child(self) -> None:
        # The lock is ours, so whoever started the noted child is gone.
        noted = read_mark(self._mark_file)
        if noted is not None and kill_marked(noted):
            _log.warning("ended Meilisearch %d, left over from an earlier run", noted.pid)
        self._mark_file.unlink(missing_ok=True)

    def _discard_foreign_data(self) -> None:
        version = self._binary_version()
        require_usable(version, where=str(self._binary))
        noted = self._database / "VERSION"
        if self._database.exists():
            made_by = noted.read_text(encoding="utf-8").strip() if noted.is_file() else "nobody"
            if made_by != version:
                self._discard_data(f"it was made by Meilisearch {made_by}, and this is {version}")

    def _discard_data(self, reason: str) -> None:
        if self._database.exists():
            _log.warning("throwing away the search index in %s: %s", self._database, reason)
            shutil.rmtree(self._database)

    def _binary_version(self) -> str:
        try:
            told = subprocess.run(  # noqa: S603 - the binary is ours or the operator's
                [self._binary, "--version"],
                capture_output=True,
                text=True,
                timeout=_CALL_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineNotStarted(f"{self._binary} does not run here: {error}") from error
        return told.stdout.split()[-1] if told.stdout.split() else "of no version"

    def _begin_log(self) -> None:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        if self._log_file.exists() and self._log_file.stat().st_size > _LOG_BYTES:
            self._log_file.replace(self._log_file.with_name(f"{self._log_file.name}.1"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
