"""Without an embedder nothing is asked for its meaning."""

from pathlib import Path

from search.lexical import LexicalIndex
from search.protocol import SearchAnswer, SearchQuery
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.conditions import EVERYTHING
from service.domain.situations import Situation
from service.operations.ports import Desk
from service.operations.precedents import find_precedents
from service.operations.search import search_library
from tests.library import a_case, publish, small_vocabularies


class Listening(LexicalIndex):
    """An engine that remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[SearchQuery] = []

    async def search(self, query: SearchQuery) -> SearchAnswer:
        self.asked.append(query)
        return await super().search(query)


async def test_without_an_embedder_the_engine_is_asked_for_no_meaning(
    application: Application, desk: Desk, tmp_path: Path
) -> None:
    engine = Listening(tmp_path / "engine")
    application.engine.fill(engine)
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await application.indexer.look()

    searched = await search_library(
        desk,
        OPERATOR,
        text="nothing loads",
        kinds=(),
        condition=EVERYTHING,
        first=5,
        offset=0,
    )
    found = await find_precedents(desk, OPERATOR, situation=Situation(text="案例1"), first=5)

    assert [(query.text, query.whole, query.meaning) for query in engine.asked] == [
        ("nothing loads", True, 0.0)
    ]
    assert [each.signals.meaning for each in found.precedents] == [None]
    assert (searched.degraded, found.degraded) == (False, False)
    await engine.aclose()
