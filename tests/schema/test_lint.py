"""Checking a draft through the API."""

from typing import Any

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import Client

LINT = """query($t: String!, $k: StatementKind!, $l: Locale! = ZH_HANS, $c: StatementContextInput) {
  lintStatement(text: $t, kind: $k, locale: $l, context: $c) {
    isClear findings { rule { set code } severity span { start end } excerpt message messageLocale fix }
    undecided { rule { code } needs } } }"""
TEXT = "我们高度重视此事。客服热线400-000-0000。下次通报：今天18:00（北京时间）。"


async def lint(ask: Client, text: str, **how: Any) -> dict[str, Any]:
    checked: dict[str, Any] = (await ask(LINT, t=text, k="DEBUNK", **how))["lintStatement"]
    return checked


@pytest.mark.parametrize("role", [role for role in AccessRole if role is not AccessRole.MONITOR])
async def test_every_role_may_have_a_draft_checked(
    library: Desk, ask: Client, role: AccessRole
) -> None:
    checked = await lint(ask, TEXT, as_=role, l="EN", c={"victims": False, "listed": False})

    assert checked == {
        "isClear": True,
        "findings": [
            {
                "rule": {"set": "StatementRule", "code": "EMPTY_WORDS"},
                "severity": "WARN",
                "span": {"start": 2, "end": 6},
                "excerpt": "高度重视",
                "message": "“高度重视” is boilerplate: it does not say who does what by when.",
                "messageLocale": "EN",
                "fix": "Delete it, or say a dated action instead, such as “the head of engineering "
                "leads the repair; first findings by 18:00 today”.",
            },
            {
                "rule": {"set": "StatementRule", "code": "NO_TIMESTAMP"},
                "severity": "WARN",
                "span": None,
                "excerpt": None,
                "message": "It does not give its time of issue (date, clock time, time zone); the "
                "time of the event does not stand in for it.",
                "messageLocale": "EN",
                "fix": "Put the time of issue at the head or the foot, such as “8 March 2026, 03:40 "
                "(UTC+8)”.",
            },
        ],
        "undecided": [
            {"rule": {"code": "UNVERIFIED_FACT"}, "needs": ["facts"]},
            {"rule": {"code": "COVER_UP"}, "needs": ["facts"]},
            {"rule": {"code": "LINE_CONFLICT"}, "needs": ["approvedLine"]},
            {"rule": {"code": "UNAUTHORISED_SPEAKER"}, "needs": ["designatedSpokesperson"]},
            {"rule": {"code": "CHANNEL_LIMIT"}, "needs": ["platform"]},
            {"rule": {"code": "AI_LABEL_MISSING"}, "needs": ["aiGenerated"]},
        ],
    }


async def test_the_whole_context_decides_every_rule(library: Desk, ask: Client) -> None:
    context = {
        "facts": [{"text": "约3万名用户无法下单", "status": "CONFIRMED"}],
        "approvedLine": ["约3万名用户无法下单"],
        "speaker": "王明",
        "designatedSpokesperson": "王明",
        "listed": True,
        "disclosedOnDesignatedMedia": True,
        "aiGenerated": False,
        "platform": "WEIBO",
        "channel": "OWNED_ACCOUNT",
        "victims": True,
    }

    checked = await lint(ask, "约5万名用户无法下单，对不起。", c=context)

    assert checked["undecided"] == []
    assert checked["isClear"] is False
    assert [
        (finding["rule"]["code"], finding["excerpt"])
        for finding in checked["findings"]
        if finding["severity"] == "BLOCK"
    ] == [("COVER_UP", "5万名"), ("LINE_CONFLICT", "5万名")]


async def test_messages_in_traditional_chinese_say_that_simplified_stands_in(
    library: Desk, ask: Client
) -> None:
    checked = await lint(ask, "对此不予置评。", l="ZH_HANT")

    assert {finding["messageLocale"] for finding in checked["findings"]} == {"ZH_HANS"}


REFUSED = [
    ("", None, "text has no words; give the statement as it is to be published."),
    ("🙏", None, "text has no words; give the statement as it is to be published."),
    (
        "声明",
        {"platform": "WIEBO"},
        "'WIEBO' is not a code of Platform; near it are WEIBO.",
    ),
    (
        "声明",
        {"facts": [{"text": " ", "status": "UNKNOWN"}]},
        "facts, item 1, has no words; write it out or leave it out.",
    ),
]


@pytest.mark.parametrize(("text", "context", "message"), REFUSED)
async def test_what_cannot_be_checked_is_refused_with_what_would_be_right(
    library: Desk, ask: Client, text: str, context: dict[str, Any] | None, message: str
) -> None:
    answer = await ask.answer(LINT, t=text, k="HOLDING", c=context)

    assert [(e["message"], e["extensions"]["code"]) for e in answer["errors"]] == [
        (message, "BAD_INPUT")
    ]
