"""What a reader may not see is in no listing, no count and no link."""

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.conditions import EVERYTHING, Order
from service.domain.entries import Document, EntryKind
from service.store.engine import Database
from service.store.units import Store
from tests.library import (
    NOON,
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    an_outcome,
    both,
)

MARKINGS = ["TLP_CLEAR", "TLP_GREEN", "TLP_AMBER", "TLP_AMBER_STRICT", "TLP_RED"]
SEEN = {
    AccessRole.READER: 2,
    AccessRole.TRAINEE: 2,
    AccessRole.RESPONDER: 4,
    AccessRole.TRAINER: 4,
    AccessRole.EDITOR: 4,
    AccessRole.REVIEWER: 4,
    AccessRole.ADMIN: 5,
    None: 0,
}


def marked(marking: str, number: int) -> list[Document]:
    """One entry of each kind under a marking, all naming the case `named`."""
    name = marking.lower().replace("_", "-")
    link = {"relation": "SIMILAR", "case": "named", "reason": both("像", "Alike")}
    return [
        a_case(
            name,
            number,
            sharing=marking,
            statements=[a_statement("S-1")],
            outcomes=[an_outcome("CHURN_RATE", number)],
            links=[link],
        ),
        a_method(name, sharing=marking, crisis_types=[OUTAGE], example_cases=["named"]),
        a_procedure(
            name, a_step("a", example_cases=["named"]), sharing=marking, crisis_types=[OUTAGE]
        ),
        a_template(name, sharing=marking, crisis_types=[OUTAGE], example_cases=["named"]),
    ]


@pytest.fixture
async def store(database: Database) -> Store:
    store = Store(database)
    documents = [
        document
        for number, marking in enumerate(MARKINGS, start=1)
        for document in marked(marking, number)
    ]
    async with store.writing() as writing:
        await writing.entries.publish(documents, author="ada", note=None, now=NOON)
    return store


KINDS = [EntryKind.CASE, EntryKind.METHOD, EntryKind.PROCEDURE, EntryKind.STATEMENT_TEMPLATE]


@pytest.mark.parametrize("role", SEEN)
async def test_a_role_sees_the_markings_it_may_see_everywhere(
    store: Store, role: AccessRole | None
) -> None:
    visible = Actor("ada", role).visible
    seen = SEEN[role]

    async with store.reading() as reading:
        listings = reading.listings(visible=visible)
        pages = {
            "cases": await listings.cases(EVERYTHING, order=Order("number"), first=100, after=None),
            "statements": await listings.statements(
                EVERYTHING, order=Order("offset_hours"), first=100, after=None
            ),
            "outcome_metrics": await listings.outcome_metrics(
                EVERYTHING, order=Order("value"), first=100, after=None
            ),
            "sources": await listings.sources(first=100, after=None),
        } | {
            kind.value: await listings.entries(kind, EVERYTHING, first=100, after=None)
            for kind in KINDS[1:]
        }
        counts = await reading.entries.counts(visible=visible)
        totals = (
            await listings.count_cases(EVERYTHING),
            await listings.count_statements(EVERYTHING),
            await listings.count_outcome_metrics(EVERYTHING),
            await listings.count_sources(),
        )
        naming = await listings.naming(EntryKind.CASE, ["named"])
        using = [
            await listings.using(
                kind, vocabulary="CrisisType", codes=[OUTAGE], field=field, directly=True
            )
            for kind, field in zip(KINDS, ("primary_type", *["crisis_types"] * 3), strict=True)
        ]
        everything = await reading.entries.load_after(0, limit=100)
        loaded = await reading.entries.load_many(
            [entry.id for entry in everything], visible=visible
        )

    assert {name: len(page.items) for name, page in pages.items()} == dict.fromkeys(pages, seen)
    assert [counts[kind] for kind in KINDS] == [seen] * 4
    assert totals == (seen,) * 4
    assert len(naming["named"]) == 4 * seen
    assert [len(found[OUTAGE]) for found in using] == [seen] * 4
    assert len(everything) == 20
    assert len(loaded) == 4 * seen
