"""A thousand subscribers of `libraryChanged`, one of which reads nothing, while entries are published.

Prints how many of the changes arrived, how long after the publish began to tell of them, what the
service holds in memory, and whether the one that reads nothing was let go. Aims at loopback only and
stops what it started. The subscribers share the machine's cores with the service.
"""

import argparse
import asyncio
import resource
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import orjson

from service.app import offline_desk
from service.domain.entries import DOCUMENT
from service.settings import Settings
from tests.library import a_case, publish, small_vocabularies
from tests.live import LiveServer, running_server

PROTOCOL = "graphql-transport-ws"
RECEIVE_BUFFER_BYTES = 4_096
PAUSE_SECONDS = 0.5
HEARD_WITHIN_SECONDS = 30
LET_GO_SECONDS = 90

SHORT = "subscription { libraryChanged { revision entries { kind slug revision } } }"
LONG = """subscription { libraryChanged { revision entries { kind slug revision node {
  ... on Case { slug number title summary } } } } }"""


class Subscribers:
    """Many WebSockets with a subscription each, and when each heard of each revision."""

    def __init__(self, server: LiveServer, document: str) -> None:
        self._address = server.address.replace("http", "ws", 1) + "/graphql"
        self._token = server.token
        self._document = document
        self.heard: dict[int, list[float]] = {}
        self.started_over = 0

    async def follow(self, session: aiohttp.ClientSession, begun: asyncio.Semaphore) -> None:
        """Subscribe, release the semaphore once the first event is there, and listen."""
        async with session.ws_connect(self._address, protocols=[PROTOCOL], compress=0) as held:
            await self.open(held)
            begun.release()
            async for message in held:
                at = time.monotonic()
                change = orjson.loads(message.data)["payload"]["data"]["libraryChanged"]
                self.heard.setdefault(change["revision"], []).append(at)
                self.started_over += not change["entries"]

    async def open(self, held: aiohttp.ClientWebSocketResponse) -> None:
        """Sign in, subscribe and take the first event."""
        payload = {"authorization": f"Bearer {self._token}"}
        await held.send_json({"type": "connection_init", "payload": payload})
        await held.receive_json()
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": self._document}}
        await held.send_json(subscribe)
        assert (await held.receive_json())["type"] == "next"

    async def all_heard(self, revision: int, *, of: int) -> list[float]:
        """When each heard of a revision, once so many have or they are no longer waited for."""
        deadline = time.monotonic() + HEARD_WITHIN_SECONDS
        heard = self.heard.setdefault(revision, [])
        while len(heard) < of and time.monotonic() < deadline:  # noqa: ASYNC110 - a bench may poll
            await asyncio.sleep(0.05)
        return heard

    async def read_nothing(self, stack: AsyncExitStack) -> None:
        """Subscribe over a connection with a small buffer, and never read from it again."""
        connector = aiohttp.TCPConnector(socket_factory=_small_socket)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        held = await session.ws_connect(
            self._address, protocols=[PROTOCOL], compress=0, autoping=False
        )
        await self.open(held)
        transport = held._writer.transport  # noqa: SLF001 - no client offers to be this rude
        transport.pause_reading()


def _small_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    made = socket.socket(info[0], info[1], info[2])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    return made


async def measure(
    server: LiveServer, var: Path, *, subscribers: int, publishes: int, document: str
) -> None:
    """Subscribe, publish, and print what was heard."""
    pid = server.process.pid
    sockets = _sockets_of(pid)
    before = _memory_of(pid)
    many = Subscribers(server, document)
    begun = asyncio.Semaphore(0)
    async with AsyncExitStack() as stack:
        unlimited = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=unlimited))
        await many.read_nothing(stack)
        tasks = [asyncio.create_task(many.follow(session, begun)) for _ in range(subscribers - 1)]
        for _ in tasks:
            await begun.acquire()
        idle = _memory_of(pid)
        delays, arrived = await _publish(many, var, publishes=publishes, listeners=len(tasks))
        after = _memory_of(pid)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await session.close()
        let_go = await _let_go(pid, sockets)
    print(f"{subscribers} subscribers, one reads nothing; {publishes} publishes by another process")
    print(
        f"events arrived: {arrived} of {publishes * len(tasks)}; told to start over: {many.started_over}"
    )
    print(f"after the publish, ms: {_row(delays)}")
    print(f"memory, MB: before {before}, all subscribed {idle}, after {after}")
    print(f"the one that reads nothing was let go: {let_go}")


async def _publish(
    many: Subscribers, var: Path, *, publishes: int, listeners: int
) -> tuple[list[float], int]:
    delays: list[float] = []
    arrived = 0
    async with offline_desk(Settings(var=var), may_migrate=False) as desk:
        for number in range(publishes):
            # A large entry fills the buffers of whoever reads nothing.
            text = f"第{number}次发布。" + "案例的经过。" * 390
            case = a_case("followed", 1, summary={"zh_hans": text, "en": text})
            await publish(desk, DOCUMENT.validate_python(case.model_dump()))
            published = time.monotonic()
            async with desk.store.reading() as reading:
                revision = (await reading.library.get()).revision
            heard = await many.all_heard(revision, of=listeners)
            arrived += len(heard)
            delays += [(at - published) * 1000 for at in heard]
            await asyncio.sleep(PAUSE_SECONDS)
    return delays, arrived


async def _let_go(pid: int, sockets: int) -> str:
    begun = time.monotonic()
    while time.monotonic() - begun < LET_GO_SECONDS:
        if _sockets_of(pid) <= sockets:
            return f"{time.monotonic() - begun:.0f} s after the others ended"
        await asyncio.sleep(1)
    return f"not within {LET_GO_SECONDS} s"


def _row(times: Sequence[float]) -> str:
    ordered = sorted(times)
    p99 = statistics.quantiles(ordered, n=100)[98]
    return f"median {statistics.median(ordered):.0f}, p99 {p99:.0f}, last {ordered[-1]:.0f}"


def _memory_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    raise AssertionError("the service has ended")


def _sockets_of(pid: int) -> int:
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        # It may be closed by now.
        with suppress(FileNotFoundError):
            count += str(link.readlink()).startswith("socket:")
    return count


def main() -> None:
    """Start the service, measure, end it."""
    parser = argparse.ArgumentParser(prog="bench.subscribers", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1_000)
    parser.add_argument("--publishes", type=int, default=20)
    parser.add_argument(
        "--short", action="store_true", help="follow names only, not what they name"
    )
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 65_536), hard), hard))
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        asyncio.run(_fill(var))
        with running_server(var, PRECEDENT_SEED="false") as server:
            asyncio.run(
                measure(
                    server,
                    var,
                    subscribers=arguments.subscribers,
                    publishes=arguments.publishes,
                    document=SHORT if arguments.short else LONG,
                )
            )


async def _fill(var: Path) -> None:
    async with offline_desk(Settings(var=var)) as desk:
        await publish(desk, *small_vocabularies())


if __name__ == "__main__":
    main()
