"""Filling a template over the API."""

from typing import Any

import pytest

from service.operations.ports import Desk
from tests.library import Client, a_template, both, publish, small_vocabularies

SLOTS = [
    {"name": "headline", "label": both("标题", "Headline"), "example": both("例", "Such")},
    {
        "name": "fact",
        "label": both("事实", "Fact"),
        "example": both("例", "Such"),
        "must_be_confirmed": True,
    },
    {
        "name": "extra",
        "label": both("补充", "More"),
        "example": both("例", "Such"),
        "required": False,
    },
]
BODY = both("【{headline}】\n{fact}\n补充：{extra}", "{headline}\n{fact}\nMore: {extra}")
RENDER = """query($slug: String! = "holding", $slots: [SlotValueInput!]!, $locale: Locale! = ZH_HANS) {
  renderTemplate(slug: $slug, slots: $slots, locale: $locale) {
    __typename
    ... on RenderedStatement { text locale length usedSlots leftOutSlots
      rulesToCheck { code } template { slug } }
    ... on TemplateRefused { missing unconfirmed unknown { name nearest }
      faulty { name fault message(locale: EN) messageLocale(locale: EN) }
      message(locale: EN) messageLocale(locale: ZH_HANT) } } }"""
GIVEN = [
    {"name": "headline", "value": "宕机{fact}"},
    {"name": "fact", "value": "登录不了", "confirmed": True},
]


@pytest.fixture
async def shelf(desk: Desk) -> Desk:
    """A template with slots, one in traditional Chinese too, and one nobody but few may see."""
    holding = a_template("holding", body=BODY, slots=SLOTS, rules=["EMPTY_WORDS"])
    hant = a_template("hant", body={**both("核实", "Checking"), "zh_hant": "核實"})
    secret = a_template("secret", sharing="TLP_RED")
    await publish(desk, *small_vocabularies(), holding, hant, secret)
    return desk


async def test_a_filled_template_is_a_draft_to_check(shelf: Desk, ask: Client) -> None:
    data = await ask(RENDER, slots=GIVEN)

    assert data["renderTemplate"] == {
        "__typename": "RenderedStatement",
        "text": "【宕机{fact}】\n登录不了",
        "locale": "ZH_HANS",
        "length": 15,
        "usedSlots": ["headline", "fact"],
        "leftOutSlots": ["extra"],
        "rulesToCheck": [{"code": "EMPTY_WORDS"}],
        "template": {"slug": "holding"},
    }


LOCALES = [
    ("holding", GIVEN, "EN", ("宕机{fact}\n登录不了", "EN")),
    ("holding", GIVEN, "ZH_HANT", ("【宕机{fact}】\n登录不了", "ZH_HANS")),
    ("hant", [], "ZH_HANT", ("核實", "ZH_HANT")),
]


@pytest.mark.parametrize(("slug", "slots", "locale", "expected"), LOCALES)
async def test_the_locale_that_is_given_is_said(
    slug: str,
    slots: list[dict[str, Any]],
    locale: str,
    expected: tuple[str, str],
    shelf: Desk,
    ask: Client,
) -> None:
    found = (await ask(RENDER, slug=slug, slots=slots, locale=locale))["renderTemplate"]

    assert (found["text"], found["locale"]) == expected


async def test_all_that_stands_in_the_way_is_named(shelf: Desk, ask: Client) -> None:
    slots = [
        {"name": "fact", "value": "x"},
        {"name": "Headline", "value": "x"},
        {"name": "extra", "value": ""},
    ]

    data = await ask(RENDER, slots=slots)

    assert data["renderTemplate"] == {
        "__typename": "TemplateRefused",
        "missing": ["headline"],
        "unconfirmed": ["fact"],
        "unknown": [{"name": "Headline", "nearest": ["headline"]}],
        "faulty": [
            {
                "name": "extra",
                "fault": "EMPTY",
                "message": "is empty; fill it in, or leave it out.",
                "messageLocale": "EN",
            }
        ],
        "message": "Required slots are missing: headline. Facts are not confirmed: fact. "
        "These are no slots of it: Headline. Values cannot be used: extra.",
        "messageLocale": "ZH_HANS",
    }


async def test_a_name_that_no_text_can_hold_is_refused_and_not_a_fault(
    shelf: Desk, ask: Client
) -> None:
    slots = [*GIVEN, {"name": "\x00\x7f" + "長" * 900, "value": "x"}]

    data = await ask(RENDER, slots=slots)

    assert data["renderTemplate"]["unknown"] == [{"name": "長" * 80 + "…", "nearest": []}]


@pytest.mark.parametrize("slug", ["secret", "nowhere", "not a slug\x00"])
async def test_a_template_that_is_not_to_be_seen_is_not_there(
    slug: str, shelf: Desk, ask: Client
) -> None:
    assert await ask(RENDER, slug=slug, slots=[]) == {"renderTemplate": None}


async def test_more_values_than_any_template_has_slots_are_refused(
    shelf: Desk, ask: Client
) -> None:
    answer = await ask.answer(RENDER, slots=[{"name": "a", "value": "b"}] * 101)

    assert answer["errors"][0]["message"] == "slots has 101 values; at most 100 are taken."
