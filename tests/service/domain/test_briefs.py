from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.briefs import BriefParts, BriefPrecedent, write_brief
from service.domain.cases import Case
from service.domain.vocabularies import Vocabularies, Vocabulary
from tests.library import NOON, a_case, a_statement, an_outcome, both, small_vocabularies

VOCABULARIES = Vocabularies(
    document for document in small_vocabularies() if isinstance(document, Vocabulary)
)
PARTS = BriefParts(now=NOON, zone=ZoneInfo("UTC"))


def case_of(number: int = 1, **fields: Any) -> Case:
    document = a_case(f"c{number}", number, **fields)
    assert isinstance(document, Case)
    return document


def lines(parts: BriefParts) -> list[str]:
    return write_brief(parts, pick=lambda text: text.en, vocabularies=VOCABULARIES).split("\n")


def event(text: str = "It broke", **fields: Any) -> dict[str, Any]:
    return {"text": both("坏了", text), "citations": ["S1"], **fields}


def hours(begin: float, end: float) -> dict[str, Any]:
    return {"offset": {"from_hours": begin, "to_hours": end}}


TOLD: list[tuple[str, dict[str, Any], str]] = [
    (
        "an exact time",
        {"timeline": [event(moment=hours(2, 2))]},
        "- hour 2 It broke [CASE-0001 S1, B6]",
    ),
    (
        "a time between two",
        {"timeline": [event(moment=hours(0, 24))]},
        "- between hours 0 and 24 It broke [CASE-0001 S1, B6]",
    ),
    ("no time", {"timeline": [event()]}, "- It broke [CASE-0001 S1, B6]"),
    (
        "what is not verified",
        {"timeline": [event(basis="UNVERIFIED")]},
        "- It broke [unverified]",
    ),
    (
        "a statement without a strategy",
        {"statements": [a_statement("S-1")]},
        "- Statement: HOLDING: We are checking [CASE-0001 S1, B6]",
    ),
    (
        "a statement with strategies",
        {"statements": [a_statement("S-1", strategies=["REBUILD.APOLOGY", "DENY.DENIAL"])]},
        "- Statement: HOLDING (REBUILD.APOLOGY, DENY.DENIAL): We are checking [CASE-0001 S1, B6]",
    ),
    (
        "a value",
        {"outcomes": [an_outcome("CHURN_RATE", 12345.5)]},
        r"- What came of it: CHURN\_RATE 12,345.5 PERCENT [CASE-0001 S1, B6]",
    ),
    (
        "at most a value",
        {"outcomes": [an_outcome("CHURN_RATE", 5, comparator="LE")]},
        r"- What came of it: CHURN\_RATE ≤ 5 PERCENT [CASE-0001 S1, B6]",
    ),
    (
        "about a value, with a name of its own",
        {
            "outcomes": [
                an_outcome("CHURN_RATE", 5, comparator="ABOUT", label=both("流失", "Lost*"))
            ]
        },
        r"- What came of it: Lost\* ≈ 5 PERCENT [CASE-0001 S1, B6]",
    ),
    (
        "a trend",
        {
            "outcomes": [
                {"metric": "CHURN_RATE", "unit": "PERCENT", "trend": "ROSE", "citations": ["S1"]}
            ]
        },
        r"- What came of it: CHURN\_RATE rose [CASE-0001 S1, B6]",
    ),
    (
        "a loss",
        {"lessons": [{"verdict": "LOSS", "phase": "REVIEW", "text": both("慢", "Too slow")}]},
        "- Do differently: Too slow",
    ),
]


@pytest.mark.parametrize(("case", "fields", "line"), TOLD)
def test_a_case_is_told_with_the_source_of_all_there_is(
    case: str, fields: dict[str, Any], line: str
) -> None:
    written = lines(replace(PARTS, subject=case_of(**fields)))

    assert line in written


NOT_TOLD: list[tuple[str, dict[str, Any]]] = [
    ("an outcome nobody verified", {"outcomes": [an_outcome("CHURN_RATE", 5, basis="UNVERIFIED")]}),
    ("a gain", {"lessons": [{"verdict": "GAIN", "phase": "REVIEW", "text": both("快", "Quick")}]}),
]


@pytest.mark.parametrize(("case", "fields"), NOT_TOLD)
def test_nothing_else_is_told(case: str, fields: dict[str, Any]) -> None:
    assert lines(replace(PARTS, subject=case_of(**fields))) == lines(
        replace(PARTS, subject=case_of())
    )


HEADLINES: list[tuple[str, dict[str, Any], str]] = [
    ("a number", {}, "**Case 1** (CASE-0001)"),
    (
        "all there is",
        {
            "anchors": {"first_signal_at": {"at": "2023-10"}},
            "organisation": {"name": both("某店", "A shop"), "anonymised": True},
            "editorial_verdict": {"verdict": "LOSS", "reason": both("失", "Lost")},
        },
        "**Case 1** (CASE-0001, 2023, anonymised, editors' verdict: LOSS)",
    ),
]


@pytest.mark.parametrize(("case", "fields", "line"), HEADLINES)
def test_a_headline_says_whose_verdict_it_is(case: str, fields: dict[str, Any], line: str) -> None:
    assert lines(replace(PARTS, subject=case_of(**fields)))[2] == line


def test_a_brief_is_half_a_page_however_much_there_is() -> None:
    sources = [{"key": f"T{n}", "title": f"T{n}", "reliability": "A"} for n in range(20)]
    subject = case_of(
        summary=both("长" * 500, "long " * 100 + "end"),
        timeline=[event(f"Event {n} " + "x" * 300, citations=[f"T{n}"]) for n in range(20)],
        outcomes=[an_outcome("CHURN_RATE", n) for n in range(9)],
        sources=[*sources, {"key": "S1", "title": "A", "reliability": "B"}],
    )
    similar = tuple(BriefPrecedent(case_of(n)) for n in range(2, 9))

    written = lines(replace(PARTS, subject=subject, precedents=similar))

    assert max(map(len, written)) <= 260
    assert sum(line.startswith("- Event") for line in written) == 5
    assert sum(line[:3] in {"1. ", "2. ", "3. ", "4. "} for line in written) == 3
    assert sum(line.startswith("- [CASE-0001") for line in written) == 6
    assert [line for line in written if "came of it" in line] == [
        (
            r"- What came of it: CHURN\_RATE 0 PERCENT [CASE-0001 S1, B6]; "
            r"CHURN\_RATE 1 PERCENT [CASE-0001 S1, B6]"
        )
    ]


def test_an_address_does_not_end_its_brackets_early() -> None:
    source = {"key": "S1", "title": "A", "reliability": "B", "url": "https://x.org/<a>"}

    written = lines(replace(PARTS, subject=case_of(timeline=[event()], sources=[source])))

    assert written[-1] == "- [CASE-0001 S1] A (B) <https://x.org/%3Ca%3E>"
