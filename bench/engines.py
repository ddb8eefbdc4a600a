"""A Meilisearch of its own for a measurement."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from search.binary import binary_on_path, ensure_binary
from search.launcher import Address, MeiliLauncher

_BINARIES: Final = Path(__file__).parent.parent / "var" / "bin"


@asynccontextmanager
async def running_engine(folder: Path) -> AsyncIterator[tuple[Address, int]]:
    """Its address and process, with its data in this folder and its log beside; ended with the block."""
    binary = binary_on_path() or await asyncio.to_thread(ensure_binary, _BINARIES)
    launcher = MeiliLauncher(binary, folder, folder.with_suffix(".log"))
    try:
        address = await launcher.start()
        assert launcher.pid is not None
        yield address, launcher.pid
    finally:
        await launcher.aclose()
