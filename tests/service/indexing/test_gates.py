import pytest

from search.errors import SearchUnavailable
from search.lexical import LexicalIndex
from search.protocol import Nearness, SearchAnswer, SearchQuery
from service.indexing.gates import GatedIndex, GatedNearnessIndex
from tests.search.documents import FIRST, OUTAGE, RATS, build, in_batches

QUERY = SearchQuery(text="宕机")


@pytest.fixture
async def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    index = LexicalIndex(tmp_path_factory.mktemp("gates") / "lexical")
    await build(index, OUTAGE, RATS)
    return index


async def answers(gate: GatedNearnessIndex) -> tuple[SearchAnswer, Nearness]:
    return await gate.search(QUERY), await gate.nearest(QUERY)


async def test_a_gate_is_closed_until_it_is_opened(lexical: LexicalIndex) -> None:
    gate = GatedNearnessIndex(lexical)

    with pytest.raises(SearchUnavailable, match="the search index is being made"):
        await gate.search(QUERY)
    with pytest.raises(SearchUnavailable, match="the search index is being made"):
        await gate.nearest(QUERY)


async def test_an_open_gate_answers_as_the_index_does(lexical: LexicalIndex) -> None:
    gate = GatedNearnessIndex(lexical)
    gate.open()

    found, near = await answers(gate)

    assert found.hits == (await lexical.search(QUERY)).hits
    assert near == await lexical.nearest(QUERY)
    assert [document.id for document in near.documents] == ["case_outage"]


async def test_a_gate_that_is_closed_again_holds_searches_back(lexical: LexicalIndex) -> None:
    gate = GatedNearnessIndex(lexical)
    gate.open()
    gate.close()

    with pytest.raises(SearchUnavailable):
        await gate.nearest(QUERY)


async def test_whoever_keeps_the_index_reaches_it_through_a_closed_gate(
    lexical: LexicalIndex,
) -> None:
    gate = GatedNearnessIndex(lexical)

    await gate.rebuild(in_batches([RATS]), identity=FIRST)

    assert await gate.identity() == FIRST
    assert (await lexical.nearest(SearchQuery(text="宕机"))).documents == ()


async def test_a_gate_with_nothing_behind_it_says_what_is_the_matter() -> None:
    gate = GatedIndex()
    gate.open()

    with pytest.raises(SearchUnavailable, match="the search engine is being started"):
        await gate.search(QUERY)
    with pytest.raises(SearchUnavailable, match="the search engine is being started"):
        await gate.identity()


async def test_a_gate_that_lets_its_index_go_is_closed(lexical: LexicalIndex) -> None:
    gate = GatedNearnessIndex(lexical)
    gate.open()

    await gate.aclose()

    with pytest.raises(SearchUnavailable):
        await gate.search(QUERY)
