"""Statement templates as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.relay import Node, global_id
from schema.sources import SourceType
from schema.terms import (
    CrisisTypeType,
    ResponseStrategyType,
    TermType,
    crisis_type,
    term_of,
)
from schema.texts import locale_field, text_field, texts_field, texts_locale_field
from service.domain.codes import ChannelKind, Phase, SharingMarking, StatementKind
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.templates import Slot, StatementTemplate

if TYPE_CHECKING:
    from schema.cases import CaseType


@strawberry.type(name="Slot", description="A gap in a template, to be filled.")
class SlotType:
    """A gap in a template, to be filled."""

    slot: strawberry.Private[Slot]

    label: str = text_field(lambda self: self.slot.label, "What goes in.")
    label_locale: Locale = locale_field(lambda self: self.slot.label)
    example: str = text_field(lambda self: self.slot.example, "An example.")
    example_locale: Locale = locale_field(lambda self: self.slot.example)

    @strawberry.field(description="Its name, as {name} in the body.")
    def name(self) -> str:
        return self.slot.name

    @strawberry.field(description="Whether the statement cannot go out without it.")
    def required(self) -> bool:
        return self.slot.required

    @strawberry.field(description="Whether only a confirmed fact may go in.")
    def must_be_confirmed(self) -> bool:
        return self.slot.must_be_confirmed


@strawberry.type(name="StatementTemplate", description="A statement to fill in.")
class StatementTemplateType(Node):
    """A statement to fill in."""

    entry: strawberry.Private[Entry]
    document: strawberry.Private[StatementTemplate]

    title: str = text_field(lambda self: self.document.title, "The title.")
    title_locale: Locale = locale_field(lambda self: self.document.title)
    summary: str = text_field(lambda self: self.document.summary, "What it is for.")
    summary_locale: Locale = locale_field(lambda self: self.document.summary)
    body: str = text_field(lambda self: self.document.body, "The wording, with {slots}.")
    body_locale: Locale = locale_field(lambda self: self.document.body)
    use_when: list[str] = texts_field(lambda self: self.document.use_when, "When to use it.")
    use_when_locale: Locale = texts_locale_field(lambda self: self.document.use_when)
    do_not_use_when: list[str] = texts_field(
        lambda self: self.document.do_not_use_when, "When not to use it."
    )
    do_not_use_when_locale: Locale = texts_locale_field(lambda self: self.document.do_not_use_when)

    @strawberry.field(description="The name in addresses, which never changes.")
    def slug(self) -> str:
        return self.document.slug

    @strawberry.field(description="The revision of the entry that is published.")
    def revision(self) -> int:
        return self.entry.revision

    @strawberry.field(description="Who may see it (TLP).")
    def sharing(self) -> SharingMarking:
        return self.document.sharing

    @strawberry.field(description="What kind of statement it makes.")
    def kind(self) -> StatementKind:
        return self.document.kind

    @strawberry.field(description="The kind's term.")
    def kind_term(self, info: Info) -> TermType:
        kind = self.document.kind.value
        found: TermType = term_of(info.context.vocabularies, "StatementKind", kind)
        return found

    @strawberry.field(description="The phases it is for.")
    def phases(self) -> list[Phase]:
        return list(self.document.phases)

    @strawberry.field(description="The channels it is for.")
    def channels(self) -> list[ChannelKind]:
        return list(self.document.channels)

    @strawberry.field(description="The crisis types it is for; none means all.")
    def crisis_types(self, info: Info) -> list[CrisisTypeType]:
        return [crisis_type(info.context.vocabularies, code) for code in self.document.crisis_types]

    @strawberry.field(description="The strategies it takes.")
    def strategies(self, info: Info) -> list[ResponseStrategyType]:
        vocabularies = info.context.vocabularies
        return [
            term_of(vocabularies, "ResponseStrategy", code) for code in self.document.strategies
        ]

    @strawberry.field(description="The statement rules it must pass.")
    def rules(self, info: Info) -> list[TermType]:
        vocabularies = info.context.vocabularies
        return [term_of(vocabularies, "StatementRule", code) for code in self.document.rules]

    @strawberry.field(description="The gaps to fill.")
    def slots(self) -> list[SlotType]:
        return [SlotType(slot=slot) for slot in self.document.slots]

    @strawberry.field(description="Cases that used such a statement.")
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
    def of(cls, entry: Entry, template: StatementTemplate) -> "StatementTemplateType":
        """The template as GraphQL shows it."""
        return cls(id=global_id("StatementTemplate", template.slug), entry=entry, document=template)
