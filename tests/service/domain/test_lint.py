import pytest

from seed_cases.loader import seed_documents
from service.domain.codes import StatementKind
from service.domain.errors import BadInput
from service.domain.lint.drafts import Draft
from service.domain.lint.findings import Finding, Lint, Severity
from service.domain.lint.rules import shipped_rules
from service.domain.lint.statements import lint_statement
from service.domain.mapped_texts import Span
from service.domain.values import Bilingual
from service.domain.vocabularies import Vocabulary


def lint(text: str, kind: str = "HOLDING") -> Lint:
    return lint_statement(Draft(text, StatementKind(kind)), shipped_rules())


def found(text: str, rule: str, kind: str = "HOLDING") -> list[Finding]:
    return [finding for finding in lint(text, kind).findings if finding.rule == rule]


SPANS = [
    ("simplified", "我们高度重视此事", "EMPTY_WORDS", "高度重视"),
    ("traditional", "我們高度重視此事", "EMPTY_WORDS", "高度重視"),
    ("emoji before it", "🙏🏽🙏🏽我们高度重视此事", "EMPTY_WORDS", "高度重视"),
    ("a character beyond the first plane", "𠮷野家高度重视此事", "EMPTY_WORDS", "高度重视"),
    ("blanks between the characters", "我们高 度 重 视此事", "EMPTY_WORDS", "高 度 重 视"),
    ("a line that ends within", "我们高度\n重视此事", "EMPTY_WORDS", "高度\n重视"),
    ("characters nobody sees", "我们高\u200b度重视此事", "EMPTY_WORDS", "高\u200b度重视"),
    (
        "full-width digits",
        "电话１３８１２３４５６７８的用户",
        "PERSONAL_DATA",
        "１３８１２３４５６７８",
    ),
    ("full-width letters", "Ｎｏ ｃｏｍｍｅｎｔ.", "NO_COMMENT", "Ｎｏ ｃｏｍｍｅｎｔ"),
    (
        "Taiwan wording of another length",
        "個資外洩是記憶體供應商的責任",
        "BLAME_SHIFT",
        "是記憶體供應商的責任",
    ),
    ("a curly apostrophe", "This won’t happen again.", "OVER_PROMISE", "won’t happen again"),
    ("English in a Chinese text", "对此我们 no comment，谢谢", "NO_COMMENT", "no comment"),
    ("a line that ends within English", "As ever, no\ncomment.", "NO_COMMENT", "no\ncomment"),
]


@pytest.mark.parametrize(
    ("text", "rule", "words"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS]
)
def test_a_finding_points_at_the_words_in_the_text_as_given(
    text: str, rule: str, words: str
) -> None:
    start = text.index(words)

    findings = found(text, rule)

    assert [(finding.span, finding.excerpt) for finding in findings] == [
        (Span(start, start + len(words)), words)
    ]


def test_a_finding_says_in_both_languages_what_is_wrong_and_what_would_be_right() -> None:
    findings = found("我们高度重视此事。", "EMPTY_WORDS")

    assert findings == [
        Finding(
            rule="EMPTY_WORDS",
            severity=Severity.WARN,
            span=Span(2, 6),
            excerpt="高度重视",
            message=Bilingual(
                zh_hans="“高度重视”是套话：没有写谁在什么时候做什么。",
                en="“高度重视” is boilerplate: it does not say who does what by when.",
            ),
            fix=Bilingual(
                zh_hans="删掉，或换成带时间的具体行动，例如“技术负责人带队，今天18点前公布初步结果”。",
                en="Delete it, or say a dated action instead, such as “the head of engineering leads "
                "the repair; first findings by 18:00 today”.",
            ),
        )
    ]


def test_what_is_missing_has_no_place_and_comes_last() -> None:
    findings = lint("对此我们不予置评。").findings

    assert [(finding.rule, finding.span) for finding in findings] == [
        ("NO_COMMENT", Span(4, 8)),
        ("NO_ACTION_DEADLINE", None),
        ("NO_CONTACT", None),
        ("NO_NEXT_UPDATE", None),
        ("NO_TIMESTAMP", None),
    ]


SEVERITIES = [
    ("故障可能是供应商操作失误导致。", "SPECULATION", "HOLDING", [Severity.BLOCK]),
    ("故障可能是供应商操作失误导致。", "SPECULATION", "PROGRESS_UPDATE", [Severity.WARN]),
    ("故障可能是供应商操作失误导致。", "SPECULATION", "REGULATOR_REPORT", []),
    ("您的手机号泄露了。", "NO_CONTACT", "DATA_SUBJECT_NOTICE", [Severity.BLOCK]),
    ("您的手机号泄露了。", "NO_CONTACT", "HOLDING", [Severity.WARN]),
    ("您的手机号泄露了。", "MISSING_STATUTORY_ITEM", "HOLDING", []),
    ("您的手机号泄露了。", "MISSING_STATUTORY_ITEM", "DATA_SUBJECT_NOTICE", [Severity.BLOCK] * 5),
    ("原因是配置错误。", "MISSING_STATUTORY_ITEM", "INCIDENT_SUMMARY_REPORT", [Severity.WARN] * 5),
]


@pytest.mark.parametrize(("text", "rule", "kind", "severities"), SEVERITIES)
def test_how_much_a_finding_weighs_hangs_on_the_kind(
    text: str, rule: str, kind: str, severities: list[Severity]
) -> None:
    findings = found(text, rule, kind)

    assert [finding.severity for finding in findings] == severities


def test_a_missing_statutory_item_is_named_with_its_law() -> None:
    text = (
        "因接口漏洞，您的手机号泄露，可能接到诈骗电话。我们已关闭接口。请修改密码。"
        "给您添麻烦了，对不起。"
    )

    findings = found(text, "MISSING_STATUTORY_ITEM", "DATA_SUBJECT_NOTICE")

    assert [finding.message for finding in findings] == [
        Bilingual(
            zh_hans="缺少法定事项：联系方式（个人信息保护法第五十七条）。",
            en="A statutory item is missing: how to reach you (PIPL art. 57).",
        )
    ]


def test_quoting_a_claim_in_order_to_deny_it_is_not_making_it() -> None:
    assert found("网传我们承诺“绝对安全”，并不属实。", "OVER_PROMISE") == []
    assert len(found("我们的产品“绝对安全”。", "OVER_PROMISE")) == 1


def test_a_clear_draft_may_still_draw_reminders() -> None:
    clear, blocked = lint("我们高度重视此事。"), lint("受害人李晓明已送医。")

    assert [lint.is_clear for lint in (clear, blocked)] == [True, False]


def test_the_rules_are_those_of_the_vocabulary() -> None:
    vocabulary = next(
        read.document
        for read in seed_documents()
        if isinstance(read.document, Vocabulary) and read.document.set == "StatementRule"
    )

    assert sorted(shipped_rules().rules) == sorted(vocabulary.by_code)


REFUSED = [
    ("nothing", "", "text has no words"),
    ("blanks", " \n\u3000", "text has no words"),
    ("emoji alone", "🙏🙏🏽", "text has no words"),
    ("digits alone", "2026-03-08", "text has no words"),
    ("too much", "字" * 20_001, "text has 20001 characters; at most 20000 are read"),
    ("half a pair", "声明\ud83d", "text holds a character that is none"),
]


@pytest.mark.parametrize(
    ("text", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_statement_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        Draft(text, StatementKind.HOLDING)


def test_a_rule_broken_in_very_many_places_shows_the_first_twenty_and_says_so() -> None:
    text = "我们高度重视。" * 21

    checked = lint(text)

    places = [finding.span for finding in checked.findings if finding.rule == "EMPTY_WORDS"]
    assert places == [Span(7 * n + 2, 7 * n + 6) for n in range(20)]
    assert checked.is_truncated


def test_what_others_ask_is_no_breach_and_what_is_asked_back_is_one() -> None:
    asked = lint("问：是不是每个人都赔一样多？答：不是，按扣款金额退还。", "QA")
    back = lint("扣款失败？那是您手机的毛病，找手机厂家吧。", "CS_SCRIPT")

    assert "ONE_SIZE_COMPENSATION" not in {finding.rule for finding in asked.findings}
    assert "BLAME_SHIFT" in {finding.rule for finding in back.findings}
