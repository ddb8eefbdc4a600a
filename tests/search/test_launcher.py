import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from search.engine import probe
from search.errors import EngineNotStarted, FolderInUse, SearchUnavailable
from search.launcher import MeiliLauncher
from search.meili import MeiliIndex
from search.processes import mark, read_mark, write_mark
from search.tasks import MeiliTasks
from tests.search.documents import FIRST, OUTAGE, build, ids

# What a service does: start the child, then live on until it is killed.
_PARENT = """
import asyncio, sys, threading
from pathlib import Path
from search.launcher import MeiliLauncher

async def main():
    launcher = MeiliLauncher(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    await launcher.start()
    print(launcher.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def launcher(meilisearch_binary: Path, tmp_path: Path) -> AsyncIterator[MeiliLauncher]:
    """A launcher over an empty folder."""
    made = MeiliLauncher(meilisearch_binary, tmp_path / "data", tmp_path / "log")
    yield made
    await made.aclose()


async def test_a_child_answers_to_its_key_and_ends_when_closed(launcher: MeiliLauncher) -> None:
    url, key = await launcher.start()
    pid = _pid_of(launcher)

    info = await probe(url, key)
    await launcher.aclose()

    assert info.version == "1.21.0"
    assert mark(pid) is None
    assert launcher.pid is None
    with pytest.raises(SearchUnavailable):
        await probe(url, key)


async def test_what_was_indexed_is_there_after_a_restart_of_ours(launcher: MeiliLauncher) -> None:
    index = MeiliIndex(*await launcher.start())
    await build(index, OUTAGE)
    await index.aclose()
    await launcher.aclose()

    index = MeiliIndex(*await launcher.start())

    assert await index.identity() == FIRST
    assert await ids(index) == {"case_outage"}
    await index.aclose()


async def test_a_killed_child_is_started_again_where_it_was(launcher: MeiliLauncher) -> None:
    url, key = await launcher.start()
    first_pid = _pid_of(launcher)

    os.kill(first_pid, signal.SIGKILL)
    await _until_answers(url, key, other_than=first_pid, launcher=launcher)

    assert launcher.pid not in (None, first_pid)
    assert (await probe(url, key)).version == "1.21.0"


async def test_a_child_whose_folder_was_deleted_is_started_again(
    launcher: MeiliLauncher, tmp_path: Path
) -> None:
    url, key = await launcher.start()
    first_pid = _pid_of(launcher)
    shutil.rmtree(tmp_path / "data")

    os.kill(first_pid, signal.SIGKILL)
    await _until_answers(url, key, other_than=first_pid, launcher=launcher)

    assert await MeiliTasks(url, key).index_uids() == ()


def test_the_child_of_a_killed_process_ends_too(meilisearch_binary: Path, tmp_path: Path) -> None:
    parent, child_pid = _start_parent(meilisearch_binary, tmp_path)
    child = os.pidfd_open(child_pid)

    parent.kill()
    parent.communicate()

    # A process's handle becomes readable when it ends; until then this waits.
    select.select([child], [], [])
    os.close(child)


async def test_a_child_left_on_the_folder_is_ended_before_another_starts(
    launcher: MeiliLauncher, tmp_path: Path
) -> None:
    left = _start_sleeper()
    noted = mark(left.pid)
    assert noted is not None
    (tmp_path / "data").mkdir()
    write_mark(tmp_path / "data" / "child.json", noted)

    await launcher.start()

    assert left.wait() == -signal.SIGKILL
    assert read_mark(tmp_path / "data" / "child.json") == mark(_pid_of(launcher))


async def test_a_process_that_only_has_the_number_of_a_child_is_left_alone(
    launcher: MeiliLauncher, tmp_path: Path
) -> None:
    stranger = _start_sleeper()
    noted = {"pid": stranger.pid, "boot": "another", "started": "1"}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "child.json").write_text(json.dumps(noted))

    await launcher.start()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


async def test_a_folder_serves_one_launcher(
    launcher: MeiliLauncher, meilisearch_binary: Path, tmp_path: Path
) -> None:
    await launcher.start()
    pid = launcher.pid
    other = MeiliLauncher(meilisearch_binary, tmp_path / "data", tmp_path / "other-log")

    with pytest.raises(FolderInUse):
        await other.start()

    assert launcher.pid == pid
    assert read_mark(tmp_path / "data" / "child.json") == mark(_pid_of(launcher))


@pytest.mark.parametrize("version", ["1.13.0", "2.0.0", "nonsense", None])
async def test_data_of_another_version_is_thrown_away(
    launcher: MeiliLauncher, tmp_path: Path, version: str | None
) -> None:
    database = tmp_path / "data" / "database"
    database.mkdir(parents=True)
    (database / "rest").write_text("of another time")
    if version is not None:
        (database / "VERSION").write_text(version)

    index = MeiliIndex(*await launcher.start())

    assert await index.identity() is None
    assert not (database / "rest").exists()
    assert (database / "VERSION").read_text() == "1.21.0"
    await index.aclose()


async def test_damaged_data_is_thrown_away(launcher: MeiliLauncher, tmp_path: Path) -> None:
    index = MeiliIndex(*await launcher.start())
    await build(index, OUTAGE)
    await index.aclose()
    await launcher.aclose()
    for file in (tmp_path / "data" / "database").rglob("data.mdb"):
        file.write_bytes(b"damaged" * 4096)

    index = MeiliIndex(*await launcher.start())

    assert await index.identity() is None
    await build(index, OUTAGE)
    assert await ids(index) == {"case_outage"}
    await index.aclose()


async def test_a_folder_that_cannot_be_made_says_so(
    meilisearch_binary: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    launcher = MeiliLauncher(meilisearch_binary, tmp_path / "file" / "data", tmp_path / "log")

    with pytest.raises(SearchUnavailable, match="cannot be written"):
        await launcher.start()


async def test_a_binary_that_does_not_run_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "meilisearch"
    broken.write_text("not a program")
    launcher = MeiliLauncher(broken, tmp_path / "data", tmp_path / "log")

    with pytest.raises(EngineNotStarted, match="does not run here"):
        await launcher.start()


async def test_a_binary_that_ends_at_once_is_not_started_for_ever(tmp_path: Path) -> None:
    failing = tmp_path / "meilisearch"
    failing.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo meilisearch 1.21.0 && exit\necho no; exit 3\n'
    )
    failing.chmod(0o755)
    launcher = MeiliLauncher(failing, tmp_path / "data", tmp_path / "log")

    with pytest.raises(EngineNotStarted, match="ends as soon as it starts"):
        await launcher.start()

    assert (tmp_path / "log").read_text() == "no\nno\nno\n"


def _start_parent(binary: Path, folder: Path) -> tuple[subprocess.Popen[str], int]:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, binary, folder / "data", folder / "log"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


def _start_sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def _pid_of(launcher: MeiliLauncher) -> int:
    assert launcher.pid is not None
    return launcher.pid


async def _until_answers(url: str, key: str, *, other_than: int, launcher: MeiliLauncher) -> None:
    while True:
        try:
            await probe(url, key)
        except SearchUnavailable:
            await asyncio.sleep(0.01)
        else:
            if launcher.pid != other_than:
                return
