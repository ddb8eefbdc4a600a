"""`strategyEvidence`: groups of cases with what came of them, narrowed to what one may see."""

from typing import Any

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import (
    HIJACK,
    OUTAGE,
    Client,
    a_case,
    a_method,
    a_statement,
    both,
    publish,
    small_vocabularies,
    term,
    vocabulary,
)

LITIGATION = "SECONDARY.LITIGATION"


def answered(number: int, hours: float, verdict: str, *strategies: str, **fields: Any) -> Any:
    """A case with one statement after some hours."""
    moment = {"offset": {"from_hours": hours, "to_hours": hours}}
    return a_case(
        f"c{number}",
        number,
        statements=[
            a_statement("a", moment=moment, strategies=list(strategies)),
            *fields.pop("statements", []),
        ],
        editorial_verdict={"verdict": verdict, "reason": both("编者所判", "So judged")},
        **fields,
    )


def secondary(**fields: Any) -> dict[str, Any]:
    return {"type": LITIGATION, "text": both("起诉", "A lawsuit"), "citations": ["S1"], **fields}


CASES = [
    *(answered(n, n, "GAIN", "REBUILD.APOLOGY") for n in range(1, 5)),
    answered(
        5,
        5,
        "LOSS",
        "REBUILD.APOLOGY",
        "DENY.DENIAL",
        statements=[a_statement("b", kind="CORRECTION", supersedes="a")],
        secondary_effects=[secondary()],
    ),
    *(answered(n, 10 * n, "LOSS", "DENY.DENIAL", primary_type=HIJACK) for n in range(6, 10)),
    answered(10, 1, "GAIN", "DENY.DENIAL", sharing="TLP_AMBER"),
    answered(11, 1, "GAIN", "DENY.DENIAL", provenance="SYNTHETIC"),
    answered(12, 1, "GAIN", "DENY.DENIAL", provenance="NEAR_MISS"),
    a_case("c13", 13),
]


@pytest.fixture
async def library(desk: Desk) -> Desk:
    more = [
        vocabulary(
            "EvidenceLevel",
            "levels",
            term("META_ANALYSIS", "荟萃分析", "Meta-analysis"),
            term("PRACTITIONER", "从业经验", "Practitioner advice"),
        ),
        vocabulary("Unit", "units", term("CORRELATION", "相关系数", "Correlation coefficient")),
    ]
    replaced = {"EvidenceLevel", "Unit", "CaseProvenance"}
    kept = [one for one in small_vocabularies() if getattr(one, "set", "") not in replaced]
    provenances = ("PUBLIC_SOURCED", "SYNTHETIC", "NEAR_MISS")
    more.append(
        vocabulary("CaseProvenance", "provenance", *(term(one, one, one) for one in provenances))
    )
    source = {"key": "R5", "title": "A meta-analysis", "reliability": "B"}
    finding = {
        "study": "META_ANALYSIS",
        "text": both("归责与声誉", "Responsibility and reputation"),
        "figure": {"value": -0.54, "unit": "CORRELATION"},
        "citations": ["R5"],
    }
    methods = [
        a_method(
            slug,
            sharing=sharing,
            evidence_level="PRACTITIONER",
            sources=[source],
            findings=[finding],
        )
        for slug, sharing in (("research", "TLP_CLEAR"), ("secret-research", "TLP_RED"))
    ]
    await publish(desk, *kept, *more, *CASES, *methods)
    return desk


COUNTS = """query($filter: CaseFilter, $by: EvidenceGrouping! = STRATEGY_CLUSTER) {
  strategyEvidence(filter: $filter, groupBy: $by) {
    groupBy considered ungrouped excluded comparableFrom cells comparableCells
    groups { code count verdicts { verdict count comparable } } } }"""


def verdicts(gain: int, loss: int) -> list[dict[str, Any]]:
    counts = {"GAIN": gain, "LOSS": loss, "MIXED": 0}
    return [
        {"verdict": verdict, "count": count, "comparable": count >= 5}
        for verdict, count in counts.items()
    ]


async def test_groups_are_strategies_by_verdict_and_a_case_counts_in_each(
    library: Desk, ask: Client
) -> None:
    answer = await ask(COUNTS)

    assert answer["strategyEvidence"] == {
        "groupBy": "STRATEGY_CLUSTER",
        "considered": 10,
        "ungrouped": 1,
        "excluded": 2,
        "comparableFrom": 5,
        "cells": 6,
        "comparableCells": 1,
        "groups": [
            {"code": "DENY", "count": 5, "verdicts": verdicts(0, 5)},
            {"code": "REBUILD", "count": 5, "verdicts": verdicts(4, 1)},
        ],
    }


async def test_a_hidden_case_counts_only_for_those_who_may_see_it(
    library: Desk, ask: Client
) -> None:
    query = "{ strategyEvidence { considered groups { code cases { edges { node { slug } } } } } }"

    found = {
        role: (await ask(query, as_=role))["strategyEvidence"]
        for role in (AccessRole.READER, AccessRole.RESPONDER)
    }

    denying = {
        role: [
            edge["node"]["slug"]
            for group in held["groups"]
            if group["code"] == "DENY"
            for edge in group["cases"]["edges"]
        ]
        for role, held in found.items()
    }
    assert {role: held["considered"] for role, held in found.items()} == {
        AccessRole.READER: 10,
        AccessRole.RESPONDER: 11,
    }
    assert denying == {
        AccessRole.READER: ["c5", "c6", "c7", "c8", "c9"],
        AccessRole.RESPONDER: ["c5", "c6", "c7", "c8", "c9", "c10"],
    }


async def test_a_filter_narrows_the_cases_and_few_are_listed_with_the_reason(
    library: Desk, ask: Client
) -> None:
    query = """query($filter: CaseFilter) { strategyEvidence(filter: $filter) { considered excluded
      groups { code measures { measure unit n unknown rank median { least } refusal(locale: EN)
        refusalLocale(locale: EN) values { case { slug } interval { least most } } } } } }"""

    answer = await ask(query, filter={"type": ["DATA_SECURITY"]})

    few = "is below 5: the cases are listed, not summed up or ranked."
    nothing: dict[str, Any] = {
        "unknown": 4,
        "n": 0,
        "rank": None,
        "median": None,
        "refusal": f"n = 0 {few}",
        "refusalLocale": "EN",
        "values": [],
    }
    assert answer["strategyEvidence"] == {
        "considered": 4,
        "excluded": 0,
        "groups": [
            {
                "code": "DENY",
                "measures": [
                    {
                        "measure": "HOURS_TO_FIRST_RESPONSE",
                        "unit": "HOUR",
                        "n": 4,
                        "unknown": 0,
                        "rank": None,
                        "median": None,
                        "refusal": f"n = 4 {few}",
                        "refusalLocale": "EN",
                        "values": [
                            {
                                "case": {"slug": f"c{n}"},
                                "interval": {"least": 10 * n, "most": 10 * n},
                            }
                            for n in range(6, 10)
                        ],
                    },
                    {"measure": "HOURS_TO_RESOLUTION", "unit": "HOUR", **nothing},
                    {"measure": "DAYS_TO_SUBSIDE", "unit": "DAY", **nothing},
                ],
            }
        ],
    }


async def test_comparable_groups_are_summed_up_and_ranked(library: Desk, ask: Client) -> None:
    query = """{ strategyEvidence { groups { code measures { measure rank refusal values { case {
      slug } } lowerQuartile { least most } median { least most } upperQuartile { least most } }
      rates { mishap n count share rank } } } }"""

    answer = await ask(query)

    groups = {group["code"]: group for group in answer["strategyEvidence"]["groups"]}
    first = {code: held["measures"][0] for code, held in groups.items()}

    def summed(lower: float, median: float, upper: float, rank: int) -> dict[str, Any]:
        return {
            "measure": "HOURS_TO_FIRST_RESPONSE",
            "rank": rank,
            "refusal": None,
            "values": [],
            "lowerQuartile": {"least": lower, "most": lower},
            "median": {"least": median, "most": median},
            "upperQuartile": {"least": upper, "most": upper},
        }

    assert first == {"DENY": summed(60, 70, 80, 2), "REBUILD": summed(2, 3, 4, 1)}
    assert groups["DENY"]["rates"] == [
        {"mishap": "VERDICT_LOSS", "n": 5, "count": 5, "share": 1, "rank": 2},
        {"mishap": "PROMISE_BROKEN", "n": 0, "count": 0, "share": None, "rank": None},
        {"mishap": "STATEMENT_SUPERSEDED", "n": 5, "count": 1, "share": 0.2, "rank": 1},
        {"mishap": "SECONDARY_EFFECT", "n": 5, "count": 1, "share": 0.2, "rank": 1},
    ]


async def test_failures_and_effects_lead_to_their_cases(library: Desk, ask: Client) -> None:
    query = """{ strategyEvidence { groups { code unjudged
      failures { totalCount edges { node { case { slug } mishaps } } }
      secondaryEffects { type { code } count cases { edges { node { slug } } } } } } }"""

    answer = await ask(query)

    rebuilding = answer["strategyEvidence"]["groups"][1]
    assert rebuilding == {
        "code": "REBUILD",
        "unjudged": 0,
        "failures": {
            "totalCount": 1,
            "edges": [
                {
                    "node": {
                        "case": {"slug": "c5"},
                        "mishaps": ["VERDICT_LOSS", "STATEMENT_SUPERSEDED"],
                    }
                }
            ],
        },
        "secondaryEffects": [
            {
                "type": {"code": LITIGATION},
                "count": 1,
                "cases": {"edges": [{"node": {"slug": "c5"}}]},
            }
        ],
    }


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        ("STRATEGY", {"DENY.DENIAL": 5, "REBUILD.APOLOGY": 5}),
        ("STATEMENT_KIND", {"HOLDING": 9, "CORRECTION": 1}),
        ("CRISIS_TYPE", {OUTAGE: 6, HIJACK: 4}),
        ("INDUSTRY", {"OTHER": 10}),
        ("LEVEL", {}),
        ("RESPONSE_SPEED", {"WITHIN_4_HOURS": 3, "AFTER_24_HOURS": 4, "WITHIN_1_HOUR": 1}),
    ],
)
async def test_cases_group_by_other_codes_too(
    library: Desk, ask: Client, by: str, codes: dict[str, int]
) -> None:
    answer = await ask(COUNTS, by=by)

    found = {group["code"]: group["count"] for group in answer["strategyEvidence"]["groups"]}
    if by == "RESPONSE_SPEED":
        codes = {**codes, "WITHIN_24_HOURS": 1}
    assert found == codes


async def test_a_group_is_named_by_its_term_or_its_band(library: Desk, ask: Client) -> None:
    query = """query($by: EvidenceGrouping!) { strategyEvidence(filter: {slug: ["c1"]},
      groupBy: $by) { groups { label(locale: EN) labelLocale(locale: EN) term { code set } } } }"""

    named = {by: await ask(query, by=by) for by in ("INDUSTRY", "RESPONSE_SPEED")}

    groups = {by: answer["strategyEvidence"]["groups"] for by, answer in named.items()}
    assert groups == {
        "INDUSTRY": [
            {
                "label": "OTHER",
                "labelLocale": "EN",
                "term": {"code": "OTHER", "set": "Industry"},
            }
        ],
        "RESPONSE_SPEED": [{"label": "Certainly within 1 hour", "labelLocale": "EN", "term": None}],
    }


async def test_the_cases_of_a_group_are_paged(library: Desk, ask: Client) -> None:
    query = """query($after: String) { strategyEvidence(filter: {strategy: ["REBUILD.APOLOGY"]}) {
      groups { code cases(first: 2, after: $after) { totalCount edges { node { slug } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } } } }"""
    pages = []
    after = None
    for _ in range(3):
        groups = (await ask(query, after=after))["strategyEvidence"]["groups"]
        (page,) = [one["cases"] for one in groups if one["code"] == "REBUILD"]
        after = page["pageInfo"].pop("endCursor")
        pages.append(page)

    slugs = [[edge["node"]["slug"] for edge in page["edges"]] for page in pages]
    assert slugs == [["c1", "c2"], ["c3", "c4"], ["c5"]]
    assert [page["totalCount"] for page in pages] == [5, 5, 5]
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, True, False]


async def test_research_stands_beside_with_its_figure_and_source(
    library: Desk, ask: Client
) -> None:
    query = """{ strategyEvidence { findings { study text(locale: EN) textLocale(locale: EN)
      figure { value comparator unit } admiraltyGrade citations { source { title } }
      method { slug } } } }"""

    answer = await ask(query)

    assert answer["strategyEvidence"]["findings"] == [
        {
            "study": "META_ANALYSIS",
            "text": "Responsibility and reputation",
            "textLocale": "EN",
            "figure": {"value": -0.54, "comparator": "EQ", "unit": "CORRELATION"},
            "admiraltyGrade": "B6",
            "citations": [{"source": {"title": "A meta-analysis"}}],
            "method": {"slug": "research"},
        }
    ]


async def test_a_finding_does_not_change_what_its_method_rests_on(
    library: Desk, ask: Client
) -> None:
    query = "query($level: EvidenceLevel!) { methods(filter: {evidenceLevel: [$level]}) { totalCount } }"

    counts = {
        level: (await ask(query, level=level))["methods"]["totalCount"]
        for level in ("META_ANALYSIS", "PRACTITIONER")
    }

    assert counts == {"META_ANALYSIS": 0, "PRACTITIONER": 1}


async def test_the_note_tells_how_far_it_carries_in_both_languages(
    library: Desk, ask: Client
) -> None:
    answer = await ask(
        """{ strategyEvidence { zh: note zhIs: noteLocale en: note(locale: EN)
             enIs: noteLocale(locale: EN) } }"""
    )

    note = answer["strategyEvidence"]
    assert "6 个“组别×得失”格中有 1 个达到 n ≥ 5" in note["zh"]
    assert "1 of 6 cells of group and verdict reach n ≥ 5" in note["en"]
    assert (note["zhIs"], note["enIs"]) == ("ZH_HANS", "EN")


async def test_an_unknown_code_in_the_filter_is_refused_with_those_near_it(
    library: Desk, ask: Client
) -> None:
    answer = await ask.answer(COUNTS, filter={"strategy": ["DENY.DENAIL"]})

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert "'DENY.DENAIL' is not a code of ResponseStrategy" in error["message"]
    assert "DENY.DENIAL" in error["message"]
