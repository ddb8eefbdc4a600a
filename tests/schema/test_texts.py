"""Texts in the locale asked for, each with the locale that is given."""

import pytest

from service.operations.ports import Desk
from tests.library import Client

TITLES = [
    ("yuque-outage", "ZH_HANS", "语雀宕机", "ZH_HANS"),
    ("yuque-outage", "ZH_HANT", "語雀當機", "ZH_HANT"),
    ("yuque-outage", "EN", "Yuque’s outage", "EN"),
    ("ap-hijack", "ZH_HANS", "账号被盗发假消息", "ZH_HANS"),
    ("ap-hijack", "ZH_HANT", "账号被盗发假消息", "ZH_HANS"),
    ("ap-hijack", "EN", "A hijacked account posts false news", "EN"),
]


async def test_a_text_is_given_in_the_locale_asked_for_or_the_nearest(
    library: Desk, ask: Client
) -> None:
    query = """query($slug: String!, $l: Locale!) {
      case(slug: $slug) { title(locale: $l) titleLocale(locale: $l) } }"""

    found = [
        (slug, locale, *(await ask(query, slug=slug, l=locale))["case"].values())
        for slug, locale, _, _ in TITLES
    ]

    assert found == TITLES


async def test_without_a_locale_a_text_is_simplified(library: Desk, ask: Client) -> None:
    data = await ask('{ case(slug: "yuque-outage") { title titleLocale } }')

    assert data["case"] == {"title": "语雀宕机", "titleLocale": "ZH_HANS"}


async def test_an_absent_text_has_no_locale(library: Desk, ask: Client) -> None:
    data = await ask('{ case(slug: "ap-hijack") { note noteLocale(locale: EN) } }')

    assert data["case"] == {"note": None, "noteLocale": None}


LISTS = [
    ("ZH_HANS", ["正在核实"], "ZH_HANS"),
    ("ZH_HANT", ["正在核实"], "ZH_HANS"),
    ("EN", ["We are checking"], "EN"),
]


@pytest.mark.parametrize(("locale", "messages", "given"), LISTS)
async def test_several_texts_say_one_locale(
    library: Desk, ask: Client, locale: str, messages: list[str], given: str
) -> None:
    data = await ask(
        """query($l: Locale!) { case(slug: "ap-hijack") { statements {
             keyMessages(locale: $l) keyMessagesLocale(locale: $l) } } }""",
        l=locale,
    )

    assert data["case"]["statements"] == [{"keyMessages": messages, "keyMessagesLocale": given}]


async def test_a_term_is_named_in_every_locale(library: Desk, ask: Client) -> None:
    data = await ask(
        """{ case(slug: "ap-hijack") { primaryType {
             hans: label hant: label(locale: ZH_HANT) en: label(locale: EN) aliases } } }"""
    )

    assert data["case"]["primaryType"] == {
        "hans": "账号被盗",
        "hant": "账号被盗",
        "en": "Account compromise",
        "aliases": ["盗号"],
    }
