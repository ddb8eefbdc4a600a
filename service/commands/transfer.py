"""`precedent import`, `export` and `seed`: documents into the library and out of it."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seed_cases.loader import FOLDER as SEED_FOLDER
from seed_cases.loader import seed_files
from service.app import offline_desk
from service.domain.access import OPERATOR, AccessRole, Actor
from service.domain.entries import EntryKind, body_of, key_of
from service.domain.errors import PROBLEMS_SHOWN, BadInput, InvalidDocuments, Problem
from service.domain.files import FileDocument, read_documents, suffix_of, write_document
from service.operations.ports import Desk
from service.operations.publishing import Imported, export_documents, import_documents
from service.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

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


def read_files(files: Iterable[tuple[Path, str]], progress: "Progress") -> list[FileDocument]:
    """The documents of files with the names to show; every file with a problem is named."""
    listed = list(files)
    task = progress.add_task("Reading", total=len(listed))
    documents: list[FileDocument] = []
    problems: list[Problem] = []
    for path, name in listed:
        try:
            documents += read_documents(path.read_bytes(), file=name)
        except InvalidDocuments as invalid:
            problems += invalid.problems
        except OSError as error:
            problems.append(Problem(name, None, "", f"cannot be read ({error.strerror})"))
        progress.advance(task)
    if problems:
        raise InvalidDocuments(tuple(problems[:PROBLEMS_SHOWN]))
    return documents


async def load_seed(desk: Desk) -> Imported:
    """Publish the seed library, with a progress bar."""
    from service.commands.bars import progress_bar

    with progress_bar() as progress:
        named = [(path, f"seed_cases/{path.relative_to(SEED_FOLDER)}") for path in seed_files()]
        documents = read_files(named, progress)
        task = progress.add_task("Publishing the seed library", total=len(documents))
        imported = await import_documents(
            desk, SEEDER, documents, note="the seed library", seeding=True
        )
        progress.update(task, completed=len(documents))
    return imported


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
    from service.commands.bars import progress_bar

    async with offline_desk(Settings.read()) as desk:
        with progress_bar() as progress:
            documents = read_files(((path, str(path)) for path in _files_in(files)), progress)
            task = progress.add_task("Publishing", total=len(documents))
            imported = await import_documents(desk, OPERATOR, documents, note=note, dry_run=dry_run)
            progress.update(task, completed=len(documents))
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
