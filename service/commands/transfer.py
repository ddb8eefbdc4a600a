"""`precedent import`, `export` and `seed`: documents into the library and out of it."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from seed_cases.loader import FOLDER as SEED_FOLDER
from seed_cases.loader import seed_files
from service.app import offline_desk
from service.domain.access import OPERATOR, AccessRole, Actor
from service.domain.entries import EntryKind, body_of, key_of
from service.domain.errors import PROBLEMS_SHOWN, BadInput, InvalidDocuments, Problem
from service.domain.files import (
    FILE_LIMIT_BYTES,
    FileDocument,
    is_lines,
    read_documents,
    read_lines,
    suffix_of,
    write_document,
)
from service.operations.ports import Desk
from service.operations.publishing import CHANGED, Imported, export_documents, import_documents
from service.settings import Settings

SEEDER = Actor("seed", AccessRole.ADMIN)
_FOLDERS = {
    EntryKind.CASE: "cases",
    EntryKind.METHOD: "methods",
    EntryKind.PROCEDURE: "procedures",
    EntryKind.STATEMENT_TEMPLATE: "templates",
    EntryKind.VOCABULARY: "vocabularies",
}
_SUFFIXES = frozenset({".yaml", ".yml", ".md", ".json", ".jsonl"})
_KEYS_SHOWN = 20


def _files_in(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(found for found in path.rglob("*") if found.suffix.lower() in _SUFFIXES)
        elif path.exists():
            files.append(path)
        else:
            raise BadInput(f"{path} is not there; name files or folders that are.")
    if not files:
        raise BadInput(f"There is no file to import; {', '.join(sorted(_SUFFIXES))} can be read.")
    return files


class DocumentFiles:
    """The documents of files, read anew each time they are gone through, JSON Lines a line at a time.

    Each file comes with the name to show. Every file with a problem is named, after the last of them; not
    to be the same as the first time is one. `progress` hears how many bytes of how many are read the
    first time.
    """

    def __init__(
        self, files: Iterable[tuple[Path, str]], *, progress: Callable[[int, int], None]
    ) -> None:
        self._files = list(files)
        self._progress = progress
        self._size = sum(path.stat().st_size for path, _ in self._files if path.exists())
        self._digests: dict[Path, str] = {}
        # Of the file that is being read, and of all of them.
        self._digest = sha256()
        self._read = self._told = 0

    def __iter__(self) -> Iterator[FileDocument]:
        self._read = 0
        problems: list[Problem] = []
        for path, name in self._files:
            self._digest = sha256()
            is_changed = False
            try:
                with path.open("rb") as file:
                    if is_lines(name):
                        yield from read_lines(self._lines(file), file=name)
                    else:
                        yield from read_documents(self._whole(file), file=name)
                found = self._digest.hexdigest()
                is_changed = self._digests.setdefault(path, found) != found
            except InvalidDocuments as invalid:
                is_changed = path in self._digests
                problems += () if is_changed else invalid.problems
            except OSError as error:
                problems.append(Problem(name, None, "", f"cannot be read ({error.strerror})"))
            if is_changed:
                problems.append(Problem(name, None, "", CHANGED))
        if problems:
            raise InvalidDocuments(tuple(problems[:PROBLEMS_SHOWN]))

    def _lines(self, file: BinaryIO) -> Iterator[bytes]:
        # One more byte than may be read tells that a line is too long.
        while line := file.readline(FILE_LIMIT_BYTES + 1):
            self._note(line)
            yield line

    def _whole(self, file: BinaryIO) -> bytes:
        data = file.read()
        self._note(data)
        return data

    def _note(self, data: bytes) -> None:
        self._digest.update(data)
        self._read += len(data)
        if self._read > self._told:
            self._told = self._read
            self._progress(self._told, self._size)


async def load_seed(desk: Desk) -> Imported:
    """Publish the seed library, with a progress bar."""
    from service.commands.bars import progress_bar, telling

    named = [(path, f"seed_cases/{path.relative_to(SEED_FOLDER)}") for path in seed_files()]
    with progress_bar() as bar:
        # There are few, and YAML takes long to read.
        documents = list(DocumentFiles(named, progress=telling(bar, "Reading", bytes=True)))
        return await import_documents(
            desk,
            SEEDER,
            documents,
            note="the seed library",
            seeding=True,
            progress=telling(bar, "Publishing the seed library"),
        )


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Files, or folders with files.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    note: Annotated[str | None, typer.Option(help="A note for the revisions.")] = None,
) -> None:
    """Take documents into the library: all of them, or none where one is wrong."""
    asyncio.run(_import(files, dry_run=dry_run, note=note))


async def _import(files: list[Path], *, dry_run: bool, note: str | None) -> None:
    from service.commands.bars import progress_bar, telling

    async with offline_desk(Settings.read()) as desk:
        named = [(path, str(path)) for path in _files_in(files)]
        with progress_bar() as bar:
            imported = await import_documents(
                desk,
                OPERATOR,
                DocumentFiles(named, progress=telling(bar, "Reading", bytes=True)),
                note=note,
                dry_run=dry_run,
                progress=telling(bar, "Publishing"),
            )
    _tell(imported, dry_run=dry_run)


def seed() -> None:
    """Publish the seed library that ships, where it differs from what is published."""

    async def run() -> Imported:
        async with offline_desk(Settings.read()) as desk:
            return await load_seed(desk)

    _tell(asyncio.run(run()), dry_run=False)


def _tell(imported: Imported, *, dry_run: bool) -> None:
    same = imported.read - len(imported.changed)
    verb = "would be published" if dry_run else "published"
    print(f"{imported.read} read, {len(imported.changed)} {verb}, {same} unchanged")
    for key in imported.changed[:_KEYS_SHOWN]:
        print(f"  {key}")
    if len(imported.changed) > _KEYS_SHOWN:
        print(f"  … and {len(imported.changed) - _KEYS_SHOWN} more")


def export(
    to: Annotated[
        Path | None,
        typer.Argument(help="A folder for files, or a .jsonl file; by default standard output."),
    ] = None,
) -> None:
    """Write every published document as files, or as JSON Lines."""
    count = asyncio.run(_export(to))
    print(f"{count} documents written", file=sys.stderr)


async def _export(to: Path | None) -> int:
    count = 0
    async with offline_desk(Settings.read()) as desk:
        documents = export_documents(desk, OPERATOR)
        if to is not None and to.suffix != ".jsonl":
            async for document in documents:
                key = key_of(document)
                folder = to / _FOLDERS[key.kind]
                folder.mkdir(parents=True, exist_ok=True)
                text = write_document(document)
                (folder / f"{key.slug}{suffix_of(document)}").write_text(text, encoding="utf-8")
                count += 1
            return count
        with sys.stdout if to is None else to.open("w", encoding="utf-8") as lines:
            async for document in documents:
                lines.write(f"{body_of(document)}\n")
                count += 1
    return count
