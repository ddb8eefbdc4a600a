"""Whose law was asked about, and what of it the library covers."""

import pytest

from service.domain.errors import BadInput
from service.domain.jurisdictions import read_jurisdictions, zone_name

COVERED = {"CN", "HK", "EU", "US"}

READ = [
    ("nobody said", [], None, (), []),
    ("covered", ["CN", "HK", "CN"], {"CN", "HK"}, (), []),
    ("members of the EU", ["DE", "FR"], {"EU"}, ("DE", "FR"), []),
    ("the EU itself", ["EU", "IE"], {"EU"}, ("IE",), []),
    ("not covered", ["CN", "GB", "BR"], {"CN"}, (), ["GB", "BR"]),
    ("in the economic area", ["NO"], set(), (), ["NO"]),
]


@pytest.mark.parametrize(("label", "codes", "known", "members", "missing"), READ)
def test_jurisdictions_are_told_apart_by_what_the_library_covers(
    label: str,
    codes: list[str],
    known: set[str] | None,
    members: tuple[str, ...],
    missing: list[str],
) -> None:
    found = read_jurisdictions(codes, covered=COVERED)

    assert found.known == known
    assert found.members == members
    assert [one.code for one in found.not_covered] == missing


def test_the_economic_area_is_told_of_the_gdpr() -> None:
    reasons = [
        one.reason.en for one in read_jurisdictions(["NO", "GB"], covered=COVERED).not_covered
    ]

    assert ["GDPR" in reason for reason in reasons] == [True, False]


def test_without_law_of_the_eu_its_members_are_not_covered() -> None:
    found = read_jurisdictions(["DE"], covered={"CN"})

    assert (found.known, found.members) == (frozenset(), ())
    assert [one.code for one in found.not_covered] == ["DE"]


REFUSED = [
    (
        "XX",
        "'XX' is not a jurisdiction by ISO 3166, nor EU; write two capital letters, such as CN.",
    ),
    ("UK", "'UK' is not a jurisdiction by ISO 3166, nor EU; the United Kingdom is GB."),
    ("cn", "'cn' is not a jurisdiction by ISO 3166, nor EU; write CN."),
    (
        "中国",
        "'中国' is not a jurisdiction by ISO 3166, nor EU; write two capital letters, such as CN.",
    ),
    ("", "'' is not a jurisdiction by ISO 3166, nor EU; write two capital letters, such as CN."),
]


@pytest.mark.parametrize(("code", "said"), REFUSED)
def test_what_is_no_jurisdiction_is_refused_with_those_that_are_known(code: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_jurisdictions(["CN", code], covered=COVERED)

    assert str(refused.value) == f"{said} The library knows clocks of CN, EU, HK, US."


def test_too_many_jurisdictions_are_refused() -> None:
    with pytest.raises(BadInput, match="61 values; at most 60"):
        read_jurisdictions(["CN"] * 61, covered=COVERED)


@pytest.mark.parametrize(
    ("jurisdiction", "zone"),
    [("CN", "Asia/Shanghai"), ("US", "America/New_York"), ("EU", None), ("AU", None), (None, None)],
)
def test_days_are_those_of_the_law_where_it_has_one_time(
    jurisdiction: str | None, zone: str | None
) -> None:
    assert zone_name(jurisdiction) == zone
