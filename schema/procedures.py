"""Procedures and their steps as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.relay import Node, global_id
from schema.sources import CitedType, SourceType
from schema.terms import CrisisTypeType, RegulatoryClockType, TermType, crisis_type, term_of
from schema.texts import (
    locale_field,
    text_field,
    texts_field,
    texts_locale_field,
)
from service.domain.clocks import ClockStart, DayKind
from service.domain.codes import ChannelKind, Phase, RiskLevel, Role, SharingMarking
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.procedures import AccountHolder, Clock, Procedure, ProcedureStep

if TYPE_CHECKING:
    from schema.cases import CaseType
    from schema.methods import MethodType
    from schema.templates import StatementTemplateType


@strawberry.type(name="Clock", description="A time limit: how long, from which moment.")
class ClockType(CitedType):
    """A time limit: how long, from which moment."""

    clock: strawberry.Private[Clock]

    @strawberry.field(description="The limit as an ISO 8601 duration; null means at once.")
    def limit(self) -> str | None:
        return self.clock.limit

    @strawberry.field(description="Where it is a window: not before this long after the start.")
    def not_before(self) -> str | None:
        return self.clock.not_before

    @strawberry.field(description="Which days the limit counts.")
    def counted_in(self) -> DayKind:
        return self.clock.counted_in

    @strawberry.field(description="The moment its clause starts it from.")
    def starts_from(self) -> ClockStart:
        return self.clock.starts_from

    @strawberry.field(description="The start this library counts from where the clause has none.")
    def assumed_start(self) -> ClockStart | None:
        return self.clock.assumed_start

    @strawberry.field(description="The regulatory clock it stands for.")
    def regulatory_clock(self, info: Info) -> RegulatoryClockType | None:
        code = self.clock.regulatory_clock
        if code is None:
            return None
        found: RegulatoryClockType = term_of(info.context.vocabularies, "RegulatoryClock", code)
        return found


@strawberry.type(name="ProcedureStep", description="One step: who does what by when.")
class ProcedureStepType(CitedType, Node):
    """One step: who does what by when."""

    step: strawberry.Private[ProcedureStep]
    entry: strawberry.Private[Entry]
    within: strawberry.Private[Procedure]

    title: str = text_field(lambda self: self.step.title, "The title.")
    title_locale: Locale = locale_field(lambda self: self.step.title)
    do: list[str] = texts_field(lambda self: self.step.do, "What to do.")
    do_locale: Locale = texts_locale_field(lambda self: self.step.do)
    do_not: list[str] = texts_field(lambda self: self.step.do_not, "What must not be done.")
    do_not_locale: Locale = texts_locale_field(lambda self: self.step.do_not)

    @strawberry.field(description="Its key in its procedure.")
    def key(self) -> str:
        return self.step.key

    @strawberry.field(description="The phase.")
    def phase(self) -> Phase:
        return self.step.phase

    @strawberry.field(description="The step of the process it belongs to.")
    def phase_step(self, info: Info) -> TermType | None:
        code = self.step.phase_step
        return None if code is None else term_of(info.context.vocabularies, "PhaseStep", code)

    @strawberry.field(description="Who is responsible.")
    def role(self) -> Role:
        return self.step.role

    @strawberry.field(description="The role's term.")
    def role_term(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "Role", self.step.role.value)
        return found

    @strawberry.field(description="Who helps.")
    def supporting_roles(self) -> list[Role]:
        return list(self.step.supporting_roles)

    @strawberry.field(description="The levels it is for; none means all.")
    def levels(self) -> list[RiskLevel]:
        return list(self.step.levels)

    @strawberry.field(description="The channels it uses.")
    def channels(self) -> list[ChannelKind]:
        return list(self.step.channels)

    @strawberry.field(description="Its clocks; conflicting ones side by side.")
    def clocks(self) -> list[ClockType]:
        return [
            ClockType(cited=clock, sources=self.sources, clock=clock) for clock in self.step.clocks
        ]

    @strawberry.field(description="Templates to use.")
    async def templates(
        self, info: Info
    ) -> list[Annotated["StatementTemplateType", strawberry.lazy("schema.templates")]]:
        return await info.context.found(
            EntryKey(EntryKind.STATEMENT_TEMPLATE, slug) for slug in self.step.templates
        )

    @strawberry.field(description="Methods to read.")
    async def methods(
        self, info: Info
    ) -> list[Annotated["MethodType", strawberry.lazy("schema.methods")]]:
        return await info.context.found(
            EntryKey(EntryKind.METHOD, slug) for slug in self.step.methods
        )

    @strawberry.field(description="Procedures to go on with.")
    async def procedures(self, info: Info) -> "list[ProcedureType]":
        return await info.context.found(
            EntryKey(EntryKind.PROCEDURE, slug) for slug in self.step.procedures
        )

    @strawberry.field(description="Cases that show it.")
    async def example_cases(
        self, info: Info
    ) -> list[Annotated["CaseType", strawberry.lazy("schema.cases")]]:
        return await info.context.found(
            EntryKey(EntryKind.CASE, slug) for slug in self.step.example_cases
        )

    @strawberry.field(description="The procedure it belongs to.")
    def procedure(self) -> "ProcedureType":
        return ProcedureType.of(self.entry, self.within)

    @classmethod
    def of(cls, step: ProcedureStep, entry: Entry, procedure: Procedure) -> "ProcedureStepType":
        """The step as GraphQL shows it."""
        return cls(
            id=global_id("ProcedureStep", f"{procedure.slug}/{step.key}"),
            cited=step,
            sources=procedure.sources,
            step=step,
            entry=entry,
            within=procedure,
        )


@strawberry.type(name="Procedure", description="A procedure from first hour to review.")
class ProcedureType(Node):
    """A procedure from first hour to review."""

    entry: strawberry.Private[Entry]
    document: strawberry.Private[Procedure]

    title: str = text_field(lambda self: self.document.title, "The title.")
    title_locale: Locale = locale_field(lambda self: self.document.title)
    summary: str = text_field(lambda self: self.document.summary, "What it covers.")
    summary_locale: Locale = locale_field(lambda self: self.document.summary)

    @strawberry.field(description="The name in addresses, which never changes.")
    def slug(self) -> str:
        return self.document.slug

    @strawberry.field(description="The revision of the entry that is published.")
    def revision(self) -> int:
        return self.entry.revision

    @strawberry.field(description="Who may see it (TLP).")
    def sharing(self) -> SharingMarking:
        return self.document.sharing

    @strawberry.field(description="Whose account it is for.")
    def account_holder(self) -> AccountHolder:
        return self.document.account_holder

    @strawberry.field(description="The crisis types it is for; none means all.")
    def crisis_types(self, info: Info) -> list[CrisisTypeType]:
        return [crisis_type(info.context.vocabularies, code) for code in self.document.crisis_types]

    @strawberry.field(description="The steps in order.")
    def steps(self) -> list[ProcedureStepType]:
        return [
            ProcedureStepType.of(step, self.entry, self.document) for step in self.document.steps
        ]

    @strawberry.field(description="The sources it cites.")
    def sources(self) -> list[SourceType]:
        return [SourceType.of(source) for source in self.document.sources]

    @classmethod
    def of(cls, entry: Entry, procedure: Procedure) -> "ProcedureType":
        """The procedure as GraphQL shows it."""
        return cls(id=global_id("Procedure", procedure.slug), entry=entry, document=procedure)


def step_in(entry: Entry, procedure: Procedure, key: str) -> ProcedureStepType | None:
    """The step of a procedure with this key, or None."""
    for step in procedure.steps:
        if step.key == key:
            return ProcedureStepType.of(step, entry, procedure)
    return None
