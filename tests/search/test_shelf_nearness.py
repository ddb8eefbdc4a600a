"""Nearness, on the lexical index as it is served."""

from dataclasses import replace

import pytest

from search.errors import IndexMissing, SearchRejected
from search.lexical import LexicalIndex
from search.protocol import AnyOf, NearDocument, Nearness, Preference, SearchDocument, SearchQuery
from tests.search.documents import FIRST, LIBRARY, RATS, build, in_batches

ON_WEIBO = Preference("platforms", ("weibo",), 0.2)


@pytest.fixture
async def index(lexical_index: LexicalIndex) -> LexicalIndex:
    await build(lexical_index, *LIBRARY)
    return lexical_index


async def near(
    index: LexicalIndex, text: str, *preferences: Preference, limit: int = 20
) -> Nearness:
    query = SearchQuery(text=text, kinds=("CASE",), limit=limit)
    return await index.nearest(query, preferences=preferences)


def closeness(nearness: Nearness) -> dict[str, float]:
    return {document.id: document.closeness for document in nearness.documents}


async def test_an_index_that_was_never_made_says_so(lexical_index: LexicalIndex) -> None:
    with pytest.raises(IndexMissing):
        await near(lexical_index, "宕机")


@pytest.mark.parametrize("text", ["", "  ", "😀？！"])
async def test_without_a_word_or_preference_nothing_is_near(index: LexicalIndex, text: str) -> None:
    assert await near(index, text) == Nearness(0.0, 0.0, ())


async def test_the_nearest_document_carries_its_codes_of_what_was_preferred(
    index: LexicalIndex,
) -> None:
    found = await near(index, "后厨老鼠", Preference("industry", ("NONE",), 0.2))

    (document,) = found.documents
    held = {"industry": RATS.facets.get("industry", ())}
    assert document == NearDocument("case_rats", "CASE:rats", document.closeness, held)
    assert document.closeness > 1
    assert found.covered == 1.0
    assert found.typed > 0


async def test_a_text_says_more_the_more_different_words_it_has(index: LexicalIndex) -> None:
    one, again = await near(index, "老鼠"), await near(index, "老鼠 老鼠")
    two = await near(index, "老鼠 后厨")

    assert again.typed == one.typed
    assert two.typed > one.typed


@pytest.mark.parametrize(
    ("case", "text", "least", "most"),
    [
        ("all of it", "老鼠", 1.0, 1.0),
        ("held in different fields", "老鼠 致歉 食品安全", 1.0, 1.0),
        ("about half of it", "老鼠 绯闻", 0.3, 0.6),
        ("a little of it", "明星绯闻代言翻车解约致歉", 0.01, 0.3),
        ("none of it", "绯闻", 0.0, 0.0),
    ],
)
async def test_covered_is_the_share_of_the_text_that_the_closest_holds(
    index: LexicalIndex, case: str, text: str, least: float, most: float
) -> None:
    found = await near(index, text, ON_WEIBO)

    assert least <= round(found.covered, 6) <= most


async def test_a_preference_alone_finds_what_it_holds_of(index: LexicalIndex) -> None:
    found = await near(index, "", Preference("platforms", ("x", "douyin"), 0.5))

    assert found.typed == found.covered == 0.0
    assert closeness(found) == {"case_rats": 0.0, "case_hijack": 0.0}


async def test_preferences_add_up(index: LexicalIndex) -> None:
    found = await near(index, "", ON_WEIBO, Preference("industry", ("catering",), 0.1))

    assert [document.id for document in found.documents] == ["case_rats", "case_outage"]


async def test_a_preference_moves_the_order_and_not_the_closeness(index: LexicalIndex) -> None:
    text = "后厨老鼠，服务中断，hijacked"
    plain = await near(index, text)
    heavy = await near(index, text, Preference("platforms", ("x",), 9.0))

    assert plain.documents[0].id != "case_hijack"
    assert heavy.documents[0].id == "case_hijack"
    assert closeness(heavy) == pytest.approx(closeness(plain), abs=1e-4)
    assert (heavy.typed, heavy.covered) == (plain.typed, plain.covered)


async def test_what_shares_no_word_is_not_close_at_all(index: LexicalIndex) -> None:
    found = await near(
        index, "量子纠缠实验室招标流程" * 3, Preference("platforms", ("weibo", "x"), 1 / 3)
    )

    assert closeness(found) == {"case_outage": 0.0, "case_rats": 0.0, "case_hijack": 0.0}
    assert found.typed > 0
    assert found.covered == 0.0


async def test_the_condition_and_the_kinds_narrow_what_is_near(index: LexicalIndex) -> None:
    query = SearchQuery(text="致歉", condition=AnyOf("platforms", ("website",)))

    narrowed = await index.nearest(query)
    of_cases = await index.nearest(replace(query, kinds=("CASE",)))

    assert list(closeness(narrowed)) == ["statement_outage-1"]
    assert of_cases.documents == ()


async def test_no_more_are_given_than_asked_for(index: LexicalIndex) -> None:
    found = await near(index, "", Preference("platforms", ("weibo", "x"), 0.5), limit=2)

    assert len(found.documents) == 2


async def test_a_field_that_is_no_facet_is_refused(index: LexicalIndex) -> None:
    with pytest.raises(SearchRejected, match="'title' is not one of"):
        await near(index, "老鼠", Preference("title", ("老鼠",), 1.0))


def _titled(slug: str, title: str) -> SearchDocument:
    return SearchDocument(
        id=f"case_{slug}", kind="CASE", entry=f"CASE:{slug}", revision=1, texts={"title": title}
    )


async def test_a_whole_search_finds_only_what_holds_every_word(
    lexical_index: LexicalIndex,
) -> None:
    await lexical_index.rebuild(
        in_batches([_titled("a", "官微发错"), _titled("b", "官微"), _titled("c", "发错官微号")]),
        identity=FIRST,
    )

    whole = await lexical_index.search(SearchQuery(text="官微 发错", whole=True))
    run = await lexical_index.search(SearchQuery(text="官微发错", whole=True))
    loose = await lexical_index.search(SearchQuery(text="官微 发错"))

    assert {hit.id for hit in whole.hits} == {"case_a", "case_c"}
    assert {hit.id for hit in run.hits} == {"case_a"}
    assert {hit.id for hit in loose.hits} == {"case_a", "case_b", "case_c"}
