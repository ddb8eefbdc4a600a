"""What is asked while it is measured, and whether both sides answer it alike.

Nothing is measured before it has been read whole on both sides and found the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp
import orjson

from bench.dialects import PAGE, Dialect, Told
from bench.sides import Side

# Our processes hold the cases of as many pages in memory, and of others: the last entries they read.
PAGES_MOST: Final = 60
_WALK: Final = 100
_AT_ONCE: Final = 4
_ANSWER_SECONDS: Final = 60


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        headers={"accept-encoding": "identity"}, timeout=aiohttp.ClientTimeout(_ANSWER_SECONDS)
    )


class _Client:
    """A client of one process of a side, which takes no answer with an error in it."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session = session
        self._url = f"{address}/graphql"
        self._headers = {"content-type": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    async def data(self, body: bytes) -> tuple[dict[str, Any], int]:
        """The data of an answer, and how many bytes the answer has."""
        async with self._session.post(self._url, data=body, headers=self._headers) as response:
            read = await response.read()
        assert response.status == HTTPStatus.OK, read
        answer = orjson.loads(read)
        assert "errors" not in answer, answer["errors"]
        return answer["data"], len(read)

    async def walk(self, dialect: Dialect) -> tuple[list[Told], list[str]]:
        """All cases by number, with the cursor of each."""
        cases: list[Told] = []
        cursors: list[str] = []
        after = None
        while True:
            data, _ = await self.data(dialect.body_of_walk(after, first=_WALK))
            if not (read := dialect.page_in(data)):
                return cases, cursors
            cases += read
            cursors += dialect.cursors_in(data)
            after = cursors[-1]


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a side is asked: files for wrk, one body a line, and the mean size of an answer.

    `walk` reads all that the others ask for, in another document.
    """

    one: Path
    page: Path
    any_case: Path
    walk: Path
    bytes_of_one: int
    bytes_of_page: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The pages that are asked, spread over the library, and the cases on them."""

    cases: tuple[Told, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, cases: Sequence[Told]) -> "Plan":
        # Half of a small library is left for others to publish.
        pages = min(PAGES_MOST, len(cases) // PAGE // 2)
        return cls(tuple(cases), tuple(place * len(cases) // pages for place in range(pages)))

    def page(self, start: int) -> list[Told]:
        """The cases of a page."""
        return list(self.cases[start : start + PAGE])

    @property
    def asked(self) -> list[Told]:
        """The cases of all pages."""
        return [case for start in self.starts for case in self.page(start)]


async def checked_bodies(
    sides: Sequence[tuple[Side, Dialect]], folder: Path
) -> tuple[Plan, list[Bodies]]:
    """What is to be asked, and the bodies for each side, once all of them answer it alike."""
    async with _session() as session:
        walks = [
            await _Client(session, side.addresses[0], side.token).walk(dialect)
            for side, dialect in sides
        ]
        first, *others = (cases for cases, _ in walks)
        for cases in others:
            _require_same(first, cases)
        plan = Plan.of(first)
        made = []
        for (side, dialect), (_, cursors) in zip(sides, walks, strict=True):
            after = [cursors[start - 1] if start else None for start in plan.starts]
            name = side.name.split()[0].lower()
            for address in side.addresses:
                client = _Client(session, address, side.token)
                sizes = await _check(client, dialect, plan, after)
            made.append(
                Bodies(
                    one=_file(
                        folder / f"{name}-one",
                        [dialect.body_of_one(case.slug) for case in plan.asked],
                    ),
                    page=_file(
                        folder / f"{name}-page", [dialect.body_of_page(place) for place in after]
                    ),
                    any_case=_file(
                        folder / f"{name}-any", [dialect.body_of_one(case.slug) for case in first]
                    ),
                    walk=_file(
                        folder / f"{name}-walk",
                        [dialect.body_of_walk(place, first=PAGE) for place in after],
                    ),
                    bytes_of_one=sizes[0],
                    bytes_of_page=sizes[1],
                )
            )
    return plan, made


async def ask_once(side: Side, bodies: Sequence[bytes]) -> None:
    """Have each process of a side answer each body as it stands."""
    async with _session() as session:
        for address in side.addresses:
            client = _Client(session, address, side.token)
            await _all(client, bodies)


async def _check(
    client: _Client, dialect: Dialect, plan: Plan, after: Sequence[str | None]
) -> tuple[int, int]:
    """Check the answers to all that will be asked of a process; the mean sizes of one and of a page."""
    ones = await _all(client, [dialect.body_of_one(case.slug) for case in plan.asked])
    _require_same(plan.asked, [dialect.case_in(data) for data, _ in ones])
    pages = await _all(client, [dialect.body_of_page(place) for place in after])
    for start, (data, _) in zip(plan.starts, pages, strict=True):
        _require_same(plan.page(start), dialect.page_in(data))
    return _mean_size(ones), _mean_size(pages)


async def _all(client: _Client, bodies: Sequence[bytes]) -> list[tuple[dict[str, Any], int]]:
    found: dict[int, tuple[dict[str, Any], int]] = {}

    async def worker(first: int) -> None:
        for place in range(first, len(bodies), _AT_ONCE):
            found[place] = await client.data(bodies[place])

    await asyncio.gather(*(worker(first) for first in range(_AT_ONCE)))
    return [found[place] for place in range(len(bodies))]


def _mean_size(answers: Sequence[tuple[dict[str, Any], int]]) -> int:
    return round(sum(size for _, size in answers) / len(answers))


def _require_same(ours: Sequence[Told], theirs: Sequence[Told]) -> None:
    assert len(ours) == len(theirs), f"{len(ours)} cases here, {len(theirs)} there"
    for one, other in zip(ours, theirs, strict=True):
        assert one == other, f"told differently:\n{one}\n{other}"


def _file(path: Path, bodies: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(body + b"\n" for body in bodies))
    return path
