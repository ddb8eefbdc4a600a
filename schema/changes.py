"""The subscriptions of the API: what changed in the library."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.enums import LibraryEntryKind
from schema.filters import bounded, require_code
from schema.nodes import LibraryEntry, present
from schema.relay import opaque, unveiled
from schema.terms import VocabularyType
from service.domain.changes import ChangedEntry, ChangeSelection, LibraryChange, LibraryPoint
from service.domain.entries import Entry
from service.domain.errors import BadInput
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.operations.changes import follow_library, load_changed

_REVISION_MOST = 2**31

After = Annotated[
    str | None,
    strawberry.argument(
        description="The cursor of the last change you took, to hear first what you missed since."
    ),
]


@strawberry.input(description="Which changed entries.")
class LibraryChangeFilter:
    """Which changed entries."""

    kind: list[LibraryEntryKind] | None = None
    slug: list[str] | None = None
    type: list[str] | None = strawberry.field(
        default=None,
        description="Entries that name one of these crisis types, or one below it.",
    )

    def selection(self, vocabularies: Vocabularies) -> ChangeSelection:
        """The filter as a selection of changed entries."""
        for code in bounded("type", self.type or ()):
            require_code(vocabularies, "CrisisType", code)
        return ChangeSelection(
            kinds=None if self.kind is None else frozenset(self.kind),
            slugs=None if self.slug is None else frozenset(bounded("slug", self.slug)),
            types=None if self.type is None else frozenset(self.type),
        )


@strawberry.type(name="ChangedEntry", description="An entry that was published.")
class ChangedEntryType:
    """An entry that was published."""

    kind: LibraryEntryKind
    slug: str
    revision: int = strawberry.field(description="The revision of the entry that was published.")
    changed: strawberry.Private[ChangedEntry]
    change: strawberry.Private[LibraryChange]

    @strawberry.field(
        description="The entry as it is by now; null for a vocabulary, and where it is not to be "
        "seen any more."
    )
    async def node(self, info: Info) -> LibraryEntry | None:
        entry = await self._entry(info.context)
        found: LibraryEntry | None = None if entry is None else present(entry)
        return found

    @strawberry.field(description="The vocabulary as it is by now, where the entry is one.")
    async def vocabulary(self, info: Info) -> VocabularyType | None:
        entry = await self._entry(info.context)
        if entry is None or not isinstance(entry.document, Vocabulary):
            return None
        return VocabularyType(vocabulary=entry.document)

    async def _entry(self, context: Context) -> Entry | None:
        found = await load_changed(context.desk, context.actor, self.change)
        return found.get(self.changed.id)


@strawberry.type(name="LibraryChange", description="What changed in the library.")
class LibraryChangeType:
    """What changed in the library."""

    cursor: str = strawberry.field(
        description="The state of the library after the change; `after` takes it."
    )
    revision: int = strawberry.field(description="The library's revision after the change.")
    published_at: datetime | None = strawberry.field(
        description="When that revision was published; null where only the beginning is told."
    )
    start_over: bool = strawberry.field(
        description="Whether more changed than `entries` names: because you took too little too "
        "late, or it was too much, or a backup was restored. Ask again for all that you keep."
    )
    entries: list[ChangedEntryType] = strawberry.field(
        description="The entries you may see that were published, each once."
    )

    @classmethod
    def of(cls, change: LibraryChange) -> "LibraryChangeType":
        """A change as GraphQL shows it."""
        return cls(
            cursor=_cursor_of(change.point),
            revision=change.point.revision,
            published_at=change.published_at,
            start_over=not change.is_whole,
            entries=[
                ChangedEntryType(
                    kind=changed.key.kind,
                    slug=changed.key.slug,
                    revision=changed.revision,
                    changed=changed,
                    change=change,
                )
                for changed in change.entries
            ],
        )


@strawberry.type(description="What can be followed.")
class Subscription:
    """What can be followed."""

    @strawberry.subscription(
        description="What is published from now on, or since `after`. The first comes at once and "
        "says where the rest begins."
    )
    async def library_changed(
        self, info: Info, filter: LibraryChangeFilter | None = None, after: After = None
    ) -> AsyncGenerator[LibraryChangeType, None]:
        context = info.context
        given = filter or LibraryChangeFilter()
        changes = follow_library(
            context.desk,
            context.actor,
            actor_now=context.actor_now,
            selection=given.selection(context.vocabularies),
            after=_point_of(after),
        )
        async with aclosing(changes):
            async for change in changes:
                # All the events of a subscription share one context.
                context.loaders.forget()
                yield LibraryChangeType.of(change)


def _cursor_of(point: LibraryPoint) -> str:
    return opaque(["libraryChanged", *point])


def _point_of(cursor: str | None) -> LibraryPoint | None:
    if cursor is None:
        return None
    match unveiled(cursor):
        case ["libraryChanged", str(library_id), int(revision), str(stamp)] if (
            0 <= revision < _REVISION_MOST
        ):
            return LibraryPoint(library_id, revision, stamp)
        case _:
            raise BadInput("after is not a cursor of libraryChanged; use the last one you took.")
