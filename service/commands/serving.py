"""`precedent serve`: prepare the data folder and the library, then answer requests."""

import asyncio
import gc
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from typing_extensions import override

from search.errors import FolderInUse
from search.folders import FolderLock
from service.app import Application, offline_desk
from service.commands.transfer import load_seed
from service.domain.access import OPERATOR, AccessRole
from service.domain.errors import LibraryError
from service.http.requests import BODY_MOST_BYTES
from service.http.transports import GatheringProtocol
from service.logs import configure_logs
from service.operations.tokens import create_token, list_tokens
from service.settings import Settings

_UNREAD_MOST_MILLISECONDS = 30_000
# New objects until the youngest are looked at, and how often that is until the next older ones are.
_COLLECTED_AFTER = 3_000, 10, 5
_OLDEST = 2
# What comes back from a search of the built-in index waits so long for the interpreter while another
# answer is being made, instead of ten times as long.
_THREADS_WAIT_SECONDS = 0.000_5


class CannotServe(LibraryError):
    """Something outside stands in the way of serving; the message says what to do."""

    code = "CANNOT_SERVE"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the service."""
    settings = Settings.read().with_address(host, port)
    configure_logs(settings.log_level, settings.log_format)
    with owned_folder(settings.var), _bound(settings.host, settings.port) as listening:
        first_token = asyncio.run(_prepare(settings))
        _answer(settings, listening, first_token)


@contextmanager
def owned_folder(var: Path) -> Iterator[None]:
    """Own the data folder alone. Raises `CannotServe` while a service does."""
    prepare_folder(var)
    lock = FolderLock(var / "service")
    try:
        lock.take()
    except FolderInUse:
        raise CannotServe(
            f"Another Precedent uses the data folder {var.absolute()}. "
            "Stop it, or give this one another folder with PRECEDENT_VAR."
        ) from None
    try:
        yield
    finally:
        lock.release()


def prepare_folder(var: Path) -> None:
    """Make the data folder. Raises `CannotServe` where it cannot be written."""
    try:
        (var / "service").mkdir(parents=True, exist_ok=True)
        probe = var / f"writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotServe(
            f"The data folder {var.absolute()} cannot be written ({error.strerror}). "
            "Give this user write permission, or name another folder with PRECEDENT_VAR."
        ) from None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if (unread := getattr(socket, "TCP_USER_TIMEOUT", None)) is not None:
        # Whoever connects inherits it. Else a subscriber that reads nothing is never let go.
        listening.setsockopt(socket.IPPROTO_TCP, unread, _UNREAD_MOST_MILLISECONDS)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotServe(
            f"{host}:{port} cannot be listened on ({error.strerror}). "
            "Stop what uses it, or choose another with PRECEDENT_PORT or --port."
        ) from None
    return listening


async def _prepare(settings: Settings) -> str | None:
    """Bring the library up to date; a token for the administrator on the very first start."""
    async with offline_desk(settings) as desk:
        async with desk.store.reading() as reading:
            library = await reading.library.get()
        if settings.seed and library.seeded_at is None and library.revision == 0:
            await load_seed(desk)
        if await list_tokens(desk, OPERATOR):
            return None
        token = await create_token(
            desk,
            OPERATOR,
            name="first administrator",
            role=AccessRole.ADMIN,
            random=lambda: secrets.token_urlsafe(32),
        )
        # Said at once, since a start that is broken off here would not say it again.
        print(f"The administrator's token: {token}", file=sys.stderr)
        return token


def _answer(settings: Settings, listening: socket.socket, first_token: str | None) -> None:
    port = listening.getsockname()[1]
    shown_host = "127.0.0.1" if settings.host in {"", "0.0.0.0", "::"} else settings.host  # noqa: S104 - shown, not listened on
    address = f"http://{shown_host}:{port}"
    with_page = settings.helps(settings.graphiql)
    application = Application(
        settings,
        on_ready=lambda trouble: _greet(address, first_token, trouble, with_page=with_page),
    )
    config = uvicorn.Config(
        application.asgi(),
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(settings.trusted_proxies),
        lifespan="on",
        http=GatheringProtocol,
        ws="websockets-sansio",
        ws_max_size=BODY_MOST_BYTES,
        # Its buffers would be most of what an idle connection takes.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
    )
    print("Starting; the library answers in a moment …", file=sys.stderr)
    # Once it has closed everything uvicorn raises the signal again; by then it has done its work.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: None)
    _spare_the_collector()
    sys.setswitchinterval(_THREADS_WAIT_SECONDS)
    ServiceServer(config, on_stop=application.watch.close).run(sockets=[listening])


def _spare_the_collector() -> None:
    """Have the cycle collector look at what is new, and at each thing only once it has stayed.

    The entries in memory are some million objects without a cycle among them, and to look through them
    stops every answer for seconds (docs/decisions/0021).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    gc.callbacks.append(_set_aside)


def _set_aside(phase: str, collection: Mapping[str, int]) -> None:
    if phase == "stop" and collection["generation"] == _OLDEST:
        gc.freeze()


class ServiceServer(uvicorn.Server):
    """Tells the application that it stops before it waits for what still runs."""

    def __init__(self, config: uvicorn.Config, *, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)


def _greet(address: str, first_token: str | None, trouble: str | None, *, with_page: bool) -> None:
    lines = ["", f"Precedent 先例 answers at {address}/graphql"]
    if with_page:
        lines.append(f"GraphiQL: {address}/graphql")
    if first_token is not None:
        if with_page:
            lines.append(f"Sign in as administrator: {address}/graphql#token={first_token}")
        lines += [
            "This token is shown only now; keep it. It also goes in a header:",
            f"  Authorization: Bearer {first_token}",
        ]
    else:
        lines.append(
            "Sign in with a token; `.venv/bin/precedent token create --role reader` makes one."
        )
    if trouble is not None:
        lines.append(f"Searches are answered by the built-in index for now: {trouble}")
    print("\n".join(lines), file=sys.stderr)
