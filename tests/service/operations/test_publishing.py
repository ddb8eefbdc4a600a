"""Import: all or nothing; export and import give the same bytes; rebuild gives the same answers."""

from collections.abc import Callable

import pytest

from service.domain.access import OPERATOR, AccessRole, Actor
from service.domain.entries import Document, EntryKey, EntryKind, body_of, key_of
from service.domain.errors import InvalidDocuments, NotAllowed
from service.operations.libraries import LibrarySummary, describe_library
from service.operations.ports import Desk
from service.operations.publishing import (
    Imported,
    export_documents,
    import_documents,
    rebuild,
)
from tests.library import (
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    an_outcome,
    both,
    files,
    publish,
    small_vocabularies,
)

LINK = {"relation": "SIMILAR", "case": "two", "reason": both("像", "Alike")}
LIBRARY = [
    *small_vocabularies(),
    a_case(
        "one",
        1,
        links=[LINK],
        statements=[a_statement("S-1", strategies=["DENY.DENIAL"])],
        outcomes=[an_outcome("CHURN_RATE", 5.25)],
        note=both("“引号”：- 是\n否", "yes: 'no' # 1e3"),
    ),
    a_case("two", 2, sharing="TLP_RED"),
    a_method("m", example_cases=["one"], crisis_types=[OUTAGE]),
    a_template("t", example_cases=["one"]),
    a_procedure("p", a_step("a", templates=["t"], methods=["m"])),
]


async def summary(desk: Desk) -> LibrarySummary:
    return await describe_library(desk, OPERATOR)


async def exported(desk: Desk, actor: Actor = OPERATOR) -> list[str]:
    return [body_of(document) async for document in export_documents(desk, actor)]


async def waiting(desk: Desk) -> int:
    async with desk.store.reading() as reading:
        return await reading.outbox.depth()


async def test_documents_that_name_each_other_come_in_together(desk: Desk) -> None:
    imported = await publish(desk, *LIBRARY)

    assert imported.read == len(LIBRARY)
    assert set(imported.changed) == {key_of(document) for document in LIBRARY}
    assert (await summary(desk)).revision == 1


async def test_importing_again_changes_nothing(desk: Desk) -> None:
    await publish(desk, *LIBRARY)
    before = (await summary(desk), await waiting(desk))

    imported = await publish(desk, *reversed(LIBRARY))

    assert imported == Imported(len(LIBRARY), ())
    assert (await summary(desk), await waiting(desk)) == before


def _with(problem: Document, *others: Document) -> list[Document]:
    return [a_case("good", 50), a_method("good"), problem, *others]


WRONG: list[tuple[str, Callable[[], list[Document]], list[str]]] = [
    (
        "an unknown code",
        lambda: _with(a_case("bad", 60, industry="OTHERS")),
        [
            "bad.yaml: industry: 'OTHERS' is not a code of Industry; allowed are OTHER and others (2 in all)"
        ],
    ),
    (
        "an entry that is not there",
        lambda: _with(a_method("bad", example_cases=["gone"])),
        ["bad.yaml: example_cases.0: names CASE:gone, which is not in the library"],
    ),
    (
        "a source that is not there",
        lambda: _with(a_case("bad", 60, statements=[a_statement("S-1", citations=["S2"])])),
        [
            "bad.yaml: statements.0.citations.0: cites 'S2', which is no source here; they are S1",
        ],
    ),
    (
        "a number that is taken",
        lambda: _with(a_case("bad", 1)),
        ["bad.yaml: number: 'CASE-0001' is the number of 'one'; give this case a free one"],
    ),
    (
        "a number given twice",
        lambda: _with(a_case("bad", 60), a_case("worse", 60)),
        [
            "bad.yaml: number: 'CASE-0060' is given to two cases",
            "worse.yaml: number: 'CASE-0060' is given to two cases",
        ],
    ),
    (
        "an entry given twice",
        lambda: _with(a_method("bad"), a_method("bad", title=both("别", "Another"))),
        [
            "bad.yaml: slug: 'bad' is given twice; keep one",
            "bad.yaml: slug: 'bad' is given twice; keep one",
        ],
    ),
    (
        "a vocabulary that takes away a code in use",
        lambda: [
            document.model_copy(update={"terms": document.terms[1:]})
            for document in LIBRARY
            if document.entry == "VOCABULARY" and document.set == "Metric"
        ],
        ["CHURN_RATE"],
    ),
    (
        "a second vocabulary of one set",
        lambda: [
            document.model_copy(update={"slug": "another"})
            for document in LIBRARY
            if document.entry == "VOCABULARY" and document.set == "Metric"
        ],
        ["Metric"],
    ),
]


@pytest.mark.parametrize(("label", "documents", "messages"), WRONG)
async def test_one_wrong_document_of_many_changes_nothing(
    desk: Desk, label: str, documents: Callable[[], list[Document]], messages: list[str]
) -> None:
    await publish(desk, *LIBRARY)
    before = (await summary(desk), await waiting(desk), await exported(desk))

    with pytest.raises(InvalidDocuments) as refused:
        await publish(desk, *documents())

    assert len(refused.value.problems) == len(messages)
    for problem, message in zip(refused.value.problems, messages, strict=True):
        assert message in str(problem)
    assert (await summary(desk), await waiting(desk), await exported(desk)) == before


async def test_a_dry_run_says_what_would_change_and_changes_nothing(desk: Desk) -> None:
    await publish(desk, *LIBRARY)
    before = (await summary(desk), await waiting(desk), await exported(desk))
    documents = files([a_case("two", 2), a_case("new", 9)])

    imported = await import_documents(desk, OPERATOR, documents, dry_run=True)

    assert imported.read == 2
    assert set(imported.changed) == {
        EntryKey(EntryKind.CASE, "two"),
        EntryKey(EntryKind.CASE, "new"),
    }
    assert (await summary(desk), await waiting(desk), await exported(desk)) == before


async def test_a_published_vocabulary_is_read_at_once(desk: Desk) -> None:
    await publish(desk, *LIBRARY)

    term = desk.shelf.vocabularies.term("CrisisType", OUTAGE)

    assert term is not None
    assert term.label.en == "Service outage"


PUBLISHERS = {AccessRole.REVIEWER, AccessRole.ADMIN}


@pytest.mark.parametrize("role", [*AccessRole, None])
async def test_only_reviewers_and_administrators_publish(
    desk: Desk, role: AccessRole | None
) -> None:
    actor = Actor("ada", role)
    documents = files([*small_vocabularies(), a_case("one", 1)])

    if role in PUBLISHERS:
        await import_documents(desk, actor, documents)
        await rebuild(desk, actor)
        assert (await summary(desk)).revision == 1
        return

    for refused in (import_documents(desk, actor, documents), rebuild(desk, actor)):
        with pytest.raises(NotAllowed, match="Your role does not permit you to publish entries"):
            await refused
    assert (await summary(desk)).revision == 0
