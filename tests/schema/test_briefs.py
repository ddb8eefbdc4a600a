"""Briefs through the API, on the small library and one clock."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.lexical import LexicalIndex
from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import (
    HIJACK,
    NOON,
    Client,
    a_case,
    a_statement,
    both,
    publish,
    term,
    vocabulary,
)

BRIEF = """query($s: SituationInput, $c: String, $l: Locale! = ZH_HANS, $z: String! = "Asia/Shanghai") {
  brief(situation: $s, caseSlug: $c, locale: $l, timeZone: $z) {
    markdown locale hasFit degraded } }"""

CLOCK = {
    "jurisdiction": "CN",
    "trigger": both("发现泄露", "A leak is found"),
    "starts_from": "FIRST_SIGNAL",
    "recipient": both("主管部门", "The authority"),
    "limit": "4 hours",
    "due_in": "PT4H",
    "certainty": "verified",
}
CLOCKS = vocabulary(
    "RegulatoryClock",
    "regulatory-clock",
    {**term("REPORT_4H", "报告", "Report"), "regulatory_clock": CLOCK},
)
MARKED = a_case(
    "marked",
    7,
    title=both("[点](javascript:alert(1))客服怼人", "[x](javascript:alert(1)) rude"),
    summary=both("客服怼人 `代码` <b>粗</b>", "Rude `code` <b>bold</b>"),
    primary_type=HIJACK,
    asked_as={"zh_hans": ["客服在群里怼人被截图"], "en": ["rude support agent"]},
    statements=[a_statement("S-1", key_messages=[both("*致歉*\n# 标题", "*Sorry*\n# Heading")])],
    lessons=[{"verdict": "LOSS", "phase": "RESPONSE", "text": both("回应_慢_", "Slow_ly_")}],
    links=[
        {"relation": "SIMILAR", "case": "ap-hijack", "reason": both("都像", "Alike")},
        {"relation": "SIMILAR", "case": "secret", "reason": both("机密之由", "A secret reason")},
        {"relation": "DISSIMILAR", "case": "yuque-outage", "reason": both("不像", "Unlike")},
    ],
)
RUDE = "客服在群里怼人被截图"


@pytest.fixture
async def indexed(application: Application, library: Desk) -> Desk:
    """The small library at noon, looked through by the indexer once; there is no engine."""
    application.desk = replace(application.desk, now=lambda: NOON)
    await publish(library, CLOCKS, MARKED)
    await application.indexer.look()
    return library


async def brief(ask: Client, **asked: Any) -> dict[str, Any]:
    data = await ask(BRIEF, **asked)
    found: dict[str, Any] = data["brief"]
    return found


IN_CHINESE = r"""**先例简报** · 2026-11-20 20:00 (Asia/Shanghai)
> 客服在群里怼人被截图

**最接近的先例**
1. **\[点\](javascript:alert(1))客服怼人** (CASE-0007)
   - 为什么：所说与该案相合：客服在群里怼人被截图
   - 首次发声：HOLDING：\*致歉\* \# 标题 [CASE-0007 S1, B6]
   - 别重蹈：回应\_慢\_
2. **账号被盗发假消息** (CASE-0002，2013)
   - 为什么：编者标为相似：都像
   - 首次发声：HOLDING (DENY.DENIAL)：正在核实 [CASE-0002 S1, A6]
   - 结果：CHURN\_RATE 下降 [CASE-0002 S1, A6]

**接下来的时限（仅供参考，请与法律顾问确认）**
- 11-20 23:00 前：报告 → 主管部门

**来源**
- [CASE-0007 S1] A report (B) <https://example.org/marked>
- [CASE-0002 S1] A report (A) <https://example.org/shared>"""


async def test_a_brief_of_a_situation_is_half_a_page_with_its_sources(
    indexed: Desk, ask: Client
) -> None:
    given = {"text": RUDE, "jurisdictions": ["CN"], "hoursSinceFirstSignal": 1}

    found = await brief(ask, s=given)

    assert found == {
        "markdown": IN_CHINESE,
        "locale": "ZH_HANS",
        "hasFit": True,
        "degraded": False,
    }


IN_LOCALE = [
    ("ZH_HANT", "**先例簡報**", "**接下來的時限（僅供參考，請與法律顧問確認）**"),
    ("EN", "**Precedent brief**", "**Next clocks (reference; confirm with counsel)**"),
]


async def test_a_brief_speaks_the_locale_asked_for(indexed: Desk, ask: Client) -> None:
    for locale, heading, clocks in IN_LOCALE:
        found = await brief(ask, s={"text": "語雀當機"}, l=locale)

        lines = found["markdown"].splitlines()
        assert lines[0] == f"{heading} · 2026-11-20 20:00 (Asia/Shanghai)"
        assert lines[1] == "> 語雀當機"
        assert clocks in lines
        assert found["locale"] == locale

    english = (await brief(ask, s={"text": RUDE}, l="EN"))["markdown"]
    traditional = (await brief(ask, s={"text": "语雀宕机"}, l="ZH_HANT"))["markdown"]
    assert r"1. **\[x\](javascript:alert(1)) rude** (CASE-0007)" in english
    assert "   - Do differently: Slow\\_ly\\_" in english
    assert "1. **語雀當機**" in traditional


TYPED = [
    ("a link", "[x](javascript:alert(1))崩了", r"> \[x\](javascript:alert(1))崩了"),
    ("an image", "![x](//evil)崩了", r"> !\[x\](//evil)崩了"),
    ("backticks", "```崩了``` `rm`", r"> \`\`\`崩了\`\`\` \`rm\`"),
    ("lines", "崩了\r\n\r\n# 标题\n> 引\u2028下", r"> 崩了 \# 标题 \> 引 下"),
    ("tags", "<img src=x onerror=alert(1)>崩了", r"> \<img src=x onerror=alert(1)\>崩了"),
    ("an entity", "&lt;b&gt;崩了 AT&T", r"> \&lt;b\&gt;崩了 AT&T"),
    ("emphasis and tables", "*_~|崩了|~_*", r"> \*\_\~\|崩了\|\~\_\*"),
    ("a backslash", "\\[x](y)崩了", r"> \\\[x\](y)崩了"),
    ("what turns the line around", "崩\u202e了\u200b\0", "> 崩了"),
    ("more than fits", "崩了" * 200, f"> {'崩了' * 59}崩…"),
]


async def test_what_was_typed_stands_in_a_brief_as_plain_text(indexed: Desk, ask: Client) -> None:
    for label, typed, line in TYPED:
        found = await brief(ask, s={"text": typed})

        assert found["markdown"].split("\n")[1] == line, label


async def test_a_brief_says_where_nothing_fits_or_nothing_is_near(
    indexed: Desk, ask: Client
) -> None:
    vague = await brief(ask, s={"text": "某某 消息 客服"})
    unheard = await brief(ask, s={"text": "xyzzy qwrtp"})
    english = await brief(ask, s={"text": "xyzzy qwrtp"}, l="EN")

    assert vague["hasFit"] is unheard["hasFit"] is False
    assert "没有把握说哪一个合适，以下只是相近：" in vague["markdown"].splitlines()
    assert "案例库里没有相近的先例。" in unheard["markdown"].splitlines()
    assert "The library holds no precedent near this." in english["markdown"].splitlines()
    assert "来源" not in unheard["markdown"]


async def test_clocks_of_law_wait_for_a_jurisdiction(indexed: Desk, ask: Client) -> None:
    without = await brief(ask, s={"text": RUDE})
    elsewhere = await brief(ask, s={"text": RUDE, "jurisdictions": ["US"]})
    overdue = await brief(
        ask, s={"text": RUDE, "jurisdictions": ["CN"], "hoursSinceFirstSignal": 5}, z="UTC"
    )

    assert "- 给出法域（如 CN）后，才能列出法定时限。" in without["markdown"].splitlines()
    assert "报告" not in elsewhere["markdown"]
    assert "- 已过 11-20 11:00：报告 → 主管部门" in overdue["markdown"].splitlines()


OF_A_CASE = r"""**先例简报** · 2026-11-20 20:00 (Asia/Shanghai)

**语雀宕机** (CASE-0001，2023，编者判断：MIXED)
服务中断七小时
- 第 0–0.62 小时之间 告警 [CASE-0001 S1, A2]
- 质疑 [未经核实]
- 声明：HOLDING (REBUILD.APOLOGY)：正在核实 [CASE-0001 S1, A6]
- 声明：CORRECTION (DENY.DENIAL)：正在核实 [CASE-0001 S1, A6]
- 结果：CHURN\_RATE 5 PERCENT [CASE-0001 S1, A6]；AFFECTED\_USERS ≥ 1,000 PERSON [CASE-0001 S1, A6]

**编者标为相似**
1. **账号被盗发假消息** (CASE-0002，2013)
"""


async def test_a_brief_of_a_case_tells_it_with_what_the_editors_call_similar(
    indexed: Desk, ask: Client
) -> None:
    found = await brief(ask, c="yuque-outage")

    assert found["markdown"][: len(OF_A_CASE)] == OF_A_CASE
    assert (found["hasFit"], found["degraded"]) == (True, False)


async def test_a_brief_never_names_what_is_hidden(indexed: Desk, ask: Client) -> None:
    of_case = await brief(ask, c="marked")
    of_situation = await brief(ask, s={"text": RUDE + "机密案例"})
    administrator = await brief(ask, as_=AccessRole.ADMIN, c="marked")

    assert "账号被盗发假消息" in of_case["markdown"]
    for found in (of_case, of_situation):
        assert "CASE-0003" not in found["markdown"]
        assert "机密之由" not in found["markdown"]
    assert "**机密案例** (CASE-0003)" in administrator["markdown"]


async def test_a_brief_of_a_hidden_case_is_as_null_as_of_none(indexed: Desk, ask: Client) -> None:
    for slug in ("secret", "never-was", "", "NOT A SLUG", "x" * 200, "a\0b"):
        assert await ask(BRIEF, c=slug) == {"brief": None}, slug


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("neither", {}, "brief needs either situation or caseSlug; give one of them."),
    (
        "both",
        {"s": {"text": "崩了"}, "c": "yuque-outage"},
        "brief needs either situation or caseSlug; give one of them.",
    ),
    (
        "no such zone",
        {"s": {"text": "崩了"}, "z": "Asia/Shangai"},
        "timeZone: 'Asia/Shangai' is not a time zone of the IANA database; near it are Asia/Shang",
    ),
]


async def test_a_brief_is_asked_of_one_thing(indexed: Desk, ask: Client) -> None:
    for label, asked, said in REFUSED:
        answer = await ask.answer(BRIEF, **asked)

        (error,) = answer["errors"]
        assert error["message"].startswith(said), label
        assert error["extensions"] == {"code": "BAD_INPUT"}, label
        assert answer["data"] == {"brief": None}, label


async def test_a_brief_claims_no_fit_while_the_built_in_index_is_away(
    application: Application, indexed: Desk, ask: Client, tmp_path: Path
) -> None:
    application.engine.fill(LexicalIndex(tmp_path / "engine"))
    await application.indexer.look()
    application.lexical.close()

    found = await brief(ask, s={"text": RUDE})

    assert (found["hasFit"], found["degraded"]) == (False, True)
    assert "没有把握说哪一个合适，以下只是相近：" in found["markdown"].splitlines()
    assert "(CASE-0007)" in found["markdown"]


async def test_a_brief_says_that_both_indexes_are_away(
    application: Application, indexed: Desk, ask: Client
) -> None:
    application.lexical.close()

    of_situation = await ask.answer(BRIEF, s={"text": RUDE})
    of_case = await brief(ask, c="yuque-outage")

    (error,) = of_situation["errors"]
    assert error["extensions"] == {"code": "NOT_READY"}
    assert of_case["degraded"] is False
