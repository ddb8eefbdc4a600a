"""Import of many documents: gone through twice, a batch held at a time, all or nothing."""

import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest

from service.domain.access import OPERATOR
from service.domain.entries import Document, body_of, key_of
from service.domain.errors import PROBLEMS_SHOWN, InvalidDocuments
from service.domain.files import FileDocument
from service.operations.libraries import describe_library
from service.operations.ports import Desk
from service.operations.publishing import CHANGED, export_documents, import_documents
from service.store import entries
from tests.library import (
    a_case,
    a_method,
    both,
    files,
    publish,
    small_vocabularies,
    term,
    vocabulary,
)

BATCH = 4


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_PUBLISHED_AT_ONCE", BATCH)


@pytest.fixture(autouse=True)
async def vocabularies(desk: Desk, small_batches: None) -> None:
    await publish(desk, *small_vocabularies())


class Passes:
    """Gives other documents each time it is gone through, each made only then."""

    def __init__(self, *passes: Callable[[], Iterator[Document]]) -> None:
        self._passes = iter(passes)

    def __iter__(self) -> Iterator[FileDocument]:
        for line, document in enumerate(next(self._passes)(), start=1):
            yield FileDocument(document, "all.jsonl", {(): line})


async def state(desk: Desk) -> tuple[object, ...]:
    """What an import changes."""
    async with desk.store.reading() as reading:
        waiting = await reading.outbox.depth()
    library = await describe_library(desk, OPERATOR)
    return library, waiting, [body_of(each) async for each in export_documents(desk, OPERATOR)]


async def refused(desk: Desk, documents: Iterable[FileDocument]) -> list[str]:
    """What is told of documents that are refused, which change nothing."""
    before = await state(desk)
    with pytest.raises(InvalidDocuments) as told:
        await import_documents(desk, OPERATOR, documents)
    assert await state(desk) == before
    return [str(problem) for problem in told.value.problems]


def cases(*numbers: int) -> Iterator[Document]:
    return (a_case(f"case-{number}", number) for number in numbers)


async def test_no_more_than_a_batch_is_held(desk: Desk) -> None:
    alive: Counter[str] = Counter()
    most: Counter[str] = Counter()

    class Lines(dict[tuple[str | int, ...], int]):
        pass

    def watch(name: str, held: object) -> None:
        alive[name] += 1
        most[name] = max(most[name], alive[name])
        weakref.finalize(held, alive.subtract, [name])

    class Watched:
        def __iter__(self) -> Iterator[FileDocument]:
            for number in range(1, 10 * BATCH):
                document, lines = a_case(f"case-{number}", number), Lines()
                watch("documents", document)
                watch("lines", lines)
                yield FileDocument(document, "all.jsonl", lines)
                del document, lines

    imported = await import_documents(desk, OPERATOR, Watched())

    assert len(imported.changed) == 10 * BATCH - 1
    # The next one is made while the last of a batch is still at hand.
    assert most["documents"] <= BATCH + 1
    assert most["lines"] <= 2


async def test_many_batches_are_one_revision_of_the_library(desk: Desk) -> None:
    before = (await describe_library(desk, OPERATOR)).revision

    imported = await import_documents(desk, OPERATOR, files(cases(*range(1, 12))))

    assert imported.read == 11
    assert sorted(imported.changed) == sorted(map(key_of, cases(*range(1, 12))))
    assert (await describe_library(desk, OPERATOR)).revision == before + 1


async def test_an_entry_may_be_named_before_it_is_given(desk: Desk) -> None:
    link = {"relation": "SIMILAR", "case": "case-9", "reason": both("像", "Alike")}
    documents = [a_case("first", 100, links=[link]), *cases(*range(1, 10))]

    imported = await import_documents(desk, OPERATOR, files(documents))

    assert len(imported.changed) == len(documents)


async def test_a_vocabulary_may_come_after_what_uses_it(desk: Desk) -> None:
    (industries,) = (
        each
        for each in small_vocabularies()
        if each.entry == "VOCABULARY" and each.set == "Industry"
    )
    new = industries.terms[0].model_copy(update={"code": "NEW"})
    revised = industries.model_copy(update={"terms": (*industries.terms, new)})
    documents = [a_case("first", 100, industry="NEW"), *cases(*range(1, 10)), revised]

    imported = await import_documents(desk, OPERATOR, files(documents))

    assert len(imported.changed) == len(documents)


async def test_a_problem_in_the_last_batch_leaves_nothing_of_those_before(desk: Desk) -> None:
    documents = [*cases(*range(1, 10)), a_method("bad", example_cases=["gone"])]

    assert await refused(desk, files(documents)) == [
        "bad.yaml: example_cases.0: names CASE:gone, which is not in the library"
    ]


async def test_problems_of_all_batches_are_told_together(desk: Desk) -> None:
    documents = [
        a_method("first", example_cases=["gone"]),
        *cases(*range(1, 10)),
        a_method("last", example_cases=["gone"]),
    ]

    assert await refused(desk, files(documents)) == [
        "first.yaml: example_cases.0: names CASE:gone, which is not in the library",
        "last.yaml: example_cases.0: names CASE:gone, which is not in the library",
    ]


async def test_so_many_problems_are_told_and_no_more(desk: Desk) -> None:
    given = []

    def wrong() -> Iterator[Document]:
        for number in range(PROBLEMS_SHOWN):
            given.append(number)
            yield a_method(f"m-{number}", example_cases=["gone", "lost", "missing"])

    told = await refused(desk, Passes(wrong, wrong))

    assert len(told) == PROBLEMS_SHOWN
    # All of them, and again as many as have that many problems.
    assert len(given) == PROBLEMS_SHOWN + -(-PROBLEMS_SHOWN // 3)


async def test_what_is_given_twice_in_different_batches_is_refused(desk: Desk) -> None:
    twice = [a_case("case-1", 100), a_case("another", 2)]
    documents = [*cases(*range(1, 10)), *twice, *cases(*range(11, 20))]

    assert await refused(desk, files(documents)) == [
        "case-1.yaml: slug: 'case-1' is given twice; keep one",
        "case-2.yaml: number: 'CASE-0002' is given to two cases",
        "case-1.yaml: slug: 'case-1' is given twice; keep one",
        "another.yaml: number: 'CASE-0002' is given to two cases",
    ]


async def test_what_is_read_again_reads_the_same(desk: Desk) -> None:
    documents = Passes(*[lambda: cases(*range(1, 10))] * 2)

    imported = await import_documents(desk, OPERATOR, documents)

    assert len(imported.changed) == 9


OTHERWISE: list[tuple[str, Callable[[], Iterator[Document]], str]] = [
    ("another at the end", lambda: cases(*range(1, 9), 10), "all.jsonl:9: "),
    ("one more", lambda: cases(*range(1, 11)), "all.jsonl:10: "),
    ("one less", lambda: cases(*range(1, 9)), "all.jsonl: "),
    ("one twice", lambda: cases(*range(1, 9), 8), "all.jsonl:9: "),
    ("nothing", cases, "all.jsonl: "),
    (
        "another number",
        lambda: iter([*cases(*range(1, 9)), a_case("case-9", 10)]),
        "all.jsonl:9: ",
    ),
]


@pytest.mark.parametrize(("label", "second", "place"), OTHERWISE)
async def test_what_reads_otherwise_the_second_time_is_refused(
    desk: Desk, label: str, second: Callable[[], Iterator[Document]], place: str
) -> None:
    documents = Passes(lambda: cases(*range(1, 10)), second)

    assert await refused(desk, documents) == [f"{place}{CHANGED}"]


async def test_a_vocabulary_that_reads_otherwise_the_second_time_is_refused(desk: Desk) -> None:
    first, second = (vocabulary("Extra", "extra", term("A", "甲", en)) for en in ("One", "Two"))

    told = await refused(desk, Passes(lambda: iter([first]), lambda: iter([second])))

    assert told == [f"all.jsonl:1: {CHANGED}"]


async def test_what_can_be_read_only_once_is_refused(desk: Desk) -> None:
    once = iter(files(cases(1, 2)))

    assert await refused(desk, once) == [f"case-1.yaml: {CHANGED}"]


async def test_progress_is_told_after_each_batch(desk: Desk) -> None:
    told: list[tuple[int, int]] = []

    await import_documents(
        desk,
        OPERATOR,
        files(cases(*range(1, 11))),
        progress=lambda done, of: told.append((done, of)),
    )

    assert told == [(0, 10), (4, 10), (8, 10), (10, 10)]
