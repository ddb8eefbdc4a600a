"""Assessing a risk over the API."""

from typing import Any

import pytest

from seed_cases.loader import seed_documents
from service.domain.access import OPERATOR, AccessRole
from service.operations.ports import Desk
from service.operations.publishing import import_documents
from tests.library import Client, a_case, both, publish, small_vocabularies, term, vocabulary

ASSESS = """query($scores: RiskScoresInput, $answers: RiskAnswersInput, $count: Int) {
  assessRisk(scores: $scores, answers: $answers, affectedCount: $count) {
    rule answersRule level lowest highest
    plans { level plan(locale: EN) planLocale(locale: ZH_HANT) }
    missing { code }
    dimensions { dimension { code } score lowest highest decidedBy { code } }
    nationalReference { affectedCount severity { code } }
  } }"""
ALL_NOTHING = {
    "volume": 0,
    "platformCoverage": 0,
    "spreaderTier": 0,
    "legalRisk": 0,
    "userHarm": 0,
    "coreValue": 0,
    "trending": 0,
    "collective": 0,
}
LEVELS = vocabulary(
    "RiskLevel",
    "risk-level",
    {**term("LOW", "低风险", "Low"), "definition": both("内部整改。", "Internal rectification.")},
    {**term("MEDIUM", "中风险", "Medium"), "definition": both("舆情回应。", "Public response.")},
    {**term("HIGH", "高风险", "High"), "definition": both("专项处理。", "Dedicated handling.")},
)


@pytest.fixture
async def shelf(desk: Desk) -> Desk:
    """The small vocabularies, with levels that say their plans."""
    held = [one for one in small_vocabularies() if getattr(one, "set", "") != "RiskLevel"]
    await publish(desk, *held, LEVELS)
    return desk


def an_assessed_case(number: int, score: int, level: str, **fields: Any) -> Any:
    scores = dict.fromkeys(("influence", "severity", "volatility"), score)
    assessment = {"rule": "EDITORS_1_TO_5", "level": level, "reason": both("因", "For"), **scores}
    return a_case(f"c{number}", number, assessments=[assessment], **fields)


async def test_scores_give_a_level_a_plan_and_what_decided_it(shelf: Desk, ask: Client) -> None:
    data = await ask(ASSESS, scores={**ALL_NOTHING, "volume": 2, "trending": 1})

    assert data["assessRisk"] == {
        "rule": "PRECEDENT_0_TO_3_V1",
        "answersRule": None,
        "level": "MEDIUM",
        "lowest": "MEDIUM",
        "highest": "MEDIUM",
        "plans": [{"level": "MEDIUM", "plan": "Public response.", "planLocale": "ZH_HANS"}],
        "missing": [],
        "dimensions": [
            {
                "dimension": {"code": "INFLUENCE"},
                "score": 2,
                "lowest": 2,
                "highest": 2,
                "decidedBy": [{"code": "INFLUENCE.VOLUME"}],
            },
            {
                "dimension": {"code": "SEVERITY"},
                "score": 0,
                "lowest": 0,
                "highest": 0,
                "decidedBy": [
                    {"code": "SEVERITY.LEGAL_RISK"},
                    {"code": "SEVERITY.USER_HARM"},
                    {"code": "SEVERITY.CORE_VALUE"},
                ],
            },
            {
                "dimension": {"code": "VOLATILITY"},
                "score": 1,
                "lowest": 1,
                "highest": 1,
                "decidedBy": [{"code": "VOLATILITY.TRENDING"}],
            },
        ],
        "nationalReference": None,
    }


async def test_what_is_left_out_is_unknown_and_the_level_an_interval(
    shelf: Desk, ask: Client
) -> None:
    without_harm = {name: score for name, score in ALL_NOTHING.items() if name != "userHarm"}

    found = (await ask(ASSESS, scores=without_harm))["assessRisk"]

    assert (found["level"], found["lowest"], found["highest"]) == (None, "LOW", "HIGH")
    assert found["missing"] == [{"code": "SEVERITY.USER_HARM"}]
    assert [held["plan"] for held in found["plans"]] == [
        "Internal rectification.",
        "Public response.",
        "Dedicated handling.",
    ]
    assert found["dimensions"][1]["score"] is None


async def test_answers_are_scored_by_thresholds_that_say_whose_they_are(
    shelf: Desk, ask: Client
) -> None:
    data = await ask(
        """{ assessRisk(answers: {volumePerDay: 1000000, safetyAtRisk: false}) { answersRule level
             dimensions { criteria { criterion { code } score lowest highest
               threshold { question answer score basis source note(locale: EN)
                           noteLocale(locale: EN) } } } } }"""
    )

    influence, severity, _ = data["assessRisk"]["dimensions"]
    assert (data["assessRisk"]["answersRule"], data["assessRisk"]["level"]) == (
        "PRECEDENT_ANSWERS_V1",
        "HIGH",
    )
    assert influence["criteria"][0] == {
        "criterion": {"code": "INFLUENCE.VOLUME"},
        "score": 3,
        "lowest": 3,
        "highest": 3,
        "threshold": {
            "question": "volumePerDay",
            "answer": "1000000",
            "score": 3,
            "basis": "REPORTED",
            "source": "S002#C-01",
            "note": "The figure is the source’s; giving it this score is this library’s own.",
            "noteLocale": "EN",
        },
    }
    assert severity["criteria"][1] == {
        "criterion": {"code": "SEVERITY.USER_HARM"},
        "score": None,
        "lowest": 0,
        "highest": 3,
        "threshold": {
            "question": "safetyAtRisk",
            "answer": "false",
            "score": 0,
            "basis": "EDITORIAL",
            "source": None,
            "note": "The threshold is this library’s own.",
            "noteLocale": "EN",
        },
    }
    assert severity["criteria"][0]["threshold"] is None


async def test_what_would_raise_the_level_is_named_with_the_answers_for_it(
    shelf: Desk, ask: Client
) -> None:
    scores = {**ALL_NOTHING, "volume": 2, "legalRisk": 1, "trending": None}
    data = await ask(
        """query($scores: RiskScoresInput) { assessRisk(scores: $scores) { wouldRaise {
             criterion { code } score toScore level text(locale: EN) textLocale(locale: ZH_HANT)
             thresholds { question answer } } } }""",
        scores=scores,
    )

    raises = data["assessRisk"]["wouldRaise"]
    assert [(held["criterion"]["code"], held["score"], held["toScore"]) for held in raises] == [
        ("INFLUENCE.VOLUME", 2, 3),
        ("SEVERITY.LEGAL_RISK", 1, 2),
        ("SEVERITY.USER_HARM", 0, 2),
        ("SEVERITY.CORE_VALUE", 0, 2),
        ("VOLATILITY.TRENDING", None, 2),
        ("VOLATILITY.COLLECTIVE", 0, 2),
        ("INFLUENCE.PLATFORM_COVERAGE", 0, 3),
        ("INFLUENCE.SPREADER_TIER", 0, 3),
    ]
    assert raises[0]["text"] == "INFLUENCE.VOLUME from 2 to 3 makes it: High."
    assert raises[4] == {
        "criterion": {"code": "VOLATILITY.TRENDING"},
        "score": None,
        "toScore": 2,
        "level": "HIGH",
        "text": "VOLATILITY.TRENDING, should it prove to be 2, makes it: High.",
        "textLocale": "ZH_HANS",
        "thresholds": [{"question": "trending", "answer": "LISTED"}],
    }


@pytest.mark.parametrize(
    ("count", "severity"), [(999_999, None), (10_000_000, {"code": "II_MAJOR"})]
)
async def test_the_national_mark_stands_beside_the_level_and_never_changes_it(
    count: int, severity: dict[str, str] | None, shelf: Desk, ask: Client
) -> None:
    found = (await ask(ASSESS, scores=ALL_NOTHING, count=count))["assessRisk"]

    assert found["nationalReference"] == {"affectedCount": count, "severity": severity}
    assert found["level"] == "LOW"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("neither", {}, "assessRisk needs either scores or answers; give one of them."),
    (
        "both",
        {"scores": {}, "answers": {}},
        "assessRisk needs either scores or answers; give one of them.",
    ),
    ("too high", {"scores": {"volume": 4}}, "INFLUENCE.VOLUME is 4; a score is 0 to 3."),
    ("too low", {"scores": {"trending": -1}}, "VOLATILITY.TRENDING is -1; a score is 0 to 3."),
    ("less than none", {"answers": {"platforms": -2}}, "platforms is -2; a count is 0 or more."),
    (
        "fewer than nobody",
        {"scores": {}, "count": -1},
        "affectedCount is -1; a count is 0 or more.",
    ),
]


@pytest.mark.parametrize(
    ("label", "variables", "message"), REFUSED, ids=[row[0] for row in REFUSED]
)
async def test_what_cannot_be_assessed_is_refused(
    label: str, variables: dict[str, Any], message: str, shelf: Desk, ask: Client
) -> None:
    answer = await ask.answer(ASSESS, **variables)

    (error,) = answer["errors"]
    assert (error["message"], error["extensions"]["code"]) == (message, "BAD_INPUT")


AGREEMENT = """{ assessRisk(scores: {}) { agreement { cases unscored agreeing share commonest
  commonestShare cutPoints confusion { labelled predicted count } } } }"""


async def agreed(ask: Client, **as_: Any) -> dict[str, Any]:
    held: dict[str, Any] = (await ask(AGREEMENT, **as_))["assessRisk"]["agreement"]
    return held


async def test_agreement_is_reckoned_from_the_library_as_it_is(shelf: Desk, ask: Client) -> None:
    mild = [an_assessed_case(n, 1, "LOW") for n in range(1, 5)]
    grave = [an_assessed_case(n, 5, "HIGH") for n in range(5, 10)]
    await publish(shelf, *mild, *grave)
    before = await agreed(ask)

    await publish(
        shelf,
        an_assessed_case(10, 5, "HIGH"),
        an_assessed_case(11, 1, "HIGH", provenance="SYNTHETIC"),
        an_assessed_case(12, 1, "HIGH", sharing="TLP_RED"),
        a_case(
            "level-only",
            13,
            assessments=[{"rule": "UNSCORED", "level": "LOW", "reason": both("因", "For")}],
        ),
    )
    after = await agreed(ask)

    assert (before["cases"], before["share"], before["confusion"]) == (9, None, [])
    assert {name: after[name] for name in ("cases", "unscored", "agreeing", "share")} == {
        "cases": 10,
        "unscored": 1,
        "agreeing": 10,
        "share": 1.0,
    }
    assert (after["commonest"], after["commonestShare"], len(after["confusion"])) == (6, 0.6, 9)


async def test_each_role_is_told_the_agreement_of_the_cases_it_may_see(
    shelf: Desk, ask: Client
) -> None:
    await publish(
        shelf,
        *(an_assessed_case(n, 5, "HIGH") for n in range(1, 11)),
        an_assessed_case(11, 5, "HIGH", sharing="TLP_RED"),
    )

    for_admin = await agreed(ask, as_=AccessRole.ADMIN)
    for_reader = await agreed(ask)

    assert (for_admin["cases"], for_reader["cases"]) == (11, 10)


async def test_the_seed_library_beats_the_guess_of_the_commonest_level(
    desk: Desk, ask: Client
) -> None:
    await import_documents(desk, OPERATOR, list(seed_documents()), seeding=True)

    found = await agreed(ask)

    assert found["cases"] + found["unscored"] <= 102
    assert sum(held["count"] for held in found["confusion"]) == found["cases"]
    assert found["agreeing"] > found["commonest"] > 0
