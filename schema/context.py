"""What resolvers work with: the desk, who asks, and the loaders of this one request.

The presenter turns entries and listings into GraphQL types. It is handed in, since types refer to
each other in circles and modules must not.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import strawberry

from schema.loaders import Loaders
from schema.persisted import PersistedDocuments
from schema.spending import OBJECT_COST, Spending
from service.domain.access import Actor
from service.domain.conditions import Condition, Order
from service.domain.entries import Entry, EntryKey
from service.domain.vocabularies import Vocabularies
from service.observers import Observer
from service.operations.ports import Desk


class Presenter(Protocol):
    """Turns what operations answer into GraphQL types."""

    def entry(self, entry: Entry) -> Any:
        """The entry as its type: Case, Method, Procedure or StatementTemplate."""

    async def statements(
        self,
        context: "Context",
        condition: Condition,
        *,
        order: Order,
        first: int | None,
        after: str | None,
    ) -> Any:
        """A connection of statements."""

    async def outcome_metrics(
        self,
        context: "Context",
        condition: Condition,
        *,
        order: Order,
        first: int | None,
        after: str | None,
    ) -> Any:
        """A connection of outcome metrics."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request's view of the library.

    `actor_now` says who asks by now, if the request is long; `traceparent` is the trace its sender
    wants it in. `spending` is what the answer has cost so far.
    """

    desk: Desk
    actor: Actor
    loaders: Loaders
    presenter: Presenter
    request_id: str
    actor_now: Callable[[], Awaitable[Actor]]
    documents: PersistedDocuments
    observer: Observer | None = None
    traceparent: str | None = None
    spending: Spending = field(default_factory=Spending)

    @property
    def vocabularies(self) -> Vocabularies:
        """The published vocabularies."""
        return self.desk.shelf.vocabularies

    async def presented(self, rows: Iterable[int]) -> list[Any]:
        """The entries of these rows as their GraphQL types; what may not be seen is left out."""
        asked = tuple(rows)
        self.spending.spend(OBJECT_COST * len(asked))
        entries = await self.loaders.entry_by_row.load_many(asked)
        return [self.presenter.entry(entry) for entry in entries if entry is not None]

    async def found(self, keys: Iterable[EntryKey]) -> list[Any]:
        """The entries of these names as their GraphQL types."""
        asked = tuple(keys)
        self.spending.spend(OBJECT_COST * len(asked))
        entries = await self.loaders.entry_by_key.load_many(asked)
        return [self.presenter.entry(entry) for entry in entries if entry is not None]


Info = strawberry.Info[Context, None]
