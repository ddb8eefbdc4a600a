"""What may be typed to find precedents, and how it is read."""

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import HIJACK, Client
from tests.schema.precedents import FIND, Finder, fitting, slugs


async def test_what_is_denied_is_set_aside_and_not_found(games: Desk, find: Finder) -> None:
    for text in ("没有盗号", "没有盗号的呢", "no account compromise here"):
        found = await find(text)

        assert [concept["term"]["code"] for concept in found["setAside"]] == [HIJACK], text
        assert found["concepts"] == []
        assert fitting(found) == []


async def test_a_question_denies_nothing(games: Desk, find: Finder) -> None:
    for text in ("是不是盗号", "有没有盗号"):
        found = await find(text)

        assert found["setAside"] == []
        assert [concept["term"]["code"] for concept in found["concepts"]] == [HIJACK]


async def test_an_excluded_concept_is_set_aside_with_its_words(games: Desk, find: Finder) -> None:
    found = await find("盗号", excludeConcepts=["DATA_SECURITY"])

    assert found["setAside"] == [{"set": "CrisisType", "words": ["盗号"], "term": {"code": HIJACK}}]
    assert found["concepts"] == []
    assert found["edges"] == []
    assert found["hasFit"] is False


async def test_two_crises_in_one_text_are_both_found(games: Desk, find: Finder) -> None:
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


async def test_a_text_is_read_alike_however_it_is_typed(games: Desk, find: Finder) -> None:
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
    games: Desk, ask: Client
) -> None:
    for text in ODD:
        answer = await ask.answer(FIND, s={"text": text})

        assert "errors" not in answer, text
        assert fitting(answer["data"]["findPrecedents"]) == [], text


async def test_an_unknown_organisation_first_does_not_hide_what_happened(
    games: Desk, find: Finder
) -> None:
    found = await find("某某某科技 玩家登录不上游戏一直排队")

    assert slugs(found)[0] == "game-queue"


async def test_half_a_character_is_answered(games: Desk, ask: Client) -> None:
    query = "query($s: SituationInput!) { findPrecedents(situation: $s) { hasFit } }"
    body = f'{{"query": "{query}", "variables": {{"s": {{"text": "\\ud800崩"}}}}}}'
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
    }

    response = await ask.request("POST", "/graphql", content=body.encode(), headers=headers)

    assert response.json() == {"data": {"findPrecedents": {"hasFit": False}}}


async def test_a_page_is_bounded(games: Desk, ask: Client) -> None:
    for first in (0, -1, 26):
        answer = await ask.answer(FIND, s={"text": "崩了"}, n=first)

        (error,) = answer["errors"]
        assert error["extensions"] == {"code": "BAD_INPUT"}
        assert "25" in error["message"]
