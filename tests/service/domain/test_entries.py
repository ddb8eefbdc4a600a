"""What entries are named by, and the codes and citations a document holds."""

import json
from enum import StrEnum

import pytest
from pydantic import ValidationError

from seed_cases.loader import seed_documents
from service.domain import codes
from service.domain.cases import Case
from service.domain.entries import (
    DOCUMENT,
    CitationUse,
    CodeUse,
    Document,
    EntryKey,
    EntryKind,
    body_of,
    citations_in,
    codes_in,
    digest_of,
    key_of,
    published_document,
)
from service.domain.vocabularies import Vocabulary
from tests.library import (
    BREACH,
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    an_outcome,
    both,
    small_vocabularies,
)

KINDS = [
    ("a case", a_case("one", 1), EntryKind.CASE),
    ("a method", a_method("one"), EntryKind.METHOD),
    ("a procedure", a_procedure("one"), EntryKind.PROCEDURE),
    ("a template", a_template("one"), EntryKind.STATEMENT_TEMPLATE),
]


@pytest.mark.parametrize(("label", "document", "kind"), KINDS)
def test_a_document_is_named_by_kind_and_slug(
    label: str, document: Document, kind: EntryKind
) -> None:
    key = key_of(document)

    assert key == EntryKey(kind, "one")
    assert str(key) == f"{kind.value}:one"


@pytest.mark.parametrize(("label", "document", "kind"), KINDS)
def test_a_body_holds_the_whole_document_and_no_defaults(
    label: str, document: Document, kind: EntryKind
) -> None:
    body = body_of(document)

    assert DOCUMENT.validate_json(body) == document
    assert "sharing" not in json.loads(body)


def test_a_digest_tells_bodies_apart() -> None:
    one, same, other = (body_of(a_case("one", number)) for number in (1, 1, 2))

    assert digest_of(one) == digest_of(same) != digest_of(other)


def test_every_code_of_a_case_is_found_where_it_stands() -> None:
    case = a_case(
        "one",
        1,
        other_types=[BREACH],
        platforms=["WEIBO", "X"],
        statements=[a_statement("S-1", strategies=["DENY.DENIAL"], channel="OWNED_SITE")],
        outcomes=[an_outcome("CHURN_RATE", 5)],
    )

    found = {use for use in codes_in(case) if use.set != "SharingMarking"}

    assert found >= {
        CodeUse(("primary_type",), "", "primary_type", "CrisisType", OUTAGE),
        CodeUse(("other_types", 0), "", "other_types", "CrisisType", BREACH),
        CodeUse(("platforms", 0), "", "platforms", "Platform", "WEIBO"),
        CodeUse(("platforms", 1), "", "platforms", "Platform", "X"),
        CodeUse(("industry",), "", "industry", "Industry", "OTHER"),
        CodeUse(("provenance",), "", "provenance", "CaseProvenance", "PUBLIC_SOURCED"),
        CodeUse(("statements", 0, "kind"), "S-1", "kind", "StatementKind", "HOLDING"),
        CodeUse(("statements", 0, "channel"), "S-1", "channel", "ChannelKind", "OWNED_SITE"),
        CodeUse(
            ("statements", 0, "strategies", 0),
            "S-1",
            "strategies",
            "ResponseStrategy",
            "DENY.DENIAL",
        ),
        CodeUse(("outcomes", 0, "metric"), "", "metric", "Metric", "CHURN_RATE"),
        CodeUse(("outcomes", 0, "unit"), "", "unit", "Unit", "PERCENT"),
        CodeUse(("sources", 0, "reliability"), "", "reliability", "SourceReliability", "B"),
    }


def test_a_code_below_a_step_belongs_to_the_step() -> None:
    clock = {"limit": "PT1H", "starts_from": "DETECTED", "basis": "EDITORIAL"}
    clock["regulatory_clock"] = "CN_24H"
    procedure = a_procedure("one", a_step("a"), a_step("b", clocks=[clock]))

    found = [use for use in codes_in(procedure) if use.set == "RegulatoryClock"]

    path = ("steps", 1, "clocks", 0, "regulatory_clock")
    assert found == [CodeUse(path, "b", "regulatory_clock", "RegulatoryClock", "CN_24H")]


def test_every_citation_is_found_where_it_stands() -> None:
    reception = {"text": both("差", "Bad"), "citations": ["S2"]}
    case = a_case(
        "one",
        1,
        timeline=[{"text": both("一", "one"), "citations": ["S1#a", "S1#b"]}],
        statements=[a_statement("S-1", reception=reception)],
    )

    found = list(citations_in(case))

    assert found == [
        CitationUse(("timeline", 0, "citations", 0), "S1#a"),
        CitationUse(("timeline", 0, "citations", 1), "S1#b"),
        CitationUse(("statements", 0, "citations", 0), "S1"),
        CitationUse(("statements", 0, "reception", "citations", 0), "S2"),
    ]


def _seed_vocabularies() -> dict[str, Vocabulary]:
    documents = (read.document for read in seed_documents())
    return {held.set: held for held in documents if isinstance(held, Vocabulary)}


def test_every_enum_of_codes_holds_the_codes_of_its_vocabulary() -> None:
    enums = {
        name: [member.value for member in held]
        for name, held in vars(codes).items()
        if isinstance(held, type) and issubclass(held, StrEnum) and held is not StrEnum
    }

    vocabularies = _seed_vocabularies()

    assert enums == {name: list(vocabularies[name].by_code) for name in enums}
    assert {name for name in enums if vocabularies[name].open} == set()


def test_every_set_that_documents_name_is_a_seed_vocabulary() -> None:
    named = {use.set for read in seed_documents() for use in codes_in(read.document)}

    vocabularies = _seed_vocabularies()

    assert named <= set(vocabularies)


def test_the_small_library_has_every_set_it_uses() -> None:
    held = {
        vocabulary.set for vocabulary in small_vocabularies() if vocabulary.entry == "VOCABULARY"
    }

    documents = [document for _, document, _ in KINDS]
    used = {use.set for document in documents for use in codes_in(document)}

    assert used <= held


def test_every_published_body_reads_as_the_document_it_was_made_from() -> None:
    for read in seed_documents():
        assert published_document(body_of(read.document)) == read.document


def test_no_model_of_a_published_document_notes_which_fields_it_was_given() -> None:
    body = body_of(a_case("one", 1, statements=[a_statement("S-1")]))
    read = published_document(body)
    assert isinstance(read, Case)

    copy = read.model_copy(update={"country": "CN"})

    assert copy.model_fields_set == {"country"}
    parts = (read, read.title, read.organisation, read.statements[0], read.sources[0])
    assert not any(part.model_fields_set for part in parts)
    assert body_of(read) == body


@pytest.mark.parametrize(
    ("label", "changed"),
    [("a missing field", {"title": None}), ("another type", {"number": ["one"]})],
)
def test_a_body_that_is_no_document_is_not_read(label: str, changed: dict[str, object]) -> None:
    body = json.loads(body_of(a_case("one", 1))) | changed

    with pytest.raises(ValidationError):
        published_document(json.dumps(body))
