"""Pages of cases, statements, outcome metrics and other entries, filtered and ordered in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from service.domain.conditions import Condition, Order
from service.domain.entries import EntryKind, ItemKey
from service.domain.pages import Listed, Page, Position
from service.domain.reads import note_lists
from service.store import conditions
from service.store.conditions import Fields, where
from service.store.rows import (
    CaseRow,
    CitedSourceRow,
    EntryLinkRow,
    EntryRow,
    EntryTermRow,
    OutcomeMetricRow,
    RemedyRow,
    StatementRow,
)

_UNKNOWN_LAST = 1e15
_STATEMENTS_HELD = 200


@dataclass(frozen=True, slots=True, eq=False)
class _Noun:
    """What is listed: the rows it comes from, its fields, what names one, and its orders."""

    rows: Any
    fields: Fields
    item: Any
    place: Any
    orders: Mapping[str, Any]


def _of_cases(rows: Any) -> Select[Any]:
    """Parts of cases with the entries they are parts of."""
    return (
        select()
        .join_from(rows, EntryRow, EntryRow.id == rows.entry_id)
        .join(CaseRow, CaseRow.entry_id == rows.entry_id)
    )


_CASES = _Noun(
    rows=select().join_from(EntryRow, CaseRow, CaseRow.entry_id == EntryRow.id),
    fields=conditions.CASES,
    item=EntryRow.slug,
    place=None,
    orders={
        "number": CaseRow.number,
        "year": CaseRow.year,
        "first_statement_hours": CaseRow.first_statement_to_hours,
    },
)
_STATEMENTS = _Noun(
    rows=_of_cases(StatementRow),
    fields=conditions.STATEMENTS,
    item=StatementRow.key,
    place=StatementRow.position,
    orders={"case_number": CaseRow.number, "offset_hours": StatementRow.to_hours},
)
_OUTCOME_METRICS = _Noun(
    rows=_of_cases(OutcomeMetricRow),
    fields=conditions.OUTCOME_METRICS,
    item=OutcomeMetricRow.position,
    place=OutcomeMetricRow.position,
    orders={"case_number": CaseRow.number, "value": OutcomeMetricRow.value},
)
_REMEDIES = _Noun(
    rows=_of_cases(RemedyRow),
    fields=conditions.REMEDIES,
    item=RemedyRow.position,
    place=RemedyRow.position,
    orders={"case_number": CaseRow.number},
)
_ENTRIES = _Noun(
    rows=select().select_from(EntryRow),
    fields=conditions.ENTRIES,
    item=EntryRow.slug,
    place=None,
    orders={"slug": EntryRow.slug},
)
_KNOWN_ORDERS = frozenset({"number", "case_number", "slug"})


def _linked() -> CompoundSelect[Any]:
    """The pairs of cases that are linked, from both ends, of which one is asked for."""
    ours, theirs = aliased(EntryRow), aliased(EntryRow)
    pairs = (
        select(ours.id.label("one"), theirs.id.label("other"))
        .join(EntryLinkRow, EntryLinkRow.entry_id == ours.id)
        .join(
            theirs,
            and_(theirs.kind == EntryLinkRow.target_kind, theirs.slug == EntryLinkRow.target_slug),
        )
        .where(ours.kind == EntryKind.CASE.value, theirs.kind == EntryKind.CASE.value)
        .subquery()
    )
    asked: BindParameter[int] = bindparam("entry_ids", expanding=True)
    return union(
        select(pairs.c.one, pairs.c.other).where(pairs.c.one.in_(asked)),
        select(pairs.c.other, pairs.c.one).where(pairs.c.other.in_(asked)),
    )


# Aliases take longer to put together than the database takes to answer.
_LINKED = _linked()


class Listings:
    """Listings on one connection, narrowed to what the reader's markings allow."""

    def __init__(self, connection: AsyncConnection, *, visible: Collection[str]) -> None:
        self._connection = connection
        self._visible = frozenset(visible)

    async def cases(
        self, condition: Condition, *, order: Order, first: int, after: Position | None
    ) -> Page[ItemKey]:
        """A page of cases; an item is the case's slug."""
        return await self._page(_CASES, condition, order, first, after)

    async def count_cases(self, condition: Condition) -> int:
        """How many cases the condition holds of."""
        return await self._count(_CASES, condition)

    async def statements(
        self, condition: Condition, *, order: Order, first: int, after: Position | None
    ) -> Page[ItemKey]:
        """A page of statements; an item is the statement's key in its case."""
        return await self._page(_STATEMENTS, condition, order, first, after)

    async def count_statements(self, condition: Condition) -> int:
        """How many statements the condition holds of."""
        return await self._count(_STATEMENTS, condition)

    async def outcome_metrics(
        self, condition: Condition, *, order: Order, first: int, after: Position | None
    ) -> Page[ItemKey]:
        """A page of outcome metrics; an item is its position in the case."""
        return await self._page(_OUTCOME_METRICS, condition, order, first, after)

    async def count_outcome_metrics(self, condition: Condition) -> int:
        """How many outcome metrics the condition holds of."""
        return await self._count(_OUTCOME_METRICS, condition)

    async def remedies(
        self, condition: Condition, *, order: Order, first: int, after: Position | None
    ) -> Page[ItemKey]:
        """A page of remedies; an item is its position in the case."""
        return await self._page(_REMEDIES, condition, order, first, after)

    async def count_remedies(self, condition: Condition) -> int:
        """How many remedies the condition holds of."""
        return await self._count(_REMEDIES, condition)

    async def entries(
        self, kind: EntryKind, condition: Condition, *, first: int, after: Position | None
    ) -> Page[ItemKey]:
        """A page of methods, procedures or templates by slug."""
        return await self._page(_ENTRIES, condition, Order("slug"), first, after, kind)

    async def count_entries(self, kind: EntryKind, condition: Condition) -> int:
        """How many entries of the kind the condition holds of."""
        return await self._count(_ENTRIES, condition, kind)

    async def sources(self, *, first: int, after: Position | None) -> Page[ItemKey]:
        """A page of distinct sources; an item is the key under which that entry names it."""
        note_lists()
        rows = (
            select(
                CitedSourceRow.identity,
                func.min(CitedSourceRow.entry_id).label("entry_id"),
            )
            .join(EntryRow, EntryRow.id == CitedSourceRow.entry_id)
            .where(EntryRow.sharing.in_(self._visible))
            .group_by(CitedSourceRow.identity)
            .order_by(CitedSourceRow.identity)
            .limit(first + 1)
        )
        if after is not None:
            rows = rows.where(CitedSourceRow.identity > after.value)
        one = rows.subquery()
        found = await self._connection.execute(
            select(one.c.identity, one.c.entry_id, func.min(CitedSourceRow.key))
            .join(
                CitedSourceRow,
                and_(
                    CitedSourceRow.entry_id == one.c.entry_id,
                    CitedSourceRow.identity == one.c.identity,
                ),
            )
            .group_by(one.c.identity, one.c.entry_id)
            .order_by(one.c.identity)
        )
        items = tuple(
            Listed(ItemKey(entry_id, key), Position(identity, entry_id))
            for identity, entry_id, key in found
        )
        return Page(items[:first], len(items) > first)

    async def count_sources(self) -> int:
        """How many distinct sources visible entries cite."""
        note_lists()
        rows = (
            select(func.count(CitedSourceRow.identity.distinct()))
            .join(EntryRow, EntryRow.id == CitedSourceRow.entry_id)
            .where(EntryRow.sharing.in_(self._visible))
        )
        return await self._connection.scalar(rows) or 0

    async def citing(self, identities: Collection[str]) -> dict[str, tuple[ItemKey, ...]]:
        """The entries that cite each source, each with the key it names the source by."""
        note_lists()
        rows = await self._connection.execute(
            select(CitedSourceRow.identity, CitedSourceRow.entry_id, CitedSourceRow.key)
            .join(EntryRow, EntryRow.id == CitedSourceRow.entry_id)
            .where(CitedSourceRow.identity.in_(identities), EntryRow.sharing.in_(self._visible))
            .order_by(CitedSourceRow.entry_id, CitedSourceRow.key)
        )
        found: dict[str, list[ItemKey]] = {identity: [] for identity in identities}
        for identity, entry_id, key in rows:
            found[identity].append(ItemKey(entry_id, key))
        return {identity: tuple(items) for identity, items in found.items()}

    async def using(
        self,
        kind: EntryKind,
        *,
        vocabulary: str,
        codes: Collection[str],
        field: str,
        directly: bool,
    ) -> dict[str, tuple[int, ...]]:
        """The entries of a kind that use each code, or one below it unless directly, in a field."""
        note_lists(kind)
        rows = (
            select(EntryTermRow.code, EntryTermRow.entry_id)
            .distinct()
            .join(EntryRow, EntryRow.id == EntryTermRow.entry_id)
            .where(
                EntryTermRow.vocabulary == vocabulary,
                EntryTermRow.code.in_(codes),
                EntryTermRow.field == field,
                EntryRow.kind == kind.value,
                EntryRow.sharing.in_(self._visible),
            )
            .order_by(EntryTermRow.code, EntryTermRow.entry_id)
        )
        if directly:
            rows = rows.where(EntryTermRow.direct)
        found: dict[str, list[int]] = {code: [] for code in codes}
        for code, entry_id in await self._connection.execute(rows):
            found[code].append(entry_id)
        return {code: tuple(ids) for code, ids in found.items()}

    async def linked(self, entry_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """The cases each case is linked with, by its own link or by theirs."""
        note_lists(EntryKind.CASE)
        rows = await self._connection.execute(_LINKED, {"entry_ids": list(entry_ids)})
        found: dict[int, list[int]] = {entry_id: [] for entry_id in entry_ids}
        for entry_id, other in rows:
            found[entry_id].append(other)
        return {entry_id: tuple(sorted(others)) for entry_id, others in found.items()}

    async def naming(
        self, kind: EntryKind, slugs: Collection[str]
    ) -> dict[str, tuple[tuple[EntryKind, int, str, str], ...]]:
        """What names each entry: the kind, row, item and relation of the one that does."""
        note_lists()
        rows = await self._connection.execute(
            select(
                EntryLinkRow.target_slug,
                EntryRow.kind,
                EntryLinkRow.entry_id,
                EntryLinkRow.item,
                EntryLinkRow.relation,
            )
            .join(EntryRow, EntryRow.id == EntryLinkRow.entry_id)
            .where(
                EntryLinkRow.target_kind == kind.value,
                EntryLinkRow.target_slug.in_(slugs),
                EntryRow.sharing.in_(self._visible),
            )
            .order_by(EntryLinkRow.target_slug, EntryLinkRow.entry_id, EntryLinkRow.item)
        )
        found: dict[str, list[tuple[EntryKind, int, str, str]]] = {slug: [] for slug in slugs}
        for slug, naming_kind, entry_id, item, relation in rows:
            found[slug].append((EntryKind(naming_kind), entry_id, item, relation))
        return {slug: tuple(named) for slug, named in found.items()}

    async def _count(self, noun: _Noun, condition: Condition, kind: EntryKind | None = None) -> int:
        note_lists(EntryKind.CASE if kind is None else kind)
        rows = _count_of(noun, condition, kind, self._visible)
        return await self._connection.scalar(rows) or 0

    async def _page(
        self,
        noun: _Noun,
        condition: Condition,
        order: Order,
        first: int,
        after: Position | None,
        kind: EntryKind | None = None,
    ) -> Page[ItemKey]:
        note_lists(EntryKind.CASE if kind is None else kind)
        rows = _page_of(noun, condition, order, kind, self._visible, continues=after is not None)
        bound: dict[str, Any] = {"most": first + 1}
        if after is not None:
            is_whole = isinstance(after.value, float) and order.field in _KNOWN_ORDERS
            bound |= {
                "after_value": int(after.value) if is_whole else after.value,
                "after_entry_id": after.entry_id,
                "after_place": after.place,
            }
        found = await self._connection.execute(rows, bound)
        items = tuple(
            Listed(ItemKey(row[1], str(row[2])), Position(row[0], row[1], *row[3:]))
            for row in found
        )
        return Page(items[:first], len(items) > first)


def _narrowed(
    rows: Select[Any],
    noun: _Noun,
    condition: Condition,
    kind: EntryKind | None,
    visible: frozenset[str],
) -> Select[Any]:
    rows = rows.where(EntryRow.sharing.in_(visible), where(noun.fields, condition))
    return rows if kind is None else rows.where(EntryRow.kind == kind.value)


# To put a statement together takes longer than the database takes to answer it.
@lru_cache(maxsize=_STATEMENTS_HELD)
def _count_of(
    noun: _Noun, condition: Condition, kind: EntryKind | None, visible: frozenset[str]
) -> Select[Any]:
    return _narrowed(noun.rows.add_columns(func.count()), noun, condition, kind, visible)


@lru_cache(maxsize=_STATEMENTS_HELD)
def _page_of(
    noun: _Noun,
    condition: Condition,
    order: Order,
    kind: EntryKind | None,
    visible: frozenset[str],
    *,
    continues: bool,
) -> Select[Any]:
    """A page of up to `most`, after the `after_…` where it continues another."""
    value = _sortable(noun.orders[order.field], order)
    entry_id = noun.fields.entry_id
    ties = (entry_id,) if noun.place is None else (entry_id, noun.place)
    columns = (value, entry_id, noun.item, *ties[1:])
    rows = _narrowed(noun.rows.add_columns(*columns), noun, condition, kind, visible)
    if continues:
        rows = rows.where(_follows(value, ties, order))
    direction = value.desc() if order.descending else value.asc()
    return rows.order_by(direction, *ties).limit(bindparam("most", type_=Integer))


def _sortable(column: Any, order: Order) -> Any:
    if order.field in _KNOWN_ORDERS:
        return column
    return func.coalesce(column, -_UNKNOWN_LAST if order.descending else _UNKNOWN_LAST)


def _follows(value: Any, ties: tuple[Any, ...], order: Order) -> ColumnElement[bool]:
    # A whole number must be compared as one, or the index is of no use.
    after = bindparam("after_value", type_=value.type if order.field in _KNOWN_ORDERS else Float())
    names = ("after_entry_id", "after_place")[: len(ties)]
    held = [bindparam(name, type_=tie.type) for name, tie in zip(names, ties, strict=True)]
    # An index is gone through from the place the first comparison says.
    reached = value <= after if order.descending else value >= after
    return and_(reached, or_(value != after, tuple_(*ties) > tuple_(*held)))
