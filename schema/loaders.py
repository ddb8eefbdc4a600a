"""The loaders of one request: each gathers what sibling fields ask for into one operation."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from strawberry.dataloader import DataLoader
from strawberry.extensions import SchemaExtension
from typing_extensions import override

from service.domain.access import Actor
from service.domain.codes import StatementKind
from service.domain.entries import Entry, EntryKey, EntryKind, ItemKey
from service.operations import entries, links, sources, templates
from service.operations.ports import Desk
from service.operations.templates import TemplatePrecedent

K = TypeVar("K")
T = TypeVar("T")
Naming = tuple[EntryKind, int, str, str]


class Usage(NamedTuple):
    """Entries of a kind that use a code, or one below it unless `directly`, in a field."""

    kind: EntryKind
    vocabulary: str
    field: str
    code: str
    directly: bool = False


class Precedents(NamedTuple):
    """Statements of a kind, for a crisis type where one is known, in up to so many cases."""

    kind: StatementKind
    crisis_type: str | None
    most: int


class Loader(DataLoader[K, T]):
    """What siblings wait for together.

    An error takes a field's siblings with it, and they no longer wait. Others still do: what several
    wait for is never cancelled.
    """

    @override
    def load(self, key: K) -> Awaitable[T]:
        return asyncio.shield(super().load(key))


class Loaders:
    """`<answer>_by_<key>`; a hidden or unknown entry loads as None, an absent link as empty."""

    def __init__(self, desk: Desk, actor: Actor) -> None:
        self._desk, self._actor = desk, actor

    @cached_property
    def entry_by_row(self) -> Loader[int, Entry | None]:
        """Entries by the row they stand in."""
        return Loader(self._entries_by_row)

    @cached_property
    def entry_by_key(self) -> Loader[EntryKey, Entry | None]:
        """Entries by kind and slug."""
        return Loader(self._entries_by_key)

    @cached_property
    def citing_by_source(self) -> Loader[str, tuple[ItemKey, ...]]:
        """What cites a source."""
        return Loader(self._citing)

    @cached_property
    def naming_by_entry(self) -> Loader[EntryKey, tuple[Naming, ...]]:
        """What names an entry."""
        return Loader(self._naming)

    @cached_property
    def linked_by_case(self) -> Loader[int, tuple[Entry, ...]]:
        """The cases a case is linked with."""
        return Loader(self._linked)

    @cached_property
    def rows_by_usage(self) -> Loader[Usage, tuple[int, ...]]:
        """The entries that use a code."""
        return Loader(self._using)

    @cached_property
    def precedents_by_kind(self) -> Loader[Precedents, tuple[TemplatePrecedent, ...]]:
        """The statements of a kind."""
        return Loader(self._precedents)

    def anew(self) -> "Loaders":
        """The same, of which nothing is loaded yet."""
        return Loaders(self._desk, self._actor)

    def forget(self) -> None:
        """Forget what was loaded: the library has changed since."""
        for loader in vars(self).values():
            if isinstance(loader, Loader):
                loader.clear_all()
                # Or what was loaded last stays with those who waited for it.
                loader.batch = None

    async def _entries_by_row(self, rows: list[int]) -> list[Entry | None]:
        found = await entries.load_entries(self._desk, self._actor, rows)
        return [found.get(row) for row in rows]

    async def _entries_by_key(self, keys: list[EntryKey]) -> list[Entry | None]:
        found = await entries.find_entries(self._desk, self._actor, keys)
        return [found.get(key) for key in keys]

    async def _citing(self, identities: list[str]) -> list[tuple[ItemKey, ...]]:
        found = await sources.load_citing(self._desk, self._actor, identities)
        return [found[identity] for identity in identities]

    async def _linked(self, cases: list[int]) -> list[tuple[Entry, ...]]:
        found = await links.load_linked(self._desk, self._actor, cases)
        return [found[case] for case in cases]

    async def _naming(self, keys: list[EntryKey]) -> list[tuple[Naming, ...]]:
        by_kind = await _by_group(
            keys,
            lambda key: key.kind,
            lambda kind, group: links.load_naming(
                self._desk, self._actor, kind, [key.slug for key in group]
            ),
        )
        return [by_kind[key.kind][key.slug] for key in keys]

    async def _precedents(self, keys: list[Precedents]) -> list[tuple[TemplatePrecedent, ...]]:
        found = await _by_group(
            keys,
            lambda key: (key.crisis_type, key.most),
            lambda asked, group: templates.load_precedents(
                self._desk,
                self._actor,
                {key.kind for key in group},
                crisis_type=asked[0],
                most=asked[1],
            ),
        )
        return [found[key.crisis_type, key.most][key.kind] for key in keys]

    async def _using(self, usages: list[Usage]) -> list[tuple[int, ...]]:
        by_field = await _by_group(
            usages,
            lambda usage: (usage.kind, usage.vocabulary, usage.field, usage.directly),
            lambda place, group: links.load_using(
                self._desk,
                self._actor,
                place[0],
                vocabulary=place[1],
                field=place[2],
                directly=place[3],
                codes=[usage.code for usage in group],
            ),
        )
        return [
            by_field[usage.kind, usage.vocabulary, usage.field, usage.directly][usage.code]
            for usage in usages
        ]


async def _by_group(
    keys: list[Any],
    group_of: Callable[[Any], Any],
    load: Callable[[Any, list[Any]], Coroutine[Any, Any, Mapping[Any, Any]]],
) -> dict[Any, Mapping[Any, Any]]:
    groups: dict[Any, list[Any]] = {}
    for key in keys:
        groups.setdefault(group_of(key), []).append(key)
    return {name: await load(name, group) for name, group in groups.items()}


class LoadedRelease(SchemaExtension):
    """Lets go of what an operation has loaded once it has ended.

    Loaders are held by their own methods, so what they hold waits for the collector, which looks at what
    has become old long after: each page of a hundred cases would stay for minutes.
    """

    def on_operation(self) -> Iterator[None]:
        """Forget what was loaded, however the operation ended."""
        context = self.execution_context
        # The operations of a batch share a context; what another has loaded is not forgotten.
        loaders = context.context.loaders.anew()
        context.context = replace(context.context, loaders=loaders)
        try:
            yield
        finally:
            loaders.forget()
