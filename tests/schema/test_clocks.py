"""The clocks of a situation, as the API answers them on the seed vocabularies."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from seed_cases.loader import FOLDER
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.files import FileDocument, read_documents
from service.operations.publishing import import_documents
from tests.library import BREACH, OUTAGE, Client

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
COMPLAINT = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"


@pytest.fixture(scope="module")
def read() -> list[FileDocument]:
    """The seed vocabularies of clocks and crisis types."""
    names = ("regulatory-clock.yaml", "crisis-type.yaml")
    return [
        one
        for name in names
        for one in read_documents((FOLDER / "vocabularies" / name).read_bytes(), file=name)
    ]


@pytest.fixture
async def vocabularies(application: Application, read: list[FileDocument]) -> None:
    """Both published; it is 20:00 of 28 November 2026 in Shanghai."""
    application.desk = replace(application.desk, now=lambda: NOW)
    await import_documents(application.desk, OPERATOR, read)


QUERY = """query($where: [String!], $listed: Boolean, $count: Int, $at: AnchorsInput,
  $types: [String!], $owners: [OwnerKind!], $zone: String! = "Asia/Shanghai") {
  clocks(jurisdictions: $where, listed: $listed, affectedCount: $count, anchors: $at,
    crisisTypes: $types, ownerKinds: $owners, timeZone: $zone) { %s } }"""
CODES = QUERY % "items { applies state dueAt term { code } }"


async def codes(ask: Client, **asked: Any) -> list[str]:
    data = await ask(CODES, **asked)
    return [item["term"]["code"] for item in data["clocks"]["items"]]


async def one(ask: Client, code: str, fields: str, **asked: Any) -> dict[str, Any]:
    """One clock of the answer."""
    data = await ask(QUERY % f"items {{ term {{ code }} {fields} }}", **asked)
    [found] = [item for item in data["clocks"]["items"] if item.pop("term")["code"] == code]
    return dict(found)


OWN = [
    *["SEED_COLLECT_30M", "SEED_FIRST_RESPONSE_1H", "SEED_ACTION_PREVIEW_2H", "SEED_GOLDEN_4H"],
    *["SEED_FACTS_12H", "SEED_STATEMENT_48H", "SEED_DRILL_QUARTERLY", "SEED_OPINION_WEEKLY"],
]
CHINA_BREACH = [
    *["CN_CAC_CII_1H", "CN_CAC_OPERATOR_4H", "CN_CAC_SUMMARY_30D", "CN_CIVIL_1195", "CN_DSL_29"],
    *["CN_NDSR_10_24H", "CN_NDSR_11", "CN_PIPL_57", "CN_POLICE_FILING"],
]
LISTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a breach in China", {"where": ["CN"], "types": [BREACH], "listed": False}, CHINA_BREACH),
    (
        "of a listed company",
        {"where": ["CN"], "types": [BREACH], "listed": True},
        [*CHINA_BREACH, "CN_LISTED_2TD"],
    ),
    (
        "of a central state organ",
        {"where": ["CN"], "types": [BREACH], "listed": False, "owners": ["CENTRAL_STATE_ORGAN"]},
        [
            *(code for code in CHINA_BREACH if code not in {"CN_CAC_CII_1H", "CN_CAC_OPERATOR_4H"}),
            "CN_CAC_STATE_ORGAN_2H",
        ],
    ),
    (
        "an outage",
        {"where": ["CN"], "types": [OUTAGE], "listed": False, "owners": ["OTHER"]},
        [
            *["CN_12315_7WD", "CN_CAC_OPERATOR_4H", "CN_CAC_SUMMARY_30D", "CN_NDSR_10_24H"],
            "CN_POLICE_FILING",
        ],
    ),
    (
        "an attack",
        {"where": ["CN"], "types": ["PUBLIC_OPINION.MALICIOUS_ATTACK.RUMOR"], "listed": False},
        ["CN_CIVIL_1195", "CN_DEFAMATION_5000_500", "CN_POLICE_FILING"],
    ),
    (
        "a complaint to a government body",
        {"where": ["CN"], "types": [COMPLAINT], "listed": False, "owners": ["GOVERNMENT_BODY"]},
        [
            *["CN_12315_7WD", "CN_CAC_OPERATOR_4H", "CN_CAC_SUMMARY_30D", "CN_GOV_48H"],
            *["CN_GOV_5H_24H", "CN_NDSR_10_24H", "CN_POLICE_FILING"],
        ],
    ),
    (
        "a breach in Germany, Hong Kong and Macao",
        {"where": ["DE", "HK", "MO"], "types": [BREACH], "owners": ["OTHER"]},
        ["EU_GDPR_33_72H", "EU_GDPR_34", "HK_PCPD_VOLUNTARY", "MO_NONE"],
    ),
    ("a complaint in the EU", {"where": ["EU"], "types": [f"{COMPLAINT}.COUNTERFEIT"]}, []),
    ("a country without clocks here", {"where": ["GB"], "types": [BREACH]}, []),
]


@pytest.mark.parametrize(("label", "asked", "legal"), LISTS)
async def test_the_clocks_that_run_or_may_run_are_listed_and_no_others(
    vocabularies: None, ask: Client, label: str, asked: dict[str, Any], legal: list[str]
) -> None:
    assert sorted(await codes(ask, **asked)) == sorted([*OWN, *legal])


async def test_with_nothing_known_every_clock_but_the_governments_may_run(
    vocabularies: None, ask: Client
) -> None:
    found = await codes(ask)

    assert len(found) == 36 - 3
    assert {code for code in found if "_GOV_" in code or "STATE_ORGAN" in code} == set()


async def test_the_soonest_due_comes_first_and_what_has_no_due_time_last(
    vocabularies: None, ask: Client
) -> None:
    data = await ask(
        CODES,
        where=["CN", "US"],
        types=[BREACH],
        listed=True,
        count=1_000_000,
        owners=["OTHER"],
        at={
            "detectedAt": "2026-11-28T18:00+08:00",
            "materialityDeterminedAt": "2026-11-28T19:00+08:00",
            "noticeReceivedAt": "2026-11-28T19:00+08:00",
            "reportAcceptedAt": "2026-11-28T19:00+08:00",
        },
    )

    found = [
        (item["term"]["code"], item["applies"], item["state"], item["dueAt"])
        for item in data["clocks"]["items"]
    ]

    assert found == [
        ("CN_DSL_29", "APPLIES", "AT_ONCE", None),
        ("CN_NDSR_11", "APPLIES", "AT_ONCE", None),
        ("CN_PIPL_57", "APPLIES", "AT_ONCE", None),
        ("SEED_COLLECT_30M", "APPLIES", "OVERDUE", "2026-11-28T18:30:00+08:00"),
        ("CN_CIVIL_1195", "MAY_APPLY", "AT_ONCE", None),
        ("SEED_FIRST_RESPONSE_1H", "APPLIES", "OVERDUE", "2026-11-28T19:00:00+08:00"),
        ("SEED_ACTION_PREVIEW_2H", "APPLIES", "RUNNING", "2026-11-28T20:00:00+08:00"),
        ("CN_CAC_OPERATOR_4H", "APPLIES", "RUNNING", "2026-11-28T22:00:00+08:00"),
        ("SEED_GOLDEN_4H", "APPLIES", "RUNNING", "2026-11-28T22:00:00+08:00"),
        ("SEED_FACTS_12H", "APPLIES", "RUNNING", "2026-11-29T06:00:00+08:00"),
        ("CN_NDSR_10_24H", "MAY_APPLY", "RUNNING", "2026-11-29T18:00:00+08:00"),
        ("SEED_STATEMENT_48H", "APPLIES", "RUNNING", "2026-11-30T18:00:00+08:00"),
        ("CN_LISTED_2TD", "MAY_APPLY", "RUNNING", "2026-12-01T23:59:59+08:00"),
        ("CN_POLICE_FILING", "APPLIES", "RUNNING", "2026-12-01T23:59:59+08:00"),
        ("US_SEC_8K_4BD", "APPLIES", "RUNNING", "2026-12-04T12:59:59+08:00"),
        ("CN_CAC_SUMMARY_30D", "MAY_APPLY", "NOT_STARTED", None),
        ("SEED_DRILL_QUARTERLY", "APPLIES", "NOT_STARTED", None),
        ("SEED_OPINION_WEEKLY", "APPLIES", "NOT_STARTED", None),
    ]


TIMED = """applies state countedFrom assumedStart startedAt dueAt dueAtLatest timeZone
  bindsOwner confirmWithCounsel confirmation(locale: EN) confirmationLocale(locale: EN)
  assumptions(locale: EN) assumptionsLocale(locale: EN) missing(locale: EN) calendar(locale: EN)"""


async def test_a_clock_says_when_it_is_due_and_what_that_rests_on(
    vocabularies: None, ask: Client
) -> None:
    found = await one(
        ask,
        "EU_GDPR_33_72H",
        TIMED,
        where=["DE"],
        types=[BREACH],
        at={"detectedAt": "2026-10-23T18:00+02:00"},
        zone="Europe/Berlin",
    )

    assert found == {
        "applies": "APPLIES",
        "state": "OVERDUE",
        "countedFrom": "DETECTED",
        "assumedStart": None,
        "startedAt": "2026-10-23T18:00:00+02:00",
        "dueAt": "2026-10-26T17:00:00+01:00",
        "dueAtLatest": "2026-10-26T17:00:00+01:00",
        "timeZone": "Europe/Berlin",
        "bindsOwner": True,
        "confirmWithCounsel": True,
        "confirmation": "Reference, not legal advice; confirm with counsel.",
        "confirmationLocale": "EN",
        "assumptions": [
            "The time of awareness is not given; counted from detection. The true due time is not earlier.",
            "Hours are elapsed time: nights, weekends and holidays count.",
        ],
        "assumptionsLocale": "EN",
        "missing": [],
        "calendar": None,
    }


async def test_a_clock_carries_what_the_library_holds_of_it(
    vocabularies: None, ask: Client
) -> None:
    fields = """confirmWithCounsel term { label jurisdiction limit recipient trigger threshold
      mustContain followUp certainty source startsFrom }"""

    data = await ask(
        QUERY % f"items {{ {fields} }}", where=["CN"], types=[OUTAGE], owners=["OTHER"]
    )

    [found] = [item for item in data["clocks"]["items"] if item["term"]["label"] == "消费投诉受理"]
    assert found == {
        "confirmWithCounsel": True,
        "term": {
            "label": "消费投诉受理",
            "jurisdiction": "CN",
            "limit": "7 working days to accept; 45 working days for mediation",
            "recipient": "投诉人",
            "trigger": "市场监管部门收到投诉",
            "threshold": None,
            "mustContain": [],
            "followUp": "调解 45 个工作日内；举报 15 个工作日内核查",
            "certainty": "medium",
            "source": "《市场监督管理投诉举报处理暂行办法》第十四、二十一条，二手资料 "
            "https://xiezuofangchengshi.com/doc/62764.html（可能已修订）",
            "startsFrom": "NOTICE_RECEIVED",
        },
    }


async def test_a_target_of_practice_is_no_law_and_says_the_start_that_is_assumed(
    vocabularies: None, ask: Client
) -> None:
    found = await one(
        ask,
        "SEED_FACTS_12H",
        "confirmWithCounsel confirmation countedFrom assumedStart notBeforeAt dueAt dueAtLatest "
        "assumptions",
        at={"firstSignalAt": "2026-11-27"},
    )

    assert found == {
        "confirmWithCounsel": False,
        "confirmation": "实践目标，不是法律。",
        "countedFrom": "FIRST_SIGNAL",
        "assumedStart": "DETECTED",
        "notBeforeAt": "2026-11-27T02:00:00+08:00",
        "dueAt": "2026-11-27T12:00:00+08:00",
        "dueAtLatest": "2026-11-28T12:00:00+08:00",
        "assumptions": [
            "来源未写明起算时刻；本库按“发现”起算。",
            "未给出“发现”的时刻，改按“首个信号”起算；实际到期不会更早，除非在外界可见之前就已发现。",
            "“首个信号”只知道大致时刻；dueAt 按其最早可能计，dueAtLatest 按最晚可能计。",
            "小时按实际经过的时间计，夜间、周末与假日照算。",
        ],
    }


async def test_working_days_are_counted_over_a_holiday_and_bind_the_regulator(
    vocabularies: None, ask: Client
) -> None:
    found = await one(
        ask,
        "CN_12315_7WD",
        "applies bindsOwner dueAt timeZone calendar calendarLocale",
        where=["CN"],
        types=[COMPLAINT],
        at={"noticeReceivedAt": "2025-09-26"},
        zone="Europe/Berlin",
    )

    assert found == {
        "applies": "APPLIES",
        "bindsOwner": False,
        "dueAt": "2025-10-13T17:59:59+02:00",
        "timeZone": "Asia/Shanghai",
        "calendar": "中国内地工作日（国务院办公厅放假通知，含调休，2010–2026 年）",
        "calendarLocale": "ZH_HANS",
    }


async def test_beyond_the_calendars_years_there_is_a_reason_and_no_due_time(
    vocabularies: None, application: Application, ask: Client
) -> None:
    later = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    application.desk = replace(application.desk, now=lambda: later)

    found = await one(
        ask,
        "CN_LISTED_2TD",
        "state dueAt undeterminedBecause(locale: EN)",
        where=["CN"],
        listed=True,
        at={"awareAt": "2026-12-31T10:00+08:00"},
    )

    assert found == {
        "state": "UNDETERMINED",
        "dueAt": None,
        "undeterminedBecause": "Trading days in Shanghai and Shenzhen (closed on weekends that are "
        "worked, 2010–2026): only 2010–2026 is known, and this limit reaches beyond.",
    }


async def test_a_further_limit_runs_beside_the_first(vocabularies: None, ask: Client) -> None:
    found = await one(
        ask,
        "EU_DORA_4H",
        "applies state dueAt missing(locale: EN) stages { what(locale: EN) startsFrom dueIn state "
        "dueAt missing }",
        where=["IE"],
        types=[OUTAGE],
        owners=["FINANCIAL_ENTITY"],
        at={"awareAt": "2026-11-28T10:00+00:00"},
        zone="Europe/Dublin",
    )

    assert found == {
        "applies": "MAY_APPLY",
        "state": "NOT_STARTED",
        "dueAt": None,
        "missing": [
            "whether the ICT incident is classified as major",
            "the time of classification as major (anchors.classifiedAt)",
        ],
        "stages": [
            {
                "what": "In any case not later than",
                "startsFrom": "AWARE",
                "dueIn": "PT24H",
                "state": "RUNNING",
                "dueAt": "2026-11-29T10:00:00+00:00",
                "missing": [],
            }
        ],
    }


async def test_a_threshold_of_people_decides_where_it_is_reached(
    vocabularies: None, ask: Client
) -> None:
    found = [
        await one(
            ask,
            "SG_PDPA_3D",
            "applies missing(locale: EN)",
            where=["SG"],
            types=[BREACH],
            count=count,
            at={"detectedAt": "2026-11-27"},
        )
        for count in (500, 499)
    ]

    when = "the time of the assessment that it is notifiable (anchors.assessedNotifiableAt)"
    assert found == [
        {"applies": "APPLIES", "missing": [when]},
        {"applies": "MAY_APPLY", "missing": ["whether significant harm results", when]},
    ]


async def test_what_is_taken_for_granted_and_not_covered_is_said(
    vocabularies: None, ask: Client
) -> None:
    data = await ask(
        QUERY % "now timeZone confirmation assumptions(locale: EN) "
        "jurisdictionsNotCovered { code reason reasonLocale }",
        where=["DE", "GB"],
        listed=True,
    )

    assert data["clocks"] == {
        "now": "2026-11-28T20:00:00+08:00",
        "timeZone": "Asia/Shanghai",
        "confirmation": "仅供参考，不是法律意见；请与法律顾问确认。",
        "assumptions": [
            "As a member of the EU, DE has the clocks of EU law; its national law is not in the library: ask counsel.",
            "The owner is taken not to be a government body; if it is, say so in ownerKinds.",
            "The owner is taken to be listed in each of these jurisdictions.",
        ],
        "jurisdictionsNotCovered": [
            {
                "code": "GB",
                "reason": "GB 不在本库：没有列出时限，不等于没有时限；请与法律顾问确认。",
                "reasonLocale": "ZH_HANS",
            }
        ],
    }


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "a jurisdiction there is not",
        {"where": ["XX"]},
        "'XX' is not a jurisdiction by ISO 3166, nor EU; write two capital letters, such as CN. The library knows clocks of AU, CN, EU, HK, IN, JP, KR, MO, SG, TW, US.",
    ),
    (
        "an unknown crisis type",
        {"types": ["DATA_SECURITY.PRIVACY_BREECH"]},
        "'DATA_SECURITY.PRIVACY_BREECH' is not a code of CrisisType; near it are DATA_SECURITY.PRIVACY_BREACH,",
    ),
    (
        "too many types",
        {"types": [BREACH] * 21},
        "crisisTypes has 21 values; at most 20 are taken.",
    ),
    ("half a zone", {"zone": "Shanghai"}, "timeZone: 'Shanghai' is not a time zone of the IANA"),
    (
        "a folder of zones",
        {"zone": "America"},
        "timeZone: 'America' is not a time zone of the IANA",
    ),
    ("a path", {"zone": "../../etc/passwd"}, "timeZone: '../../etc/passwd' is not a time zone"),
    ("fewer than nobody", {"count": -1}, "affectedCount is -1; give the number of people, 0 or"),
    (
        "an anchor to come",
        {"at": {"awareAt": "2026-11-29"}},
        "anchors.awareAt (2026-11-29) is to come: it is 2026-11-28T20:00+08:00 in Asia/Shanghai.",
    ),
    (
        "an anchor that is no time",
        {"at": {"firstStatementAt": "刚才"}},
        "anchors.firstStatementAt: '刚才' is not a time; write 2023-10-23",
    ),
]


@pytest.mark.parametrize(("label", "asked", "said"), REFUSED)
async def test_what_cannot_be_is_refused_with_what_would_be_right(
    vocabularies: None, ask: Client, label: str, asked: dict[str, Any], said: str
) -> None:
    answer = await ask.answer(CODES, **asked)

    [error] = answer["errors"]
    assert answer["data"] is None
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert error["message"].startswith(said)


async def test_anchors_that_are_null_are_not_given(vocabularies: None, ask: Client) -> None:
    found = await one(ask, "SEED_GOLDEN_4H", "state dueAt", at={"detectedAt": None})

    assert found == {"state": "NOT_STARTED", "dueAt": None}


async def test_a_library_without_clocks_lists_none(application: Application, ask: Client) -> None:
    data = await ask(QUERY % "items { state } jurisdictionsNotCovered { code }", where=["CN"])

    assert data["clocks"] == {"items": [], "jurisdictionsNotCovered": [{"code": "CN"}]}


async def test_a_time_with_seconds_is_read_to_the_minute(vocabularies: None, ask: Client) -> None:
    query = """query($at: String!) { clocks(anchors: {detectedAt: $at}) { items { startedAt } } }"""

    with_seconds = await ask(query, at="2026-11-20T11:07:30.000Z")
    without = await ask(query, at="2026-11-20T11:07Z")

    assert with_seconds == without
    assert with_seconds["clocks"]["items"] != []
