"""Publishing: revision, projection, outbox and library revision in one transaction."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from service.domain.codes import SharingMarking
from service.domain.entries import DOCUMENT, Document, EntryKey, EntryKind, body_of, key_of
from service.store.engine import Database
from service.store.rows import PROJECTION, EntryRow, OutboxRow, RevisionRow, Row
from service.store.units import Store
from tests.library import (
    NOON,
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    an_outcome,
    both,
    small_vocabularies,
)

RICH = a_case(
    "rich",
    1,
    country="CN",
    anchors={
        "first_signal_at": {"at": "2023-10-23"},
        "first_statement_at": {"at": "2023-10-24"},
        "resolved_at": {"at": "2023-10-26"},
    },
    statements=[
        a_statement("S-1", strategies=["DENY.DENIAL"]),
        a_statement("S-2", supersedes="S-1", moment={"offset": {"from_hours": 1, "to_hours": 2}}),
    ],
    promises=[{"text": both("会退", "Refunds"), "outcome": "BROKEN", "citations": ["S1"]}],
    remedies=[
        {
            "kind": "CASH",
            "recipient": "AFFECTED_USER",
            "form": both("现金", "Cash"),
            "citations": ["S1"],
        }
    ],
    secondary_effects=[
        {
            "type": "SECONDARY.LITIGATION",
            "text": both("起诉", "A lawsuit"),
            "moment": {"offset": {"from_hours": 24, "to_hours": 24}},
            "citations": ["S1"],
        },
        {"type": "SECONDARY.BOYCOTT", "text": both("抵制", "A boycott"), "basis": "UNVERIFIED"},
    ],
    outcomes=[
        an_outcome("CHURN_RATE", 5),
        an_outcome("SUBSIDE_DAYS", 3, "DAY", comparator="LE"),
    ],
    editorial_verdict={"verdict": "LOSS", "reason": both("失", "A loss")},
)


RICH_TOO = RICH.model_copy(update={"number": "CASE-0002"})


async def published(
    store: Store, *documents: Document, note: str | None = None
) -> tuple[EntryKey, ...]:
    async with store.writing() as writing:
        return await writing.entries.publish(documents, author="ada", note=note, now=NOON)


def _revised(document: Document, change: dict[str, Any]) -> Document:
    body = document.model_dump(mode="json", exclude_defaults=True)
    return DOCUMENT.validate_python({"entry": "CASE", **body, **change})


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that publishing writes."""
    held = {}
    async with database.reading() as connection:
        tables: tuple[type[Row], ...] = (EntryRow, RevisionRow, OutboxRow, *PROJECTION)
        for table in tables:
            columns = table.__table__.columns
            rows = await connection.execute(select(*columns).order_by(*columns))
            held[table.__tablename__] = [tuple(row) for row in rows]
    return held


async def count(database: Database, table: type[Row]) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def revision(store: Store) -> int:
    async with store.reading() as reading:
        return (await reading.library.get()).revision


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


async def test_publishing_writes_revision_projection_outbox_and_library_revision(
    database: Database, store: Store
) -> None:
    changed = await published(store, RICH, note="first")

    held = await contents(database)
    (entry,) = held["entries"]
    entry_id = entry[0]
    assert changed == (EntryKey(EntryKind.CASE, "rich"),)
    assert entry[1:6] == ("CASE", "rich", "CASE-0001", "TLP_CLEAR", 1)
    assert entry[7] == 1
    assert held["revisions"] == [(entry_id, 1, body_of(RICH), "ada", "first", NOON)]
    assert [row[1:] for row in held["outbox"]] == [(entry_id, 1)]
    assert held["cases"] == [
        (entry_id, 1, "CN", 2023, None, "LOSS", 0.0, 48.0, 48.0, 96.0, 0.0, 3.0, True, True)
    ]
    assert held["statements"] == [
        (entry_id, "S-1", 0, None, None),
        (entry_id, "S-2", 1, 1.0, 2.0),
    ]
    assert held["outcome_metrics"] == [
        (entry_id, 0, "CHURN_RATE", 5.0, "EQ", "PERCENT"),
        (entry_id, 1, "SUBSIDE_DAYS", 3.0, "LE", "DAY"),
    ]
    assert held["remedies"] == [(entry_id, 0, "CASH")]
    assert held["secondary_effects"] == [
        (entry_id, 0, "SECONDARY.LITIGATION", True, 24.0, 24.0),
        (entry_id, 1, "SECONDARY.BOYCOTT", False, None, None),
    ]
    assert len(held["cited_sources"]) == 1
    assert await revision(store) == 1


async def test_a_code_is_projected_with_those_above_it(database: Database, store: Store) -> None:
    await published(store, RICH)

    rows = (await contents(database))["entry_terms"]
    types = {row[4]: row[5] for row in rows if row[2] == "primary_type"}
    strategies = {(row[1], row[4], row[5]) for row in rows if row[3] == "ResponseStrategy"}
    assert types == {
        "PUBLIC_OPINION": False,
        "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT": False,
        OUTAGE: True,
    }
    assert strategies == {("S-1", "DENY", False), ("S-1", "DENY.DENIAL", True)}


async def test_links_are_projected_with_the_step_that_makes_them(
    database: Database, store: Store
) -> None:
    await published(
        store, a_procedure("p", a_step("a", methods=["m"], example_cases=["x"])), a_method("m")
    )

    rows = (await contents(database))["entry_links"]

    assert [row[1:] for row in rows] == [
        ("a", "EXAMPLE_CASES", "CASE", "x"),
        ("a", "METHODS", "METHOD", "m"),
    ]


async def test_many_documents_are_one_library_revision(database: Database, store: Store) -> None:
    documents = [a_case(f"case-{n}", n) for n in range(1, 1_203)]

    changed = await published(store, *documents)

    assert sorted(changed) == sorted(key_of(document) for document in documents)
    assert await revision(store) == 1
    assert await count(database, EntryRow) == 1_202
    assert await count(database, OutboxRow) == 1_202


async def test_what_is_published_already_writes_nothing(database: Database, store: Store) -> None:
    await published(store, RICH, *small_vocabularies())
    before = await contents(database)

    changed = await published(store, RICH, *small_vocabularies())

    assert changed == ()
    assert await contents(database) == before
    assert await revision(store) == 1


async def test_publishing_nothing_writes_nothing(store: Store) -> None:
    assert await published(store) == ()
    assert await revision(store) == 0


async def test_a_revision_keeps_those_before_it(database: Database, store: Store) -> None:
    await published(store, RICH, a_case("other", 2))
    revised = RICH.model_copy(update={"country": "US", "number": "CASE-0009", "statements": ()})

    changed = await published(store, revised)

    held = await contents(database)
    (rich, other) = held["entries"]
    assert changed == (key_of(RICH),)
    assert (rich[3], rich[5], rich[7]) == ("CASE-0009", 2, 2)
    assert (other[3], other[5], other[7]) == ("CASE-0002", 1, 1)
    assert [row[1:3] for row in held["revisions"] if row[0] == rich[0]] == [
        (1, body_of(RICH)),
        (2, body_of(revised)),
    ]
    assert [row[1:3] for row in held["cases"] if row[0] == rich[0]] == [(9, "US")]
    assert held["statements"] == []
    assert sorted(row[1:] for row in held["outbox"]) == [
        (rich[0], 1),
        (rich[0], 2),
        (other[0], 1),
    ]
    assert await revision(store) == 2


@pytest.mark.parametrize(
    ("change", "is_relisted"),
    [
        ({"title": both("另一个标题", "Another title")}, False),
        ({"sharing": SharingMarking.TLP_AMBER}, True),
        ({"number": "CASE-0009"}, True),
        ({"anchors": {"first_signal_at": {"at": "2024-01-02"}}}, True),
        ({"statements": [a_statement("S-1", strategies=["DENY.DENIAL"])]}, True),
        ({"statements": [a_statement("S-1"), a_statement("S-2", supersedes="S-1")]}, True),
        ({"outcomes": [an_outcome("CHURN_RATE", 5.5)]}, True),
        ({"links": [{"case": "x", "relation": "SIMILAR", "reason": both("像", "Alike")}]}, True),
    ],
)
async def test_a_change_says_whether_lists_read_otherwise(
    database: Database, store: Store, change: dict[str, Any], *, is_relisted: bool
) -> None:
    await published(store, RICH)
    before = await contents(database)
    async with store.reading() as reading:
        began = await reading.changes.point()

    await published(store, _revised(RICH, change))

    async with store.reading() as reading:
        told = await reading.changes.since(began)
    assert told is not None
    assert [entry.is_relisted for entry in told.entries] == [is_relisted]
    after = await contents(database)
    is_same = all(after[table.__tablename__] == before[table.__tablename__] for table in PROJECTION)
    assert is_same or is_relisted


async def test_what_was_relisted_before_the_last_text_is_told_still(store: Store) -> None:
    await published(store, RICH)
    async with store.reading() as reading:
        began = await reading.changes.point()
    await published(store, RICH.model_copy(update={"country": "US"}))

    await published(store, _revised(RICH, {"country": "US", "title": both("新标题", "New")}))

    async with store.reading() as reading:
        told = await reading.changes.since(began)
    assert told is not None
    assert [(entry.revision, entry.is_relisted) for entry in told.entries] == [(3, True)]


async def test_going_back_to_an_earlier_text_is_a_revision_of_its_own(
    database: Database, store: Store
) -> None:
    await published(store, RICH)
    await published(store, RICH.model_copy(update={"country": "US"}))

    await published(store, RICH)

    revisions = (await contents(database))["revisions"]
    assert [row[1] for row in revisions] == [1, 2, 3]
    assert revisions[0][2] == revisions[2][2] == body_of(RICH)


async def test_a_failure_after_publishing_leaves_nothing(database: Database, store: Store) -> None:
    await published(store, a_case("one", 1))
    before = await contents(database)

    async def fail() -> None:
        async with store.writing() as writing:
            await writing.entries.publish([RICH_TOO], author="ada", note=None, now=NOON)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        await fail()

    assert await contents(database) == before
    assert await revision(store) == 1


async def test_a_number_that_is_taken_leaves_nothing_of_the_others(
    database: Database, store: Store
) -> None:
    await published(store, a_case("one", 1))
    before = await contents(database)

    with pytest.raises(IntegrityError):
        await published(store, a_case("two", 2), a_case("three", 1))

    assert await contents(database) == before
    assert await revision(store) == 1


async def test_a_number_given_up_is_free_again(store: Store) -> None:
    await published(store, a_case("one", 1))
    await published(store, a_case("one", 7))

    changed = await published(store, a_case("two", 1))

    assert changed == (EntryKey(EntryKind.CASE, "two"),)


async def test_a_kind_and_slug_name_one_entry(store: Store) -> None:
    await published(store, a_case("same", 1), a_method("same"))

    keys = [
        EntryKey(kind, "same") for kind in (EntryKind.CASE, EntryKind.METHOD, EntryKind.PROCEDURE)
    ]
    async with store.reading() as reading:
        found = await reading.entries.ids_of(keys)

    assert found.keys() == set(keys[:2])
    assert len(set(found.values())) == 2
