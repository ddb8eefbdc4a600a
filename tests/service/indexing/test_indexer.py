"""Both indexes follow the library; what is not the library's is made anew, never answered from."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.errors import SearchUnavailable
from search.lexical import LexicalIndex
from search.protocol import CASE, IndexIdentity, SearchDocument, SearchQuery
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.vocabularies import Vocabulary
from service.indexing import indexer
from service.operations.ports import Desk
from service.operations.publishing import rebuild
from tests.library import (
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_template,
    publish,
    small_vocabularies,
)

EVERYTHING = SearchQuery(limit=100)


@pytest.fixture
async def engine(application: Application, tmp_path: Path) -> AsyncIterator[LexicalIndex]:
    """A second index of our own, standing where Meilisearch stands."""
    index = LexicalIndex(tmp_path / "engine")
    application.engine.fill(index)
    yield index
    await index.aclose()


async def ids(index: Any) -> set[str]:
    return {hit.id for hit in (await index.search(EVERYTHING)).hits}


async def waiting(desk: Desk) -> int:
    async with desk.store.reading() as reading:
        return await reading.outbox.depth()


async def seeded(desk: Desk) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1, statements=[a_statement("S-1")]))


ONE = {"case_one", "statement_one_S-1"}


async def test_both_indexes_are_made_from_the_library(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    await seeded(desk)

    well = await application.indexer.look()

    state = application.indexer.state
    assert well
    assert (state.lexical_ready, state.engine_ready, state.engine_trouble) == (True, True, None)
    assert await ids(desk.lexical) == await ids(desk.engine) == ONE
    assert await desk.lexical.identity() == await desk.engine.identity()
    assert await waiting(desk) == 0


async def test_both_indexes_follow_what_is_published(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    await seeded(desk)
    await application.indexer.look()

    await publish(desk, a_method("m"), a_template("t"), a_procedure("p"), a_case("one", 1))
    before = await waiting(desk)
    await application.indexer.look()

    expected = {"case_one", "method_m", "template_t", "step_p_one"}
    assert before == 4
    assert await ids(desk.lexical) == await ids(desk.engine) == expected
    assert await desk.lexical.identity() == await desk.engine.identity()
    assert await waiting(desk) == 0


async def test_looking_again_writes_nothing(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    await seeded(desk)
    await application.indexer.look()
    before = (await desk.lexical.identity(), await desk.engine.identity())

    well = await application.indexer.look()

    assert well
    assert (await desk.lexical.identity(), await desk.engine.identity()) == before


async def test_without_an_engine_the_outbox_waits(application: Application, desk: Desk) -> None:
    await seeded(desk)
    before = await waiting(desk)

    well = await application.indexer.look()

    state = application.indexer.state
    assert not well
    assert (state.lexical_ready, state.engine_ready) == (True, False)
    assert state.engine_trouble == "the search engine is being started"
    assert await waiting(desk) == before == len(small_vocabularies()) + 1
    assert await ids(desk.lexical) == ONE


class Failing(LexicalIndex):
    """An engine that is away as long as it is told to be."""

    away = False

    async def replace(self, *arguments: Any, **named: Any) -> None:
        if self.away:
            raise SearchUnavailable("the search engine is away")
        await super().replace(*arguments, **named)


async def test_what_an_engine_did_not_take_waits_until_it_is_back(
    application: Application, desk: Desk, tmp_path: Path
) -> None:
    engine = Failing(tmp_path / "engine")
    application.engine.fill(engine)
    await seeded(desk)
    await application.indexer.look()
    engine.away = True
    await publish(desk, a_method("m"))

    well = await application.indexer.look()
    left, trouble = await waiting(desk), application.indexer.state.engine_trouble
    engine.away = False
    well_again = await application.indexer.look()

    assert (well, well_again) == (False, True)
    assert (left, trouble) == (1, "the search engine is away")
    assert await ids(engine) == {*ONE, "method_m"}
    assert await waiting(desk) == 0
    assert application.indexer.state.engine_trouble is None
    await engine.aclose()


STRANGER = SearchDocument(id="case_stranger", kind="CASE", entry="CASE:stranger", revision=1)


async def _stranger() -> AsyncIterator[Sequence[SearchDocument]]:
    yield [STRANGER]


def _another_library(held: IndexIdentity) -> IndexIdentity:
    return replace(held, library_id="00000000-0000-0000-0000-000000000000")


def _later(held: IndexIdentity) -> IndexIdentity:
    return replace(held, revision=held.revision + 7)


def _another_format(held: IndexIdentity) -> IndexIdentity:
    return replace(held, format="another")


def _another_stamp(held: IndexIdentity) -> IndexIdentity:
    return replace(held, stamp="0" * 32)


FOREIGN = [
    ("of another library", _another_library),
    ("of a later revision, since a backup was restored", _later),
    ("of another format", _another_format),
    ("of the same revision with other contents", _another_stamp),
]


@pytest.mark.parametrize(("label", "changed"), FOREIGN)
async def test_an_index_that_is_not_the_librarys_is_made_anew(
    application: Application, desk: Desk, engine: LexicalIndex, label: str, changed: Any
) -> None:
    await seeded(desk)
    await application.indexer.look()
    held = await desk.lexical.identity()
    assert held is not None
    for index in (application.lexical, engine):
        await index.rebuild(_stranger(), identity=changed(held))

    await application.indexer.look()

    assert await ids(desk.lexical) == await ids(desk.engine) == ONE
    assert await desk.lexical.identity() == await desk.engine.identity() == held


async def test_an_index_found_at_the_start_is_not_asked_before_it_is_known(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    foreign = IndexIdentity("another", 1, "x", "y")
    for index in (application.lexical, engine):
        await index.rebuild(_stranger(), identity=foreign)

    for asked in (desk.lexical, desk.engine):
        with pytest.raises(SearchUnavailable):
            await asked.search(EVERYTHING)


async def test_a_rebuild_makes_both_indexes_anew(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    await seeded(desk)
    await application.indexer.look()
    held = await desk.lexical.identity()
    assert held is not None
    for index in (application.lexical, engine):
        await index.rebuild(_stranger(), identity=held)

    await rebuild(desk, OPERATOR)
    await application.indexer.look()

    assert await ids(desk.lexical) == await ids(desk.engine) == ONE


@pytest.mark.parametrize(("changed", "left"), [(2, {"case_stranger"}), (60, set())])
async def test_an_index_is_made_anew_where_most_of_the_library_changed(
    application: Application,
    desk: Desk,
    engine: LexicalIndex,
    monkeypatch: pytest.MonkeyPatch,
    changed: int,
    left: set[str],
) -> None:
    monkeypatch.setattr(indexer, "_FEW", 1)
    await publish(desk, *small_vocabularies(), *(a_case(f"old-{n}", n + 1) for n in range(10)))
    await application.indexer.look()
    held = await desk.lexical.identity()
    assert held is not None
    # What nobody published is in the way of nothing, until an index is made anew.
    stranger = SearchDocument(id="case_stranger", kind=CASE, entry="CASE:stranger", revision=1)
    for index in (application.lexical, engine):
        await index.replace([stranger], entries=["CASE:stranger"], identity=held)

    await publish(desk, *(a_case(f"new-{n}", n + 100) for n in range(changed)))
    await application.indexer.look()

    expected = {f"case_old-{n}" for n in range(10)} | {f"case_new-{n}" for n in range(changed)}
    assert await ids(desk.lexical) == await ids(desk.engine) == expected | left


async def test_how_far_an_index_is_is_told_while_it_is_made(
    application: Application,
    desk: Desk,
    engine: LexicalIndex,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(indexer, "_TOLD_EACH", 2)
    caplog.set_level("INFO", logger="precedent.indexing")
    await publish(desk, *small_vocabularies(), *(a_case(f"one-{n}", n + 1) for n in range(5)))

    await application.indexer.look()

    told = [getattr(record, "documents", None) for record in caplog.records]
    assert told == [None, 5, None] * 2


async def test_a_changed_vocabulary_makes_the_indexes_anew(
    application: Application, desk: Desk, engine: LexicalIndex
) -> None:
    await seeded(desk)
    await application.indexer.look()
    before = await desk.engine.identity()
    held = [each for each in small_vocabularies() if isinstance(each, Vocabulary)]
    platform = next(each for each in held if each.set == "Platform")
    terms = [{**each.model_dump(mode="json"), "aliases": ["围脖"]} for each in platform.terms]

    await publish(desk, Vocabulary.model_validate({**platform.model_dump(), "terms": terms}))
    await application.indexer.look()

    after = await desk.engine.identity()
    assert before is not None
    assert after is not None
    assert after.format != before.format
    assert await desk.lexical.identity() == after
    assert await ids(desk.engine) == ONE
