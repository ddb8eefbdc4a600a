"""Random bytes over HTTP: what is no request at all, and what is nearly one."""

import asyncio
import random
import time
from typing import Final
from urllib.parse import urlsplit

from tests.fuzz.asking import Target
from tests.fuzz.judging import MOST_SECONDS
from tests.fuzz.tallies import Tally

_CONNECTIONS: Final = 4
_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "PROPFIND")
_PATHS: Final = (
    *("/", "/graphql", "/graphql/", "/healthz", "/readyz", "/metrics", "/graphql?query={a"),
    *("/graphql?query=%7B__typename%7D&variables=%ff", "/../../etc/passwd", "/%2e%2e/%00", "*"),
    *("/graphql?extensions=[]&operationName=%F0%9F", "//", "http://[::1", "/" + "a" * 9_000),
)
_TYPES: Final = ("application/json", "text/plain", "application/json; charset=utf-16", "\xff", "")
_BODY: Final = b'{"query": "{ library { revision } }"}'
_ODD_BODIES: Final = (
    b"",
    b"null",
    b"[]",
    b"[" * 50_000,
    b'{"query":' * 5_000,
    b'{"query": 7, "variables": []}',
    b'{"query": null, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}',
    b'{"query": "{ __typename }", "operationName": []}',
    b'{"query": "{ __typename }", "variables": "x", "extensions": 1e999}',
    b'{"query": "' + b"\xff\xfe" * 50 + b'"}',
    b'{"query": "\\ud800"}',
    b"-" + b"9" * 10_000,
)


class Noise:
    """Draws what is sent over one connection; whether that is a whole request is not promised."""

    def __init__(self, seed: int, token: str) -> None:
        self._chance = random.Random(seed)
        self._token = token

    def next(self) -> bytes:
        """The bytes of one connection."""
        match self._chance.randrange(6):
            case 0:
                return self._bytes(2_000)
            case 1:
                whole = self._request(_BODY)
                return whole[: self._chance.randrange(len(whole))]
            case 2:
                changed = bytearray(self._request(_BODY))
                for _ in range(self._chance.randint(1, 8)):
                    changed[self._chance.randrange(len(changed))] = self._chance.randrange(256)
                return bytes(changed)
            case 3:
                return self._request(self._bytes(3_000))
            case 4:
                return self._request(self._chance.choice(_ODD_BODIES), method="POST")
            case _:
                return self._request(_BODY)

    def _bytes(self, most: int) -> bytes:
        return self._chance.randbytes(self._chance.randint(1, most))

    def _request(self, body: bytes, *, method: str = "") -> bytes:
        chance = self._chance
        method = method or chance.choice(_METHODS)
        path = "/graphql" if chance.random() < 0.6 else chance.choice(_PATHS)
        type_ = _TYPES[0] if chance.random() < 0.7 else chance.choice(_TYPES)
        head = [
            f"{method} {path} HTTP/{chance.choice(('1.1', '1.1', '1.1', '1.0', '2.0', '9'))}",
            "Host: localhost",
            f"Content-Type: {type_}",
            "Connection: close",
        ]
        if chance.random() < 0.9:
            head.append(f"Authorization: Bearer {self._token}")
        if chance.random() < 0.2:
            head.append(f"X-{chance.randrange(99)}: {'é' * chance.choice((1, 100, 70_000))}")
        if chance.random() < 0.1:
            head.append("X-Request-Id: a\tb\x0b")
            head.append("Accept: application/graphql-response+json;q=x, */*;q=-1")
        match chance.randrange(8):
            case 0:
                head.append("Transfer-Encoding: chunked")
                body = self._chunked(body)
            case 1:
                length = chance.choice((0, 1, len(body) + 50, 10**30, -5))
                head.append(f"Content-Length: {length}")
            case 2:
                head.append("Content-Length: 5\r\nTransfer-Encoding: chunked")
            case _:
                head.append(f"Content-Length: {len(body)}")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body

    def _chunked(self, body: bytes) -> bytes:
        sizes = ("%x", "%X;ext=1", "0%x", "-%x", "%xg")
        sent = b""
        while body:
            size = self._chance.randint(1, 900)
            part, body = body[:size], body[size:]
            told = self._chance.choice(sizes if self._chance.random() < 0.1 else sizes[:1])
            sent += (told % len(part)).encode() + b"\r\n" + part + b"\r\n"
        return sent + (b"0\r\n\r\n" if self._chance.random() < 0.8 else b"")


async def make_noise(target: Target, tally: Tally, *, count: int, seed: int) -> None:
    """Open so many connections, and judge what comes back of each."""
    noise = Noise(seed, target.reader)
    turns = iter(range(count))

    async def work() -> None:
        for _ in turns:
            await _send(target, tally, noise.next())

    await asyncio.gather(*(work() for _ in range(_CONNECTIONS)))


async def _send(target: Target, tally: Tally, sent: bytes) -> None:
    address = urlsplit(target.server.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    begun = time.monotonic()
    heard = b""
    wrong: list[str] = []
    try:
        writer.write(sent)
        heard = await asyncio.wait_for(reader.read(1_000), timeout=0.2)
    except TimeoutError:
        # It may wait for the rest; once it hears that none comes, it must not wait any longer.
        try:
            writer.write_eof()
            heard = await asyncio.wait_for(reader.read(1_000), timeout=MOST_SECONDS)
        except TimeoutError:
            wrong.append("neither answered nor closed")
        except OSError:
            pass
    except OSError:
        pass
    try:
        while more := await asyncio.wait_for(reader.read(65_536), timeout=MOST_SECONDS):
            heard += more
    except (TimeoutError, OSError):
        pass
    seconds = time.monotonic() - begun
    writer.close()
    status = _status(heard)
    text = heard.decode("utf-8", errors="replace")
    wrong += target.judge.told_in_answer(text, sent=sent.decode("utf-8", errors="replace"))
    if status >= 500:
        wrong.append(f"status {status}")
    if "INTERNAL" in text:
        wrong.append("code INTERNAL")
    outcomes = [] if 200 <= status < 300 else [f"HTTP {status}" if status else "closed"]
    tally.count(repr(sent[:500]), seconds, outcomes, wrong)
    if wrong:
        tally.keep(wrong, sent=sent.decode("latin-1"), answer=text[:4_000])


def _status(heard: bytes) -> int:
    words = heard[:20].split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
