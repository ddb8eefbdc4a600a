"""What can be asked at the root, each field answered whole."""

import pytest

from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.library import OUTAGE, Client


async def test_a_case_is_found_by_slug_and_by_number(library: Desk, ask: Client) -> None:
    data = await ask(
        """{
          bySlug: case(slug: "yuque-outage") { number title revision sharing level year country }
          byNumber: case(number: "CASE-0002") { slug year level listed }
        }"""
    )

    assert data == {
        "bySlug": {
            "number": "CASE-0001",
            "title": "语雀宕机",
            "revision": 1,
            "sharing": "TLP_CLEAR",
            "level": "HIGH",
            "year": 2023,
            "country": "CN",
        },
        "byNumber": {"slug": "ap-hijack", "year": 2013, "level": None, "listed": None},
    }


CASE_PARTS = """{ case(slug: "yuque-outage") {
  organisation { name aliases anonymised } industry { code label } platforms { code }
  primaryType { code parent { code } } otherTypes { code } provenance causeOrigin cluster
  anchors { firstSignalAt { at precision offset { fromHours toHours basis } offsetHours }
            firstStatementAt { offsetHours } resolvedAt { precision offsetHours
            offset { fromHours toHours basis } } detectedAt { at } }
  firstStatementAfter { fromHours toHours basis }
  timeline { text phase at precision offsetHours admiraltyGrade basis
             citations { place source { title } } }
  editorialVerdict { verdict reason } lessons { verdict phase text basis }
  assessments { level rule influence reason } askedAs(locale: EN) sources { title url }
} }"""


async def test_a_case_gives_all_its_parts(library: Desk, ask: Client) -> None:
    data = await ask(CASE_PARTS)

    case = data["case"]
    source = {"title": "A report", "url": "https://example.org/shared"}
    assert case.pop("timeline") == [
        {
            "text": "告警",
            "phase": "RESPONSE",
            "at": "2023-10-23T14:07+08:00",
            "precision": "MINUTE",
            "offsetHours": 0.31,
            "admiraltyGrade": "A2",
            "basis": "REPORTED",
            "citations": [{"place": "p2", "source": {"title": "A report"}}],
        },
        {
            "text": "质疑",
            "phase": None,
            "at": None,
            "precision": None,
            "offsetHours": None,
            "admiraltyGrade": None,
            "basis": "UNVERIFIED",
            "citations": [],
        },
    ]
    anchors = case.pop("anchors")
    assert anchors["firstStatementAt"] == {"offsetHours": 2}
    assert anchors["resolvedAt"] == {
        "precision": "DAY",
        "offsetHours": None,
        "offset": {"fromHours": 0, "toHours": 10.5, "basis": "DATES"},
    }
    assert anchors["detectedAt"] is None
    assert case == {
        "organisation": {"name": "语雀", "aliases": ["蚂蚁集团"], "anonymised": False},
        "industry": {"code": "OTHER", "label": "OTHER"},
        "platforms": [{"code": "WEIBO"}],
        "primaryType": {
            "code": OUTAGE,
            "parent": {"code": "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"},
        },
        "otherTypes": [{"code": "DATA_SECURITY.PRIVACY_BREACH"}],
        "provenance": "PUBLIC_SOURCED",
        "causeOrigin": "UNKNOWN",
        "cluster": "UNDETERMINED",
        "firstStatementAfter": {"fromHours": 1.5, "toHours": 2.5, "basis": "CLOCK"},
        "editorialVerdict": {"verdict": "MIXED", "reason": "有得有失"},
        "lessons": [
            {"verdict": "GAIN", "phase": "REVIEW", "text": "复盘公开", "basis": "EDITORIAL"}
        ],
        "assessments": [
            {"level": "HIGH", "rule": "UNSCORED", "influence": None, "reason": "影响广"}
        ],
        "askedAs": ["our service is down"],
        "sources": [source],
    }


MISSING = [
    'case(slug: "gone") { slug }',
    'case(number: "CASE-9999") { slug }',
    'case(slug: "") { slug }',
    'method(slug: "gone") { slug }',
    'procedure(slug: "gone") { slug }',
    'statementTemplate(slug: "gone") { slug }',
    'vocabulary(set: "Gone") { set }',
]


@pytest.mark.parametrize("query", MISSING)
async def test_what_is_not_there_is_null(library: Desk, ask: Client, query: str) -> None:
    data = await ask(f"{{ found: {query} }}")

    assert data == {"found": None}


HIDDEN = [
    'case(slug: "secret") { slug }',
    'case(number: "CASE-0003") { slug }',
    'method(slug: "secret-method") { slug }',
]


async def test_what_is_hidden_looks_like_what_is_not_there(library: Desk, ask: Client) -> None:
    queries = "".join(f"f{n}: {query}\n" for n, query in enumerate(HIDDEN))

    reader, administrator = (
        await ask(f"{{ {queries} }}"),
        await ask(f"{{ {queries} }}", as_=AccessRole.ADMIN),
    )

    assert reader == {"f0": None, "f1": None, "f2": None}
    assert administrator == {
        "f0": {"slug": "secret"},
        "f1": {"slug": "secret"},
        "f2": {"slug": "secret-method"},
    }


@pytest.mark.parametrize("arguments", ["", '(slug: "a", number: "CASE-0001")'])
async def test_a_case_is_asked_for_by_one_name(library: Desk, ask: Client, arguments: str) -> None:
    answer = await ask.answer(f"{{ case{arguments} {{ slug }} }}")

    (error,) = answer["errors"]
    assert error["message"] == "case needs either slug or number; give one of them."
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert answer["data"] == {"case": None}
