"""A Meilisearch for the whole session, and an empty index in each engine."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from search.binary import ensure_binary
from search.launcher import Address, MeiliLauncher
from search.lexical import LexicalIndex
from search.meili import MeiliIndex
from search.protocol import SearchIndex
from search.tasks import MeiliTasks

_Result = TypeVar("_Result")

# Kept between runs, so that the binary is fetched once.
_BINARIES: Final = Path(__file__).parents[2] / "var" / "bin"


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


@pytest.fixture
async def meili_index(meilisearch_address: Address) -> AsyncIterator[MeiliIndex]:
    """An index nobody else uses, not yet built."""
    uid = f"test-{uuid.uuid4().hex}"
    index = MeiliIndex(*meilisearch_address, uid=uid)
    yield index
    await index.aclose()
    tasks = MeiliTasks(*meilisearch_address)
    for left in await tasks.index_uids():
        if left.startswith(uid):
            await tasks.delete_index(left)


@pytest.fixture
async def lexical_index(tmp_path: Path) -> AsyncIterator[LexicalIndex]:
    """An index in an empty folder, not yet built."""
    index = LexicalIndex(tmp_path / "lexical")
    yield index
    await index.aclose()


@pytest.fixture(params=["meili_index", "lexical_index"])
def index(request: pytest.FixtureRequest) -> SearchIndex:
    """An index in each engine in turn, not yet built."""
    chosen: SearchIndex = request.getfixturevalue(request.param)
    return chosen


def _run_apart(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine in a loop and thread of its own, whatever loop the tests use here."""
    results: list[_Result] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return results[0]
