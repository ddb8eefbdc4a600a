import pytest

from service.domain.concepts import Concept, ConceptReader, label_parts
from service.domain.vocabularies import Label, Term, Vocabulary


def _term(code: str, zh_hans: str, zh_hant: str, en: str, *aliases: str) -> Term:
    return Term(code=code, label=Label(zh_hans=zh_hans, zh_hant=zh_hant, en=en), aliases=aliases)


def _vocabulary(name: str, *terms: Term) -> Vocabulary:
    title = Label(zh_hans=name, zh_hant=name, en=name)
    return Vocabulary(entry="VOCABULARY", slug=name.lower(), set=name, title=title, terms=terms)


@pytest.fixture(scope="module")
def reader() -> ConceptReader:
    crises = _vocabulary(
        "CrisisType",
        _term("OPINION", "负面舆情", "負面輿情", "Negative opinion", "被骂", "数据泄露"),
        _term(
            "OPINION.OUTAGE",
            "系统故障/服务中断",
            "系統故障/服務中斷",
            "Service outage",
            "崩",
            "崩了",
        ),
        _term("OPINION.COMPLAINT", "产品/服务问题投诉", "產品/服務問題投訴", "Complaint", "差评"),
        _term("OPINION.QUALITY", "质量缺陷", "品質缺陷", "Quality defect", "质量差"),
        _term("OPINION.PRICE", "价格与退费争议", "價格與退費爭議", "Price or refund dispute"),
        _term("DATA", "数据安全", "資料安全", "Data security", "数据泄露", "cyber-attack"),
        _term(
            "DATA.BREACH", "用户数据泄露", "使用者資料外洩", "Data breach", "数据泄露", "数据外泄"
        ),
        _term("DATA.ACCOUNT", "账号被盗", "帳號被盜", "Account takeover", "微博号被盗"),
        _term("OTHER", "其他", "其他", "Other"),
    )
    platforms = _vocabulary(
        "Platform",
        _term("WEIBO", "微博", "微博", "Weibo"),
        _term("LINE", "LINE", "LINE", "LINE"),
        _term("X", "X(推特)", "X(推特)", "X (Twitter)"),
    )
    strategies = _vocabulary(
        "ResponseStrategy", _term("APOLOGY", "道歉", "道歉", "Apology", "致歉")
    )
    metrics = _vocabulary("Metric", _term("CHURN", "流失率", "流失率", "Churn rate", "掉用户"))
    unread = _vocabulary("Unit", _term("HOUR", "小时", "小時", "Hour"))
    sets = (crises, platforms, strategies, metrics, unread)
    return ConceptReader({vocabulary.set: vocabulary for vocabulary in sets})


@pytest.mark.parametrize(
    ("case", "text", "concepts"),
    [
        ("nothing", "", ()),
        ("no term", "今天天气很好", ()),
        ("a set that is not read", "两小时", ()),
        (
            "several sets, in the order of the text",
            "道歉以后微博掉用户",
            ("APOLOGY:道歉", "WEIBO:微博", "CHURN:掉用户"),
        ),
        ("traditional with Taiwan wording", "資料外洩", ("DATA.BREACH:数据外泄",)),
        ("the longest name of a set", "质量差评", ("OPINION.QUALITY:质量差",)),
        ("shared words of two sets", "微博号被盗", ("DATA.ACCOUNT:微博号被盗", "WEIBO:微博")),
        (
            "the same words of a parent, its child and a stranger",
            "数据泄露",
            ("DATA.BREACH:数据泄露", "OPINION:数据泄露"),
        ),
        ("parts of a joined label", "服务中断", ("OPINION.OUTAGE:服务中断",)),
        ("parts joined by a word", "退费争议", ("OPINION.PRICE:退费争议",)),
        ("a generic part", "产品价格", ()),
        ("a single Han character", "崩", ()),
        ("a nameless term", "其他 other", ()),
        ("a Latin name inside another word", "outlines onlineservice outaged", ()),
        ("a Latin name beside Han", "发了Weibo道歉", ("WEIBO:weibo", "APOLOGY:道歉")),
        ("a plural", "Data breaches? service outages", ("OPINION.OUTAGE:service outages",)),
        ("a hyphen left out", "cyber attack cyberattack", ("DATA:cyber attack,cyberattack",)),
        ("blanks between Han", "微博 号 被盗", ("DATA.ACCOUNT:微博号被盗", "WEIBO:微博")),
        ("an English word that names a platform", "hold the line", ()),
        ("the same word in a Chinese text", "line被盗用", ("LINE:line",)),
        ("a name in brackets", "推特 twitter", ("X:推特,twitter",)),
        ("a concept named twice", "道歉 致歉 道歉", ("APOLOGY:道歉,致歉",)),
    ],
)
def test_a_text_is_read_for_concepts(
    reader: ConceptReader, case: str, text: str, concepts: tuple[str, ...]
) -> None:
    read = reader.read(text)

    assert tuple(f"{concept.code}:{','.join(concept.words)}" for concept in read) == concepts


@pytest.mark.parametrize(
    ("case", "text", "concepts", "denials"),
    [
        ("said", "数据泄露", ("DATA.BREACH", "OPINION"), ()),
        ("没有", "没有数据泄露", (), ("DATA.BREACH:没有数据泄露", "OPINION:没有数据泄露")),
        ("没", "没被骂", (), ("OPINION:没被骂",)),
        ("并非", "并非服务中断", (), ("OPINION.OUTAGE:并非服务中断",)),
        ("不是", "不是服务中断", (), ("OPINION.OUTAGE:不是服务中断",)),
        ("with a verb between", "未发生服务中断", (), ("OPINION.OUTAGE:未发生服务中断",)),
        ("with blanks", "没有 服务中断", (), ("OPINION.OUTAGE:没有服务中断",)),
        ("是不是 asks", "是不是服务中断", ("OPINION.OUTAGE",), ()),
        ("有没有 asks", "有没有服务中断", ("OPINION.OUTAGE",), ()),
        ("a denial of something else", "没有证据，服务中断", ("OPINION.OUTAGE",), ()),
        ("no", "no data breach", (), ("DATA.BREACH:no data breach",)),
        ("not a", "it is not a data breach", (), ("DATA.BREACH:not a data breach",)),
        ("isn’t", "This isn’t a service outage.", (), ("OPINION.OUTAGE:isnt a service outage",)),
        ("a word that ends like a denial", "casino data breach", ("DATA.BREACH",), ()),
        (
            "denied and said",
            "不是服务中断，是质量缺陷",
            ("OPINION.QUALITY",),
            ("OPINION.OUTAGE:不是服务中断",),
        ),
        ("what is no type is not said either", "没有道歉", (), ()),
    ],
)
def test_what_a_text_denies_is_not_what_it_speaks_of(
    reader: ConceptReader,
    case: str,
    text: str,
    concepts: tuple[str, ...],
    denials: tuple[str, ...],
) -> None:
    read, denied = reader.read(text), reader.read_denials(text)

    assert tuple(concept.code for concept in read) == concepts
    assert tuple(f"{denial.concept.code}:{denial.said}" for denial in denied) == denials


def test_a_concept_names_its_set(reader: ConceptReader) -> None:
    read = reader.read("致歉")

    assert read == (Concept("ResponseStrategy", "APOLOGY", ("致歉",)),)


@pytest.mark.parametrize(
    ("case", "label", "parts"),
    [
        ("not joined", "假货争议", ()),
        ("a slash", "网络暴力/人肉搜索", ("网络暴力", "人肉搜索")),
        ("brackets, and one character", "微信(公众号/群/朋友圈)", ("微信", "公众号", "朋友圈")),
        ("a conjunction", "账号被盗用或被黑", ("账号被盗用", "被黑")),
        ("a conjunction within a word", "参与度", ()),
        ("a generic part", "食品/产品安全隐患", ("产品安全隐患",)),
    ],
)
def test_a_joined_label_is_taken_apart(case: str, label: str, parts: tuple[str, ...]) -> None:
    assert tuple(label_parts(label)) == parts
