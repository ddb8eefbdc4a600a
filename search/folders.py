"""Folders one process owns at a time, and files that are either old or new, never half."""

import fcntl
import os
from pathlib import Path
from typing import Final

from search.errors import FolderInUse, SearchUnavailable

_LOCK_NAME: Final = "lock"


class FolderLock:
    """The right to write one folder. It ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self, *, wait: bool = False) -> None:
        """Own the folder, made if need be; raise `FolderInUse` if another process owns it."""
        if self._descriptor is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SearchUnavailable(
                f"{self._folder} cannot be written ({error.strerror}); make it writable or choose "
                "another folder"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            raise FolderInUse(self._folder) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others own the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def write_whole(path: Path, content: str) -> None:
    """Write a file so that a crash leaves either what was there before or all of this."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    make_durable(path.parent)


def make_durable(path: Path) -> None:
    """Wait until a file, or which files a folder holds, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
