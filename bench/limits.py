"""Each limit of a request: how long the largest that is allowed takes, and how the next is refused.

Starts a service of its own on the loopback, with the library that ships. What is allowed is sent for
the first time, so that it is parsed and validated. Ends with 1 where it takes longer than a second, or
where something is answered that is over a limit.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from schema.breadth import DIRECTIVES_MOST, FIELDS_MOST, LENGTH_MOST, PAIRS_MOST, SPREADS_MOST
from schema.limits import ALIASES_MOST, COST_MOST, DEPTH_MOST, TOKENS_MOST, VARIABLES_MOST
from schema.spending import ANSWER_MOST
from service.http.requests import BODY_MOST_BYTES, URL_MOST_BYTES
from tests.live import LiveServer, running_server

ALLOWED_SECONDS = 1.0
BATCH = 10
REQUEST_SECONDS = 5

REVISION = "{ library { revision } }"
CASE = """id title summary slug number year organisation { name } industry { code label definition }
  platforms { code label } statements { key at offsetHours kind strategies { code label definition }
  keyMessages admiraltyGrade } outcomeMetrics { metric { code label } comparator value unit }
  timeline { text } sources { title url } lessons { text verdict } links { reason case { title } }
  similar { title } methods { title } procedures { title }"""


@dataclass(frozen=True, slots=True)
class Probe:
    """The largest request a limit allows, and the next larger one."""

    limit: str
    most: int
    allowed: Any
    over: Any
    by_get: bool = False


def asked(query: str, **variables: Any) -> dict[str, Any]:
    """A request of one document."""
    return {"query": query, "variables": variables}


def of_depth(depth: int) -> dict[str, Any]:
    """A chain of links."""
    names = ["cases(first: 100)", "edges", "node", "primaryType", *["parent"] * depth]
    return asked(" ".join(f"{{ {name}" for name in names[: depth - 1]) + " { code" + " }" * depth)


def of_tokens(count: int) -> dict[str, Any]:
    """As many words as that, in an argument, since fields have a limit of their own."""
    words = '"a" ' * (count - 20)
    return asked(f"{{ cases(filter: {{slug: {{in: [{words}]}}}}) {{ totalCount }} }}")


def of_aliases(count: int) -> dict[str, Any]:
    """As many precedents as the cost allows, each time for other words, and cheap fields beside."""
    words = (
        f"员工{n}拿错手机，用官微发了一条私人吐槽，虽然秒删了但已经被截图传开" for n in range(19)
    )
    fields = [
        f'a{n}: findPrecedents(situation: {{text: "{text}"}}, first: 5) {{ edges {{ score }} }}'
        for n, text in enumerate(words)
    ]
    fields += [f"a{n}: library {{ revision }}" for n in range(len(fields), count)]
    return asked(f"{{ {' '.join(fields)} }}")


def of_fields(count: int) -> dict[str, Any]:
    """Fields of a case, again and again, since as many of different names would be aliases."""
    names = (
        *("slug", "title", "summary", "number", "year", "revision", "country", "listed", "id"),
        *("titleLocale", "summaryLocale", "note", "noteLocale", "provenance", "sharing", "cluster"),
    )
    fields = " ".join(names[n % len(names)] for n in range(count - 3))
    return asked(f"{{ cases(first: 1) {{ edges {{ node {{ {fields} }} }} }} }}")


def of_pairs(count: int) -> dict[str, Any]:
    """One field so often, each time with a selection that has to be compared too."""
    return asked("{ " + "library { revision } " * count + "}")


def of_spreads(count: int) -> dict[str, Any]:
    """Fragments that are each spread once, beside each other."""
    spreads = " ".join(f"...F{n}" for n in range(count))
    bodies = ("library { revision }", "__typename")
    fragments = (f"fragment F{n} on Query {{ {bodies[n % 2]} }}" for n in range(count))
    return asked(f"{{ {spreads} }} " + " ".join(fragments))


def of_directives(count: int) -> dict[str, Any]:
    """Each field with a directive."""
    return asked("{ library { " + "revision @include(if: true) " * count + "} }")


def of_first(first: int) -> dict[str, Any]:
    """Wide cases, so many of them."""
    return asked(f"{{ cases(first: {first}) {{ edges {{ node {{ {CASE} }} }} }} }}")


def of_pages(count: int) -> dict[str, Any]:
    """Pages below a list, each looked up by itself: what the answer costs is known once it is made."""
    page = "metric { observations(first: 1) { totalCount edges { node { value } } } }"
    return asked(f"{{ outcomeMetrics(first: {count}) {{ edges {{ node {{ {page} }} }} }} }}")


def of_characters(count: int) -> dict[str, Any]:
    """A long text of escapes, which are the slowest to read."""
    start, end = '{ case(slug: "', '") { slug } }'
    return asked(start + "\\n" * ((count - len(start) - len(end)) // 2) + end + " " * (count % 2))


def of_variables(count: int) -> dict[str, Any]:
    """Many short values."""
    values = ["a"] * ((count - len("fslugin") - 1) // 2)
    filling = "x" * (count - len("fslugin") - 2 * len(values))
    values[-1] += filling
    document = "query ($f: CaseFilter) { cases(filter: $f) { totalCount } }"
    return asked(document, f={"slug": {"in": values}})


def of_bytes(count: int) -> bytes:
    """A body of that length."""
    body = json.dumps(asked(REVISION)).encode()
    return body + b" " * (count - len(body))


def largest(
    server: LiveServer, request: Callable[[int], dict[str, Any]], *, refused_with: str
) -> int:
    """How many of something are allowed, of 100."""
    for count in range(100, 0, -1):
        body = request(count)
        # In other words, or what is measured would have been asked before.
        body["query"] += " # tried"
        answer = sent(server, body, by_get=False).json()
        codes = {error.get("extensions", {}).get("code") for error in answer.get("errors", ())}
        if codes != {refused_with}:
            return count
    raise AssertionError(f"{refused_with} allows nothing")


def probes(first: int, pages: int) -> list[Probe]:
    """Every limit."""
    # So often stand two names in the document, each in as many pairs as half the limit.
    often = max(n for n in range(PAIRS_MOST) if n * (n - 1) <= PAIRS_MOST)
    return [
        Probe("depth", DEPTH_MOST, of_depth(DEPTH_MOST), of_depth(DEPTH_MOST + 1)),
        Probe("fields", FIELDS_MOST, of_fields(FIELDS_MOST), of_fields(FIELDS_MOST + 1)),
        Probe("pairs of one name", PAIRS_MOST, of_pairs(often), of_pairs(often + 1)),
        Probe("spreads", SPREADS_MOST, of_spreads(SPREADS_MOST), of_spreads(SPREADS_MOST + 1)),
        Probe("aliases", ALIASES_MOST, of_aliases(ALIASES_MOST), of_aliases(ALIASES_MOST + 1)),
        Probe(
            "directives",
            DIRECTIVES_MOST,
            of_directives(DIRECTIVES_MOST),
            of_directives(DIRECTIVES_MOST + 1),
        ),
        Probe("tokens", TOKENS_MOST, of_tokens(TOKENS_MOST), of_tokens(TOKENS_MOST + 1)),
        Probe("cost", COST_MOST, of_first(first), of_first(first + 1)),
        Probe("cost of the answer", ANSWER_MOST, of_pages(pages), of_pages(pages + 1)),
        Probe(
            "characters", LENGTH_MOST, of_characters(LENGTH_MOST), of_characters(LENGTH_MOST + 1)
        ),
        Probe(
            "variables",
            VARIABLES_MOST,
            of_variables(VARIABLES_MOST),
            of_variables(VARIABLES_MOST + 1),
        ),
        Probe("batch", BATCH, [asked(REVISION)] * BATCH, [asked(REVISION)] * (BATCH + 1)),
        Probe("body", BODY_MOST_BYTES, of_bytes(BODY_MOST_BYTES), of_bytes(BODY_MOST_BYTES + 1)),
        Probe(
            "address",
            URL_MOST_BYTES,
            "query=" + REVISION.replace(" ", "+").ljust(URL_MOST_BYTES - len("query="), "+"),
            "query=" + REVISION.replace(" ", "+").ljust(URL_MOST_BYTES, "+"),
            by_get=True,
        ),
    ]


def sent(server: LiveServer, body: Any, *, by_get: bool) -> httpx.Response:
    """The response to a request."""
    headers = {"authorization": f"Bearer {server.token}"}
    if by_get:
        return httpx.get(f"{server.address}/graphql?{body}", headers=headers, timeout=60)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers["content-type"] = "application/json"
    return httpx.post(f"{server.address}/graphql", content=content, headers=headers, timeout=60)


def timed(server: LiveServer, body: Any, *, by_get: bool) -> tuple[float, httpx.Response]:
    """How many seconds it took, and the response."""
    begun = time.perf_counter()
    response = sent(server, body, by_get=by_get)
    return time.perf_counter() - begun, response


def reason(response: httpx.Response) -> tuple[int, str | None]:
    """The status and the code of a refusal, by which two are told apart."""
    answer = response.json()
    errors = () if isinstance(answer, list) else answer.get("errors", ())
    return response.status_code, errors[0].get("extensions", {}).get("code") if errors else None


def told(response: httpx.Response) -> str:
    """The first refusal of an answer, or that there is none."""
    answer = response.json()
    one = answer[0] if isinstance(answer, list) else answer
    errors = one.get("errors", ())
    return errors[0]["message"] if errors else "answered"


def given_up(server: LiveServer) -> tuple[float, httpx.Response]:
    """How many seconds a body that comes byte by byte is waited for, and what is said of it."""

    def dripping() -> Iterator[bytes]:
        for byte in of_bytes(1_000):
            time.sleep(0.05)
            yield bytes([byte])

    headers = {"authorization": f"Bearer {server.token}", "content-type": "application/json"}
    begun = time.perf_counter()
    response = httpx.post(
        f"{server.address}/graphql", content=dripping(), headers=headers, timeout=60
    )
    return time.perf_counter() - begun, response


def row(limit: str, most: int, taken: float, refused_in: float, refusal: httpx.Response) -> str:
    """A row of the table."""
    numbers = f"{most:,}".replace(",", " "), f"{taken * 1000:.0f}", f"{refused_in * 1000:.0f}"
    return f"| {limit} | {' | '.join(numbers)} | {told(refusal)} |"


def main() -> None:
    """Start a service, measure each limit, end it."""
    wrong = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(
            Path(folder), PRECEDENT_BATCH=str(BATCH), PRECEDENT_REQUEST_SECONDS=str(REQUEST_SECONDS)
        ) as server,
    ):
        server.wait_until("/readyz", "ready")
        first = largest(server, of_first, refused_with="COST_LIMIT")
        pages = largest(server, of_pages, refused_with="ANSWER_LIMIT")
        print("| limit | most | the most, ms | one more, ms | refused with |")
        print("|---|---|---|---|---|")
        for probe in probes(first, pages):
            taken, answer = timed(server, probe.allowed, by_get=probe.by_get)
            refused_in, refusal = timed(server, probe.over, by_get=probe.by_get)
            print(row(probe.limit, probe.most, taken, refused_in, refusal))
            if taken > ALLOWED_SECONDS:
                wrong.append(f"{probe.limit}: the most took {taken:.2f} s")
            if told(refusal) == "answered":
                wrong.append(f"{probe.limit}: one more is answered")
            elif reason(answer) == reason(refusal):
                wrong.append(f"{probe.limit}: the most is refused: {told(answer)}")
        seconds, refusal = given_up(server)
        print(row("seconds of a request", REQUEST_SECONDS, 0, seconds, refusal))
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
