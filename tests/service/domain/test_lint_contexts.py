"""The rules that hold a draft against what is known besides the text."""

from typing import Any

import pytest

from service.domain.codes import ChannelKind, FactStatus, StatementKind
from service.domain.errors import BadInput
from service.domain.lint.channels import length_on
from service.domain.lint.drafts import ContextField, Draft, Fact, StatementContext
from service.domain.lint.findings import Lint, Severity, Undecided
from service.domain.lint.quantities import quantities
from service.domain.lint.rules import shipped_rules
from service.domain.lint.statements import lint_statement


def lint(text: str, **known: Any) -> Lint:
    context = StatementContext(**known)
    return lint_statement(Draft(text, StatementKind.HOLDING, context), shipped_rules())


def excerpts(found: Lint, rule: str) -> list[str | None]:
    return [finding.excerpt for finding in found.findings if finding.rule == rule]


def needs(found: Lint, rule: str) -> list[Undecided]:
    return [undecided for undecided in found.undecided if undecided.rule == rule]


AFFECTED = "华东地区约3万名用户无法下单"
FACTS = [
    ("stated as it stands", AFFECTED, "UNCONFIRMED", "华东地区3万名用户无法下单。", True),
    ("traditional", AFFECTED, "UNCONFIRMED", "華東地區3萬名用戶無法下單。", True),
    ("confirmed", AFFECTED, "CONFIRMED", "华东地区3万名用户无法下单。", False),
    (
        "said to be checked",
        AFFECTED,
        "UNKNOWN",
        "华东地区是否有3万名用户无法下单，正在核实。",
        False,
    ),
    ("said to be a rumour", AFFECTED, "UNCONFIRMED", "网传华东地区3万名用户无法下单。", False),
    ("another matter", AFFECTED, "UNCONFIRMED", "客服今晚增派40人。", False),
    ("probable and bare", "数据库主机断电", "PROBABLE", "数据库主机断电。", True),
    ("probable, said to be so", "数据库主机断电", "PROBABLE", "初步查明，数据库主机断电。", False),
    ("refuted and stated", "工厂已经停产", "REFUTED", "工厂已经停产。", True),
    ("refuted and denied", "工厂已经停产", "REFUTED", "工厂没有停产。", False),
    (
        "English, stated",
        "The factory in Leeds has closed",
        "UNCONFIRMED",
        "The Leeds factory has closed.",
        True,
    ),
    (
        "English, open",
        "The factory in Leeds has closed",
        "UNCONFIRMED",
        "We are checking whether the Leeds factory has closed.",
        False,
    ),
]


@pytest.mark.parametrize(
    ("fact", "status", "text", "broken"), [row[1:] for row in FACTS], ids=[row[0] for row in FACTS]
)
def test_a_fact_that_is_not_confirmed_must_not_be_stated(
    fact: str, status: str, text: str, *, broken: bool
) -> None:
    found = lint(text, facts=(Fact(fact, FactStatus(status)),))

    assert excerpts(found, "UNVERIFIED_FACT") == ([text] if broken else [])
    assert needs(found, "UNVERIFIED_FACT") == []


CONFLICTS = [
    ("another figure", "约3万名用户无法下单", "约5万名用户无法下单。", ["5万名"]),
    ("the same figure", "约3万名用户无法下单", "3万名用户无法下单。", []),
    ("near enough", "约3万名用户无法下单", "3.1万名用户无法下单。", []),
    ("within a range", "3万至5万名用户无法下单", "4万名用户无法下单。", []),
    ("a figure of something else", "约3万名用户无法下单", "用户无法下单，已持续5小时。", []),
    ("denied", "用户的手机号已经泄露", "用户的手机号没有泄露。", ["用户的手机号没有泄露。"]),
    ("not yet said", "用户的手机号已经泄露", "用户的手机号是否泄露，正在核实。", []),
    ("another matter", "约3万名用户无法下单", "客服今晚增派40人。", []),
    (
        "English figure",
        "About 30,000 customers could not order",
        "About 50,000 customers could not order.",
        ["50,000 customers"],
    ),
    (
        "English denial",
        "Customer phone numbers were leaked",
        "No customer phone numbers were leaked.",
        ["No customer phone numbers were leaked."],
    ),
]


@pytest.mark.parametrize(
    ("known", "text", "words"), [row[1:] for row in CONFLICTS], ids=[row[0] for row in CONFLICTS]
)
def test_a_draft_must_not_differ_from_the_line_nor_from_confirmed_facts(
    known: str, text: str, words: list[str]
) -> None:
    by_line = lint(text, approved_line=(known,))
    by_fact = lint(text, facts=(Fact(known, FactStatus.CONFIRMED),))

    assert excerpts(by_line, "LINE_CONFLICT") == words
    assert excerpts(by_fact, "COVER_UP") == words


SPEAKERS = [
    (
        "the one",
        {"speaker": "王明", "designated_spokesperson": "品牌总监 王明"},
        "我们在查。",
        False,
    ),
    ("another", {"speaker": "李强", "designated_spokesperson": "王明"}, "我们在查。", True),
    ("another in the text", {"designated_spokesperson": "王明"}, "我们在查。发言人：李强", True),
    ("the one in the text", {"designated_spokesperson": "王明"}, "我们在查。发言人：王明", False),
]


@pytest.mark.parametrize(
    ("known", "text", "broken"), [row[1:] for row in SPEAKERS], ids=[row[0] for row in SPEAKERS]
)
def test_only_the_designated_spokesperson_speaks(
    known: dict[str, str], text: str, *, broken: bool
) -> None:
    found = lint(text, **known)

    assert len(excerpts(found, "UNAUTHORISED_SPEAKER")) == int(broken)
    assert needs(found, "UNAUTHORISED_SPEAKER") == []


ORDERS = [
    ("not listed", {"listed": False}, 0, ()),
    ("listed and disclosed", {"listed": True, "disclosed_on_designated_media": True}, 0, ()),
    ("listed and not disclosed", {"listed": True, "disclosed_on_designated_media": False}, 1, ()),
    (
        "on the designated medium",
        {"listed": True, "channel": ChannelKind.EXCHANGE_DISCLOSURE},
        0,
        (),
    ),
    (
        "listed, the rest unknown",
        {"listed": True},
        0,
        (ContextField.DISCLOSED_ON_DESIGNATED_MEDIA,),
    ),
    ("unknown", {}, 0, (ContextField.LISTED,)),
]


@pytest.mark.parametrize(
    ("known", "broken", "open_for"), [row[1:] for row in ORDERS], ids=[row[0] for row in ORDERS]
)
def test_what_is_material_appears_on_the_designated_media_first(
    known: dict[str, Any], broken: int, open_for: tuple[ContextField, ...]
) -> None:
    found = lint("我们将暂停二号生产线。", **known)

    assert len(excerpts(found, "DISCLOSURE_ORDER")) == broken
    assert [undecided.needs for undecided in needs(found, "DISCLOSURE_ORDER")] == (
        [open_for] if open_for else []
    )


WHERE = [
    ("NO_EMPATHY", "系统已恢复。", {"victims": True}, 1, 0),
    ("NO_EMPATHY", "系统已恢复。", {"victims": False}, 0, 0),
    ("NO_EMPATHY", "系统已恢复。", {}, 0, 1),
    ("NO_EMPATHY", "让您久等了，对不起。系统已恢复。", {"victims": True}, 0, 0),
    ("NO_EMPATHY", "三人受伤送医。", {}, 1, 0),
    ("AI_LABEL_MISSING", "见下图。", {"ai_generated": True}, 1, 0),
    ("AI_LABEL_MISSING", "见下图。", {"ai_generated": True, "ai_labelled": True}, 0, 0),
    ("AI_LABEL_MISSING", "见下图（AI生成）。", {"ai_generated": True}, 0, 0),
    ("AI_LABEL_MISSING", "见下图。", {"ai_generated": False}, 0, 0),
    ("AI_LABEL_MISSING", "见下图。", {}, 0, 1),
    ("CHANNEL_LIMIT", "字" * 2_001, {"platform": "WEIBO"}, 1, 0),
    ("CHANNEL_LIMIT", "字" * 2_000, {"platform": "WEIBO"}, 0, 0),
    ("CHANNEL_LIMIT", "字" * 141, {"platform": "X"}, 1, 0),
    ("CHANNEL_LIMIT", "字" * 140, {"platform": "X"}, 0, 0),
    ("CHANNEL_LIMIT", "字", {"platform": "PTT"}, 0, 1),
    ("CHANNEL_LIMIT", "字", {}, 0, 1),
]


@pytest.mark.parametrize(("rule", "text", "known", "broken", "left_open"), WHERE)
def test_a_rule_without_the_context_it_needs_is_left_open_and_not_passed(
    rule: str, text: str, known: dict[str, Any], broken: int, left_open: int
) -> None:
    found = lint(text, **known)

    assert len(excerpts(found, rule)) == broken
    assert len(needs(found, rule)) == left_open


def test_a_limit_is_given_with_its_source() -> None:
    found = lint("字" * 141, platform="X")

    message = "It counts 282 characters as X reckons them; the limit is 280 (source: {})."
    source = "docs.x.com/fundamentals/counting-characters"
    assert [f.message.en for f in found.findings if f.rule == "CHANNEL_LIMIT"] == [
        message.format(source)
    ]


def test_counsel_clears_an_illegal_promise() -> None:
    text = "所有学员无条件全额退款。"

    severities = [
        [f.severity for f in found.findings if f.rule == "ILLEGAL_PROMISE"]
        for found in (lint(text), lint(text, legal_approved=True))
    ]

    assert severities == [[Severity.BLOCK], [Severity.INFO]]


def test_what_was_typed_reaches_a_message_short_and_plain() -> None:
    found = lint("工厂已经停产。", facts=(Fact("工厂\u0007已经\n停产", FactStatus.REFUTED),))
    long = lint("啊" * 500, facts=(Fact("啊" * 500, FactStatus.REFUTED),))

    messages = [
        [f.message.zh_hans for f in checked.findings if f.rule == "UNVERIFIED_FACT"]
        for checked in (found, long)
    ]

    cut = "啊" * 80 + "…"
    assert messages == [
        ["“工厂已经停产。”陈述了未证实的事：档案里“工厂 已经 停产”的状态是已证伪。"],
        [f"“{cut}”陈述了未证实的事：档案里“{cut}”的状态是已证伪。"],
    ]


QUANTITIES = [
    ("约3万名用户", [("person", 27_000, 33_000)]),
    ("3万至5万名", [("person", 30_000, 50_000)]),
    ("3-5万条", [("record", 30_000, 50_000)]),
    ("1,187,342 people", [("person", 1_187_342, 1_187_342)]),
    ("2.5 million customers", [("person", 2_500_000, 2_500_000)]),
    ("赔付20元", [("money", 20, 20)]),
    ("第3版", []),
]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES)
def test_a_figure_is_read_with_what_it_counts(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    read = [(one.unit, round(one.least), round(one.most)) for one in quantities(text)]

    assert read == expected


def test_x_counts_a_link_as_23_and_a_han_character_as_two() -> None:
    assert length_on("X", "见https://example.com/a/very/long/address/that/goes/on") == 25


TOO_MUCH = [
    ({"facts": (Fact("事实", FactStatus.UNKNOWN),) * 51}, "facts has 51 items; at most 50"),
    ({"facts": (Fact("字" * 601, FactStatus.UNKNOWN),)}, "facts, item 1, has 601 characters"),
    ({"approved_line": ("行", " ")}, "approvedLine, item 2, has no words"),
    ({"speaker": ""}, "speaker has no words"),
    ({"designated_spokesperson": "名" * 121}, "designatedSpokesperson has 121 characters"),
]


@pytest.mark.parametrize(("known", "why"), TOO_MUCH)
def test_a_context_that_cannot_be_used_is_refused(known: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        Draft("声明", StatementKind.HOLDING, StatementContext(**known))
