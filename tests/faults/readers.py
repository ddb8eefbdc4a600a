"""A reader who goes on asking while something is broken, and remembers what was answered when."""

import itertools
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import httpx

from tests.faults.outcomes import NOTHING
from tests.live import LiveServer

READ: Final = "{ library { revision } cases(first: 5) { edges { node { slug } } } }"
SEARCH: Final = (
    "query Search($text: String!) { searchLibrary(query: $text) { degraded totalCount } }"
)
_PAUSE_SECONDS: Final = 0.02
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: when it was asked for, how long it took, and whether it was one."""

    at: float
    is_search: bool
    seconds: float
    well: bool
    degraded: bool


class Reader:
    """Asks for a list and searches for something new, in turn, in a thread of its own."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self.answers: list[Answer] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def _read(self) -> None:
        with httpx.Client(timeout=15) as client:
            for number in itertools.count():
                if self._stopping.is_set():
                    return
                self.answers.append(asked(client, self._server, number))
                time.sleep(_PAUSE_SECONDS)

    def since(self, moment: float) -> "Seen":
        """What was seen of what was not answered yet at a moment, and of all that was asked later."""
        return Seen([each for each in self.answers if each.at + each.seconds >= moment])


def asked(client: httpx.Client, server: LiveServer, number: int) -> Answer:
    """Ask for a list, or every second time for something that nobody searched for before."""
    is_search = number % 2 == 1
    at = time.monotonic()
    body = {"query": SEARCH if is_search else READ}
    if is_search:
        body |= {"variables": {"text": f"宕机 {number}"}}  # type: ignore[dict-item]
    try:
        data = post(client, server, body)
    except (httpx.HTTPError, ValueError):
        return Answer(at, is_search, time.monotonic() - at, well=False, degraded=False)
    well = data is not None
    degraded = bool(data and is_search and data["searchLibrary"]["degraded"])
    return Answer(at, is_search, time.monotonic() - at, well=well, degraded=degraded)


def post(client: httpx.Client, server: LiveServer, body: dict[str, Any]) -> dict[str, Any] | None:
    """The data of an answer; None where it has errors."""
    headers = {"authorization": f"Bearer {server.token}"}
    response = client.post(f"{server.address}/graphql", json=body, headers=headers)
    answer = response.json()
    data: dict[str, Any] | None = None if "errors" in answer else answer["data"]
    return data


@dataclass(frozen=True, slots=True)
class Seen:
    """Answers, told in a line."""

    answers: list[Answer]

    @property
    def unanswered(self) -> int:
        """How many asked in vain."""
        return sum(not answer.well for answer in self.answers)

    @property
    def first_degraded(self) -> float | None:
        """How long the first search took that found the engine away."""
        return next((answer.seconds for answer in self.answers if answer.degraded), None)

    def __str__(self) -> str:
        told = []
        for is_search, noun in ((False, "reads"), (True, "searches")):
            these = [answer for answer in self.answers if answer.is_search is is_search]
            well = sum(answer.well for answer in these)
            slowest = max((answer.seconds for answer in these), default=0) * 1000
            told.append(f"{well} of {len(these)} {noun} (slowest {slowest:.0f} ms)")
        if self.first_degraded is not None:
            count = sum(answer.degraded for answer in self.answers)
            told.append(f"{count} degraded, the first after {self.first_degraded * 1000:.0f} ms")
        return ", ".join(told)


def seconds_until_found(server: LiveServer, word: str, *, most: float = 60) -> float | None:
    """How long until the engine itself finds what was published; None where it does not."""
    begun = time.monotonic()
    with httpx.Client(timeout=15) as client:
        while time.monotonic() - begun < most:
            try:
                data = post(client, server, {"query": SEARCH, "variables": {"text": word}})
            except (httpx.HTTPError, ValueError):
                data = None
            found = data and data["searchLibrary"]
            if found and not found["degraded"] and found["totalCount"]:
                return time.monotonic() - begun
            time.sleep(_POLL_SECONDS)
    return None


def seconds_until_read(server: LiveServer, *, most: float = 60) -> float | None:
    """How long until reads are answered; None where they are not."""
    begun = time.monotonic()
    with httpx.Client(timeout=5) as client:
        while time.monotonic() - begun < most:
            try:
                if post(client, server, {"query": READ}) is not None:
                    return time.monotonic() - begun
            except (httpx.HTTPError, ValueError):
                pass
            time.sleep(_POLL_SECONDS)
    return None


def lost_of(*differences: str) -> str:
    """What was lost, in words."""
    return "; ".join(differences) or NOTHING
