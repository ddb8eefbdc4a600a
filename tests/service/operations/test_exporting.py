"""Export and import give the same bytes; a rebuild gives the same answers."""

from pathlib import Path
from typing import Any

import pytest

from service.app import Application
from service.domain.access import NOBODY, OPERATOR, AccessRole, Actor
from service.domain.conditions import EVERYTHING, Order
from service.domain.entries import EntryKind, body_of
from service.domain.errors import NotAllowed
from service.operations.ports import Desk
from service.operations.publishing import export_documents, rebuild
from service.settings import Settings
from service.store.migrations import migrate
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


async def exported(desk: Desk, actor: Actor = OPERATOR) -> list[str]:
    return [body_of(document) async for document in export_documents(desk, actor)]


async def test_an_export_comes_back_byte_for_byte(
    desk: Desk, application: Application, tmp_path: Path
) -> None:
    await publish(desk, *LIBRARY)
    first = await exported(desk)
    other = Application(Settings(var=tmp_path / "other", database_url=f"sqlite:///{tmp_path}/o.db"))
    await migrate(other.database)

    await publish(other.desk, *[document async for document in export_documents(desk, OPERATOR)])
    second = await exported(other.desk)

    await other.desk.lexical.aclose()
    await other.database.aclose()
    assert sorted(second) == sorted(first) == sorted(map(body_of, LIBRARY))
    assert second == first


async def test_an_export_holds_what_the_actor_may_see(desk: Desk) -> None:
    await publish(desk, *LIBRARY)

    found = await exported(desk, Actor("ada", AccessRole.READER))

    hidden = body_of(a_case("two", 2, sharing="TLP_RED"))
    assert sorted(found) == sorted(set(map(body_of, LIBRARY)) - {hidden})


async def test_nobody_exports_nothing(desk: Desk) -> None:
    await publish(desk, *LIBRARY)

    with pytest.raises(NotAllowed):
        await exported(desk, NOBODY)


async def test_a_rebuild_gives_the_same_answers(desk: Desk) -> None:
    await publish(desk, *LIBRARY)
    await publish(desk, a_case("two", 2, statements=[a_statement("S-9")]))
    before = await _answers(desk)

    count = await rebuild(desk, OPERATOR)

    assert count == len(LIBRARY)
    assert await _answers(desk) == before


async def _answers(desk: Desk) -> list[Any]:
    async with desk.store.reading() as reading:
        listings = reading.listings(visible=OPERATOR.visible)
        kinds = (EntryKind.METHOD, EntryKind.PROCEDURE, EntryKind.STATEMENT_TEMPLATE)
        identities = [
            listed.position.value
            for listed in (await listings.sources(first=100, after=None)).items
        ]
        return [
            *[
                await listings.cases(EVERYTHING, order=Order(field), first=100, after=None)
                for field in ("number", "year", "first_statement_hours")
            ],
            *[
                await listings.statements(EVERYTHING, order=Order(field), first=100, after=None)
                for field in ("case_number", "offset_hours")
            ],
            await listings.outcome_metrics(EVERYTHING, order=Order("value"), first=100, after=None),
            *[await listings.entries(kind, EVERYTHING, first=100, after=None) for kind in kinds],
            await listings.citing([str(identity) for identity in identities]),
            await listings.naming(EntryKind.CASE, ["one", "two"]),
            await listings.using(
                EntryKind.CASE,
                vocabulary="CrisisType",
                codes=[OUTAGE, "PUBLIC_OPINION"],
                field="primary_type",
                directly=False,
            ),
            (await reading.library.get()).revision,
        ]
