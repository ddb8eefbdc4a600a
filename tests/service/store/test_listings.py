"""Listings: every row exactly once in each order, page after page."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.domain.access import AccessRole, Actor
from service.domain.conditions import EVERYTHING, Order
from service.domain.entries import Document, EntryKind, ItemKey
from service.domain.pages import Page, Position
from service.store.engine import Database
from service.store.listings import Listings
from service.store.units import Store
from tests.library import NOON, a_case, a_method, a_statement, an_outcome

VISIBLE = Actor("ada", AccessRole.READER).visible


def hours(low: float, high: float) -> dict[str, Any]:
    return {"offset": {"from_hours": low, "to_hours": high}}


def dated(slug: str, number: int, year: int | None, first: float | None) -> Document:
    anchors: dict[str, Any] = {}
    if year is not None:
        anchors["first_signal_at"] = {"at": str(year)}
    if first is not None:
        anchors["first_statement_at"] = hours(min(0, first), first)
    return a_case(slug, number, anchors=anchors)


# Published in an order that no listing has; years and hours with ties and unknowns.
CASES = [
    dated("e", 5, 2021, 4),
    dated("a", 1, None, None),
    dated("c", 3, 2021, None),
    dated("d", 4, 2019, 4),
    dated("b", 2, None, -3),
    dated("f", 6, 2021, 0.5),
]
ORDERS = {
    ("number", False): "abcdef",
    ("number", True): "fedcba",
    ("year", False): "decfab",
    ("year", True): "ecfdab",
    ("first_statement_hours", False): "bfedac",
    ("first_statement_hours", True): "edfbac",
}
Listing = Callable[..., Awaitable[Page[ItemKey]]]


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


async def published(store: Store, *documents: Document) -> None:
    async with store.writing() as writing:
        for document in documents:
            await writing.entries.publish([document], author="ada", note=None, now=NOON)


async def walked(store: Store, listing: str, size: int, *given: Any, **how: Any) -> list[ItemKey]:
    """Every item of a listing, read page by page."""
    items: list[ItemKey] = []
    after: Position | None = None
    while True:
        async with store.reading() as reading:
            read: Listing = getattr(reading.listings(visible=VISIBLE), listing)
            page = await read(*given, first=size, after=after, **how)
        assert len(page.items) <= size
        items += [listed.item for listed in page.items]
        if not page.has_next:
            return items
        after = page.items[-1].position


async def test_every_case_is_walked_once_in_each_order(store: Store) -> None:
    await published(store, *CASES)

    for (field, descending), expected in ORDERS.items():
        for size in (1, 2, 5, 6, 7):
            order = Order(field, descending=descending)
            items = await walked(store, "cases", size, EVERYTHING, order=order)

            assert "".join(item.item for item in items) == expected, order


async def test_numbers_are_ordered_as_numbers(store: Store) -> None:
    await published(store, *(a_case(f"n{n}", n) for n in (9_999, 10_000, 200)))

    items = await walked(store, "cases", 2, EVERYTHING, order=Order("number"))

    assert [item.item for item in items] == ["n200", "n9999", "n10000"]


STATED = [
    a_case(
        "two",
        2,
        statements=[a_statement("b", moment=hours(1, 2)), a_statement("a"), a_statement("c")],
        outcomes=[an_outcome("CHURN_RATE", 5), an_outcome("AFFECTED_USERS", 5, "PERSON")],
    ),
    a_case(
        "one",
        1,
        statements=[a_statement("z", moment=hours(0, 2)), a_statement("y", moment=hours(0, 1))],
        outcomes=[
            an_outcome("CHURN_RATE", -1),
            {"metric": "CHURN_RATE", "unit": "PERCENT", "trend": "ROSE", "citations": ["S1"]},
        ],
    ),
]
STATEMENT_ORDERS = {
    ("case_number", False): "zybac",
    ("case_number", True): "baczy",
    ("offset_hours", False): "ybzac",
    ("offset_hours", True): "bzyac",
}


async def test_every_statement_is_walked_once_in_each_order(store: Store) -> None:
    await published(store, *STATED)

    for (field, descending), expected in STATEMENT_ORDERS.items():
        for size in (1, 2, 3, 5):
            order = Order(field, descending=descending)
            items = await walked(store, "statements", size, EVERYTHING, order=order)

            assert "".join(item.item for item in items) == expected, order


METRIC_ORDERS = {
    ("case_number", False): [("one", "0"), ("one", "1"), ("two", "0"), ("two", "1")],
    ("case_number", True): [("two", "0"), ("two", "1"), ("one", "0"), ("one", "1")],
    ("value", False): [("one", "0"), ("two", "0"), ("two", "1"), ("one", "1")],
    ("value", True): [("two", "0"), ("two", "1"), ("one", "0"), ("one", "1")],
}


async def test_every_outcome_metric_is_walked_once_in_each_order(store: Store) -> None:
    await published(store, *STATED)
    slugs = await _slugs(store)

    for (field, descending), expected in METRIC_ORDERS.items():
        for size in (1, 3):
            order = Order(field, descending=descending)
            items = await walked(store, "outcome_metrics", size, EVERYTHING, order=order)

            assert [(slugs[item.entry_id], item.item) for item in items] == expected, order


async def _slugs(store: Store) -> dict[int, str]:
    async with store.reading() as reading:
        entries = await reading.entries.load_after(0, limit=100)
    return {entry.id: entry.key.slug for entry in entries}


async def test_guides_are_walked_by_slug(store: Store) -> None:
    await published(store, a_method("c"), a_method("a"), a_case("x", 1), a_method("b"))

    items = await walked(store, "entries", 2, EntryKind.METHOD, EVERYTHING)

    assert [item.item for item in items] == ["a", "b", "c"]


def cited(slug: str, number: int, *addresses: str) -> Document:
    sources = [
        {"key": f"S{n}", "title": "x", "url": f"https://e.org/{address}", "reliability": "B"}
        for n, address in enumerate(addresses, start=1)
    ]
    return a_case(slug, number, sources=sources)


async def test_a_source_that_several_cite_is_walked_once(store: Store) -> None:
    await published(
        store, cited("one", 1, "a", "b"), cited("two", 2, "b", "c", "c"), cited("three", 3, "a")
    )

    items = await walked(store, "sources", 2)

    async with store.reading() as reading:
        listings = reading.listings(visible=VISIBLE)
        count = await listings.count_sources()
    assert len(items) == len(set(items)) == count == 3


async def test_a_listing_that_grows_meanwhile_repeats_nothing(store: Store) -> None:
    await published(store, *CASES)
    order = Order("number")
    async with store.reading() as reading:
        first = await reading.listings(visible=VISIBLE).cases(
            EVERYTHING, order=order, first=3, after=None
        )

    await published(store, a_case("aa", 7), a_case("0", 10))
    async with store.reading() as reading:
        second = await reading.listings(visible=VISIBLE).cases(
            EVERYTHING, order=order, first=100, after=first.items[-1].position
        )

    assert [listed.item.item for listed in first.items] == ["a", "b", "c"]
    assert [listed.item.item for listed in second.items] == ["d", "e", "f", "aa", "0"]


async def test_an_empty_library_has_empty_listings(store: Store) -> None:
    async with store.reading() as reading:
        listings: Listings = reading.listings(visible=VISIBLE)
        page = await listings.cases(EVERYTHING, order=Order("year"), first=5, after=None)
        counts = (
            await listings.count_cases(EVERYTHING),
            await listings.count_statements(EVERYTHING),
            await listings.count_outcome_metrics(EVERYTHING),
            await listings.count_sources(),
        )

    assert page == Page((), has_next=False)
    assert counts == (0, 0, 0, 0)
