"""What items rest on, and how far they can be trusted."""

from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.citations import (
    Cited,
    CitedPlace,
    Source,
    admiralty_grade,
    cited_place,
)


def source(key: str = "S1", **fields: Any) -> Source:
    return Source.model_validate({"key": key, "title": "A report", "reliability": "B", **fields})


PLACES = [
    ("a source", "S1", CitedPlace("S1", None)),
    ("a place in it", "S1#T-05", CitedPlace("S1", "T-05")),
    ("a place with the same mark in it", "S1#a#b", CitedPlace("S1", "a#b")),
]


@pytest.mark.parametrize(("label", "citation", "place"), PLACES)
def test_a_citation_is_taken_apart_at_its_first_mark(
    label: str, citation: str, place: CitedPlace
) -> None:
    assert cited_place(citation) == place


WRONG = ["", "1S", "S1#", "S 1", "S1#a b", "S1#a]", "#a", "S1#" + "a" * 81, "a" * 41, "S1#a\0"]


@pytest.mark.parametrize("citation", WRONG)
def test_a_citation_of_another_form_is_refused(citation: str) -> None:
    with pytest.raises(ValidationError):
        Cited(citations=(citation,))


def test_what_is_reported_cites_a_source() -> None:
    with pytest.raises(ValidationError, match="is REPORTED but cites no source"):
        Cited()


@pytest.mark.parametrize("basis", ["DERIVED", "EDITORIAL", "UNVERIFIED"])
def test_what_is_not_reported_need_not_cite(basis: str) -> None:
    assert Cited.model_validate({"basis": basis}).citations == ()


GRADES = [
    ("one source", ("S1",), "CRED_2", "B2"),
    ("a place in it", ("S1#p",), "CRED_1", "B1"),
    ("the best of two", ("S1", "S2"), "CRED_3", "A3"),
    ("a source that is not there", ("S9",), "CRED_3", None),
    ("none", (), "CRED_3", None),
]


@pytest.mark.parametrize(("label", "citations", "credibility", "grade"), GRADES)
def test_the_grade_joins_the_best_source_with_the_items_credibility(
    label: str, citations: tuple[str, ...], credibility: str, grade: str | None
) -> None:
    given = {"basis": "EDITORIAL", "citations": citations, "credibility": credibility}
    item = Cited.model_validate(given)

    found = admiralty_grade(item, [source("S1"), source("S2", reliability="A")])

    assert found == grade


def test_the_same_address_is_the_same_publication() -> None:
    url = "https://example.org/a"

    one, same = source(url=url), source("S7", url=url, title="Another title", publisher="X")
    other = source(url="https://example.org/b")

    assert one.identity == same.identity != other.identity


def test_without_an_address_publisher_and_title_make_the_publication() -> None:
    one, same = source(publisher="X"), source("S7", publisher="X", reliability="A")
    other = source(publisher="Y")

    assert one.identity == same.identity != other.identity


ADDRESSES = ["ftp://example.org", "example.org", "javascript:alert(1)", "https://", "https://a b"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_is_one_of_the_web(url: str) -> None:
    with pytest.raises(ValidationError):
        source(url=url)
