"""An empty index in each engine."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from search.launcher import Address
from search.lexical import LexicalIndex
from search.meili import MeiliIndex
from search.protocol import SearchIndex
from search.tasks import MeiliTasks


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
