"""Taking documents into the library and giving them out: import, seed, export, reproject."""

from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass

from service.domain.access import Actor, Permission
from service.domain.cases import Case
from service.domain.entries import Document, EntryKey, EntryKind, key_of
from service.domain.errors import PROBLEMS_SHOWN, InvalidDocuments, Problem
from service.domain.files import FileDocument
from service.domain.references import entries_named_in, problems_in
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.operations.ports import Desk
from service.store.units import Reading

CHANGED = "has changed since it was first read; import it again"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do in a dry run."""

    read: int
    changed: tuple[EntryKey, ...]


class _Given:
    """What an import gives, read once: its names, numbers and vocabularies, without the documents.

    `named` is what they refer to.
    """

    def __init__(self, documents: Iterable[FileDocument]) -> None:
        self.files: dict[EntryKey, str] = {}
        self.numbers: dict[str, EntryKey] = {}
        self.named: set[EntryKey] = set()
        self.keys_twice: set[EntryKey] = set()
        self.numbers_twice: set[str] = set()
        self.vocabularies: list[tuple[FileDocument, Vocabulary]] = []
        self.count = 0
        for read in documents:
            self.count += 1
            self._add(read, key_of(read.document))

    def _add(self, read: FileDocument, key: EntryKey) -> None:
        if key in self.files:
            self.keys_twice.add(key)
        self.files[key] = read.file
        self.named.update(named for _, named in entries_named_in(read.document))
        if isinstance(read.document, Case):
            if read.document.number in self.numbers:
                self.numbers_twice.add(read.document.number)
            self.numbers[read.document.number] = key
        if isinstance(read.document, Vocabulary):
            self.vocabularies.append((read, read.document))

    @property
    def has_twins(self) -> bool:
        """Whether an entry or a number is given twice."""
        return bool(self.keys_twice or self.numbers_twice)

    def holds(self, document: Document) -> bool:
        """Whether this document was given, as far as is known of it."""
        key = key_of(document)
        if isinstance(document, Case):
            return self.numbers.get(document.number) == key
        if isinstance(document, Vocabulary):
            return any(document == vocabulary for _, vocabulary in self.vocabularies)
        return key in self.files


@dataclass(frozen=True, slots=True)
class _Soundness:
    """Whether documents can be published, by what else is given and what the library holds."""

    given: _Given
    vocabularies: Vocabularies
    entries: Collection[EntryKey]
    # By the number of a case that is given, the other case that has it.
    taken: Mapping[str, str]
    lost: Sequence[Problem]

    def sound(self, documents: Iterable[FileDocument]) -> Iterator[Document]:
        """Each document in turn, up to the first with a problem.

        Raises `InvalidDocuments` in its place, with the problems of all that follow: also where these
        are not the documents that were given before.
        """
        problems: list[Problem] = []
        is_sound = not (self.given.has_twins or self.taken or self.lost)
        awaited = dict(self.given.files)
        for read in documents:
            expected = self.given.holds(read.document) and key_of(read.document) in awaited
            if is_sound and not expected:
                problems.append(read.problem((), CHANGED))
                break
            awaited.pop(key_of(read.document), None)
            problems += self._problems_in(read)
            if len(problems) >= PROBLEMS_SHOWN:
                break
            if is_sound and not problems:
                yield read.document
        else:
            if is_sound and awaited:
                problems.append(Problem(next(iter(awaited.values())), None, "", CHANGED))
        problems += self.lost
        if problems:
            raise InvalidDocuments(tuple(problems[:PROBLEMS_SHOWN]))

    def _problems_in(self, read: FileDocument) -> Iterator[Problem]:
        document = read.document
        if key_of(document) in self.given.keys_twice:
            yield read.problem(("slug",), f"'{document.slug}' is given twice; keep one")
        if isinstance(document, Case) and document.number in self.given.numbers_twice:
            yield read.problem(("number",), f"'{document.number}' is given to two cases")
        yield from problems_in(read, vocabularies=self.vocabularies, entries=self.entries)
        if isinstance(document, Case):
            holder = self.taken.get(document.number, document.slug)
            if holder != document.slug:
                yield read.problem(
                    ("number",),
                    f"'{document.number}' is the number of '{holder}'; give this case a free one",
                )


async def import_documents(
    desk: Desk,
    actor: Actor,
    documents: Iterable[FileDocument],
    *,
    note: str | None = None,
    dry_run: bool = False,
    seeding: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Imported:
    """Publish documents, all or none; what is published already in the same words is left alone.

    They are gone through twice, the second time to be published, and never held all at once: what
    gives them may read them anew. `progress` hears how many of how many are published.

    Raises `InvalidDocuments` with every problem found: nothing has been changed then.
    """
    actor.require(Permission.PUBLISH)
    given = _Given(documents)
    progress(0, given.count)
    async with desk.store.writing() as writing:
        # What is found sound must still be so when it is published.
        await writing.library.lock()
        soundness = await _soundness(given, writing)
        changed = await writing.entries.publish(
            soundness.sound(documents),
            author=actor.name,
            note=note,
            now=desk.now(),
            progress=lambda done: progress(done, given.count),
        )
        if seeding:
            await writing.library.mark_seeded(now=desk.now())
        if dry_run:
            await writing.undo()
    if dry_run:
        return Imported(given.count, changed)
    desk.published()
    await desk.watch.published()
    return Imported(given.count, changed)


async def _soundness(given: _Given, reading: Reading) -> _Soundness:
    return _Soundness(
        given,
        await _vocabularies(given, reading),
        (await reading.entries.ids_of(given.named - given.files.keys())).keys()
        | given.files.keys(),
        await _taken_numbers(given, reading),
        await _lost_codes(given, reading),
    )


async def _vocabularies(given: _Given, reading: Reading) -> Vocabularies:
    held = [entry.document for entry in await reading.entries.load_kind(EntryKind.VOCABULARY)]
    new = [vocabulary for _, vocabulary in given.vocabularies]
    return Vocabularies(document for document in [*held, *new] if isinstance(document, Vocabulary))


async def _taken_numbers(given: _Given, reading: Reading) -> dict[str, str]:
    holders = await reading.entries.holders_of(given.numbers)
    return {
        number: holder for number, holder in holders.items() if holder != given.numbers[number].slug
    }


async def _lost_codes(given: _Given, reading: Reading) -> list[Problem]:
    """What would be lost with a vocabulary's new revision: a code in use, or the set's one entry."""
    held = {
        entry.document.set: entry.document
        for entry in await reading.entries.load_kind(EntryKind.VOCABULARY)
        if isinstance(entry.document, Vocabulary)
    }
    problems = []
    revised: frozenset[int] | None = None
    for read, vocabulary in given.vocabularies:
        before = held.setdefault(vocabulary.set, vocabulary)
        if before.slug != vocabulary.slug:
            message = (
                f"'{vocabulary.set}' is the set of the vocabulary '{before.slug}'; revise that"
            )
            problems.append(read.problem(("set",), message))
            continue
        gone = before.by_code.keys() - vocabulary.by_code.keys()
        if not gone:
            continue
        if revised is None:
            # An entry that is revised in the same import is judged by its new revision.
            revised = frozenset((await reading.entries.ids_of(given.files)).values())
        problems += [
            read.problem(("terms",), f"leaves out '{code}', which {count} entries use; keep it")
            for code, count in await reading.entries.users_of(
                before.set, sorted(gone), besides=revised
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
