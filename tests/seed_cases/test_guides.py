"""Procedures, methods and templates: as many as there are said to be, and whole."""

from typing import Final

import pytest

from service.domain.codes import StatementKind
from service.domain.entries import Document
from service.domain.methods import Method
from service.domain.procedures import Clock, Procedure
from service.domain.templates import SLOT, StatementTemplate
from service.domain.vocabularies import Vocabulary
from tests.seed_cases.parts import parts

# Clocks of the vocabulary that no step of a procedure runs, and why.
NOT_RUN: Final = {
    "CN_NDSR_10_24H": "about defects that endanger national security, which no procedure is for",
    "CN_GOV_5H_24H": "for government bodies; the procedures are for companies and individuals",
    "CN_GOV_48H": "for government bodies; the procedures are for companies and individuals",
    "CN_DEFAMATION_5000_500": "a threshold of views and reposts; no time runs",
    "US_SEC_8K_4BD": "for companies that file with the SEC; found by jurisdiction, in no step",
    "TW_SECTOR_72H": "for a few Taiwanese industries; found by jurisdiction, in no step",
    "MO_NONE": "says that Macao has no such duty; no time runs",
    "AU_NDB_30D": "for entities under the Australian act; found by jurisdiction, in no step",
}

LANGUAGES: Final = ("zh_hans", "en")


def test_there_are_as_many_guides_as_the_library_promises(
    procedures: tuple[Procedure, ...],
    methods: tuple[Method, ...],
    templates: tuple[StatementTemplate, ...],
) -> None:
    assert len(procedures) >= 13
    assert len(methods) >= 10
    assert len(templates) >= 16


def test_there_is_one_template_for_each_kind_of_statement(
    templates: tuple[StatementTemplate, ...],
) -> None:
    kinds = [template.kind for template in templates]

    assert sorted(kinds) == sorted(StatementKind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_uses_all_its_slots_and_no_other(
    templates: tuple[StatementTemplate, ...], language: str
) -> None:
    faults = {
        template.slug: used ^ declared
        for template in templates
        if (used := set(SLOT.findall(getattr(template.body, language))))
        != (declared := {slot.name for slot in template.slots})
    }

    assert faults == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_filled_with_its_examples_leaves_no_gap(
    templates: tuple[StatementTemplate, ...], language: str
) -> None:
    left = {}
    for template in templates:
        filled = getattr(template.body, language)
        for slot in template.slots:
            filled = filled.replace(f"{{{slot.name}}}", getattr(slot.example, language))
        if set(filled) & set("{}"):
            left[template.slug] = filled

    assert left == {}


def test_every_regulatory_clock_runs_in_a_procedure_or_is_listed(
    documents: tuple[Document, ...], procedures: tuple[Procedure, ...]
) -> None:
    codes = {
        term.code
        for one in documents
        if isinstance(one, Vocabulary) and one.set == "RegulatoryClock"
        for term in one.terms
    }

    run = {clock.regulatory_clock for one in procedures for _, clock in parts(one, Clock)}

    assert codes - run - set(NOT_RUN) == set()
    assert set(NOT_RUN) - codes == set()


def test_every_limit_of_a_clock_is_cited_or_explained(
    procedures: tuple[Procedure, ...],
) -> None:
    loose = [
        (procedure.slug, place)
        for procedure in procedures
        for place, clock in parts(procedure, Clock)
        if clock.limit is not None and not clock.citations and clock.note is None
    ]

    assert loose == []
