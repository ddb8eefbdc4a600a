import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import meilisearch
import pytest
from aiohttp import web

from search.engine import EngineInfo, probe
from search.errors import SearchRejected, SearchUnavailable
from search.launcher import Address
from search.meili import MeiliIndex
from search.meili_filters import render
from search.protocol import AllOf, AnyOf, Not, OneOf, Range, SearchDocument, SearchQuery
from search.tasks import MeiliTasks
from search.versions import require_usable
from tests.search.documents import (
    FIRST,
    NEXT,
    OUTAGE,
    OUTAGE_APOLOGY,
    RATS,
    build,
    ids,
    in_batches,
)


async def test_a_meilisearch_that_can_be_used_says_its_version(
    meilisearch_address: Address,
) -> None:
    info = await probe(*meilisearch_address)

    assert info == EngineInfo(url=meilisearch_address.url, version="1.21.0")


@pytest.mark.parametrize("key", ["", "a-wrong-key-of-enough-length"])
async def test_a_wrong_key_says_which_setting_to_change(
    meilisearch_address: Address, key: str
) -> None:
    index = MeiliIndex(meilisearch_address.url, key)

    with pytest.raises(SearchUnavailable, match="PRECEDENT_MEILI_KEY"):
        await probe(meilisearch_address.url, key)
    with pytest.raises(SearchUnavailable, match="PRECEDENT_MEILI_KEY"):
        await index.identity()
    with pytest.raises(SearchUnavailable, match="PRECEDENT_MEILI_KEY"):
        await index.search(SearchQuery())
    with pytest.raises(SearchUnavailable, match="PRECEDENT_MEILI_KEY"):
        await index.rebuild(in_batches(), identity=FIRST)

    await index.aclose()


@pytest.mark.parametrize("url", ["", "127.0.0.1:7700", "http://", "ftp://127.0.0.1"])
async def test_an_address_that_is_none_says_what_one_looks_like(url: str) -> None:
    with pytest.raises(SearchUnavailable, match="PRECEDENT_MEILI_URL"):
        await probe(url, "key")


async def test_nobody_at_the_address_is_said_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        index = MeiliIndex(url, "key")

        with pytest.raises(SearchUnavailable, match="does not answer"):
            await index.search(SearchQuery())

    await index.aclose()


async def test_a_stranger_at_the_address_is_recognised() -> None:
    async with _Stranger(web.Response(text="<h1>It works!</h1>")) as url:
        index = MeiliIndex(url, "key")

        with pytest.raises(SearchUnavailable, match="not a Meilisearch"):
            await probe(url, "key")
        with pytest.raises(SearchUnavailable, match="not a Meilisearch"):
            await index.identity()
        with pytest.raises(SearchUnavailable, match="unknown shape"):
            await index.search(SearchQuery())

        await index.aclose()


async def test_an_engine_that_takes_too_long_is_waited_for_once() -> None:
    asked: list[str] = []
    gone = asyncio.Event()

    async def wait(request: web.Request) -> web.Response:
        asked.append(request.path)
        await gone.wait()
        return web.Response()

    async with _Server(wait) as url:
        index = MeiliIndex(url, "key", search_seconds=0.05)

        with pytest.raises(SearchUnavailable, match="took too long"):
            await index.search(SearchQuery())
        with pytest.raises(SearchUnavailable, match="failed a moment ago"):
            await index.search(SearchQuery())

        await index.aclose()
        gone.set()
    assert asked == ["/indexes/precedent/search"]


async def test_a_version_too_old_is_refused() -> None:
    body = {"status": "available", "pkgVersion": "1.11.3"}
    async with _Stranger(web.json_response(body)) as url:
        with pytest.raises(SearchUnavailable, match=r"1\.11\.3.*needs 1\.12"):
            await probe(url, "key")


@pytest.mark.parametrize("version", ["0.30.1", "1.11.9", "2.0.0", "", "new"])
def test_an_unusable_version_is_refused(version: str) -> None:
    with pytest.raises(SearchUnavailable):
        require_usable(version, where="there")


@pytest.mark.parametrize("version", ["1.12.0", "1.21.0", "1.100.0-rc.1"])
def test_a_usable_version_is_not_refused(version: str) -> None:
    require_usable(version, where="there")


async def test_an_interrupted_rebuild_leaves_the_old_index_and_its_rest_goes_with_the_next(
    meilisearch_address: Address,
) -> None:
    uid = f"test-{uuid.uuid4().hex}"
    index = MeiliIndex(*meilisearch_address, uid=uid)
    tasks = MeiliTasks(*meilisearch_address)
    await build(index, OUTAGE)
    # What a killed process leaves.
    await tasks.create_index(f"{uid}-building-left", settings={})
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[Sequence[SearchDocument]]:
        while True:
            yield [RATS]
            begun.set()

    rebuilding = asyncio.create_task(index.rebuild(endless(), identity=NEXT))
    await begun.wait()
    rebuilding.cancel()
    await asyncio.wait([rebuilding])

    assert rebuilding.cancelled()
    assert await ids(index) == {"case_outage"}
    assert await index.identity() == FIRST
    await build(index, RATS, identity=NEXT)
    assert [left for left in await tasks.index_uids() if left.startswith(uid)] == [uid]
    assert await ids(index) == {"case_rats"}
    await index.aclose()
    await tasks.delete_index(uid)


async def test_an_index_taken_away_while_it_is_filled_is_not_put_in_place(
    meili_index: MeiliIndex, meilisearch_address: Address
) -> None:
    tasks = MeiliTasks(*meilisearch_address)
    await build(meili_index, OUTAGE)
    known = set(await tasks.index_uids())

    async def robbed() -> AsyncIterator[Sequence[SearchDocument]]:
        yield [OUTAGE]
        for building in set(await tasks.index_uids()) - known:
            await tasks.delete_index(building)
        yield [RATS]

    with pytest.raises(SearchUnavailable, match="interfered"):
        await meili_index.rebuild(robbed(), identity=NEXT)

    assert await ids(meili_index) == {"case_outage"}
    assert await meili_index.identity() == FIRST


async def test_a_document_the_engine_refuses_changes_nothing(meili_index: MeiliIndex) -> None:
    await build(meili_index, OUTAGE)
    unfit = SearchDocument(id="not an id", kind="CASE", entry="CASE:unfit", revision=1)

    with pytest.raises(SearchRejected):
        await meili_index.replace([unfit], entries=["CASE:unfit"], identity=NEXT)

    assert await ids(meili_index) == {"case_outage"}
    assert await meili_index.identity() == FIRST


@pytest.mark.parametrize(("held", "tasks_made"), [((OUTAGE,), 1), ((OUTAGE, OUTAGE_APOLOGY), 3)])
async def test_a_change_that_leaves_nothing_to_remove_is_made_at_once(
    meili_index: MeiliIndex,
    meilisearch_address: Address,
    held: Sequence[SearchDocument],
    tasks_made: int,
) -> None:
    await build(meili_index, *held)
    client, mine = meilisearch.Client(*meilisearch_address), {"indexUids": [meili_index._uid]}
    before = client.get_tasks(mine).total

    await meili_index.replace([OUTAGE, RATS], entries=["CASE:outage", "CASE:rats"], identity=NEXT)

    assert client.get_tasks(mine).total - before == tasks_made
    assert await ids(meili_index) == {"case_outage", "case_rats"}
    assert await meili_index.identity() == NEXT


def test_a_condition_becomes_a_filter_of_quoted_values() -> None:
    condition = AllOf(
        (
            OneOf((AnyOf("industry", ('a"b', "c\\")), Range("year_number", 2017))),
            Not(Range("year_number", maximum=2020.5)),
        )
    )

    assert render(condition) == (
        r'((industry IN ["a\"b", "c\\"]) OR (year_number >= 2017))'
        " AND (NOT (year_number <= 2020.5))"
    )


class _Server:
    """A server that does the same with everything that is asked."""

    def __init__(self, respond: Callable[[web.Request], Awaitable[web.Response]]) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", respond)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


class _Stranger(_Server):
    """A server that gives one answer to everything."""

    def __init__(self, answer: web.Response) -> None:
        body, content_type, status = answer.body, answer.content_type, answer.status

        async def respond(_: web.Request) -> web.Response:
            return web.Response(body=body, content_type=content_type, status=status)

        super().__init__(respond)
