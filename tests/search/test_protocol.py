"""What every engine promises, asked of each in turn."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from search.errors import SearchRejected, SearchUnavailable
from search.protocol import (
    AllOf,
    AnyOf,
    Condition,
    Not,
    OneOf,
    Range,
    SearchDocument,
    SearchIndex,
    SearchQuery,
)
from tests.search.documents import (
    FIRST,
    HIJACK,
    LIBRARY,
    NEXT,
    OUTAGE,
    OUTAGE_APOLOGY,
    RATS,
    build,
    everything,
    first,
    ids,
    in_batches,
    on_platform,
)

ALL = {document.id for document in LIBRARY}


async def test_an_index_that_was_never_built_has_no_identity(index: SearchIndex) -> None:
    identity = await index.identity()

    assert identity is None


async def test_an_index_that_was_never_built_cannot_answer(index: SearchIndex) -> None:
    with pytest.raises(SearchUnavailable):
        await index.search(SearchQuery(text="宕机"))


async def test_an_index_that_was_never_built_cannot_be_changed(index: SearchIndex) -> None:
    with pytest.raises(SearchRejected):
        await index.replace([OUTAGE], entries=["CASE:outage"], identity=FIRST)

    assert await index.identity() is None


async def test_a_built_index_says_what_it_was_made_from(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    assert await index.identity() == FIRST


async def test_an_index_of_an_empty_library_is_an_index(index: SearchIndex) -> None:
    await build(index)

    assert await index.identity() == FIRST
    assert (await everything(index)).total == 0


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("a name", "海底捞", "case_rats"),
        ("its pinyin", "haidilao", "case_rats"),
        ("the start of its pinyin", "haidil", "case_rats"),
        ("a misspelt name", "haidilau", "case_rats"),
        ("a word of the title", "宕机", "case_outage"),
        ("a label", "账号被盗", "case_hijack"),
        ("english", "hijacked account", "case_hijack"),
        ("a phrasing people use", "后厨被拍到老鼠怎么办", "case_rats"),
        ("operators", '-海底捞 "老鼠', "case_rats"),
        ("an unknown first word", "唔该 语雀宕机", "case_outage"),
        ("emoji around a word", "🔥🔥宕机🔥", "case_outage"),
    ],
)
async def test_the_best_hit_is_the_one_meant(
    index: SearchIndex, label: str, text: str, expected: str
) -> None:
    await build(index, *LIBRARY)

    best = await first(index, text)

    assert best == expected


@pytest.mark.parametrize("text", ["🔥🔥", "!!??", "\x00\x01", '"-"', "量子纠缠理论", "zzyzxqq"])
async def test_what_the_library_does_not_hold_finds_nothing(index: SearchIndex, text: str) -> None:
    await build(index, *LIBRARY)

    answer = await index.search(SearchQuery(text=text, facets=("year",)))

    assert (answer.hits, answer.total, answer.facets) == ((), 0, {"year": {}})


async def test_empty_text_matches_everything_and_never_the_identity(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    answer = await index.search(SearchQuery(text="  ", facets=("kind",)))

    assert {hit.id for hit in answer.hits} == ALL
    assert {hit.score for hit in answer.hits} == {1.0}
    assert answer.facets == {"kind": {"CASE": 3, "STATEMENT": 1}}


async def test_the_identity_is_not_found_by_its_own_words(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    assert await ids(index, "identity") == set()
    assert await ids(index, "library-1") == set()


async def test_hits_carry_what_they_are_and_scores_fall(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    answer = await index.search(SearchQuery(text="致歉"))

    assert {(hit.id, hit.kind, hit.entry) for hit in answer.hits} == {
        ("case_rats", "CASE", "CASE:rats"),
        ("statement_outage-1", "STATEMENT", "CASE:outage"),
    }
    assert all(0 < hit.score <= 1 for hit in answer.hits)
    assert [hit.score for hit in answer.hits] == sorted(
        (hit.score for hit in answer.hits), reverse=True
    )


async def test_a_title_outweighs_a_body(index: SearchIndex) -> None:
    named = SearchDocument(id="a", kind="CASE", entry="a", revision=1, texts={"title": "薅羊毛"})
    told = SearchDocument(id="b", kind="CASE", entry="b", revision=1, texts={"body": "薅羊毛"})
    await build(index, told, named)

    answer = await index.search(SearchQuery(text="薅羊毛"))

    assert [hit.id for hit in answer.hits] == ["a", "b"]


async def test_only_the_kinds_asked_for_are_found(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    assert await ids(index, "致歉", kinds=("STATEMENT",)) == {"statement_outage-1"}
    assert await ids(index, kinds=("STATEMENT", "METHOD")) == {"statement_outage-1"}
    assert await ids(index, kinds=("METHOD",)) == set()


CONDITIONS: list[tuple[str, Condition, set[str]]] = [
    ("one value", on_platform("x"), {"case_hijack"}),
    ("either value", on_platform("x", "douyin"), {"case_hijack", "case_rats"}),
    ("an ancestor", AnyOf("crisis_types", ("tech",)), {"case_outage"}),
    ("no value", on_platform(), set()),
    ("the kind", AnyOf("kind", ("STATEMENT",)), {"statement_outage-1"}),
    ("from a year", Range("year_number", minimum=2017), {"case_outage", "case_rats"}),
    ("up to a year", Range("year_number", maximum=2017), {"case_rats", "case_hijack"}),
    ("between", Range("first_statement_hours", 1, 1.5), {"case_outage"}),
    ("any number", Range("first_statement_hours"), {"case_outage", "case_rats"}),
    ("not", Not(on_platform("weibo")), {"case_hijack"}),
    ("not a range", Not(Range("year_number", 2017)), {"case_hijack", "statement_outage-1"}),
    (
        "all of",
        AllOf((on_platform("weibo"), AnyOf("industry", ("catering",)))),
        {"case_rats"},
    ),
    ("all of none", AllOf(()), ALL),
    (
        "one of",
        OneOf((on_platform("x"), AllOf((on_platform("weibo"), AnyOf("year", ("2017",)))))),
        {"case_hijack", "case_rats"},
    ),
    ("one of none", OneOf(()), set()),
    ("not one of none", Not(OneOf(())), ALL),
    ("words of the language", AnyOf("industry", ('media" OR kind = "CASE',)), set()),
]


@pytest.mark.parametrize(("label", "condition", "expected"), CONDITIONS)
async def test_a_condition_narrows_what_is_found(
    index: SearchIndex, label: str, condition: Condition, expected: set[str]
) -> None:
    await build(index, *LIBRARY)

    assert await ids(index, condition=condition) == expected


@pytest.mark.parametrize(
    "value", ['a"b', "a'b", "a\\", "a\\b", 'a\\"b', "a b", "全 角", "x AND y", "[z]", "{", "😀"]
)
async def test_every_character_of_a_value_is_only_a_character(
    index: SearchIndex, value: str
) -> None:
    odd = replace(RATS, facets={"industry": (value,)})
    await build(index, odd, HIJACK)

    found = await ids(index, condition=AnyOf("industry", (value,)))
    answer = await everything(index, "industry")

    assert found == {"case_rats"}
    assert answer.facets == {"industry": {value: 1, "media": 1}}


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(facets=("entry_point",)),
        SearchQuery(condition=AnyOf("entry_point", ("x",))),
        SearchQuery(condition=Range("entry_point", 1)),
    ],
)
async def test_a_field_that_does_not_exist_is_refused(
    index: SearchIndex, query: SearchQuery
) -> None:
    await build(index, *LIBRARY)

    with pytest.raises(SearchRejected):
        await index.search(query)


async def test_facets_count_every_match_and_not_the_page(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    answer = await index.search(
        SearchQuery(
            condition=on_platform("weibo"), facets=("platforms", "year", "channel"), limit=1
        )
    )

    assert len(answer.hits) == 1
    assert answer.total == 3
    assert answer.facets == {
        "platforms": {"weibo": 3, "website": 1, "douyin": 1},
        "year": {"2023": 1, "2017": 1},
        "channel": {},
    }


async def test_pages_follow_one_another_without_gap_or_repetition(index: SearchIndex) -> None:
    await build(index, *(_numbered(number) for number in range(25)))

    pages = [
        await index.search(SearchQuery(text="宕机", offset=offset, limit=10))
        for offset in (0, 10, 20, 30)
    ]

    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert len({hit.id for page in pages for hit in page.hits}) == 25
    assert {page.total for page in pages} == {25}


async def test_a_page_of_nothing_still_counts(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    answer = await index.search(SearchQuery(limit=0))

    assert (answer.hits, answer.total) == ((), 4)


async def test_totals_are_exact_beyond_a_thousand(index: SearchIndex) -> None:
    await build(index, *(_numbered(number) for number in range(1_205)))

    answer = await index.search(SearchQuery(text="宕机", offset=1_200))

    assert (len(answer.hits), answer.total) == (5, 1_205)


async def test_replacing_an_entry_changes_it_and_nothing_else(index: SearchIndex) -> None:
    await build(index, *LIBRARY)
    renamed = replace(OUTAGE, revision=4, texts={"title": "停机演练"})

    await index.replace([renamed], entries=["CASE:outage"], identity=NEXT)

    assert await ids(index) == {"case_outage", "case_rats", "case_hijack"}
    assert await ids(index, "停机演练") == {"case_outage"}
    assert await ids(index, "语雀") == set()
    assert await index.identity() == NEXT


async def test_an_entry_without_documents_is_removed(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    await index.replace([], entries=["CASE:outage", "CASE:unknown"], identity=NEXT)

    assert await ids(index) == {"case_rats", "case_hijack"}
    assert await index.identity() == NEXT


async def test_the_same_replacement_twice_is_one(index: SearchIndex) -> None:
    await build(index, OUTAGE, OUTAGE_APOLOGY)

    for _ in range(2):
        await index.replace([RATS, OUTAGE], entries=["CASE:rats", "CASE:outage"], identity=NEXT)

    assert await ids(index) == {"case_rats", "case_outage"}


async def test_a_revision_that_touches_no_entry_still_moves_the_identity(
    index: SearchIndex,
) -> None:
    await build(index, *LIBRARY)

    await index.replace([], entries=[], identity=NEXT)

    assert await ids(index) == ALL
    assert await index.identity() == NEXT


async def test_a_rebuild_leaves_nothing_of_what_was_there(index: SearchIndex) -> None:
    await build(index, OUTAGE, OUTAGE_APOLOGY)

    await build(index, RATS, HIJACK, identity=NEXT)

    assert await ids(index) == {"case_rats", "case_hijack"}
    assert await ids(index, "道歉") == set()
    assert await index.identity() == NEXT


async def test_a_rebuild_tells_how_far_it_is(index: SearchIndex) -> None:
    told: list[int] = []

    await index.rebuild(
        in_batches(LIBRARY[:2], (), LIBRARY[2:]), identity=FIRST, progress=told.append
    )

    assert told[-1] == 4
    assert told == sorted(told)


async def test_a_rebuild_that_fails_leaves_the_old_index_serving(index: SearchIndex) -> None:
    await build(index, OUTAGE)

    with pytest.raises(ZeroDivisionError):
        await index.rebuild(_breaking_after(RATS), identity=NEXT)

    assert await ids(index) == {"case_outage"}
    assert await index.identity() == FIRST


async def test_the_old_index_answers_while_the_new_one_is_filled(index: SearchIndex) -> None:
    await build(index, OUTAGE)
    seen: list[set[str]] = []

    async def watched() -> AsyncIterator[Sequence[SearchDocument]]:
        yield [RATS]
        seen.append(await ids(index))
        yield [HIJACK]

    await index.rebuild(watched(), identity=NEXT)

    assert seen == [{"case_outage"}]
    assert await ids(index) == {"case_rats", "case_hijack"}


def _numbered(number: int) -> SearchDocument:
    return SearchDocument(
        id=f"case_{number}",
        kind="CASE",
        entry=f"CASE:{number}",
        revision=1,
        texts={"title": f"第{number}次宕机"},
    )


async def _breaking_after(document: SearchDocument) -> AsyncIterator[Sequence[SearchDocument]]:
    yield [document]
    raise ZeroDivisionError


async def test_a_whole_match_holds_every_word_typed(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    whole = await index.search(SearchQuery(text="后厨老鼠", whole=True))
    none_holds_both = await index.search(SearchQuery(text="语雀 老鼠", whole=True))
    either = await index.search(SearchQuery(text="语雀 老鼠"))

    assert [hit.id for hit in whole.hits] == ["case_rats"]
    assert none_holds_both.hits == ()
    assert either.total > 0


async def test_what_belongs_to_an_entry_is_found_by_it(index: SearchIndex) -> None:
    await build(index, *LIBRARY)

    found = await ids(index, condition=AnyOf("entry", ("CASE:outage", "CASE:unknown")))

    assert found == {"case_outage", "statement_outage-1"}


@pytest.mark.parametrize("meaning", [0.5, 1.0])
async def test_an_index_that_knows_no_meanings_goes_by_the_words(
    index: SearchIndex, meaning: float
) -> None:
    await build(index, *LIBRARY)
    query = SearchQuery(text="haidilao")

    answer = await index.search(replace(query, meaning=meaning))

    assert answer.hits == (await index.search(query)).hits
    assert [hit.id for hit in answer.hits] == ["case_rats"]
