"""Bars that say what a command has done. Rich is imported with them: the service starts without it."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

console = Console(stderr=True, highlight=False)


def progress_bar(shown: Console = console) -> Progress:
    """A bar that says what is done, how far, and for how long."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=shown,
    )


def bytes_bar() -> Progress:
    """A bar that counts bytes."""
    text, elapsed = TextColumn("{task.description}"), TimeElapsedColumn()
    return Progress(text, BarColumn(), DownloadColumn(), elapsed, console=console)
