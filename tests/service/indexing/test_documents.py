import re
from typing import Any

import pytest

from search.protocol import FACET_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, SearchDocument
from service.domain.entries import DOCUMENT, EntryKey, EntryKind
from service.domain.findings import Place, document_id, place_of
from service.domain.text import prepare
from service.domain.vocabularies import Label, Term, Vocabulary
from service.indexing.documents import documents_of
from service.indexing.terms import TermLookup


def _term(code: str, zh_hans: str, zh_hant: str, en: str, *aliases: str) -> Term:
    return Term(code=code, label=Label(zh_hans=zh_hans, zh_hant=zh_hant, en=en), aliases=aliases)


def _vocabulary(name: str, *terms: Term) -> Vocabulary:
    title = Label(zh_hans=name, zh_hant=name, en=name)
    return Vocabulary(entry="VOCABULARY", slug=name.lower(), set=name, title=title, terms=terms)


TERMS = TermLookup(
    {
        "CrisisType": _vocabulary(
            "CrisisType",
            _term("DATA", "数据安全", "資料安全", "Data security", "资安"),
            _term("DATA.BREACH", "数据泄露", "資料外洩", "Data breach", "拖库"),
        ),
        "Industry": _vocabulary("Industry", _term("RETAIL", "零售", "零售", "Retail", "超市")),
        "Platform": _vocabulary("Platform", _term("WEIBO", "微博", "微博", "Weibo", "围脖")),
        "ResponseStrategy": _vocabulary(
            "ResponseStrategy", _term("REBUILD.APOLOGY", "道歉", "道歉", "Apology", "致歉")
        ),
        "StatementKind": _vocabulary(
            "StatementKind", _term("HOLDING", "首份回应", "首份回應", "Holding statement")
        ),
        "Metric": _vocabulary("Metric", _term("CHURN", "流失率", "流失率", "Churn", "掉用户")),
        "Phase": _vocabulary("Phase", _term("RESPONSE", "处置", "處置", "Response")),
        "Role": _vocabulary("Role", _term("PR", "公关", "公關", "PR")),
        "CauseOrigin": _vocabulary("CauseOrigin", _term("UNKNOWN", "不明", "不明", "Unknown")),
    }
)


def _said(zh_hans: str, en: str) -> dict[str, str]:
    return {"zh_hans": zh_hans, "en": en}


def _case(**changes: Any) -> dict[str, Any]:
    return {
        "entry": "CASE",
        "slug": "shop-breach",
        "number": "CASE-0001",
        "title": _said("某店资料外泄", "A shop’s breach"),
        "summary": _said("客户数据被卖。", "Customer data was sold."),
        "organisation": {"name": _said("好店(超市)", "Haodian"), "aliases": ["好店"]},
        "industry": "RETAIL",
        "country": "CN",
        "platforms": ["WEIBO"],
        "provenance": "PUBLIC_SOURCED",
        "primary_type": "DATA.BREACH",
        "anchors": {
            "first_signal_at": {"at": "2023-10-23"},
            "first_statement_at": {"at": "2023-10-23"},
            "resolved_at": {"offset": {"from_hours": 40, "to_hours": 50}},
        },
        "statements": [
            {
                "basis": "UNVERIFIED",
                "key": "st_1",
                "channel": "OWNED_SITE",
                "kind": "HOLDING",
                "strategies": ["REBUILD.APOLOGY"],
                "key_messages": [_said("我们道歉。", "We are sorry.")],
                "spokesperson": _said("店长", "The manager"),
                "reception": {
                    "basis": "EDITORIAL",
                    "text": _said("反应冷淡。", "A cool reception."),
                },
            }
        ],
        "outcomes": [
            {"basis": "UNVERIFIED", "metric": "CHURN", "value": 3, "unit": "PERCENT"},
        ],
        "editorial_verdict": {"verdict": "LOSS", "reason": _said("太慢。", "Too slow.")},
        "asked_as": {"zh_hans": ["客户信息被卖了怎么办"], "en": ["customer data for sale"]},
        **changes,
    }


def _documents(body: dict[str, Any]) -> tuple[SearchDocument, ...]:
    return documents_of(DOCUMENT.validate_python(body), revision=7, terms=TERMS)


def test_a_case_is_found_by_everything_it_says() -> None:
    case, _ = _documents(_case())

    assert case == SearchDocument(
        id="case_shop-breach",
        kind="CASE",
        entry="CASE:shop-breach",
        revision=7,
        texts={
            "title": "某店资料外泄 a shop’s breach",
            "names": "好店(超市) haodian 好店 hao dian hd chaoshi chao shi cs "
            "moudian dianzi ziliao liaowai waixie",
            "asked_as": "客户信息被卖了怎么办 customer data for sale",
            "labels": "零售 retail 超市 微博 weibo 围脖 数据泄露 数据外泄 data breach 拖库 "
            "数据安全 data security 首份回应 holding statement 道歉 apology 致歉 流失率 churn",
            "summary": "客户数据被卖。 customer data was sold.",
            "body": "我们道歉。 we are sorry. 店长 the manager 反应冷淡。 a cool reception. "
            "太慢。 too slow.",
        },
        facets={
            "crisis_types": ("DATA.BREACH", "DATA"),
            "platforms": ("WEIBO",),
            "industry": ("RETAIL",),
            "country": ("CN",),
            "year": ("2023",),
            "provenance": ("PUBLIC_SOURCED",),
            "sharing": ("TLP_CLEAR",),
            "verdict": ("LOSS",),
            "strategies": ("REBUILD.APOLOGY", "REBUILD"),
            "statement_kind": ("HOLDING",),
            "channel": ("OWNED_SITE",),
            "metrics": ("CHURN",),
        },
        numbers={
            "year_number": 2023.0,
            "first_statement_from_hours": 0.0,
            "first_statement_hours": 24.0,
        },
    )


def test_a_statement_is_found_by_itself_and_by_its_case() -> None:
    case, statement = _documents(_case())

    assert statement == SearchDocument(
        id="statement_shop-breach_st_1",
        kind="STATEMENT",
        entry="CASE:shop-breach",
        revision=7,
        texts={
            "title": case.texts["title"],
            "names": case.texts["names"],
            "labels": "首份回应 holding statement 道歉 apology 致歉 数据泄露 数据外泄 data breach 拖库",
            "summary": "我们道歉。 we are sorry.",
            "body": "店长 the manager 反应冷淡。 a cool reception.",
        },
        facets={field: codes for field, codes in case.facets.items() if field != "metrics"},
        numbers=case.numbers,
    )


def test_a_statement_has_its_own_platforms_where_it_names_them() -> None:
    body = _case(platforms=["WEIBO", "DOUYIN"])
    body["statements"][0]["platforms"] = ["DOUYIN"]

    case, statement = _documents(body)

    assert case.facets["platforms"] == ("WEIBO", "DOUYIN")
    assert statement.facets["platforms"] == ("DOUYIN",)


def test_the_name_of_an_anonymised_organisation_has_no_pinyin() -> None:
    organisation = {"name": _said("某店", "A shop"), "anonymised": True}

    case, _ = _documents(_case(organisation=organisation))

    # What is typed of the title stays.
    assert case.texts["names"] == "某店 a shop moudian dianzi ziliao liaowai waixie"


def test_what_is_unknown_is_left_out() -> None:
    (case,) = _documents(_case(anchors={}, statements=[], outcomes=[], country=None))

    assert case.numbers == {}
    assert {"country", "year", "level", "metrics", "channel"}.isdisjoint(case.facets)


def _method() -> dict[str, Any]:
    return {
        "entry": "METHOD",
        "slug": "how-to-apologise",
        "title": _said("怎样道歉", "How to apologise"),
        "summary": _said("先说事实。", "Facts first."),
        "phases": ["RESPONSE"],
        "crisis_types": ["DATA.BREACH"],
        "evidence_level": "PRACTITIONER",
        "body": _said("## 道歉\n要快 [@S1#3]。", "Be quick [@S1]."),
    }


def _procedure() -> dict[str, Any]:
    return {
        "entry": "PROCEDURE",
        "slug": "breach",
        "title": _said("泄露处置", "Breach"),
        "summary": _said("第一小时。", "The first hour."),
        "crisis_types": ["DATA"],
        "steps": [
            {
                "key": key,
                "phase": "RESPONSE",
                "title": _said(f"步骤{key}", f"Step {key}"),
                "role": role,
                "do": [_said("核实。", "Verify.")],
                "do_not": [_said("猜测。", "Guess.")],
            }
            for key, role in (("A1", "PR"), ("B-2", "LEGAL"))
        ],
    }


def _template() -> dict[str, Any]:
    return {
        "entry": "STATEMENT_TEMPLATE",
        "slug": "first-word",
        "title": _said("首份回应", "First word"),
        "summary": _said("先说一句。", "A first word."),
        "kind": "HOLDING",
        "phases": ["RESPONSE"],
        "channels": ["OWNED_SITE"],
        "use_when": [_said("事实不全。", "Facts are thin.")],
        "do_not_use_when": [_said("已经查清。", "All is clear.")],
        "slots": [
            {"name": "when", "label": _said("时间", "Time"), "example": _said("九点", "Nine")}
        ],
        "body": _said("我们在{when}再说。", "We speak again at {when}."),
    }


def test_a_method_is_found_without_its_citations() -> None:
    (method,) = _documents(_method())

    assert (method.id, method.kind, method.entry) == (
        "method_how-to-apologise",
        "METHOD",
        "METHOD:how-to-apologise",
    )
    assert method.texts["body"] == "## 道歉 要快 。 be quick ."
    assert method.facets == {
        "crisis_types": ("DATA.BREACH", "DATA"),
        "phase": ("RESPONSE",),
        "sharing": ("TLP_CLEAR",),
    }


def test_each_step_of_a_procedure_is_found_by_itself() -> None:
    steps = _documents(_procedure())

    assert [(step.id, step.kind, step.entry) for step in steps] == [
        ("step_breach_A1", "PROCEDURE_STEP", "PROCEDURE:breach"),
        ("step_breach_B-2", "PROCEDURE_STEP", "PROCEDURE:breach"),
    ]
    assert steps[0].texts == {
        "title": "步骤a1 step a1 泄露处置 breach",
        "labels": "数据安全 data security 资安 处置 response 公关 pr",
        "summary": "核实。 verify.",
        "body": "猜测。 guess. 第一小时。 the first hour.",
    }
    assert "公关" not in steps[1].texts["labels"]


def test_a_template_is_not_found_by_what_it_must_not_be_used_for() -> None:
    (template,) = _documents(_template())

    assert template.texts == {
        "title": "首份回应 first word",
        "labels": "首份回应 holding statement 处置 response",
        "summary": "先说一句。 a first word. 事实不全。 facts are thin.",
        "body": "我们在 再说。 we speak again at .",
    }


def test_a_vocabulary_is_not_found_by_itself() -> None:
    vocabulary = _vocabulary("Platform", _term("WEIBO", "微博", "微博", "Weibo"))

    assert documents_of(vocabulary, revision=7, terms=TERMS) == ()


@pytest.mark.parametrize(
    ("case", "body"),
    [
        ("a case", _case()),
        ("a method", _method()),
        ("a procedure", _procedure()),
        ("a template", _template()),
    ],
)
def test_documents_keep_the_contract_of_the_index(case: str, body: dict[str, Any]) -> None:
    documents = _documents(body)

    for document in documents:
        assert re.fullmatch(r"[A-Za-z0-9_-]+", document.id)
        assert set(document.texts) <= set(TEXT_FIELDS)
        assert set(document.facets) <= set(FACET_FIELDS)
        assert set(document.numbers) <= set(NUMBER_FIELDS)
        assert all(prepare(text) == text for text in document.texts.values())


@pytest.mark.parametrize(
    ("case", "kind", "slug", "item", "place"),
    [
        ("a case", "CASE", "a-b", None, Place(EntryKey(EntryKind.CASE, "a-b"), None)),
        (
            "a statement",
            "STATEMENT",
            "a-b",
            "st_1_x",
            Place(EntryKey(EntryKind.CASE, "a-b"), "st_1_x"),
        ),
        ("a step", "PROCEDURE_STEP", "a", "R-1", Place(EntryKey(EntryKind.PROCEDURE, "a"), "R-1")),
        ("a method", "METHOD", "a", None, Place(EntryKey(EntryKind.METHOD, "a"), None)),
        (
            "a template",
            "STATEMENT_TEMPLATE",
            "a",
            None,
            Place(EntryKey(EntryKind.STATEMENT_TEMPLATE, "a"), None),
        ),
    ],
)
def test_an_id_says_what_it_stands_for(
    case: str, kind: str, slug: str, item: str | None, place: Place
) -> None:
    assert place_of(document_id(kind, slug, item)) == place


@pytest.mark.parametrize("foreign", ["", "case", "case_", "book_a", "CASE:a"])
def test_a_foreign_id_is_refused(foreign: str) -> None:
    with pytest.raises(ValueError, match="is not the id of a search document"):
        place_of(foreign)
