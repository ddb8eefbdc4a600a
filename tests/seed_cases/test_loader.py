"""The seed library: whole, sound and loaded once."""

from seed_cases.loader import seed_documents, seed_files
from service.domain.access import OPERATOR
from service.domain.cases import Case
from service.domain.entries import EntryKind, key_of
from service.operations.libraries import describe_library
from service.operations.ports import Desk
from service.operations.publishing import import_documents


async def test_the_seed_library_loads_into_an_empty_library(desk: Desk) -> None:
    documents = list(seed_documents())

    imported = await import_documents(desk, OPERATOR, documents, seeding=True)

    summary = await describe_library(desk, OPERATOR)
    assert imported.read == len(documents) == len(seed_files())
    assert set(imported.changed) == {key_of(read.document) for read in documents}
    assert summary.revision == 1
    assert sum(summary.counts.values()) == len(documents)
    assert summary.counts[EntryKind.VOCABULARY] == 44


async def test_loading_it_again_changes_nothing(desk: Desk) -> None:
    documents = list(seed_documents())
    await import_documents(desk, OPERATOR, documents, seeding=True)
    before = await describe_library(desk, OPERATOR)

    imported = await import_documents(desk, OPERATOR, list(seed_documents()), seeding=True)

    assert imported.changed == ()
    assert await describe_library(desk, OPERATOR) == before


def test_a_file_is_named_after_its_slug() -> None:
    names = {path.stem for path in seed_files()}

    assert names == {read.document.slug for read in seed_documents()}


def test_every_case_has_a_number_of_its_own() -> None:
    cases = [read.document for read in seed_documents() if isinstance(read.document, Case)]

    assert len({case.number for case in cases}) == len(cases)
