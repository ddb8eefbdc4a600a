from typing import Any

import pytest

from service.domain.cases import Case, CaseLink, LinkRelation
from service.domain.concepts import Concept
from service.domain.entries import Document
from service.domain.highlights import query_words
from service.domain.precedent_reasons import (
    Difference,
    DifferenceKind,
    Reason,
    affected_count,
    came_of_it,
    differences_of,
    reasons_of,
    shared_words,
)
from service.domain.precedents import Facet, FacetMatch, ReasonKind, Signals, facets_of, match_facet
from service.domain.situations import Situation, SituationReading
from service.domain.values import Bilingual
from service.domain.vocabularies import Vocabularies, Vocabulary
from tests.library import (
    BREACH,
    HIJACK,
    OUTAGE,
    a_case,
    an_outcome,
    both,
    small_vocabularies,
    term,
)


def after(hours: float) -> dict[str, Any]:
    return {"offset": {"from_hours": hours, "to_hours": hours}}


COMPLAINT = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"
VOCABULARIES = Vocabularies(
    document for document in small_vocabularies() if isinstance(document, Vocabulary)
)


def case_of(**fields: Any) -> Case:
    document: Document = a_case("yuque", 1, **fields)
    assert isinstance(document, Case)
    return document


def link_of(relation: LinkRelation, reason: str = "同为误操作") -> CaseLink:
    return CaseLink(relation=relation, case="other", reason=Bilingual(zh_hans=reason, en="A slip"))


def reasons(
    case: Case,
    situation: Situation,
    *,
    reading: SituationReading = SituationReading("", (), ()),  # noqa: B008 - it is frozen
    signals: Signals = Signals(),  # noqa: B008 - it is frozen
    link: CaseLink | None = None,
) -> tuple[Reason, ...]:
    return reasons_of(
        case,
        situation=situation,
        reading=reading,
        signals=signals,
        link=link,
        vocabularies=VOCABULARIES,
    )


def differences(
    case: Case,
    situation: Situation,
    *,
    signals: Signals = Signals(),  # noqa: B008 - it is frozen
    link: CaseLink | None = None,
) -> tuple[Difference, ...]:
    return differences_of(
        case, situation=situation, signals=signals, link=link, vocabularies=VOCABULARIES
    )


def matched(situation: Situation, **codes: tuple[str, ...]) -> Signals:
    return Signals(facets=tuple(match_facet(facet, codes) for facet in facets_of(situation)))


TOLD = case_of(
    title=both("语雀宕机七小时", "Yuque down for seven hours"),
    summary=both("运维升级误操作，服务中断", "A slip during an upgrade"),
    organisation={"name": both("语雀", "Yuque"), "aliases": ["蚂蚁集团"]},
    asked_as={"zh_hans": ["文档打不开了"], "en": ["docs won’t open"]},
    timeline=[{"text": both("机房断电", "A power cut"), "citations": ["S1"]}],
)


@pytest.mark.parametrize(
    ("case", "words", "shared"),
    [
        ("nothing typed", "", ()),
        ("nothing in common", "明星代言翻车", ()),
        ("a word of the title", "系统宕机", ("宕机",)),
        ("the longest piece of a run", "公司升级误操作导致", ("升级误操作",)),
        ("a phrasing", "客户说文档打不开", ("文档打不开",)),
        ("an organisation and its alias", "蚂蚁集团的语雀", ("蚂蚁集团", "语雀")),
        ("what happened in its course", "机房断电", ("机房断电",)),
        ("one character is not enough", "机票", ()),
        ("particles at the ends", "了七小时的", ("七小时",)),
        ("a Latin word", "yuque is slow", ("yuque",)),
        ("a part of a Latin word", "you down hour", ("down",)),
        ("stop words", "a for the during", ("during",)),
        ("in the order typed", "yuque断电宕机", ("yuque", "断电", "宕机")),
        (
            "the eight longest",
            "语雀、宕机、七小时、升级、误操作、服务中断、打不开、机房断电、文档",
            ("语雀", "宕机", "七小时", "升级", "误操作", "服务中断", "打不开", "机房断电"),
        ),
    ],
)
def test_the_words_in_common_are_those_the_case_holds(
    case: str, words: str, shared: tuple[str, ...]
) -> None:
    assert shared_words(query_words(words), TOLD) == shared


def test_a_revised_case_is_compared_by_its_new_words() -> None:
    before = case_of(summary=both("门店有老鼠", "Rats in a shop"))
    shared_words(["老鼠"], before)

    after = before.model_copy(update={"summary": Bilingual(zh_hans="在App上漏水", en="A leak")})

    assert shared_words(["老鼠"], before) == ("老鼠",)
    assert shared_words(["老鼠"], after) == ()
    assert shared_words(["app"], after) == ("app",)


def test_the_reasons_say_what_matches_and_how_much_of_the_score_it_is() -> None:
    situation = Situation(
        text="语雀宕机",
        crisis_types=(OUTAGE,),
        platforms=("WEIBO",),
        listed=True,
        affected_count=300,
    )
    case = TOLD.model_copy(
        update={
            "listed": True,
            "outcomes": case_of(outcomes=[an_outcome("AFFECTED_USERS", 1_000, "PERSON")]).outcomes,
        }
    )
    codes = {"crisis_types": (OUTAGE, COMPLAINT), "platforms": ("WEIBO", "X")}
    facets = tuple(match_facet(facet, codes) for facet in facets_of(situation))

    found = reasons(
        case,
        situation,
        reading=SituationReading("语雀宕机", (), ()),
        signals=Signals(typed=50, covered=0.5, standing=0.8, facets=facets),
    )

    assert [
        (each.kind.value, each.label.zh_hans, each.label.en, each.weight) for each in found
    ] == [
        ("WORDS", "所说与该案相合：语雀宕机", "Your words fit: 语雀宕机", 0.617),
        ("CRISIS_TYPE", "危机类型相同：系统故障", "Crisis type the same: Service outage", 0.319),
        ("PLATFORM", "平台相同：WEIBO", "Platform the same: WEIBO", 0.064),
        ("LISTED", "同为上市公司", "Both are listed", 0.0),
        (
            "AFFECTED_COUNT",
            "受影响人数同一量级：该案 1,000",
            "The same order of people affected: 1,000 there",
            0.0,
        ),
    ]
    assert [each.matched for each in found] == [
        ("语雀宕机",),
        (OUTAGE,),
        ("WEIBO",),
        ("true",),
        ("1000",),
    ]


def test_a_kindred_type_is_said_to_be_kindred() -> None:
    situation = Situation(crisis_types=(OUTAGE,))

    (found,) = reasons(TOLD, situation, signals=matched(situation, crisis_types=(COMPLAINT,)))

    label = Bilingual(
        zh_hans="危机类型相近，同属产品投诉", en="Crisis type akin, both under Complaint"
    )
    assert found == Reason(ReasonKind.CRISIS_TYPE, label, 1.0, (COMPLAINT,))


def test_a_type_read_from_the_words_is_shown_and_counts_nothing() -> None:
    outage = Concept("CrisisType", OUTAGE, ("宕机", "崩了"))
    breach = Concept("CrisisType", BREACH, ("泄露",))
    reading = SituationReading("崩了", (outage, breach), ())

    (found,) = reasons(TOLD, Situation(text="崩了"), reading=reading)

    label = Bilingual(
        zh_hans="“宕机、崩了”说的是系统故障，该案也是",
        en="“宕机, 崩了” speaks of Service outage, as the case does",
    )
    assert found == Reason(ReasonKind.CRISIS_TYPE, label, 0.0, ("宕机", "崩了"))


def test_a_link_of_the_editors_is_a_reason_with_their_words() -> None:
    (found,) = reasons(TOLD, Situation(text="x"), link=link_of(LinkRelation.SIMILAR))

    label = Bilingual(zh_hans="编者标为相似：同为误操作", en="The editors call it similar: A slip")
    assert found == Reason(ReasonKind.CURATED_LINK, label, 1.0, ("other",))


@pytest.mark.parametrize("relation", set(LinkRelation) - {LinkRelation.SIMILAR})
def test_no_other_link_is_a_reason(relation: LinkRelation) -> None:
    assert reasons(TOLD, Situation(text="x"), link=link_of(relation)) == ()


def test_labels_longer_than_a_text_may_be_are_cut() -> None:
    many = tuple(f"T{n:02d}.{'X' * 60}" for n in range(20))
    facet = Facet(ReasonKind.CRISIS_TYPE, "crisis_types", many, 2.0, 1.0, 0.5)
    words = tuple(f"w{n:02d}{'x' * 90}" for n in range(9))
    case = TOLD.model_copy(
        update={"summary": Bilingual.model_construct(zh_hans=" ".join(words), en="x")}
    )
    reading = SituationReading(
        " ".join(words), (Concept("CrisisType", OUTAGE, tuple("说" * 80 for _ in range(9))),), ()
    )
    situation = Situation(text="x", listed=True)
    link = link_of(LinkRelation.SIMILAR, "像像 " + "像 " * 298 + "像")

    found: tuple[Reason | Difference, ...] = (
        *reasons(case, situation, reading=reading, link=link),
        *reasons(case, situation, signals=Signals(facets=(FacetMatch(facet, 1.0, many),))),
        *differences(case, situation, signals=Signals(facets=(FacetMatch(facet, 0.0, ()),))),
    )

    assert [each.kind.value for each in found] == [
        *("CURATED_LINK", "WORDS", "CRISIS_TYPE"),
        "CRISIS_TYPE",
        "CRISIS_TYPE",
    ]
    assert {len(each.label.zh_hans) for each in found} == {599, 600}


def test_a_case_that_agrees_in_everything_differs_in_nothing() -> None:
    situation = Situation(crisis_types=(COMPLAINT,), platforms=("X",), industry="OTHER")
    signals = matched(
        situation, crisis_types=(OUTAGE, COMPLAINT), platforms=("X",), industry=("OTHER",)
    )

    assert differences(TOLD, situation, signals=signals) == ()


def test_differences_say_what_is_theirs_and_what_is_yours() -> None:
    case = case_of(
        primary_type=HIJACK,
        other_types=[BREACH],
        listed=False,
        outcomes=[an_outcome("AFFECTED_USERS", 5, "PERSON")],
    )
    situation = Situation(
        crisis_types=(OUTAGE,),
        platforms=("WEIBO",),
        industry="GAMES",
        jurisdictions=("CN",),
        listed=True,
        affected_count=1_000_000,
    )

    found = differences(
        case,
        situation,
        signals=matched(situation, crisis_types=(HIJACK,), industry=("OTHER",)),
        link=link_of(LinkRelation.DISSIMILAR),
    )

    # Of what the case does not say, its platform and country, nothing can differ.
    assert [(each.kind.value, each.label.zh_hans, each.label.en) for each in found] == [
        ("CURATED_LINK", "编者标为不同：同为误操作", "The editors call it dissimilar: A slip"),
        (
            "CRISIS_TYPE",
            "危机类型不同：你们 系统故障，该案 账号被盗、隐私泄露",
            "Crisis type differs: yours Service outage, theirs Account compromise, Privacy breach",
        ),
        (
            "INDUSTRY",
            "行业不同：你们 GAMES，该案 OTHER",
            "Industry differs: yours GAMES, theirs OTHER",
        ),
        ("LISTED", "该案的公司未上市", "The case is of a company that is not listed"),
        (
            "AFFECTED_COUNT",
            "受影响人数不同量级：你们 1,000,000，该案 5",
            "Another order of people affected: yours 1,000,000, theirs 5",
        ),
    ]


@pytest.mark.parametrize(
    ("case", "anchors", "hours", "said"),
    [
        (
            "they spoke earlier",
            {"first_statement_at": after(2)},
            5.5,
            ["They first spoke at hour 2; you are at hour 5.5"],
        ),
        (
            "they spoke later",
            {"first_statement_at": after(26)},
            5,
            ["They spoke no sooner than hour 26; you are at hour 5"],
        ),
        ("nobody knows when they spoke", {}, 5, []),
        ("nobody says how long ago it began", {"first_statement_at": after(2)}, None, []),
        (
            "only dates are known",
            {"first_signal_at": {"at": "2023-10-23"}, "first_statement_at": {"at": "2023-10-24"}},
            5,
            [],
        ),
    ],
)
def test_when_they_spoke_is_told_where_an_hour_is_known(
    case: str, anchors: dict[str, Any], hours: float | None, said: list[str]
) -> None:
    found = differences(
        case_of(anchors=anchors), Situation(text="x", hours_since_first_signal=hours)
    )

    assert [(each.kind, each.label.en) for each in found] == [
        (DifferenceKind.TIMING, text) for text in said
    ]


def test_what_came_of_it_is_verified_and_no_more_than_five() -> None:
    outcomes = [an_outcome("CHURN_RATE", n) for n in range(7)]
    outcomes[1] = an_outcome("CHURN_RATE", 1, basis="UNVERIFIED", citations=[])

    found = came_of_it(case_of(outcomes=outcomes), Vocabularies())

    assert [outcome.value for outcome in found] == [0, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("case", "outcomes", "count"),
    [
        ("none", [], None),
        ("another metric", [an_outcome("CHURN_RATE", 5, "PERSON")], None),
        ("another unit", [an_outcome("AFFECTED_USERS", 5)], None),
        (
            "unverified",
            [an_outcome("AFFECTED_USERS", 9, "PERSON", basis="UNVERIFIED", citations=[])],
            None,
        ),
        ("the largest", [an_outcome("AFFECTED_USERS", n, "PERSON") for n in (5, 7, 6)], 7.0),
    ],
)
def test_the_people_affected_are_those_a_source_counts(
    case: str, outcomes: list[dict[str, Any]], count: float | None
) -> None:
    assert affected_count(case_of(outcomes=outcomes)) == count


def test_what_came_of_it_comes_before_how_it_was_handled() -> None:
    metrics = Vocabulary.model_validate(
        {
            "entry": "VOCABULARY",
            "slug": "metric",
            "set": "Metric",
            "title": both("指标", "Metrics"),
            "terms": [
                {
                    **term(code, code, code),
                    "metric": {"unit": "HOUR", "better": "LOWER", "amec_level": level},
                }
                for code, level in (("FIRST_RESPONSE", "PROCESS"), ("LOSS", "IMPACT"))
            ],
        }
    )
    outcomes = [an_outcome(code, 1) for code in ("FIRST_RESPONSE", "OTHER_ONE", "LOSS")]

    found = came_of_it(case_of(outcomes=outcomes), Vocabularies([metrics]))

    assert [outcome.metric for outcome in found] == ["LOSS", "OTHER_ONE", "FIRST_RESPONSE"]
