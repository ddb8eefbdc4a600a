"""What a case may and may not say, and what is read off it."""

from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.cases import Case
from service.domain.entries import DOCUMENT
from service.domain.moments import Elapsed, OffsetBasis
from tests.library import BREACH, HIJACK, OUTAGE, a_case, a_statement, both


def case(**fields: Any) -> Case:
    plain = a_case("one", 1).model_dump(mode="json", exclude_defaults=True)
    document = DOCUMENT.validate_python({**plain, **fields})
    assert isinstance(document, Case)
    return document


def assessed(rule: str, *scores: int | None, level: str = "HIGH") -> dict[str, Any]:
    names = ("influence", "severity", "volatility")
    return {
        "rule": rule,
        "level": level,
        "reason": both("理由", "A reason"),
        **{name: score for name, score in zip(names, scores, strict=False) if score is not None},
    }


LINK = {"relation": "SIMILAR", "case": "one", "reason": both("像", "Alike")}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    (
        "two statements of one key",
        {"statements": [a_statement("A"), a_statement("A")]},
        "two statements have the same key",
    ),
    (
        "superseding a statement that is not there",
        {"statements": [a_statement("A", supersedes="B")]},
        "supersedes 'B', which is no statement here",
    ),
    (
        "a promise in a statement that is not there",
        {"promises": [{"text": both("诺", "A promise"), "statement": "B", "citations": ["S1"]}]},
        "a promise names statement 'B', not found here",
    ),
    ("the primary type again", {"other_types": [OUTAGE]}, "other_types repeats the primary type"),
    ("a link to itself", {"links": [LINK]}, "links to itself"),
    (
        "a secondary effect of a primary type",
        {"secondary_effects": [{"type": BREACH, "text": both("诉", "Sued"), "citations": ["S1"]}]},
        "use a code below SECONDARY",
    ),
    (
        "the top of the secondary types",
        {
            "secondary_effects": [
                {"type": "SECONDARY", "text": both("诉", "Sued"), "citations": ["S1"]}
            ]
        },
        "use a code below SECONDARY",
    ),
    (
        "a reported item without a source",
        {"timeline": [{"text": both("一", "one")}]},
        "is REPORTED but cites no source",
    ),
    ("a score beyond its scale", {"assessments": [assessed("EDITORS_1_TO_5", 1, 5, 6)]}, "1 to 5"),
    ("a score below its scale", {"assessments": [assessed("EDITORS_1_TO_5", 0, 5, 5)]}, "1 to 5"),
    ("a score left out", {"assessments": [assessed("PRECEDENT_0_TO_3_V1", 0, 3)]}, "0 to 3"),
    ("scores of no rule", {"assessments": [assessed("UNSCORED", 1)]}, "UNSCORED but has scores"),
    ("a number of three digits", {"number": "CASE-001"}, "number"),
    ("a number of full-width digits", {"number": "CASE-００４２"}, "number"),
    ("a country of three letters", {"country": "CHN"}, "country"),
    ("a slug with capitals", {"slug": "One"}, "slug"),
    ("a slug with an underscore", {"slug": "one_two"}, "slug"),
    ("a slug that ends in a hyphen", {"slug": "one-"}, "slug"),
    ("a slug with a line break", {"slug": "one\n"}, "slug"),
    ("a slug of 81 letters", {"slug": "a" * 81}, "slug"),
    ("a title of 121 characters", {"title": both("题" * 121, "Title")}, "at most 120 fit"),
    ("a statement that says nothing", {"statements": [a_statement("A", key_messages=[])]}, "key_"),
    ("a field there is not", {"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("label", "fields", "message"), WRONG)
def test_what_cannot_be_is_refused(label: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        case(**fields)

    assert message in str(refused.value)


def test_the_scales_include_their_ends() -> None:
    held = case(
        assessments=[
            assessed("EDITORS_1_TO_5", 1, 5, 3),
            assessed("PRECEDENT_0_TO_3_V1", 0, 3, 0),
            assessed("UNSCORED", level="LOW"),
        ]
    )

    assert [a.influence for a in held.assessments] == [1, 0, None]


def test_the_level_is_that_of_the_latest_assessment() -> None:
    levels = (
        case().level,
        case(
            assessments=[assessed("UNSCORED", level="LOW"), assessed("UNSCORED", level="HIGH")]
        ).level,
    )

    assert levels == (None, "HIGH")


def test_the_types_begin_with_the_primary_one() -> None:
    assert case(other_types=[HIJACK, BREACH]).types == (OUTAGE, HIJACK, BREACH)


YEARS = [
    ("no anchor", {}, None),
    ("an offset only", {"offset": {"from_hours": 0, "to_hours": 0}}, None),
    ("a year", {"at": "2023"}, 2023),
    ("a minute", {"at": "2024-01-01T00:10+08:00"}, 2024),
]


@pytest.mark.parametrize(("label", "first_signal", "year"), YEARS)
def test_the_year_is_that_of_the_first_signal(
    label: str, first_signal: dict[str, Any], year: int | None
) -> None:
    anchors = {"first_signal_at": first_signal} if first_signal else {}

    assert case(anchors=anchors).year == year


def exactly(hours: float) -> dict[str, Any]:
    return {"offset": {"from_hours": hours, "to_hours": hours}}


FIRST_STATEMENTS: list[tuple[str, dict[str, Any], Elapsed | None]] = [
    ("none known", {"statements": [a_statement("A")]}, None),
    (
        "the anchor, whatever the statements say",
        {
            "anchors": {"first_statement_at": exactly(5)},
            "statements": [a_statement("A", moment=exactly(2))],
        },
        Elapsed(5, 5, OffsetBasis.STATED),
    ),
    (
        "the earliest statement, in whatever order they stand",
        {
            "statements": [
                a_statement("A"),
                a_statement("B", moment=exactly(7)),
                a_statement("C", moment=exactly(2)),
            ]
        },
        Elapsed(2, 2, OffsetBasis.STATED),
    ),
]


@pytest.mark.parametrize(("label", "fields", "interval"), FIRST_STATEMENTS)
def test_the_first_statement_is_counted_from_the_first_signal(
    label: str, fields: dict[str, Any], interval: Elapsed | None
) -> None:
    assert case(**fields).first_statement_after == interval


def test_a_case_cannot_be_changed() -> None:
    held = case()

    with pytest.raises(ValidationError, match="frozen"):
        setattr(held, "slug", "two")  # noqa: B010 - an assignment is what is refused

    assert held == case()
