"""`libraryChanged`: what is heard by whom, over which protocol, and how it ends."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from service.app import Application
from service.commands.serving import ServiceServer
from service.domain.access import OPERATOR, AccessRole
from service.operations.tokens import create_token, list_tokens, revoke_token
from service.settings import Settings
from tests.library import (
    BREACH,
    HIJACK,
    OUTAGE,
    a_case,
    a_method,
    both,
    publish,
    small_vocabularies,
    term,
    vocabulary,
)
from tests.serving import PATIENCE_SECONDS, opened, served, streamed

FOLLOW = """
subscription ($filter: LibraryChangeFilter, $after: String) {
  libraryChanged(filter: $filter, after: $after) {
    cursor revision startOver
    entries { kind slug revision node { ... on Case { slug title } } vocabulary { set } }
  }
}
"""
SLUGS = "subscription { libraryChanged { revision entries { slug } } }"
NOWHERE = "http://127.0.0.1:9"


def told(revision: int, *slugs: str) -> dict[str, Any]:
    return {"revision": revision, "entries": [{"slug": slug} for slug in slugs]}


@dataclass(frozen=True, slots=True)
class House:
    """A service on a database, and a token of each role that is needed."""

    application: Application
    server: ServiceServer
    address: str
    reader: str
    admin: str

    async def publish(self, *documents: Any) -> None:
        await publish(self.application.desk, *documents)


def application_on(url: str, var: Path) -> Application:
    """One of several services that share a database; there is no engine."""
    return Application(
        Settings(
            var=var,
            database_url=url,
            meili_url=NOWHERE,
            subscriptions=5,
            subscriptions_per_connection=3,
        )
    )


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    application = application_on(migrated_url, tmp_path / "here")
    async with served(application) as (address, server):
        tokens = [
            await create_token(
                application.desk,
                OPERATOR,
                name=role.value,
                role=role,
                random=lambda: secrets.token_hex(16),
            )
            for role in (AccessRole.READER, AccessRole.ADMIN)
        ]
        await publish(application.desk, *small_vocabularies())
        yield House(application, server, address, *tokens)


@pytest.fixture
async def there(house: House, migrated_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """The address of another service on the same database."""
    async with served(application_on(migrated_url, tmp_path / "there")) as (address, _):
        yield address


async def test_what_one_replica_publishes_is_heard_on_another_over_both_protocols(
    house: House, there: str
) -> None:
    async with (
        opened(there, house.reader) as socket,
        streamed(there, house.reader, FOLLOW) as stream,
    ):
        assert await socket.next() == {"type": "connection_ack"}
        await socket.subscribe(FOLLOW)
        begun = [await socket.event(), await stream.event()]

        await house.publish(a_case("one", 1), vocabulary("Extra", "extra", term("A", "甲", "A")))
        heard = [await socket.event(), await stream.event()]

    assert [(event["revision"], event["entries"]) for event in begun] == [(1, [])] * 2
    assert heard[0] == heard[1]
    assert heard[0] | {"cursor": ""} == {
        "cursor": "",
        "revision": 2,
        "startOver": False,
        "entries": [
            {
                "kind": "CASE",
                "slug": "one",
                "revision": 1,
                "node": {"slug": "one", "title": "案例1"},
                "vocabulary": None,
            },
            {
                "kind": "VOCABULARY",
                "slug": "extra",
                "revision": 1,
                "node": None,
                "vocabulary": {"set": "Extra"},
            },
        ],
    }
    assert stream.response.headers["content-type"] == "text/event-stream"


NEIGHBOURS = """subscription { libraryChanged { entries { node { ... on Case {
  title primaryType { cases { title } } } } } } }"""


async def test_each_event_shows_the_library_as_it_is_then(house: House) -> None:
    async with streamed(house.address, house.reader, NEIGHBOURS) as stream:
        await stream.event()

        heard = []
        for title in ("一", "二"):
            await house.publish(a_case("one", 1, title=both(title, "x")), a_case("two", 2))
            heard.append((await stream.event())["entries"][0]["node"])

    assert [(node["title"], node["primaryType"]["cases"][0]["title"]) for node in heard] == [
        ("一", "一"),
        ("二", "二"),
    ]


async def test_a_hidden_entry_is_never_heard_of(house: House) -> None:
    async with (
        streamed(house.address, house.reader, SLUGS) as reader,
        streamed(house.address, house.admin, SLUGS) as admin,
    ):
        await reader.event()
        await admin.event()

        await house.publish(a_case("secret", 1, sharing="TLP_RED"))
        await house.publish(a_case("open", 2), a_case("amber", 3, sharing="TLP_AMBER"))

        assert await reader.event() == told(3, "open")
        assert [await admin.event() for _ in range(2)] == [
            told(2, "secret"),
            told(3, "open", "amber"),
        ]


FILTERS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"kind": ["METHOD"]}, ["guide"]),
    ({"slug": ["hijack", "none"]}, ["hijack"]),
    ({"type": [OUTAGE]}, ["outage", "guide"]),
    ({"type": ["DATA_SECURITY"]}, ["hijack"]),
    ({"type": [OUTAGE], "kind": ["CASE"]}, ["outage"]),
)


async def test_a_filter_narrows_what_is_heard(house: House) -> None:
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(
                streamed(house.address, house.reader, FOLLOW, filter=given)
            )
            for given, _ in FILTERS
        ]
        for stream in streams:
            await stream.event()

        await house.publish(
            a_case("outage", 1),
            a_case("hijack", 2, primary_type=HIJACK, other_types=[BREACH]),
            a_method("guide", crisis_types=[OUTAGE]),
        )
        heard = [await stream.event() for stream in streams]

    assert [[entry["slug"] for entry in event["entries"]] for event in heard] == [
        slugs for _, slugs in FILTERS
    ]


async def test_one_that_comes_back_hears_first_what_it_missed(house: House, there: str) -> None:
    async with streamed(house.address, house.reader, FOLLOW) as stream:
        cursor = (await stream.event())["cursor"]
    await house.publish(a_case("one", 1))
    await house.publish(a_case("two", 2), a_case("one", 1, country="CN"))

    async with streamed(there, house.reader, FOLLOW, after=cursor) as stream:
        missed = await stream.event()
        await house.publish(a_case("three", 3))
        then = await stream.event()

    assert (missed["revision"], missed["startOver"]) == (3, False)
    assert [(entry["slug"], entry["revision"]) for entry in missed["entries"]] == [
        ("one", 2),
        ("two", 1),
    ]
    assert [entry["slug"] for entry in then["entries"]] == ["three"]


async def test_more_than_can_be_named_is_no_change_to_follow(house: House) -> None:
    async with streamed(house.address, house.reader, FOLLOW) as stream:
        await stream.event()

        await house.publish(*(a_case(f"case-{number}", number) for number in range(1, 102)))
        heard = await stream.event()

    assert (heard["revision"], heard["startOver"], heard["entries"]) == (2, True, [])


async def test_a_revoked_token_hears_no_more(house: House) -> None:
    desk = house.application.desk
    async with (
        opened(house.address, house.reader) as socket,
        streamed(house.address, house.reader, SLUGS) as stream,
    ):
        await socket.next()
        await socket.subscribe(SLUGS)
        await socket.event()
        await stream.event()
        (held,) = [one for one in await list_tokens(desk, OPERATOR) if one.role == "reader"]

        await revoke_token(desk, OPERATOR, held.id)
        await house.publish(a_case("one", 1))
        ends = [(await socket.next())["payload"], (await stream.next())[1]]
        completed = [await socket.next(), await stream.next(), await stream.next()]
        await socket.subscribe(SLUGS)
        closed = await socket.next()

    assert [end.get("data") for end in ends] == [None, None]
    assert [end["errors"][0]["extensions"] for end in ends] == [{"code": "ACCESS_CHANGED"}] * 2
    assert completed == [{"id": "1", "type": "complete"}, ("complete", None), ("end", None)]
    assert closed[0] == 4403


async def test_a_stopping_service_ends_its_subscriptions_and_does_not_wait_for_them(
    house: House,
) -> None:
    server = house.server
    async with (
        opened(house.address, house.reader) as socket,
        streamed(house.address, house.reader, SLUGS) as stream,
    ):
        await socket.next()
        await socket.subscribe(SLUGS)
        await socket.event()
        await stream.event()

        # Without being told, it would wait for the stream until this test is given up.
        server.should_exit = True
        ended = await stream.next()
        closed = await socket.next()
        while not isinstance(closed, tuple):
            closed = await socket.next()

    assert ended[1]["errors"][0]["extensions"] == {"code": "STOPPING"}
    assert closed[0] == 1012


async def test_so_many_subscriptions_and_no_more(house: House) -> None:
    watch = house.application.watch
    async with (
        opened(house.address, house.reader) as one,
        opened(house.address, house.reader) as other,
    ):
        for socket, ids in ((one, "abc"), (other, "ab")):
            await socket.next()
            for name in ids:
                await socket.subscribe(SLUGS, id=name)
                await socket.event()

        await one.subscribe(SLUGS, id="d")
        in_one_connection = await one.next()
        await other.subscribe(SLUGS, id="c")
        in_one_process = [await other.next(), await other.next()]
        held = watch.subscriptions
        await one.send(id="b", type="complete")
        await _until(lambda: watch.subscriptions == 4)
        await other.subscribe(SLUGS, id="d")
        after_one_ended = await other.event()

    assert in_one_connection["type"] == "error"
    assert [
        in_one_connection["payload"][0]["extensions"],
        in_one_process[0]["payload"]["errors"][0]["extensions"],
    ] == [{"code": "TOO_MANY_SUBSCRIPTIONS"}] * 2
    assert in_one_process[1] == {"id": "c", "type": "complete"}
    assert held == 5
    assert after_one_ended == told(1)
    await _until(lambda: watch.subscriptions == 0)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - nothing tells when a client's end is noticed
            await asyncio.sleep(0.01)


async def test_a_query_is_answered_over_both_protocols_too(house: House) -> None:
    query = "{ library { revision } }"
    async with (
        opened(house.address, house.reader) as socket,
        streamed(house.address, house.reader, query) as stream,
    ):
        await socket.next()
        await socket.subscribe(query)
        first = await socket.event("library")
        await socket.next()
        await house.publish(a_case("one", 1))
        await socket.subscribe(query)
        second = await socket.event("library")

        assert (first, second) == ({"revision": 1}, {"revision": 2})
        assert await stream.event("library") == {"revision": 1}
        assert await stream.next() == ("complete", None)


EXPENSIVE = """subscription { libraryChanged { entries { node { ... on Case {
  statements { strategies { code label cases { statements { key } } } } } } } } }"""
BAD = (
    (EXPENSIVE, "COST_LIMIT"),
    ('subscription { libraryChanged(after: "x") { revision } }', "BAD_INPUT"),
    ('subscription { libraryChanged(filter: {type: "A"}) { revision } }', "BAD_INPUT"),
)


NOTHING_TO_RUN = (
    ({"query": "{ library { revision } }", "operationName": "B"}, 'Unknown operation named "B".'),
    ({"query": "fragment F on Query { library { revision } }"}, "Can't get GraphQL operation type"),
    ({"query": ""}, 'Request data is missing a "query" value'),
)


async def test_a_message_without_an_operation_is_refused_in_words(house: House) -> None:
    refusals = []
    async with opened(house.address, house.reader) as socket:
        await socket.next()
        for payload, _ in NOTHING_TO_RUN:
            await socket.send(id="1", type="subscribe", payload=payload)
            refusals.append(await socket.next())

    assert refusals == [
        {"id": "1", "type": "error", "payload": [{"message": message}]}
        for _, message in NOTHING_TO_RUN
    ]


async def test_a_subscription_that_cannot_be_is_refused_in_words(house: House) -> None:
    refusals = []
    async with opened(house.address, house.reader) as socket:
        await socket.next()
        for document, _ in BAD:
            await socket.subscribe(document)
            over_socket = (await socket.next())["payload"]["errors"]
            assert (await socket.next())["type"] == "complete"
            async with streamed(house.address, house.reader, document) as stream:
                assert await stream.next() == ("next", {"errors": over_socket})
            refusals.append(over_socket[0]["extensions"]["code"])

    assert refusals == [code for _, code in BAD]
    assert house.application.watch.subscriptions == 0


async def test_who_has_no_good_token_hears_nothing(house: House) -> None:
    async with opened(house.address, "precedent_wrong") as wrong:
        refused = [await wrong.next()]
    async with opened(house.address, None) as none:
        refused.append(await none.next())
    async with opened(house.address, None, authorization=f"Bearer {house.reader}") as good:
        welcome = await good.next()

    assert [code for code, _ in refused] == [4403, 4403]
    assert all(reason.startswith("A valid token is needed") for _, reason in refused)
    assert welcome == {"type": "connection_ack"}


async def test_another_protocol_is_closed_and_another_origin_is_not_let_in(house: House) -> None:
    address = house.address
    async with opened(address, house.reader, protocol="graphql-ws") as old:
        closed = await old.next()
    async with opened(address, house.reader, origin=address.removesuffix("/graphql")) as own:
        welcome = await own.next()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with opened(address, house.reader, origin="https://elsewhere.example"):
            pass

    assert closed[0] == 4406
    assert welcome == {"type": "connection_ack"}
    assert refused.value.status == 403


NO_MESSAGES: tuple[str | bytes, ...] = (
    "[]",
    "5",
    "null",
    "{",
    "[" * 100_000,
    f'{{"type": "ping", "n": {"9" * 5000}}}',
    '{"type": []}',
    '{"type": "subscribe", "id": [], "payload": {"query": "{ library { revision } }"}}',
    '{"type": "subscribe", "id": "1", "payload": []}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{x}", "variables": []}}',
    '{"type": "subscribe", "payload": {"query": "{ library { revision } }"}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "' + "x" * 500 + '"}}',
    '{"type": "complete"}',
    b"\x00\x01",
)


async def test_what_is_no_message_closes_the_connection_in_words(house: House) -> None:
    codes = []
    for content in NO_MESSAGES:
        async with opened(house.address, house.reader) as socket:
            await socket.next()
            if isinstance(content, bytes):
                await socket.held.send_bytes(content)
            else:
                await socket.held.send_str(content)
            codes.append(await socket.next())

    assert [(code, bool(reason)) for code, reason in codes] == [(4400, True)] * len(NO_MESSAGES)
