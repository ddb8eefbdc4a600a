"""Figures compared: a condition holds only where it certainly does; "about" is its value."""

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.conditions import Measured, Order
from service.domain.figures import Comparator
from service.store.engine import Database
from service.store.units import Store
from tests.library import NOON, a_case, an_outcome

VISIBLE = Actor("ada", AccessRole.READER).visible
EQ, LE, LT, GE, GT, ABOUT = Comparator

# What is asked of 10, against what is stored: which of 9, 10 and 11 certainly answer.
TABLE = [
    (EQ, {EQ: {10}}),
    (LE, {EQ: {9, 10}, ABOUT: {9, 10}, LE: {9, 10}, LT: {9, 10}}),
    (LT, {EQ: {9}, ABOUT: {9}, LE: {9}, LT: {9, 10}}),
    (GE, {EQ: {10, 11}, ABOUT: {10, 11}, GE: {10, 11}, GT: {10, 11}}),
    (GT, {EQ: {11}, ABOUT: {11}, GE: {11}, GT: {10, 11}}),
    (ABOUT, {EQ: {10}, ABOUT: {10}}),
]
STORED = [(comparator, value) for comparator in Comparator for value in (9, 10, 11)]


@pytest.fixture
async def store(database: Database) -> Store:
    store = Store(database)
    cases = [
        a_case(
            f"{comparator.lower()}-{value}",
            number,
            outcomes=[an_outcome("CHURN_RATE", value, comparator=comparator)],
        )
        for number, (comparator, value) in enumerate(STORED, start=1)
    ]
    unknown = {"metric": "CHURN_RATE", "unit": "PERCENT", "trend": "ROSE", "citations": ["S1"]}
    cases.append(a_case("unknown", 90, outcomes=[unknown]))
    cases.append(a_case("other-unit", 91, outcomes=[an_outcome("CHURN_RATE", 10, "PERSON")]))
    cases.append(a_case("other-metric", 92, outcomes=[an_outcome("AFFECTED_USERS", 10)]))
    async with store.writing() as writing:
        await writing.entries.publish(cases, author="ada", note=None, now=NOON)
    return store


async def found(store: Store, condition: Measured) -> set[str]:
    async with store.reading() as reading:
        page = await reading.listings(visible=VISIBLE).cases(
            condition, order=Order("number"), first=100, after=None
        )
    return {listed.item.item for listed in page.items}


async def test_a_figure_compares_only_where_it_certainly_does(store: Store) -> None:
    answers = {
        asked: await found(store, Measured("CHURN_RATE", asked, 10, "PERCENT"))
        for asked, _ in TABLE
    }

    assert answers == {
        asked: {f"{stored.lower()}-{value}" for stored in certain for value in certain[stored]}
        for asked, certain in TABLE
    }


async def test_without_a_unit_every_unit_counts(store: Store) -> None:
    answer = await found(store, Measured("CHURN_RATE", EQ, 10))

    assert answer == {"eq-10", "other-unit"}
