"""`precedent backup` and `precedent restore`, of a library that is an SQLite file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.commands.serving import owned_folder
from service.settings import Settings
from service.store import backups
from service.store.backups import Backup
from service.store.engine import Database


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="A new file; else one in backups/ beside the library.")
    ] = None,
) -> None:
    """Copy the library to one file, while the service runs. The copy is checked."""
    from service.commands.bars import progress_bar

    library = _library(Settings.read())
    to = file or backups.backup_name(library, datetime.now(UTC))
    with progress_bar() as shown:
        size = library.stat().st_size if library.exists() else None
        task = shown.add_task("Copying", total=size, bytes=True)
        made = backups.back_up(
            library, to, progress=lambda size: shown.update(task, completed=size)
        )
    print(_said(made))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `precedent backup` made.")],
) -> None:
    """Put a backup in the place of the library. What was there is kept beside it."""
    settings = Settings.read()
    library = _library(settings)
    with owned_folder(settings.var):
        held, kept = backups.restore(file, library, now=datetime.now(UTC))
    print(f"restored {_said(held)}")
    if kept is not None:
        print(f"what was there is kept as {kept}")
    print("the next `precedent serve` makes the indexes anew where they differ")


def _library(settings: Settings) -> Path:
    return backups.sqlite_file(Database(settings.effective_database_url))


def _said(backup: Backup) -> str:
    size = f"{backup.size / 1e6:.1f} MB"
    return f"{backup.file}: {size}, library revision {backup.revision}, {backup.entries} entries"
