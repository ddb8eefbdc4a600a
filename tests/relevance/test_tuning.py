"""A floor under the order and the claims of findPrecedents, on the half it was tuned with.

How good it is on queries nobody tuned for is what `make relevance` reports.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import pytest

from search.lexical import LexicalIndex
from search.protocol import CASE, IndexIdentity, Preference, SearchDocument, SearchQuery
from service.domain.cases import Case
from service.domain.concepts import ConceptReader
from service.domain.entries import Document
from service.domain.precedents import WEIGHTS, facets_of
from service.domain.situations import Situation, read_situation
from service.domain.vocabularies import Vocabulary
from service.indexing.documents import documents_of
from service.indexing.terms import TermLookup
from service.operations.precedents import CANDIDATES, _Meanings, _scored
from tests.relevance.golden import NOTHING, RIGHT_FROM, TUNING, Golden, golden_queries
from tests.relevance.measures import DEPTH, Quality, Ranked, quality, reciprocal_rank

MRR_LEAST: Final = {"tuning": 0.95, "tuning-distant": 0.85}
CONFIDENT_WRONG_MOST: Final = 0.10


@pytest.fixture(scope="session")
def vocabularies(seed_library: tuple[Document, ...]) -> Mapping[str, Vocabulary]:
    return {document.set: document for document in seed_library if isinstance(document, Vocabulary)}


@pytest.fixture(scope="session")
def answers(
    seed_library: tuple[Document, ...],
    vocabularies: Mapping[str, Vocabulary],
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Sequence[Ranked]]:
    """What nearness and score make of every query of the tuning half, on the seed library."""
    index = LexicalIndex(tmp_path_factory.mktemp("tuning") / "lexical")

    async def batches() -> AsyncIterator[Sequence[SearchDocument]]:
        terms = TermLookup(vocabularies)
        for document in seed_library:
            yield documents_of(document, revision=1, terms=terms)

    async def answered() -> Mapping[str, Sequence[Ranked]]:
        identity = IndexIdentity("tuning", 1, "", "")
        await index.rebuild(batches(), identity=identity)
        reader = ConceptReader(vocabularies)
        found = {
            golden.query: await _ranked(index, reader, golden.query)
            for name in TUNING
            for golden in golden_queries(name)
        }
        await index.aclose()
        return found

    return asyncio.run(answered())


async def _ranked(index: LexicalIndex, reader: ConceptReader, text: str) -> Sequence[Ranked]:
    situation = Situation(text=text)
    reading = read_situation(situation, reader)
    facets = facets_of(situation, reading.named_types)
    near = await index.nearest(
        SearchQuery(text=reading.words, kinds=(CASE,), limit=CANDIDATES),
        preferences=[Preference(each.field, each.wanted, each.preference) for each in facets],
    )
    scored = _scored(near, (), _Meanings({}), facets, WEIGHTS)
    return [Ranked(each.key.slug, each.score) for each in scored[:DEPTH]]


@pytest.mark.parametrize("name", TUNING)
def test_the_right_case_comes_first_nearly_always(
    answers: Mapping[str, Sequence[Ranked]], name: str
) -> None:
    queries = golden_queries(name)

    found: Quality = quality(queries, answers)["all"]

    missed = [
        golden.query
        for golden in queries
        if golden.category != NOTHING and reciprocal_rank(golden, answers[golden.query]) < 1
    ]
    assert found.mrr >= MRR_LEAST[name], missed


def test_a_fit_is_hardly_ever_claimed_where_there_is_none(
    answers: Mapping[str, Sequence[Ranked]],
) -> None:
    queries = [golden for name in TUNING for golden in golden_queries(name)]

    found = quality(queries, answers)["all"]

    assert found.confident_wrong is not None
    assert found.confident_wrong <= CONFIDENT_WRONG_MOST


@pytest.mark.parametrize("name", TUNING)
def test_golden_queries_name_cases_of_the_library(
    seed_library: tuple[Document, ...], name: str
) -> None:
    cases = {document.slug for document in seed_library if isinstance(document, Case)}
    queries = golden_queries(name)

    assert [golden for golden in queries if not golden.right.keys() <= cases] == []
    assert [golden for golden in queries if bool(golden.right_ones) is _is_nothing(golden)] == []
    assert len({golden.query for golden in queries}) == len(queries)
    assert {grade for golden in queries for grade in golden.right.values()} <= {1, RIGHT_FROM, 3}


def _is_nothing(golden: Golden) -> bool:
    return golden.category == NOTHING
