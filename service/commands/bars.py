"""Bars that say what a command has done. Rich is imported with them: the service starts without it."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text
from typing_extensions import override

console = Console(stderr=True, highlight=False)


class _HowFar(ProgressColumn):
    """How much is done of how much: counted, or as bytes where a task has those."""

    def __init__(self) -> None:
        super().__init__()
        self._counted, self._bytes = MofNCompleteColumn(), DownloadColumn()

    @override
    def render(self, task: Task) -> Text:
        return (self._bytes if task.fields.get("bytes") else self._counted).render(task)


def progress_bar(shown: Console = console) -> Progress:
    """A bar that says what is done, how far, and for how long."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        _HowFar(),
        TimeElapsedColumn(),
        console=shown,
    )


def telling(bar: Progress, description: str, **fields: bool) -> Callable[[int, int], None]:
    """What tells a bar how much is done of how much; it is shown from the first time on."""
    tasks: list[TaskID] = []

    def tell(done: int, of: int) -> None:
        if not tasks:
            tasks.append(bar.add_task(description, **fields))
        bar.update(tasks[0], completed=done, total=of)

    return tell
