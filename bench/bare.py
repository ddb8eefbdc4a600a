"""A bare answer: Starlette sends so many bytes to whoever asks, on the server and settings of ours.

`python -m bench.bare PORT` serves it. `POST /700` is answered with 700 bytes that look like JSON.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.processes import free_port, wait_for_answer
from bench.sides import Side
from search.processes import start_tied

_PROJECT = Path(__file__).parent.parent
_PROCESSES = 2
_START_SECONDS = 30


@lru_cache
def _body(size: int) -> bytes:
    return b'{"data":"' + b"." * (size - 11) + b'"}'


async def _answer(request: Request) -> Response:
    return Response(_body(request.path_params["size"]), media_type="application/json")


@contextmanager
def bare_answers(folder: Path) -> Iterator[Side]:
    """As many processes of it as of ours; ended with the block."""
    ports = [free_port() for _ in range(_PROCESSES)]
    with (folder / "bare.log").open("wb") as log:
        started = [
            start_tied(
                [sys.executable, "-m", "bench.bare", str(port)],
                environment={"PYTHONPATH": str(_PROJECT)},
                folder=_PROJECT,
                output=log,
            )
            for port in ports
        ]
    try:
        addresses = tuple(f"http://127.0.0.1:{port}" for port in ports)
        for process, address in zip(started, addresses, strict=True):
            wait_for_answer(process.pid, f"{address}/healthz", seconds=_START_SECONDS)
        yield Side("a bare answer", addresses, tuple(process.pid for process in started))
    finally:
        for process in started:
            process.terminate()
            process.wait(_START_SECONDS)


def main() -> None:
    """Serve on the port the command line names."""
    routes = [
        Route("/healthz", lambda _: Response()),
        Route("/{size:int}", _answer, methods=["POST"]),
    ]
    # As `service.commands.serving` has it.
    uvicorn.run(
        Starlette(routes=routes),
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_keep_alive=30,
    )


if __name__ == "__main__":
    main()
