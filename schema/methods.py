"""Methods as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.figures import FigureType, figure_of
from schema.relay import Node, global_id
from schema.sources import CitedType, SourceType
from schema.terms import CrisisTypeType, ResponseStrategyType, crisis_type, term_of
from schema.texts import locale_field, text_field
from service.domain.codes import EvidenceLevel, Phase, SharingMarking
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.methods import Method, ResearchFinding

if TYPE_CHECKING:
    from schema.cases import CaseType


@strawberry.type(name="ResearchFinding", description="What a study found.")
class ResearchFindingType(CitedType):
    """What a study found."""

    finding: strawberry.Private[ResearchFinding]
    entry: strawberry.Private[Entry]

    text: str = text_field(lambda self: self.finding.text, "What it found.")
    text_locale: Locale = locale_field(lambda self: self.finding.text)

    @strawberry.field(description="What kind of study it was.")
    def study(self) -> EvidenceLevel:
        return self.finding.study

    @strawberry.field(description="The figure it reports; null where it found only a direction.")
    def figure(self) -> FigureType | None:
        return figure_of(self.finding.figure)

    @strawberry.field(description="The method that holds it.")
    def method(self, info: Info) -> "MethodType":
        found: MethodType = info.context.presenter.entry(self.entry)
        return found

    @classmethod
    def of(cls, finding: ResearchFinding, entry: Entry, method: Method) -> "ResearchFindingType":
        """The finding as GraphQL shows it."""
        return cls(cited=finding, sources=method.sources, finding=finding, entry=entry)


@strawberry.type(name="Method", description="An article of the methodology.")
class MethodType(Node):
    """An article of the methodology."""

    entry: strawberry.Private[Entry]
    document: strawberry.Private[Method]

    title: str = text_field(lambda self: self.document.title, "The title.")
    title_locale: Locale = locale_field(lambda self: self.document.title)
    summary: str = text_field(lambda self: self.document.summary, "What it says, in short.")
    summary_locale: Locale = locale_field(lambda self: self.document.summary)
    body: str = text_field(lambda self: self.document.body, "The article, as Markdown.")
    body_locale: Locale = locale_field(lambda self: self.document.body)

    @strawberry.field(description="The name in addresses, which never changes.")
    def slug(self) -> str:
        return self.document.slug

    @strawberry.field(description="The revision of the entry that is published.")
    def revision(self) -> int:
        return self.entry.revision

    @strawberry.field(description="Who may see it (TLP).")
    def sharing(self) -> SharingMarking:
        return self.document.sharing

    @strawberry.field(description="The phases it is for.")
    def phases(self) -> list[Phase]:
        return list(self.document.phases)

    @strawberry.field(description="The crisis types it is for; none means all.")
    def crisis_types(self, info: Info) -> list[CrisisTypeType]:
        return [crisis_type(info.context.vocabularies, code) for code in self.document.crisis_types]

    @strawberry.field(description="The strategies it treats of.")
    def strategies(self, info: Info) -> list[ResponseStrategyType]:
        vocabularies = info.context.vocabularies
        return [
            term_of(vocabularies, "ResponseStrategy", code) for code in self.document.strategies
        ]

    @strawberry.field(description="What kind of evidence it rests on.")
    def evidence_level(self) -> EvidenceLevel:
        return self.document.evidence_level

    @strawberry.field(description="What studies found that it rests on.")
    def findings(self) -> list[ResearchFindingType]:
        return [
            ResearchFindingType.of(finding, self.entry, self.document)
            for finding in self.document.findings
        ]

    @strawberry.field(description="Cases that show it.")
    async def example_cases(
        self, info: Info
    ) -> list[Annotated["CaseType", strawberry.lazy("schema.cases")]]:
        return await info.context.found(
            EntryKey(EntryKind.CASE, slug) for slug in self.document.example_cases
        )

    @strawberry.field(description="The sources it cites.")
    def sources(self) -> list[SourceType]:
        return [SourceType.of(source) for source in self.document.sources]

    @classmethod
    def of(cls, entry: Entry, method: Method) -> "MethodType":
        """The method as GraphQL shows it."""
        return cls(id=global_id("Method", method.slug), entry=entry, document=method)
