"""Search by meaning: the pinned Meilisearch asks an embedder of the tests' own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from search.errors import EmbedderUnavailable, SearchUnavailable
from search.launcher import Address
from search.meili import MeiliIndex
from search.protocol import AnyOf, Hit, SearchQuery
from tests.embedders import SECRET, LocalEmbedder, local_embedder
from tests.search.documents import FIRST, HIJACK, LIBRARY, NEXT, OUTAGE, RATS, build, in_batches

# No document holds a word of it.
UNWRITTEN = "nothing loads"


@pytest.fixture
async def embedder() -> AsyncIterator[LocalEmbedder]:
    async with local_embedder() as embedder:
        yield embedder


@pytest.fixture
def time() -> list[float]:
    """The time of the indexes; a test that writes into it lets it pass."""
    return [0.0]


@pytest.fixture
def knowing(
    meili_index: MeiliIndex, embedder: LocalEmbedder, time: list[float]
) -> Callable[..., MeiliIndex]:
    """Indexes under the name of one nobody else uses, each with the embedder changed as said."""

    def made(**changes: Any) -> MeiliIndex:
        return MeiliIndex(
            meili_index._url,
            meili_index._key,
            uid=meili_index._uid,
            embedder=embedder.as_embedder(**changes),
            clock=lambda: time[0],
        )

    return made


@pytest.fixture
async def index(knowing: Callable[..., MeiliIndex]) -> AsyncIterator[MeiliIndex]:
    """An index of the small library that knows its meanings."""
    index = knowing()
    await build(index, *LIBRARY)
    yield index
    await index.aclose()


async def test_what_means_the_same_is_found_without_a_word_of_it(index: MeiliIndex) -> None:
    by_words = await index.search(SearchQuery(text=UNWRITTEN, whole=True))
    by_meaning = await index.search(SearchQuery(text=UNWRITTEN, meaning=1.0, facets=("year",)))

    assert by_words.total == 0
    assert by_meaning.hits[0] == Hit("case_outage", "CASE", "CASE:outage", 1.0)
    assert {(hit.id, hit.score) for hit in by_meaning.hits[1:]} == {
        ("case_hijack", 0.5),
        ("case_rats", 0.5),
        ("statement_outage-1", 0.5),
    }
    assert by_meaning.total == 4
    assert by_meaning.facets == {"year": {"2013": 1, "2017": 1, "2023": 1}}


async def test_meaning_and_words_count_by_their_shares(index: MeiliIndex) -> None:
    text = f"haidilao {UNWRITTEN}"
    cases = SearchQuery(text=text, kinds=("CASE",))

    mostly_words = await index.search(replace(cases, meaning=0.1))
    mostly_meaning = await index.search(replace(cases, meaning=0.9))

    assert [hit.id for hit in mostly_words.hits] == ["case_rats", "case_outage", "case_hijack"]
    assert [hit.id for hit in mostly_meaning.hits] == ["case_outage", "case_rats", "case_hijack"]
    assert mostly_meaning.hits[0].score == 1.0
    assert mostly_words.total == mostly_meaning.total == 3


async def test_a_search_by_both_is_paged_narrowed_and_counted(index: MeiliIndex) -> None:
    query = SearchQuery(
        text=UNWRITTEN, meaning=0.5, condition=AnyOf("platforms", ("weibo",)), facets=("platforms",)
    )

    whole = await index.search(query)
    second = await index.search(replace(query, offset=1, limit=1))

    assert {hit.id for hit in whole.hits} == {"case_outage", "statement_outage-1", "case_rats"}
    assert whole.total == 3
    assert whole.facets == {"platforms": {"weibo": 3, "douyin": 1, "website": 1}}
    assert second.hits == whole.hits[1:2]


async def test_the_embedder_is_told_the_text_as_it_stands(
    index: MeiliIndex, embedder: LocalEmbedder
) -> None:
    text = '"我们" -的 后台 一二三四五六七八九十 一二三四五六七八九十 打不开了'

    await index.search(SearchQuery(text=text, meaning=1.0))
    await index.search(SearchQuery(text=text, meaning=0.5))

    assert embedder.texts[-2:] == [text, text]


async def test_the_identity_has_no_meaning(
    index: MeiliIndex, embedder: LocalEmbedder, meilisearch_address: Address
) -> None:
    await index.replace([RATS], entries=["CASE:rats"], identity=NEXT)

    found = await index.search(SearchQuery(text=UNWRITTEN, meaning=1.0))

    assert embedder.texts == [
        "语雀七小时宕机\n运维升级工具误下线存储节点，服务中断七个多小时。\n",
        "语雀故障公告\n",
        "海底捞后厨老鼠\n店里后厨被拍到老鼠\n记者暗访拍到后厨卫生问题，公司当天致歉并停业整改。\n",
        "\n".join([HIJACK.texts["title"], HIJACK.texts["summary"], ""]),
        UNWRITTEN,
    ]
    assert found.total == len(LIBRARY)
    assert await index.identity() == NEXT


@pytest.mark.parametrize("meaning", [0.5, 1.0])
async def test_an_embedder_that_refuses_is_said_to_fail_without_what_it_says(
    index: MeiliIndex, embedder: LocalEmbedder, meaning: float
) -> None:
    embedder.status = 401

    with pytest.raises(EmbedderUnavailable, match="could not authenticate") as failure:
        await index.search(SearchQuery(text=UNWRITTEN, meaning=meaning))

    assert SECRET not in failure.value.reason
    assert (await index.search(SearchQuery(text="语雀", whole=True))).total == 2


async def test_an_embedder_that_does_not_answer_is_not_waited_for(
    index: MeiliIndex, embedder: LocalEmbedder
) -> None:
    embedder.is_away = True

    with pytest.raises(SearchUnavailable, match="does not answer"):
        await index.search(SearchQuery(text=UNWRITTEN, meaning=1.0))


async def test_an_embedder_that_failed_is_left_alone_for_a_while(
    index: MeiliIndex, embedder: LocalEmbedder, time: list[float]
) -> None:
    query = SearchQuery(text=UNWRITTEN, meaning=1.0)
    embedder.status = 401
    with pytest.raises(EmbedderUnavailable):
        await index.search(query)
    embedder.status = 200
    asked = len(embedder.texts)

    time[0] = 14.9
    with pytest.raises(EmbedderUnavailable, match="a moment ago"):
        await index.search(query)
    meanwhile = len(embedder.texts)
    time[0] = 15.0
    answer = await index.search(query)

    assert meanwhile == asked
    assert answer.hits[0].id == "case_outage"


async def test_a_new_key_is_handed_over_and_no_text_is_embedded_again(
    index: MeiliIndex, embedder: LocalEmbedder, knowing: Callable[..., MeiliIndex]
) -> None:
    renewed = knowing(key="a-new-key")
    asked = len(embedder.texts)

    await renewed.replace([], entries=[], identity=replace(NEXT, access="renewed"))
    meanwhile = len(embedder.texts)
    await renewed.search(SearchQuery(text=UNWRITTEN, meaning=1.0))

    assert meanwhile == asked
    assert embedder.keys[-1] == "Bearer a-new-key"
    assert await renewed.identity() == replace(NEXT, access="renewed")
    await renewed.aclose()


async def test_an_index_made_without_an_embedder_answers_by_words_alone(
    meili_index: MeiliIndex, knowing: Callable[..., MeiliIndex]
) -> None:
    await build(meili_index, OUTAGE, HIJACK)
    index = knowing()

    with pytest.raises(EmbedderUnavailable, match="Cannot find embedder"):
        await index.search(SearchQuery(text=UNWRITTEN, meaning=0.5))

    assert (await index.search(SearchQuery(text="语雀"))).total == 1
    await index.aclose()


async def test_an_index_whose_embedder_fails_is_not_put_in_place(
    index: MeiliIndex, embedder: LocalEmbedder
) -> None:
    embedder.status = 401

    with pytest.raises(EmbedderUnavailable, match="could not authenticate") as failure:
        await index.rebuild(in_batches([RATS]), identity=NEXT)

    assert SECRET not in failure.value.reason
    assert await index.identity() == FIRST


async def test_without_an_embedder_no_request_speaks_of_one() -> None:
    bodies: list[dict[str, Any]] = []

    async def respond(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        counted: dict[str, int] = {}
        return web.json_response(
            {"hits": [], "processingTimeMs": 0, "facetDistribution": {"kind": counted}}
        )

    app = web.Application()
    app.router.add_post("/indexes/precedent/search", respond)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    index = MeiliIndex(f"http://127.0.0.1:{runner.addresses[0][1]}", "key")

    await index.search(SearchQuery(text=UNWRITTEN, meaning=0.5))
    await index.search(SearchQuery(text=UNWRITTEN, meaning=1.0))

    assert [body["q"] for body in bodies] == [UNWRITTEN] * 4
    assert not any("hybrid" in body for body in bodies)
    await index.aclose()
    await runner.cleanup()
