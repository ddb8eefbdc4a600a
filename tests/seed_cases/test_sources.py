"""What each item rests on: cited, derived with the way it was, judged, or plainly unverified."""

from typing import Final

from service.domain.cases import Case, Remedy, SecondaryEffect
from service.domain.citations import Basis, Cited, Source, cited_place
from service.domain.codes import CaseProvenance, InformationCredibility, SourceReliability
from service.domain.entries import Document
from service.domain.figures import OutcomeMetric
from tests.seed_cases.parts import parts

# A publication that proves little may be named beside what nobody verified.
PROVES_LITTLE: Final = {SourceReliability.D, SourceReliability.E, SourceReliability.F}


def _figures(case: Case) -> list[tuple[str, Cited]]:
    outcomes = [one for one in parts(case, OutcomeMetric) if one[1].value is not None]
    remedies = [
        one
        for one in parts(case, Remedy)
        if (one[1].amount, one[1].effect_before, one[1].effect_after) != (None, None, None)
    ]
    effects = [one for one in parts(case, SecondaryEffect) if one[1].size is not None]
    return [*outcomes, *remedies, *effects]


def test_every_figure_has_a_citation_or_says_that_it_has_none(cases: tuple[Case, ...]) -> None:
    figures = [(case.slug, place, item) for case in cases for place, item in _figures(case)]

    loose = [
        (slug, place)
        for slug, place, item in figures
        if item.basis in {Basis.REPORTED, Basis.DERIVED} and not item.citations
    ]

    assert len(figures) > 400
    assert loose == []


def test_what_was_derived_says_how(documents: tuple[Document, ...]) -> None:
    unexplained = [
        (document.slug, place)
        for document in documents
        for place, item in parts(document, Cited)
        if item.basis is Basis.DERIVED and item.note is None
    ]

    assert unexplained == []


def test_what_is_unverified_is_never_graded_as_proof(documents: tuple[Document, ...]) -> None:
    graded = []
    for document in documents:
        reliability = {source.key: source.reliability for _, source in parts(document, Source)}
        for place, item in parts(document, Cited):
            keys = {cited_place(citation).key for citation in item.citations}
            if item.basis is Basis.UNVERIFIED and (
                item.credibility is not InformationCredibility.CRED_6
                or {reliability[key] for key in keys} - PROVES_LITTLE
            ):
                graded.append((document.slug, place))

    assert graded == []


def test_what_the_editors_judge_has_no_credibility_of_a_report(
    documents: tuple[Document, ...],
) -> None:
    graded = [
        (document.slug, place)
        for document in documents
        for place, item in parts(document, Cited)
        if item.basis is Basis.EDITORIAL and item.credibility is not InformationCredibility.CRED_6
    ]

    assert graded == []


def test_a_publication_is_graded_alike_wherever_it_is_cited(
    documents: tuple[Document, ...],
) -> None:
    grades: dict[str, dict[SourceReliability, list[str]]] = {}
    for document in documents:
        for _, source in parts(document, Source):
            held = grades.setdefault(source.identity, {})
            held.setdefault(source.reliability, []).append(f"{document.slug}: {source.key}")

    assert [held for held in grades.values() if len(held) > 1] == []


def test_every_source_of_a_case_is_cited_in_it(cases: tuple[Case, ...]) -> None:
    idle = {}
    for case in cases:
        cited = {
            cited_place(citation).key
            for _, item in parts(case, Cited)
            for citation in item.citations
        }
        if unused := {source.key for source in case.sources} - cited:
            idle[case.slug] = unused

    assert idle == {}


def test_the_anonymous_cases_are_marked_as_such(cases: tuple[Case, ...]) -> None:
    anonymous = [case for case in cases if case.slug.startswith("seed-c-")]
    others = [case for case in cases if case not in anonymous]

    assert len(anonymous) == 13
    assert {
        (
            case.organisation.anonymised,
            case.provenance,
            tuple((source.key, source.reliability) for source in case.sources),
        )
        for case in anonymous
    } == {(True, CaseProvenance.SEED_ANONYMOUS, (("S002", SourceReliability.F),))}
    assert {(case.organisation.anonymised, case.provenance) for case in others} == {
        (False, CaseProvenance.PUBLIC_SOURCED)
    }
