"""Finding precedents through the API, on the small library and a few cases more."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from search.lexical import LexicalIndex
from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client, a_case, a_statement, both, publish

COMPLAINT = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"
FIND = """query($s: SituationInput!, $n: Int! = 10, $l: Locale! = ZH_HANS) {
  findPrecedents(situation: $s, first: $n) { hasFit degraded
    edges { score node { slug } saidFirst { key } cameOfIt { metric { code } value }
      doDifferently { text(locale: $l) }
      reasons { kind weight matched label(locale: $l) labelLocale(locale: $l) }
      differences { kind label(locale: $l) labelLocale(locale: $l) } }
    concepts { set words term { code } } setAside { set words term { code } }
    evidence { considered } } }"""


def link(relation: str, slug: str) -> dict[str, Any]:
    return {"relation": relation, "case": slug, "reason": both("编者之言", "So the editors say")}


# Four that tell of the same thing in words of their own, and what none of them tells of.
GAME = {"primary_type": OUTAGE, "platforms": ["WEIBO"], "industry": "GAMES", "country": "CN"}
MORE = [
    a_case(
        "game-queue",
        11,
        **GAME,
        title=both("玩家登录不上游戏排队四小时", "Four hours of queueing after a launch"),
        asked_as={"zh_hans": ["玩家登录不上游戏一直排队"], "en": ["players stuck in queue"]},
        statements=[a_statement("S-1", key_messages=[both("正在扩容", "Adding servers")])],
        lessons=[{"verdict": "LOSS", "phase": "RESPONSE", "text": both("排队无提示", "No notice")}],
        links=[link("SIMILAR", "game-quiet"), link("DISSIMILAR", "game-joke")],
    ),
    a_case(
        "game-joke",
        12,
        **GAME,
        title=both("玩家排队的段子", "A joke about a queue"),
    ),
    a_case("game-quiet", 13, title=both("扩容通告", "A notice of capacity"), primary_type=HIJACK),
    a_case(
        "game-named",
        14,
        title=both("账号申诉", "An appeal"),
        primary_type=HIJACK,
        links=[link("CAUSED", "game-queue"), link("SIMILAR", "game-queue")],
    ),
    a_case(
        "game-hidden",
        15,
        **GAME,
        title=both("玩家登录不上游戏一直排队机密", "Players stuck in queue, in secret"),
        asked_as={"zh_hans": ["玩家登录不上游戏一直排队"], "en": []},
        sharing="TLP_RED",
        links=[link("SIMILAR", "game-queue")],
    ),
]
QUEUE = "老板快看玩家登录不上游戏一直排队骂声一片"


@pytest.fixture
async def indexed(application: Application, library: Desk) -> Desk:
    """The small library and more, looked through by the indexer once; there is no engine."""
    await publish(library, *MORE)
    await application.indexer.look()
    return library


@pytest.fixture
async def with_engine(application: Application, indexed: Desk, tmp_path: Path) -> Desk:
    """The same with a second built-in index in the place of the engine."""
    application.engine.fill(LexicalIndex(tmp_path / "engine"))
    await application.indexer.look()
    return indexed


Find = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def find(ask: Client) -> Find:
    async def found(
        text: str = "", *, as_: AccessRole = AccessRole.READER, first: int = 10, **known: Any
    ) -> dict[str, Any]:
        data = await ask(FIND, as_=as_, s={"text": text, **known}, n=first)
        answer: dict[str, Any] = data["findPrecedents"]
        return answer

    return found


def slugs(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["slug"] for edge in found["edges"]]


def fitting(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["slug"] for edge in found["edges"] if edge["score"] >= 0.5]


def kinds(found: dict[str, Any], slug: str, field: str = "reasons") -> list[str]:
    (edge,) = [each for each in found["edges"] if each["node"]["slug"] == slug]
    return [each["kind"] for each in edge[field]]


async def test_the_nearest_case_comes_first_and_is_explained(indexed: Desk, find: Find) -> None:
    found = await find(QUEUE, crisisTypes=[OUTAGE], platforms=["WEIBO", "X"], industry="OTHER")

    first = found["edges"][0]
    assert found["hasFit"] is True
    assert found["degraded"] is False
    assert first.pop("score") >= 0.5
    assert sum(reason.pop("weight") for reason in first["reasons"]) == pytest.approx(1, abs=0.002)
    assert first == {
        "node": {"slug": "game-queue"},
        "saidFirst": {"key": "S-1"},
        "cameOfIt": [],
        "doDifferently": [{"text": "排队无提示"}],
        "reasons": [
            {
                "kind": "WORDS",
                "matched": ["玩家登录不上游戏一直排队"],
                "label": "所说与该案相合：玩家登录不上游戏一直排队",
                "labelLocale": "ZH_HANS",
            },
            {
                "kind": "CRISIS_TYPE",
                "matched": [OUTAGE],
                "label": "危机类型相同：系统故障",
                "labelLocale": "ZH_HANS",
            },
            {
                "kind": "PLATFORM",
                "matched": ["WEIBO"],
                "label": "平台相同：WEIBO",
                "labelLocale": "ZH_HANS",
            },
        ],
        "differences": [
            {
                "kind": "INDUSTRY",
                "label": "行业不同：你们 OTHER，该案 GAMES",
                "labelLocale": "ZH_HANS",
            }
        ],
    }


async def test_the_explanation_is_given_in_the_locale_asked_for(indexed: Desk, ask: Client) -> None:
    given = {"text": QUEUE, "industry": "OTHER"}

    english = await ask(FIND, s=given, n=1, l="EN")
    traditional = await ask(FIND, s=given, n=1, l="ZH_HANT")

    (edge,) = english["findPrecedents"]["edges"]
    assert edge["differences"] == [
        {
            "kind": "INDUSTRY",
            "label": "Industry differs: yours OTHER, theirs GAMES",
            "labelLocale": "EN",
        }
    ]
    (edge,) = traditional["findPrecedents"]["edges"]
    assert edge["differences"][0]["labelLocale"] == "ZH_HANS"


async def test_a_hidden_case_is_neither_found_nor_named(indexed: Desk, find: Find) -> None:
    reader = await find(QUEUE, crisisTypes=[OUTAGE])
    administrator = await find(QUEUE, as_=AccessRole.ADMIN, crisisTypes=[OUTAGE])

    assert "hidden" not in str(reader)
    assert "机密" not in str(reader)
    assert "game-hidden" in fitting(administrator)
    assert administrator["evidence"]["considered"] == reader["evidence"]["considered"] + 1


async def test_what_the_editors_call_similar_fits_wherever_the_link_stands(
    indexed: Desk, find: Find
) -> None:
    found = await find(QUEUE)

    assert slugs(found)[0] == "game-queue"
    assert set(fitting(found)) == {"game-queue", "game-quiet", "game-named"}
    assert kinds(found, "game-quiet") == ["CURATED_LINK"]
    assert kinds(found, "game-named") == ["CURATED_LINK"]
    assert [edge["score"] for edge in found["edges"][1:3]] == [0.5, 0.5]


async def test_what_the_editors_call_dissimilar_does_not_fit_however_close(
    indexed: Desk, find: Find
) -> None:
    found = await find(QUEUE, crisisTypes=[OUTAGE])
    (joke,) = [edge for edge in found["edges"] if edge["node"]["slug"] == "game-joke"]

    assert joke["score"] == 0.49
    assert joke["differences"] == [
        {
            "kind": "CURATED_LINK",
            "label": "编者标为不同：编者之言",
            "labelLocale": "ZH_HANS",
        }
    ]


async def test_links_with_a_case_that_does_not_fit_itself_change_nothing(
    indexed: Desk, find: Find
) -> None:
    found = await find("排队")

    assert fitting(found) == []
    assert "CURATED_LINK" not in str(found)


@pytest.mark.parametrize("first", [1, 10])
async def test_the_evidence_is_of_the_cases_that_fit_after_the_editors_links(
    indexed: Desk, find: Find, first: int
) -> None:
    found = await find(QUEUE, crisisTypes=[OUTAGE], first=first)
    whole = await find(QUEUE, crisisTypes=[OUTAGE])

    assert "game-joke" not in fitting(whole)
    assert found["evidence"]["considered"] == len(fitting(whole))


async def test_a_reader_gets_as_many_as_asked_for(indexed: Desk, find: Find) -> None:
    two = await find(QUEUE, crisisTypes=[OUTAGE], first=2)
    ten = await find(QUEUE, crisisTypes=[OUTAGE])

    assert slugs(two) == slugs(ten)[:2]


async def test_without_a_word_the_facets_decide(indexed: Desk, find: Find) -> None:
    found = await find(crisisTypes=[HIJACK], platforms=["X"])

    assert slugs(found)[0] == "ap-hijack"
    assert kinds(found, "ap-hijack") == ["CRISIS_TYPE", "PLATFORM"]
    assert kinds(found, "game-quiet", "differences") == []
    # The last one shares nothing; its editors call the first one similar.
    assert set(fitting(found)) == {"ap-hijack", "game-quiet", "game-named", "yuque-outage"}
    assert kinds(found, "yuque-outage") == ["CURATED_LINK"]


async def test_contradicting_facets_are_told_apart_case_by_case(indexed: Desk, find: Find) -> None:
    found = await find(crisisTypes=[HIJACK], platforms=["WEIBO"], jurisdictions=["CN"])

    assert kinds(found, "ap-hijack") == ["CRISIS_TYPE"]
    assert kinds(found, "ap-hijack", "differences") == ["PLATFORM", "JURISDICTION"]
    assert kinds(found, "game-joke") == ["PLATFORM", "JURISDICTION"]
    assert kinds(found, "game-joke", "differences") == ["CRISIS_TYPE"]
    assert "game-joke" not in fitting(found)


async def test_a_text_of_unknown_words_beside_a_type_scores_as_the_type_alone(
    indexed: Desk, find: Find
) -> None:
    alone = await find(crisisTypes=[HIJACK])
    beside = await find("zzqxv wvvkj " * 40, crisisTypes=[HIJACK])

    assert [(edge["node"], edge["score"]) for edge in beside["edges"]] == [
        (edge["node"], edge["score"]) for edge in alone["edges"]
    ]


async def test_what_is_denied_is_set_aside_and_not_found(indexed: Desk, find: Find) -> None:
    for text in ("没有盗号", "没有盗号的呢", "no account compromise here"):
        found = await find(text)

        assert [concept["term"]["code"] for concept in found["setAside"]] == [HIJACK], text
        assert found["concepts"] == []
        assert fitting(found) == []


async def test_a_question_denies_nothing(indexed: Desk, find: Find) -> None:
    for text in ("是不是盗号", "有没有盗号"):
        found = await find(text)

        assert found["setAside"] == []
        assert [concept["term"]["code"] for concept in found["concepts"]] == [HIJACK]


async def test_an_excluded_concept_is_set_aside_with_its_words(indexed: Desk, find: Find) -> None:
    found = await find("盗号", excludeConcepts=["DATA_SECURITY"])

    assert found["setAside"] == [{"set": "CrisisType", "words": ["盗号"], "term": {"code": HIJACK}}]
    assert found["concepts"] == []
    assert found["edges"] == []
    assert found["hasFit"] is False


async def test_two_crises_in_one_text_are_both_found(indexed: Desk, find: Find) -> None:
    found = await find("玩家登录不上游戏一直排队，同时官方账号被盗发假消息")

    assert {"game-queue", "ap-hijack"} <= set(slugs(found)[:3])


SAME = [
    (
        "full-width blanks and letters",
        "玩家登录不上游戏　一直排队　ＯＭＧ",
        "玩家登录不上游戏 一直排队 omg",
    ),
    ("zero-width characters", "玩家登\u200b录不上\ufeff游戏一直排队", "玩家登录不上游戏一直排队"),
    ("traditional characters", "玩家登錄不上遊戲一直排隊", "玩家登录不上游戏一直排队"),
    ("tags", "<p>玩家<b>登录</b>不上游戏</p>一直排队", "玩家 登录 不上游戏 一直排队"),
    ("an address", "玩家登录不上游戏一直排队 https://t.cn/盗号?a=1", "玩家登录不上游戏一直排队"),
    ("tone marks", "yǔquè", "yuque"),
]


async def test_a_text_is_read_alike_however_it_is_typed(indexed: Desk, find: Find) -> None:
    for case, typed, plain in SAME:
        assert await find(typed) == await find(plain), case


ODD = [
    *(
        "的了吗",
        "the of and to",
        '"玩家"',
        "-玩家",
        '"a',
        "OR",
        "title:x",
        "(b",
        "~c",
        "\0崩",
        "[* TO *]",
    ),
    *("<script>alert(1)</script>崩", "'; DROP TABLE --", "崩\u202e", "a", "1", "🔥崩🔥", "/x/"),
    *("xyzzy 公司", "海底捞 星巴克", "- " * 900 + "x", "宕" * 2_000, "a" * 2_000, "</p" * 600),
]


async def test_whatever_is_typed_is_answered_without_a_confident_wrong_precedent(
    indexed: Desk, ask: Client
) -> None:
    for text in ODD:
        answer = await ask.answer(FIND, s={"text": text})

        assert "errors" not in answer, text
        assert fitting(answer["data"]["findPrecedents"]) == [], text


async def test_an_unknown_organisation_first_does_not_hide_what_happened(
    indexed: Desk, find: Find
) -> None:
    found = await find("某某某科技 玩家登录不上游戏一直排队")

    assert slugs(found)[0] == "game-queue"


async def test_half_a_character_is_answered(indexed: Desk, ask: Client) -> None:
    query = "query($s: SituationInput!) { findPrecedents(situation: $s) { hasFit } }"
    body = f'{{"query": "{query}", "variables": {{"s": {{"text": "\\ud800崩"}}}}}}'
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
    }

    response = await ask.request("POST", "/graphql", content=body.encode(), headers=headers)

    assert response.json() == {"data": {"findPrecedents": {"hasFit": False}}}


async def test_a_page_is_bounded(indexed: Desk, ask: Client) -> None:
    for first in (0, -1, 26):
        answer = await ask.answer(FIND, s={"text": "崩了"}, n=first)

        (error,) = answer["errors"]
        assert error["extensions"] == {"code": "BAD_INPUT"}
        assert "25" in error["message"]


async def test_the_engine_away_changes_nothing(
    application: Application, with_engine: Desk, find: Find
) -> None:
    there = await find(QUEUE, crisisTypes=[OUTAGE])

    application.engine.close()
    away = await find(QUEUE, crisisTypes=[OUTAGE])

    assert away == there
    assert away["degraded"] is False


async def test_the_built_in_index_away_leaves_an_order_that_claims_nothing(
    application: Application, with_engine: Desk, find: Find
) -> None:
    application.lexical.close()

    found = await find(QUEUE, crisisTypes=[OUTAGE], platforms=["X"])

    assert found["degraded"] is True
    assert found["hasFit"] is False
    assert slugs(found)[0] == "game-queue"
    assert max(edge["score"] for edge in found["edges"]) < 0.5
    assert kinds(found, "game-queue") == ["CRISIS_TYPE", "WORDS"]
    assert kinds(found, "game-queue", "differences") == ["PLATFORM"]
    assert found["evidence"]["considered"] == 0


async def test_facets_alone_find_their_cases_without_the_built_in_index(
    application: Application, with_engine: Desk, find: Find
) -> None:
    application.lexical.close()

    found = await find(crisisTypes=[HIJACK])

    assert sorted(slugs(found)) == ["ap-hijack", "game-named", "game-quiet"]
    assert found["hasFit"] is False


async def test_a_denial_alone_finds_nothing_without_the_built_in_index(
    application: Application, with_engine: Desk, find: Find
) -> None:
    application.lexical.close()

    found = await find("没有盗号")

    assert found["edges"] == []


async def test_both_indexes_away_is_said(
    application: Application, with_engine: Desk, ask: Client
) -> None:
    application.lexical.close()
    application.engine.close()

    answer = await ask.answer(FIND, s={"text": QUEUE})

    (error,) = answer["errors"]
    assert error["message"] == "The library is being indexed; ask again in a moment."
    assert error["extensions"] == {"code": "NOT_READY"}
    assert answer["data"] is None
