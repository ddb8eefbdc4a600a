"""Conditions over cases, statements and outcome metrics."""

from typing import Any

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.conditions import (
    EVERYTHING,
    Among,
    Condition,
    Every,
    Measured,
    Not,
    OfCase,
    Order,
    Some,
    Within,
)
from service.domain.figures import Comparator
from service.store.engine import Database
from service.store.units import Store
from tests.library import (
    BREACH,
    HIJACK,
    NOON,
    OUTAGE,
    a_case,
    a_statement,
    an_outcome,
    both,
)

VISIBLE = Actor("ada", AccessRole.READER).visible


def hours(low: float, high: float) -> dict[str, Any]:
    return {"offset": {"from_hours": low, "to_hours": high}}


OUTAGE_CASE = a_case(
    "outage",
    1,
    country="CN",
    platforms=["WEIBO"],
    anchors={"first_signal_at": {"at": "2023-10-23"}, "first_statement_at": hours(1, 2)},
    statements=[
        a_statement("S-1", moment=hours(1, 2), strategies=["REBUILD.APOLOGY"], platforms=["X"]),
        a_statement("S-2", moment=hours(0, 24), kind="FULL_STATEMENT", channel="OWNED_SITE"),
    ],
    outcomes=[an_outcome("CHURN_RATE", 5)],
    assessments=[{"rule": "UNSCORED", "level": "HIGH", "reason": both("因", "Because")}],
    editorial_verdict={"verdict": "LOSS", "reason": both("失", "A loss")},
)
HIJACK_CASE = a_case(
    "hijack",
    2,
    country="US",
    platforms=["X", "WEIBO"],
    industry="GAMES",
    provenance="SYNTHETIC",
    primary_type=HIJACK,
    other_types=[BREACH],
    cause_origin="INTRUDER",
    cluster="VICTIM",
    anchors={"first_signal_at": {"at": "2019"}, "first_statement_at": hours(0, 24)},
    statements=[a_statement("S-1", strategies=["DENY.DENIAL"])],
    outcomes=[
        an_outcome("CHURN_RATE", 7, comparator="LE"),
        an_outcome("AFFECTED_USERS", 5, "PERSON"),
    ],
)
BARE_CASE = a_case(
    "bare",
    3,
    primary_type=BREACH,
    secondary_effects=[
        {"type": "SECONDARY.LITIGATION", "text": both("诉", "Sued"), "citations": ["S1"]}
    ],
)


@pytest.fixture
async def store(database: Database) -> Store:
    store = Store(database)
    async with store.writing() as writing:
        await writing.entries.publish(
            [OUTAGE_CASE, HIJACK_CASE, BARE_CASE],
            author="ada",
            note=None,
            now=NOON,
        )
    return store


async def cases(store: Store, condition: Condition) -> list[str]:
    async with store.reading() as reading:
        listings = reading.listings(visible=VISIBLE)
        page = await listings.cases(condition, order=Order("number"), first=100, after=None)
        assert await listings.count_cases(condition) == len(page.items)
    return [listed.item.item for listed in page.items]


ALL = ["outage", "hijack", "bare"]
CASE_CONDITIONS: list[tuple[str, Condition, list[str]]] = [
    ("everything", EVERYTHING, ALL),
    ("none of nothing", Not(EVERYTHING), []),
    ("some of nothing", Some(()), []),
    ("not some of nothing", Not(Some(())), ALL),
    ("a type", Among("type", (OUTAGE,)), ["outage"]),
    ("a type and those below it", Among("type", ("DATA_SECURITY",)), ["hijack", "bare"]),
    ("any of two types", Among("type", (OUTAGE, BREACH)), ALL),
    ("a type of no case", Among("type", ("SECONDARY.X",)), []),
    ("no type at all", Among("type", ()), []),
    ("a part of a code is not a code above it", Among("type", ("DATA",)), []),
    ("the primary type only", Among("primary_type", (BREACH,)), ["bare"]),
    ("a secondary effect is no type", Among("type", ("SECONDARY",)), []),
    ("a secondary effect", Among("secondary_effect", ("SECONDARY",)), ["bare"]),
    ("a platform of the case, not of a statement", Among("platform", ("X",)), ["hijack"]),
    ("an industry", Among("industry", ("GAMES",)), ["hijack"]),
    ("a strategy and those below it", Among("strategy", ("REBUILD",)), ["outage"]),
    ("a kind of statement", Among("statement_kind", ("FULL_STATEMENT",)), ["outage"]),
    ("a provenance", Among("provenance", ("PUBLIC_SOURCED",)), ["outage", "bare"]),
    ("a cause", Among("cause_origin", ("INTRUDER",)), ["hijack"]),
    ("a cluster", Among("cluster", ("VICTIM",)), ["hijack"]),
    ("a metric", Among("metric", ("CHURN_RATE",)), ["outage", "hijack"]),
    ("a country", Among("country", ("CN", "US")), ["outage", "hijack"]),
    ("not a country, unknown included", Not(Among("country", ("CN",))), ["hijack", "bare"]),
    ("a level", Among("level", ("HIGH",)), ["outage"]),
    ("not a level, unknown included", Not(Among("level", ("HIGH",))), ["hijack", "bare"]),
    ("a verdict", Among("verdict", ("LOSS",)), ["outage"]),
    ("a slug", Among("slug", ("bare", "gone")), ["bare"]),
    ("a year", Within("year", 2019, 2019), ["hijack"]),
    ("from a year on", Within("year", least=2020), ["outage"]),
    ("up to a year", Within("year", most=2023), ["outage", "hijack"]),
    ("any known year", Within("year"), ["outage", "hijack"]),
    ("not up to a year, unknown included", Not(Within("year", most=2019)), ["outage", "bare"]),
    (
        "certainly within two hours",
        Within("first_statement_hours", most=2),
        ["outage"],
    ),
    ("not within less than it may be", Within("first_statement_hours", most=1.9), []),
    ("certainly within a day", Within("first_statement_hours", most=24), ["outage", "hijack"]),
    ("certainly not before an hour", Within("first_statement_hours", least=1), ["outage"]),
    ("all of two", Every((Among("country", ("CN",)), Within("year", 2023))), ["outage"]),
    (
        "all of two that never meet",
        Every((Among("country", ("CN",)), Among("country", ("US",)))),
        [],
    ),
    (
        "either of two",
        Some((Among("country", ("CN",)), Among("primary_type", (BREACH,)))),
        ["outage", "bare"],
    ),
    ("not not", Not(Not(Among("country", ("CN",)))), ["outage"]),
]


async def test_cases_are_narrowed(store: Store) -> None:
    found = {label: await cases(store, condition) for label, condition, _ in CASE_CONDITIONS}

    assert found == {label: expected for label, _, expected in CASE_CONDITIONS}


NUMBERS = {"outage": 1, "hijack": 2, "bare": 3}
CN = OfCase(Among("country", ("CN",)))
STATEMENT_CONDITIONS: list[tuple[str, Condition, list[str]]] = [
    ("everything", EVERYTHING, ["1 S-1", "1 S-2", "2 S-1"]),
    ("a kind", Among("kind", ("HOLDING",)), ["1 S-1", "2 S-1"]),
    ("a strategy of its own", Among("strategy", ("REBUILD",)), ["1 S-1"]),
    ("a channel", Among("channel", ("OWNED_SITE",)), ["1 S-2"]),
    ("a platform of its own", Among("platform", ("X",)), ["1 S-1"]),
    ("not a platform", Not(Among("platform", ("X",))), ["1 S-2", "2 S-1"]),
    ("certainly within two hours", Within("offset_hours", most=2), ["1 S-1"]),
    ("not within a day, unknown included", Not(Within("offset_hours", most=24)), ["2 S-1"]),
    ("of a case", CN, ["1 S-1", "1 S-2"]),
    ("not of a case", Not(CN), ["2 S-1"]),
    (
        "of a case, and of its own",
        Every((CN, Among("kind", ("HOLDING",)))),
        ["1 S-1"],
    ),
    (
        "of a case by what was measured",
        OfCase(Measured("AFFECTED_USERS", Comparator.GE, 1)),
        ["2 S-1"],
    ),
    ("of any case", OfCase(EVERYTHING), ["1 S-1", "1 S-2", "2 S-1"]),
    ("of no case", OfCase(Some(())), []),
]


async def statements(store: Store, condition: Condition) -> list[str]:
    async with store.reading() as reading:
        listings = reading.listings(visible=VISIBLE)
        page = await listings.statements(
            condition, order=Order("case_number"), first=100, after=None
        )
        assert await listings.count_statements(condition) == len(page.items)
        entries = await reading.entries.load_all([each.item.entry_id for each in page.items])
    numbers = {entry.id: NUMBERS[entry.key.slug] for entry in entries}
    return [f"{numbers[each.item.entry_id]} {each.item.item}" for each in page.items]


async def test_statements_are_narrowed(store: Store) -> None:
    found = {
        label: await statements(store, condition) for label, condition, _ in STATEMENT_CONDITIONS
    }

    assert found == {label: expected for label, _, expected in STATEMENT_CONDITIONS}


METRIC_CONDITIONS: list[tuple[str, Condition, list[str]]] = [
    ("everything", EVERYTHING, ["1 0", "2 0", "2 1"]),
    ("a metric", Among("metric", ("AFFECTED_USERS",)), ["2 1"]),
    ("a unit", Among("unit", ("PERCENT",)), ["1 0", "2 0"]),
    ("a value", Within("value", 5, 5), ["1 0", "2 1"]),
    ("of a case", CN, ["1 0"]),
]


async def outcome_metrics(store: Store, condition: Condition) -> list[str]:
    async with store.reading() as reading:
        listings = reading.listings(visible=VISIBLE)
        page = await listings.outcome_metrics(
            condition, order=Order("case_number"), first=100, after=None
        )
        assert await listings.count_outcome_metrics(condition) == len(page.items)
        entries = await reading.entries.load_all([each.item.entry_id for each in page.items])
    numbers = {entry.id: NUMBERS[entry.key.slug] for entry in entries}
    return [f"{numbers[each.item.entry_id]} {each.item.item}" for each in page.items]


async def test_outcome_metrics_are_narrowed(store: Store) -> None:
    found = {
        label: await outcome_metrics(store, condition) for label, condition, _ in METRIC_CONDITIONS
    }

    assert found == {label: expected for label, _, expected in METRIC_CONDITIONS}
