import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import FolderInUse, SearchUnavailable
from search.lexical import LexicalIndex
from search.protocol import SearchDocument, SearchQuery
from tests.search.documents import (
    FIRST,
    HIJACK,
    LIBRARY,
    NEXT,
    OUTAGE,
    OUTAGE_APOLOGY,
    RATS,
    build,
    first,
    ids,
    in_batches,
)


async def test_an_index_is_the_same_after_it_was_closed(
    lexical_index: LexicalIndex, tmp_path: Path
) -> None:
    await build(lexical_index, *LIBRARY)
    await lexical_index.replace([], entries=["CASE:hijack"], identity=NEXT)
    await lexical_index.aclose()

    reopened = LexicalIndex(tmp_path / "lexical")

    assert await reopened.identity() == NEXT
    assert await ids(reopened) == {"case_outage", "statement_outage-1", "case_rats"}
    assert await ids(reopened, "致歉") == {"case_rats", "statement_outage-1"}
    await reopened.aclose()


async def test_a_long_sentence_finds_the_situation_it_tells_of(
    lexical_index: LexicalIndex,
) -> None:
    await build(lexical_index, *LIBRARY)

    best = await first(
        lexical_index, "老板快看我们有家店被记者偷拍了后厨里面有老鼠现在网上全在骂怎么办"
    )

    assert best == "case_rats"


async def test_one_shared_character_finds_nothing(lexical_index: LexicalIndex) -> None:
    await build(lexical_index, *LIBRARY)

    assert await ids(lexical_index, "海外") == set()
    assert await ids(lexical_index, "海") == {"case_rats"}


async def test_a_text_that_fits_scores_above_one_that_hardly_does(
    lexical_index: LexicalIndex,
) -> None:
    await build(lexical_index, *LIBRARY)

    fitting = await lexical_index.search(SearchQuery(text="海底捞后厨老鼠"))
    hardly = await lexical_index.search(SearchQuery(text="量子纠缠实验室后厨装修招标流程"))

    assert fitting.hits[0].score > 0.5
    assert hardly.hits[0].score < 0.25


@pytest.mark.parametrize("damage", [b"", b"damaged", b"damaged" * 4096])
async def test_a_damaged_index_counts_as_none_and_can_be_rebuilt(
    tmp_path: Path, damage: bytes
) -> None:
    index = LexicalIndex(tmp_path)
    await build(index, OUTAGE)
    await index.aclose()
    _damage(tmp_path, damage)

    damaged = LexicalIndex(tmp_path)

    assert await damaged.identity() is None
    with pytest.raises(SearchUnavailable):
        await damaged.search(SearchQuery())
    await build(damaged, RATS, identity=NEXT)
    assert await ids(damaged) == {"case_rats"}
    await damaged.aclose()


@pytest.mark.parametrize("pointer", ["", "build-gone", "\x00", "../elsewhere"])
async def test_a_pointer_to_no_index_counts_as_none(tmp_path: Path, pointer: str) -> None:
    (tmp_path / "current").write_text(pointer)

    index = LexicalIndex(tmp_path)

    assert await index.identity() is None
    await index.aclose()


async def test_cases_stand_before_what_else_was_handed_over(lexical_index: LexicalIndex) -> None:
    another = replace(OUTAGE_APOLOGY, id="statement_outage-2")
    batches = in_batches([OUTAGE_APOLOGY, OUTAGE], [RATS], [another, HIJACK])

    await lexical_index.rebuild(batches, identity=FIRST)

    # Of equals, the one that stands first is found first.
    found = await lexical_index.search(SearchQuery())
    assert [hit.kind for hit in found.hits] == ["CASE"] * 3 + ["STATEMENT"] * 2


async def test_a_half_made_index_is_never_read_and_goes_with_the_next_rebuild(
    tmp_path: Path,
) -> None:
    index = LexicalIndex(tmp_path)
    await build(index, OUTAGE)
    with pytest.raises(ZeroDivisionError):
        await index.rebuild(_breaking(), identity=NEXT)

    await build(index, RATS, identity=NEXT)

    assert await ids(index) == {"case_rats"}
    assert len(_builds_in(tmp_path)) == 1
    await index.aclose()


async def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    writer, other = LexicalIndex(tmp_path), LexicalIndex(tmp_path)
    await build(writer, OUTAGE)

    with pytest.raises(FolderInUse):
        await other.replace([], entries=["CASE:outage"], identity=NEXT)
    with pytest.raises(FolderInUse):
        await build(other, RATS, identity=NEXT)

    assert await other.identity() == FIRST
    assert await ids(other) == {"case_outage"}
    await writer.aclose()
    await build(other, HIJACK, identity=NEXT)
    assert await ids(other) == {"case_hijack"}
    await other.aclose()


async def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    index = LexicalIndex(tmp_path / "file" / "lexical")

    with pytest.raises(SearchUnavailable, match="cannot be written"):
        await build(index, OUTAGE)


async def test_a_cancelled_rebuild_leaves_the_writer_free(lexical_index: LexicalIndex) -> None:
    await build(lexical_index, OUTAGE)
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[Sequence[SearchDocument]]:
        while True:
            yield [RATS]
            begun.set()

    rebuilding = asyncio.create_task(lexical_index.rebuild(endless(), identity=NEXT))
    await begun.wait()
    rebuilding.cancel()
    await asyncio.wait([rebuilding])

    assert rebuilding.cancelled()
    assert await lexical_index.identity() == FIRST
    await lexical_index.rebuild(in_batches([HIJACK]), identity=NEXT)
    assert await ids(lexical_index) == {"case_hijack"}


def _damage(folder: Path, content: bytes) -> None:
    for made in _builds_in(folder):
        for file in made.glob("*.store"):
            # A file of its own: cutting one short that is still mapped would kill the process.
            file.unlink()
            file.write_bytes(content)


def _builds_in(folder: Path) -> list[Path]:
    return list(folder.glob("build-*"))


async def _breaking() -> AsyncIterator[Sequence[SearchDocument]]:
    yield [RATS]
    raise ZeroDivisionError
