"""What a desk keeps in memory."""

from service.operations.ports import Desk, VocabularyShelf
from tests.library import OUTAGE, publish, small_vocabularies, term, vocabulary


async def test_texts_are_read_by_the_vocabularies_that_are_published_now(desk: Desk) -> None:
    shelf = VocabularyShelf()
    await publish(desk, *small_vocabularies())
    before = await _codes_in(shelf, desk)

    renamed = term(OUTAGE, "系统故障", "Service outage", "登不上去")
    await publish(desk, vocabulary("CrisisType", "crisis-type", renamed))
    after = await _codes_in(shelf, desk)

    assert (before, after) == ([], [OUTAGE])


async def _codes_in(shelf: VocabularyShelf, desk: Desk) -> list[str]:
    async with desk.store.reading() as reading:
        await shelf.refresh(reading)
    return [concept.code for concept in shelf.concepts.read("用户登不上去了")]
