"""Finding precedents through the API: which come first, and why."""

import pytest

from service.domain.access import AccessRole
from service.domain.codes import SharingMarking
from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client, publish
from tests.schema.precedents import FIND, GAMES, QUEUE, Finder, fitting, kinds, slugs


async def test_the_nearest_case_comes_first_and_is_explained(games: Desk, find: Finder) -> None:
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


async def test_the_explanation_is_given_in_the_locale_asked_for(games: Desk, ask: Client) -> None:
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


async def test_a_hidden_case_is_neither_found_nor_named(games: Desk, find: Finder) -> None:
    reader = await find(QUEUE, crisisTypes=[OUTAGE])
    administrator = await find(QUEUE, as_=AccessRole.ADMIN, crisisTypes=[OUTAGE])

    assert "hidden" not in str(reader)
    assert "机密" not in str(reader)
    assert "game-hidden" in fitting(administrator)
    assert administrator["evidence"]["considered"] == reader["evidence"]["considered"] + 1


async def test_what_the_editors_call_similar_fits_wherever_the_link_stands(
    games: Desk, find: Finder
) -> None:
    found = await find(QUEUE)

    assert slugs(found)[0] == "game-queue"
    assert set(fitting(found)) == {"game-queue", "game-quiet", "game-named"}
    assert kinds(found, "game-quiet") == ["CURATED_LINK"]
    assert kinds(found, "game-named") == ["CURATED_LINK"]
    assert [edge["score"] for edge in found["edges"][1:3]] == [0.5, 0.5]


async def test_what_the_editors_call_dissimilar_does_not_fit_however_close(
    games: Desk, find: Finder
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
    games: Desk, find: Finder
) -> None:
    found = await find("排队")

    assert fitting(found) == []
    assert "CURATED_LINK" not in str(found)


async def test_fewer_precedents_are_the_first_of_more(games: Desk, find: Finder) -> None:
    whole = await find(QUEUE, crisisTypes=[OUTAGE])

    # One that the editors call dissimilar falls behind others that were not read yet.
    for first in range(1, len(slugs(whole)) + 1):
        found = await find(QUEUE, crisisTypes=[OUTAGE], first=first)
        assert found["edges"] == whole["edges"][:first]


@pytest.mark.parametrize("slug", ["game-queue", "game-joke", "game-quiet", "game-named"])
async def test_a_case_hidden_since_it_was_indexed_leaves_no_gap(
    games: Desk, find: Finder, slug: str
) -> None:
    (case,) = [each for each in GAMES if each.slug == slug]
    before = await find(QUEUE, crisisTypes=[OUTAGE])

    await publish(games, case.model_copy(update={"sharing": SharingMarking.TLP_RED}))

    whole = await find(QUEUE, crisisTypes=[OUTAGE])
    assert slug in slugs(before)
    assert set(slugs(whole)) <= set(slugs(before)) - {slug}
    assert len(whole["edges"]) > 1
    for first in range(1, len(slugs(whole)) + 1):
        found = await find(QUEUE, crisisTypes=[OUTAGE], first=first)
        assert found["edges"] == whole["edges"][:first]


@pytest.mark.parametrize("first", [1, 10])
async def test_the_evidence_is_of_the_cases_that_fit_after_the_editors_links(
    games: Desk, find: Finder, first: int
) -> None:
    found = await find(QUEUE, crisisTypes=[OUTAGE], first=first)
    whole = await find(QUEUE, crisisTypes=[OUTAGE])

    assert "game-joke" not in fitting(whole)
    assert found["evidence"]["considered"] == len(fitting(whole))


async def test_a_reader_gets_as_many_as_asked_for(games: Desk, find: Finder) -> None:
    two = await find(QUEUE, crisisTypes=[OUTAGE], first=2)
    ten = await find(QUEUE, crisisTypes=[OUTAGE])

    assert slugs(two) == slugs(ten)[:2]


async def test_without_a_word_the_facets_decide(games: Desk, find: Finder) -> None:
    found = await find(crisisTypes=[HIJACK], platforms=["X"])

    assert slugs(found)[0] == "ap-hijack"
    assert kinds(found, "ap-hijack") == ["CRISIS_TYPE", "PLATFORM"]
    assert kinds(found, "game-quiet", "differences") == []
    # The last one shares nothing; its editors call the first one similar.
    assert set(fitting(found)) == {"ap-hijack", "game-quiet", "game-named", "yuque-outage"}
    assert kinds(found, "yuque-outage") == ["CURATED_LINK"]


async def test_contradicting_facets_are_told_apart_case_by_case(games: Desk, find: Finder) -> None:
    found = await find(crisisTypes=[HIJACK], platforms=["WEIBO"], jurisdictions=["CN"])

    assert kinds(found, "ap-hijack") == ["CRISIS_TYPE"]
    assert kinds(found, "ap-hijack", "differences") == ["PLATFORM", "JURISDICTION"]
    assert kinds(found, "game-joke") == ["PLATFORM", "JURISDICTION"]
    assert kinds(found, "game-joke", "differences") == ["CRISIS_TYPE"]
    assert "game-joke" not in fitting(found)


async def test_a_text_of_unknown_words_beside_a_type_scores_as_the_type_alone(
    games: Desk, find: Finder
) -> None:
    alone = await find(crisisTypes=[HIJACK])
    beside = await find("zzqxv wvvkj " * 40, crisisTypes=[HIJACK])

    assert [(edge["node"], edge["score"]) for edge in beside["edges"]] == [
        (edge["node"], edge["score"]) for edge in alone["edges"]
    ]
