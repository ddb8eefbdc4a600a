"""The library that a bench makes is one that could be imported, and the same each time."""

import pytest

from bench.phrasings import fresh_texts
from bench.recombined import recombined_cases
from seed_cases.loader import seed_documents
from service.domain.cases import Case
from service.domain.citations import cited_place
from service.domain.entries import body_of, citations_in, key_of
from service.domain.files import FileDocument, read_documents
from service.domain.references import problems_in
from service.domain.vocabularies import Vocabularies, Vocabulary

COUNT = 40


@pytest.fixture(scope="module")
def seed() -> list[FileDocument]:
    return list(seed_documents())


@pytest.fixture(scope="module")
def cases(seed: list[FileDocument]) -> list[Case]:
    return [read.document for read in seed if isinstance(read.document, Case)]


def test_recombined_cases_can_be_imported_beside_those_that_ship(
    seed: list[FileDocument], cases: list[Case]
) -> None:
    made = list(recombined_cases(cases, count=COUNT))
    lines = "\n".join(body_of(case) for case in made)
    vocabularies = Vocabularies(
        read.document for read in seed if isinstance(read.document, Vocabulary)
    )

    read = read_documents(lines.encode(), file="made.jsonl")

    assert [each.document for each in read] == made
    assert len({case.number for case in (*made, *cases)}) == COUNT + len(cases)
    assert len({case.slug for case in (*made, *cases)}) == COUNT + len(cases)
    entries = {key_of(each.document) for each in (*seed, *read)}
    problems = [
        problem
        for each in read
        for problem in problems_in(each, vocabularies=vocabularies, entries=entries)
    ]
    assert problems == []


def test_the_same_seed_makes_the_same_cases_and_another_makes_others(cases: list[Case]) -> None:
    made = list(recombined_cases(cases, count=COUNT))

    assert list(recombined_cases(cases, count=COUNT)) == made
    assert list(recombined_cases(cases, count=COUNT, seed=1)) != made


def test_a_recombined_case_mixes_the_parts_of_several(cases: list[Case]) -> None:
    (made,) = recombined_cases(cases, count=1)

    told = next(case for case in cases if case.title == made.title)
    answered = next(case for case in cases if case.anchors == made.anchors)
    asked = next(case for case in cases if case.asked_as == made.asked_as)
    assert len({told.slug, answered.slug, asked.slug}) > 1
    assert [said.key_messages for said in made.statements] == [
        said.key_messages for said in answered.statements
    ]


def test_its_sources_are_those_its_parts_cite(cases: list[Case]) -> None:
    for made in recombined_cases(cases, count=COUNT):
        cited = {cited_place(use.citation).key for use in citations_in(made)}

        assert {source.key for source in made.sources} == cited


def test_no_text_is_typed_twice_and_the_texts_are_the_same_each_time(cases: list[Case]) -> None:
    texts = fresh_texts(cases, count=600, seed=1)

    assert len(set(texts)) == 600
    assert fresh_texts(cases, count=600, seed=1) == texts
