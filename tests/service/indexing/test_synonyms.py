from service.domain.vocabularies import Label, Term, Vocabulary
from service.indexing.synonyms import SYNONYMS_MOST, synonyms_of


def _vocabularies(name: str, *terms: Term) -> dict[str, Vocabulary]:
    title = Label(zh_hans=name, zh_hant=name, en=name)
    vocabulary = Vocabulary(
        entry="VOCABULARY", slug=name.lower(), set=name, title=title, terms=terms
    )
    return {name: vocabulary}


def _term(code: str, label: Label, *aliases: str) -> Term:
    return Term(code=code, label=label, aliases=aliases)


def test_every_name_of_a_term_leads_to_the_others() -> None:
    label = Label(zh_hans="数据泄露", zh_hant="資料外洩", en="Data breach")

    synonyms = synonyms_of(_vocabularies("CrisisType", _term("BREACH", label, "Leak")))

    assert synonyms == {
        "data breach": ("数据泄露", "数据外泄", "leak"),
        "leak": ("数据泄露", "数据外泄", "data breach"),
        "数据外泄": ("数据泄露", "data breach", "leak"),
        "数据泄露": ("数据外泄", "data breach", "leak"),
    }


def test_a_joined_label_is_known_by_its_parts() -> None:
    label = Label(zh_hans="产品下架/召回", zh_hant="產品下架/召回", en="Recall")

    synonyms = synonyms_of(_vocabularies("CrisisType", _term("RECALL", label)))

    assert synonyms == {
        "recall": ("产品下架", "召回"),
        "产品下架": ("召回", "recall"),
        "召回": ("产品下架", "recall"),
    }


def test_single_characters_and_long_phrases_are_left_out() -> None:
    label = Label(zh_hans="微信", zh_hant="微信", en="WeChat")
    term = _term("WECHAT", label, "微", "v", "the app that everyone uses")

    synonyms = synonyms_of(_vocabularies("Platform", term))

    assert synonyms == {"wechat": ("微信",), "微信": ("wechat",)}


def test_a_name_of_two_terms_leads_to_both() -> None:
    label = Label(zh_hans="补偿", zh_hant="補償", en="Compensation")
    other = Label(zh_hans="退款", zh_hant="退款", en="Refund")

    synonyms = synonyms_of(
        _vocabularies("RemedyKind", _term("A", label, "退款"), _term("B", other))
    )

    assert synonyms["退款"] == ("补偿", "compensation", "refund")


def test_a_name_keeps_no_more_than_its_share() -> None:
    label = Label(zh_hans="道歉", zh_hant="道歉", en="Apology")
    aliases = tuple(f"致歉{number}" for number in range(20))

    synonyms = synonyms_of(_vocabularies("ResponseStrategy", _term("APOLOGY", label, *aliases)))

    assert synonyms["道歉"] == ("apology", *(f"致歉{n}" for n in range(SYNONYMS_MOST - 1)))


def test_metrics_and_terms_without_a_name_have_no_synonyms() -> None:
    label = Label(zh_hans="其他", zh_hant="其他", en="Other")

    synonyms = synonyms_of(
        _vocabularies("Metric", _term("CHURN", label))
        | _vocabularies("Platform", _term("OTHER", label))
    )

    assert synonyms == {}
