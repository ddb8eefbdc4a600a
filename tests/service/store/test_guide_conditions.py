"""Conditions over methods, procedures and templates."""

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.conditions import EVERYTHING, Among, Condition
from service.domain.entries import EntryKind
from service.store.engine import Database
from service.store.units import Store
from tests.library import BREACH, NOON, OUTAGE, a_case, a_method, a_procedure, a_step, a_template

VISIBLE = Actor("ada", AccessRole.READER).visible
METHOD, PROCEDURE, TEMPLATE = EntryKind.METHOD, EntryKind.PROCEDURE, EntryKind.STATEMENT_TEMPLATE

GUIDES: list[tuple[str, EntryKind, Condition, list[str]]] = [
    ("every method", METHOD, EVERYTHING, ["m", "n"]),
    ("every procedure", PROCEDURE, EVERYTHING, ["p"]),
    ("every template", TEMPLATE, EVERYTHING, ["t"]),
    ("a slug", METHOD, Among("slug", ("n", "p")), ["n"]),
    ("a phase", METHOD, Among("phase", ("REVIEW",)), ["m"]),
    ("the phase of a step", PROCEDURE, Among("phase", ("RESPONSE",)), ["p"]),
    ("a type and those below it", METHOD, Among("type", ("DATA_SECURITY",)), ["n"]),
    ("a type of a case is none of a method", METHOD, Among("type", (OUTAGE,)), []),
    ("the role of a step", PROCEDURE, Among("role", ("LEGAL",)), ["p"]),
    ("a kind", TEMPLATE, Among("kind", ("HOLDING",)), ["t"]),
    ("a field the kind does not have", METHOD, Among("kind", ("HOLDING",)), []),
    ("a channel", TEMPLATE, Among("channel", ("OWNED_ACCOUNT",)), ["t"]),
    ("a rule", TEMPLATE, Among("rule", ("EMPTY_WORDS",)), ["t"]),
]


@pytest.fixture
async def store(database: Database) -> Store:
    store = Store(database)
    documents = [
        a_case("c", 1),
        a_method("n", crisis_types=[BREACH]),
        a_method("m", phases=["REVIEW"]),
        a_procedure("p", a_step("a"), a_step("b", role="LEGAL")),
        a_template("t", rules=["EMPTY_WORDS"]),
    ]
    async with store.writing() as writing:
        await writing.entries.publish(documents, author="ada", note=None, now=NOON)
    return store


async def guides(store: Store, kind: EntryKind, condition: Condition) -> list[str]:
    async with store.reading() as reading:
        listings = reading.listings(visible=VISIBLE)
        page = await listings.entries(kind, condition, first=100, after=None)
        assert await listings.count_entries(kind, condition) == len(page.items)
    return [listed.item.item for listed in page.items]


async def test_guides_are_narrowed(store: Store) -> None:
    found = {label: await guides(store, kind, condition) for label, kind, condition, _ in GUIDES}

    assert found == {label: expected for label, _, _, expected in GUIDES}
