"""A small library to search in, and short ways to say what is asked of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from search.protocol import (
    AnyOf,
    Condition,
    IndexIdentity,
    SearchAnswer,
    SearchDocument,
    SearchIndex,
    SearchQuery,
)

FIRST: Final = IndexIdentity(library_id="library-1", revision=3, stamp="stamp-3", format="format-1")
NEXT: Final = IndexIdentity(library_id="library-1", revision=4, stamp="stamp-4", format="format-1")

OUTAGE: Final = SearchDocument(
    id="case_outage",
    kind="CASE",
    entry="CASE:outage",
    revision=1,
    texts={
        "title": "语雀七小时宕机",
        "names": "语雀 yuque",
        "labels": "平台宕机",
        "summary": "运维升级工具误下线存储节点，服务中断七个多小时。",
    },
    facets={
        "crisis_types": ("tech", "tech.outage"),
        "platforms": ("weibo",),
        "industry": ("software",),
        "year": ("2023",),
    },
    numbers={"year_number": 2023, "first_statement_hours": 1.5},
)
OUTAGE_APOLOGY: Final = SearchDocument(
    id="statement_outage-1",
    kind="STATEMENT",
    entry="CASE:outage",
    revision=1,
    texts={"title": "语雀故障公告", "body": "向所有用户致歉，并赠送六个月会员。"},
    facets={"statement_kind": ("apology",), "platforms": ("weibo", "website")},
)
RATS: Final = SearchDocument(
    id="case_rats",
    kind="CASE",
    entry="CASE:rats",
    revision=2,
    texts={
        "title": "海底捞后厨老鼠",
        "names": "海底捞 haidilao",
        "asked_as": "店里后厨被拍到老鼠",
        "labels": "食品安全",
        "summary": "记者暗访拍到后厨卫生问题，公司当天致歉并停业整改。",
    },
    facets={
        "crisis_types": ("product", "product.food_safety"),
        "platforms": ("weibo", "douyin"),
        "industry": ("catering",),
        "year": ("2017",),
    },
    numbers={"year_number": 2017, "first_statement_hours": 4.0},
)
HIJACK: Final = SearchDocument(
    id="case_hijack",
    kind="CASE",
    entry="CASE:hijack",
    revision=3,
    texts={
        "title": "associated press account hijacked",
        "names": "associated press 美联社",
        "labels": "账号被盗",
        "summary": "a false tweet about explosions was posted from the hijacked account.",
    },
    facets={
        "crisis_types": ("account", "account.hijacked"),
        "platforms": ("x",),
        "industry": ("media",),
        "year": ("2013",),
    },
    numbers={"year_number": 2013},
)
LIBRARY: Final = (OUTAGE, OUTAGE_APOLOGY, RATS, HIJACK)


async def in_batches(*batches: Sequence[SearchDocument]) -> AsyncIterator[Sequence[SearchDocument]]:
    """Yield the batches, as the library does when it is read through."""
    for batch in batches:
        yield batch


async def build(
    index: SearchIndex,
    *documents: SearchDocument,
    identity: IndexIdentity = FIRST,
) -> None:
    """Build the index from these documents."""
    await index.rebuild(in_batches(documents), identity=identity)


async def ids(
    index: SearchIndex,
    text: str = "",
    *,
    kinds: tuple[str, ...] = (),
    condition: Condition | None = None,
) -> set[str]:
    """Return the ids of everything found."""
    answer = await index.search(SearchQuery(text=text, kinds=kinds, condition=condition, limit=100))
    return {hit.id for hit in answer.hits}


async def first(index: SearchIndex, text: str) -> str | None:
    """Return the id of the best hit."""
    answer = await index.search(SearchQuery(text=text))
    return answer.hits[0].id if answer.hits else None


async def everything(index: SearchIndex, *facets: str) -> SearchAnswer:
    """Return the answer that matches all there is."""
    return await index.search(SearchQuery(facets=facets))


def on_platform(*platforms: str) -> AnyOf:
    """Return the condition for one of these platforms."""
    return AnyOf("platforms", platforms)
