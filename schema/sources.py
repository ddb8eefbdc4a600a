"""Sources, citations, and how far a cited item can be trusted."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.relay import Node, global_id
from schema.texts import optional_locale_field, optional_text_field
from service.domain.citations import Basis, Cited, Source, admiralty_grade, cited_place
from service.domain.codes import InformationCredibility, SourceReliability

if TYPE_CHECKING:
    from schema.nodes import LibraryEntry

Sources = tuple[Source, ...]


@strawberry.type(name="Source", description="A publication the library cites.")
class SourceType(Node):
    """A publication the library cites."""

    source: strawberry.Private[Source]

    note: str | None = optional_text_field(lambda self: self.source.note, "The editors' note.")
    note_locale: Locale | None = optional_locale_field(lambda self: self.source.note)

    @strawberry.field(description="The title, in the language of the source.")
    def title(self) -> str:
        return self.source.title

    @strawberry.field(description="Who published it.")
    def publisher(self) -> str | None:
        return self.source.publisher

    @strawberry.field(description="Its address, where it has one.")
    def url(self) -> str | None:
        return self.source.url

    @strawberry.field(description="When it was published, as exactly as it is known.")
    def published_on(self) -> str | None:
        return self.source.published_on

    @strawberry.field(description="Whether that date was inferred and not stated.")
    def published_on_inferred(self) -> bool:
        return self.source.published_on_inferred

    @strawberry.field(description="How reliable the source is: Admiralty A to F.")
    def reliability(self) -> SourceReliability:
        return self.source.reliability

    @strawberry.field(description="The entries that cite it.")
    async def cited_by(
        self, info: Info
    ) -> list[Annotated["LibraryEntry", strawberry.lazy("schema.nodes")]]:
        citing = await info.context.loaders.citing_by_source.load(self.source.identity)
        return await info.context.presented(dict.fromkeys(item.entry_id for item in citing))

    @classmethod
    def of(cls, source: Source) -> "SourceType":
        """The source as GraphQL shows it."""
        return cls(id=global_id("Source", source.identity), source=source)


@strawberry.type(description="A source, and the place in it where the item stands.")
class Citation:
    """A source, and the place in it where the item stands."""

    source: SourceType
    place: str | None


@strawberry.interface(name="Cited", description="An item that says what it rests on.")
class CitedType:
    """An item that says what it rests on."""

    cited: strawberry.Private[Any]
    sources: strawberry.Private[Sources]

    note: str | None = optional_text_field(
        lambda self: self.cited.note, "What a reader should know of it."
    )
    note_locale: Locale | None = optional_locale_field(lambda self: self.cited.note)

    @strawberry.field(description="On what it rests: a source, a computation, the editors.")
    def basis(self) -> Basis:
        return _cited(self).basis

    @strawberry.field(description="How credible the item is: Admiralty 1 to 6.")
    def credibility(self) -> InformationCredibility:
        return _cited(self).credibility

    @strawberry.field(description="The Admiralty grade, such as B2; null where nothing is cited.")
    def admiralty_grade(self) -> str | None:
        return admiralty_grade(_cited(self), self.sources)

    @strawberry.field(description="Where it is said.")
    def citations(self) -> list[Citation]:
        by_key = {source.key: source for source in self.sources}
        places = [cited_place(citation) for citation in _cited(self).citations]
        return [
            Citation(source=SourceType.of(by_key[place.key]), place=place.place)
            for place in places
            if place.key in by_key
        ]


def _cited(item: CitedType) -> Cited:
    held: Cited = item.cited
    return held
