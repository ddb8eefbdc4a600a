"""Taking documents into the library and giving them out: import, seed, export, reproject."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass

from service.domain.access import Actor, Permission
from service.domain.cases import Case
from service.domain.entries import Document, EntryKey, EntryKind, key_of
from service.domain.errors import PROBLEMS_SHOWN, InvalidDocuments, Problem
from service.domain.files import FileDocument
from service.domain.references import problems_in
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.operations.ports import Desk
from service.store.units import Reading, Writing


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do in a dry run."""

    read: int
    changed: tuple[EntryKey, ...]


async def import_documents(
    desk: Desk,
    actor: Actor,
    documents: Sequence[FileDocument],
    *,
    note: str | None = None,
    dry_run: bool = False,
    seeding: bool = False,
) -> Imported:
    """Publish documents, all or none; what is published already in the same words is left alone.

    Raises `InvalidDocuments` with every problem found: nothing has been changed then.
    """
    actor.require(Permission.PUBLISH)
    async with desk.store.writing() as writing:
        # What is found sound must still be so when it is published.
        await writing.library.lock()
        await _require_sound(documents, writing)
        changed = await writing.entries.publish(
            [read.document for read in documents],
            author=actor.name,
            note=note,
            now=desk.now(),
        )
        if seeding:
            await writing.library.mark_seeded(now=desk.now())
        if dry_run:
            await writing.undo()
    if dry_run:
        return Imported(len(documents), changed)
    desk.published()
    await desk.watch.published()
    return Imported(len(documents), changed)


async def _require_sound(documents: Sequence[FileDocument], writing: Writing) -> None:
    vocabularies = await _vocabularies(documents, writing)
    entries = await writing.entries.keys() | {key_of(read.document) for read in documents}
    problems = [*_twice(documents)]
    for read in documents:
        problems += problems_in(read, vocabularies=vocabularies, entries=entries)
        if len(problems) >= PROBLEMS_SHOWN:
            break
    problems += await _taken_numbers(documents, writing)
    problems += await _lost_codes(documents, writing)
    if problems:
        raise InvalidDocuments(tuple(problems[:PROBLEMS_SHOWN]))


async def _vocabularies(documents: Iterable[FileDocument], reading: Reading) -> Vocabularies:
    held = [entry.document for entry in await reading.entries.load_kind(EntryKind.VOCABULARY)]
    given = [read.document for read in documents]
    return Vocabularies(
        document for document in [*held, *given] if isinstance(document, Vocabulary)
    )


def _twice(documents: Sequence[FileDocument]) -> Iterable[Problem]:
    names = Counter(key_of(read.document) for read in documents)
    numbers = Counter(read.document.number for read in documents if isinstance(read.document, Case))
    for read in documents:
        if names[key_of(read.document)] > 1:
            yield read.problem(("slug",), f"'{read.document.slug}' is given twice; keep one")
        if isinstance(read.document, Case) and numbers[read.document.number] > 1:
            yield read.problem(("number",), f"'{read.document.number}' is given to two cases")


async def _taken_numbers(documents: Sequence[FileDocument], reading: Reading) -> list[Problem]:
    cases = {read.document.number: read for read in documents if isinstance(read.document, Case)}
    holders = await reading.entries.holders_of(cases)
    return [
        cases[number].problem(
            ("number",), f"'{number}' is the number of '{holder}'; give this case a free one"
        )
        for number, holder in holders.items()
        if holder != cases[number].document.slug
    ]


async def _lost_codes(documents: Sequence[FileDocument], reading: Reading) -> list[Problem]:
    """What would be lost with a vocabulary's new revision: a code in use, or the set's one entry."""
    held = {
        entry.document.set: entry.document
        for entry in await reading.entries.load_kind(EntryKind.VOCABULARY)
        if isinstance(entry.document, Vocabulary)
    }
    # An entry that is revised in the same import is judged by its new revision.
    given = await reading.entries.ids_of([key_of(read.document) for read in documents])
    problems = []
    for read in documents:
        if not isinstance(read.document, Vocabulary):
            continue
        before = held.setdefault(read.document.set, read.document)
        if before.slug != read.document.slug:
            message = (
                f"'{read.document.set}' is the set of the vocabulary '{before.slug}'; revise that"
            )
            problems.append(read.problem(("set",), message))
            continue
        gone = before.by_code.keys() - read.document.by_code.keys()
        problems += [
            read.problem(("terms",), f"leaves out '{code}', which {count} entries use; keep it")
            for code, count in await reading.entries.users_of(
                before.set, sorted(gone), besides=frozenset(given.values())
            )
        ]
    return problems


async def export_documents(desk: Desk, actor: Actor) -> AsyncIterator[Document]:
    """Every published document the actor may see, by kind and slug: one state of the library."""
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        async for entries in reading.entries.walk_by_name():
            for entry in entries:
                if entry.document.sharing in actor.visible:
                    yield entry.document


async def rebuild(
    desk: Desk, actor: Actor, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Project every entry anew from its revision, and have the indexes made anew after it.

    Returns how many entries there are.
    """
    actor.require(Permission.PUBLISH)
    async with desk.store.writing() as writing:
        await writing.library.lock()
        count = await writing.entries.reproject(progress=progress)
        await writing.library.expire_indexes()
    desk.published()
    return count
