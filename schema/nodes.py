"""From entries to their GraphQL types: what `node`, listings and links present."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import strawberry

from schema.cases import CaseType
from schema.context import Context
from schema.figures import OutcomeMetricType
from schema.happenings import RemedyType
from schema.methods import MethodType
from schema.procedures import ProcedureType, step_in
from schema.relay import (
    Connection,
    Edge,
    Node,
    connection_of,
    cursor_of,
    parsed_id,
    position_of,
)
from schema.sources import SourceType
from schema.statements import StatementType, statement_in
from schema.templates import StatementTemplateType
from schema.terms import term_of
from service.domain.cases import Case
from service.domain.conditions import Condition, Order
from service.domain.entries import Entry, EntryKey, EntryKind, ItemKey
from service.domain.methods import Method
from service.domain.pages import Listed, Page, page_size
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate
from service.domain.values import is_storable
from service.operations import cases, entries, outcome_metrics, remedies, sources, statements

LibraryEntry = Annotated[
    CaseType | MethodType | ProcedureType | StatementTemplateType,
    strawberry.union("LibraryEntry", description="An entry of the library."),
]

_ENTRY_TYPES = {
    "Case": EntryKind.CASE,
    "Method": EntryKind.METHOD,
    "Procedure": EntryKind.PROCEDURE,
    "StatementTemplate": EntryKind.STATEMENT_TEMPLATE,
}


def present(entry: Entry) -> Any:
    """An entry as its GraphQL type; None for a vocabulary, which is not an entry of the API."""
    match entry.document:
        case Case() as case:
            return CaseType.of(entry, case)
        case Method() as method:
            return MethodType.of(entry, method)
        case Procedure() as procedure:
            return ProcedureType.of(entry, procedure)
        case StatementTemplate() as template:
            return StatementTemplateType.of(entry, template)
        case _:
            return None


def present_item(entry: Entry, item: str | None) -> Any:
    """An entry, or the statement or step of it that the key names."""
    match entry.document:
        case Case() as case if item is not None:
            return statement_in(entry, case, item)
        case Procedure() as procedure if item is not None:
            return step_in(entry, procedure, item)
        case _:
            return present(entry)


class NodePresenter:
    """Presents entries and listings."""

    def entry(self, entry: Entry) -> Any:
        """The entry as its type."""
        return present(entry)

    async def statements(
        self,
        context: Context,
        condition: Condition,
        *,
        order: Order,
        first: int | None,
        after: str | None,
    ) -> Connection[StatementType]:
        """A connection of statements."""
        desk, actor = context.desk, context.actor
        listing = _Listing(
            f"statements:{order}",
            partial(statements.list_statements, desk, actor, condition=condition, order=order),
            partial(statements.count_statements, desk, actor, condition),
            _statement,
        )
        return await _connection(context, listing, first, after)

    async def outcome_metrics(
        self,
        context: Context,
        condition: Condition,
        *,
        order: Order,
        first: int | None,
        after: str | None,
    ) -> Connection[OutcomeMetricType]:
        """A connection of outcome metrics."""
        desk, actor = context.desk, context.actor
        listed = outcome_metrics.list_outcome_metrics
        listing = _Listing(
            f"outcomeMetrics:{order}",
            partial(listed, desk, actor, condition=condition, order=order),
            partial(outcome_metrics.count_outcome_metrics, desk, actor, condition),
            _outcome_metric,
        )
        return await _connection(context, listing, first, after)


async def case_connection(
    context: Context, condition: Condition, *, order: Order, first: int | None, after: str | None
) -> Connection[CaseType]:
    """A connection of cases."""
    desk, actor = context.desk, context.actor
    listing = _Listing(
        f"cases:{order}",
        partial(cases.list_cases, desk, actor, condition=condition, order=order),
        partial(cases.count_cases, desk, actor, condition),
        _whole,
    )
    return await _connection(context, listing, first, after)


async def remedy_connection(
    context: Context, condition: Condition, *, first: int | None, after: str | None
) -> Connection[RemedyType]:
    """A connection of remedies in the order of their cases."""
    desk, actor = context.desk, context.actor
    order = Order("case_number")
    listing = _Listing(
        "remedies",
        partial(remedies.list_remedies, desk, actor, condition=condition, order=order),
        partial(remedies.count_remedies, desk, actor, condition),
        _remedy,
    )
    return await _connection(context, listing, first, after)


async def guide_connection(
    context: Context, kind: EntryKind, condition: Condition, *, first: int | None, after: str | None
) -> Connection[Any]:
    """A connection of methods, procedures or templates."""
    desk, actor = context.desk, context.actor
    listing = _Listing(
        kind.value,
        partial(entries.list_entries, desk, actor, kind, condition=condition),
        partial(entries.count_entries, desk, actor, kind, condition),
        _whole,
        ordered_by=str,
    )
    return await _connection(context, listing, first, after)


async def source_connection(
    context: Context, *, first: int | None, after: str | None
) -> Connection[SourceType]:
    """A connection of sources."""
    desk, actor = context.desk, context.actor
    listing = _Listing(
        "sources",
        partial(sources.list_sources, desk, actor),
        partial(sources.count_sources, desk, actor),
        _source,
        ordered_by=str,
    )
    return await _connection(context, listing, first, after)


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a connection is made of: the operations that list and count, and how an item is shown.

    `name` is what tells its cursors from those of another listing.
    """

    name: str
    page: Callable[..., Awaitable[Page[ItemKey]]]
    count: Callable[[], Awaitable[int]]
    show: Callable[[Entry, str], Any]
    ordered_by: type[str] | type[float] = float


async def _connection(
    context: Context, listing: _Listing, first: int | None, after: str | None
) -> Connection[Any]:
    """A page of a listing; what went away since it was listed is left out."""
    position = position_of(listing.name, after, of=listing.ordered_by)
    page = await listing.page(first=page_size(first), after=position)
    loaded = await context.loaders.entry_by_row.load_many(
        [listed.item.entry_id for listed in page.items]
    )
    return connection_of(
        _edges(listing, page.items, loaded),
        has_next=page.has_next,
        has_previous=after is not None,
        count=listing.count,
    )


def _edges(
    listing: _Listing, items: tuple[Listed[ItemKey], ...], loaded: list[Entry | None]
) -> list[Edge[Any]]:
    edges = []
    for listed, entry in zip(items, loaded, strict=True):
        node = None if entry is None else listing.show(entry, listed.item.item)
        if node is not None:
            edges.append(Edge(cursor=cursor_of(listing.name, listed.position), node=node))
    return edges


def _whole(entry: Entry, _: str) -> Any:
    return present(entry)


def _statement(entry: Entry, key: str) -> StatementType | None:
    document = entry.document
    return statement_in(entry, document, key) if isinstance(document, Case) else None


def _outcome_metric(entry: Entry, place: str) -> OutcomeMetricType | None:
    document = entry.document
    if not isinstance(document, Case) or int(place) >= len(document.outcomes):
        return None
    return OutcomeMetricType.of(document.outcomes[int(place)], entry, document)


def _remedy(entry: Entry, place: str) -> RemedyType | None:
    document = entry.document
    if not isinstance(document, Case) or int(place) >= len(document.remedies):
        return None
    return RemedyType.of(document.remedies[int(place)], entry, document)


def _source(entry: Entry, key: str) -> SourceType | None:
    for source in getattr(entry.document, "sources", ()):
        if source.key == key:
            return SourceType.of(source)
    return None


async def node_of(context: Context, node_id: str) -> Node | None:
    """The node of a global id; None for what does not exist or may not be seen."""
    node_type, name = parsed_id(node_id)
    node: Node | None = None
    slug, _, item = name.partition("/")
    if node_type in _ENTRY_TYPES:
        node = await _entry_node(context, EntryKey(_ENTRY_TYPES[node_type], name), None)
    elif node_type == "Statement":
        node = await _entry_node(context, EntryKey(EntryKind.CASE, slug), item)
    elif node_type == "ProcedureStep":
        node = await _entry_node(context, EntryKey(EntryKind.PROCEDURE, slug), item)
    elif node_type == "Source" and is_storable(name):
        node = await _source_node(context, name)
    elif context.vocabularies.term(node_type, name) is not None:
        node = term_of(context.vocabularies, node_type, name)
    return node


async def _entry_node(context: Context, key: EntryKey, item: str | None) -> Any:
    entry = await context.loaders.entry_by_key.load(key)
    return None if entry is None else present_item(entry, item)


async def _source_node(context: Context, identity: str) -> SourceType | None:
    for item in await context.loaders.citing_by_source.load(identity):
        entry = await context.loaders.entry_by_row.load(item.entry_id)
        if entry is not None:
            return _source(entry, item.item)
    return None
