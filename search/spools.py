"""Documents put by on disk until it is their turn: a library's would take all the memory there is."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from search.protocol import SearchDocument


class Spool:
    """Batches in a file without a name in a folder, taken out in the order they were put in."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `__exit__`
        self._taken_to = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def put(self, batch: Sequence[SearchDocument]) -> None:
        """Put a batch by, behind all others."""
        if batch:
            self._file.seek(0, 2)
            pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)

    def take(self) -> Sequence[SearchDocument]:
        """Return the next batch; an empty one when all have been taken."""
        self._file.seek(self._taken_to)
        try:
            batch: Sequence[SearchDocument] = pickle.load(self._file)  # noqa: S301 - our own file
        except EOFError:
            return ()
        self._taken_to = self._file.tell()
        return batch
