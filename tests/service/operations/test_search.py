"""Which of the two indexes answers a search."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from search.errors import SearchRejected
from search.lexical import LexicalIndex
from search.protocol import IndexIdentity, SearchAnswer, SearchDocument, SearchQuery
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.conditions import EVERYTHING
from service.domain.errors import NotReady
from service.indexing.documents import documents_of
from service.indexing.terms import TermLookup
from service.operations.ports import Desk
from service.operations.search import search_library
from tests.library import a_case, both, publish, small_vocabularies

HIJACKED = a_case(
    "hijacked", 1, title=both("官方账号被盗", "Hijacked"), primary_type="DATA_SECURITY"
)
OUTAGE = a_case("outage", 2, title=both("系统宕机", "Down"))


@pytest.fixture
async def both_indexes(application: Application, desk: Desk, tmp_path: Path) -> Desk:
    """Two cases, of which only the first is in the place of the engine, so that answers differ."""
    await publish(desk, *small_vocabularies(), HIJACKED, OUTAGE)
    await application.indexer.look()

    async def first_alone() -> AsyncIterator[Sequence[SearchDocument]]:
        terms = TermLookup(desk.shelf.vocabularies.by_set)
        yield documents_of(HIJACKED, revision=1, terms=terms)

    engine = LexicalIndex(tmp_path / "engine")
    await engine.rebuild(first_alone(), identity=IndexIdentity("", 1, "", ""))
    application.engine.fill(engine)
    application.engine.open()
    return desk


async def found(desk: Desk, text: str, *, offset: int = 0) -> tuple[list[str], bool]:
    """The cases found, and whether an index was away."""
    result = await search_library(
        desk, OPERATOR, text=text, kinds=("CASE",), condition=EVERYTHING, first=10, offset=offset
    )
    return [each.entry.key.slug for each in result.found], result.degraded


async def test_the_engine_answers_where_it_finds_every_word(both_indexes: Desk) -> None:
    assert await found(both_indexes, "账号被盗") == (["hijacked"], False)


async def test_the_engine_lists_where_nothing_is_typed(both_indexes: Desk) -> None:
    assert await found(both_indexes, "") == (["hijacked"], False)


async def test_a_page_beyond_the_last_is_still_the_engines(both_indexes: Desk) -> None:
    assert await found(both_indexes, "账号被盗", offset=5) == ([], False)


async def test_the_built_in_index_answers_what_the_engine_does_not_find_whole(
    both_indexes: Desk,
) -> None:
    slugs, degraded = await found(both_indexes, "账号被盗以后系统宕机")

    assert sorted(slugs) == ["hijacked", "outage"]
    assert degraded is False


async def test_the_built_in_index_answers_while_the_engine_is_away(
    application: Application, both_indexes: Desk
) -> None:
    application.engine.close()

    assert await found(both_indexes, "宕机") == (["outage"], True)


async def test_the_built_in_index_answers_what_the_engine_refuses(
    application: Application, both_indexes: Desk, tmp_path: Path
) -> None:
    class Refusing(LexicalIndex):
        async def search(self, _: SearchQuery) -> SearchAnswer:
            raise SearchRejected("no such field")

    application.engine.fill(Refusing(tmp_path / "refusing"))

    assert await found(both_indexes, "宕机") == (["outage"], True)


async def test_the_engine_answers_in_part_while_the_built_in_index_is_away(
    application: Application, both_indexes: Desk
) -> None:
    application.lexical.close()

    assert await found(both_indexes, "账号被盗以后系统宕机") == (["hijacked"], True)
    assert await found(both_indexes, "账号被盗") == (["hijacked"], False)


async def test_without_any_index_there_is_no_answer(
    application: Application, both_indexes: Desk
) -> None:
    application.engine.close()
    application.lexical.close()

    with pytest.raises(NotReady):
        await found(both_indexes, "宕机")
