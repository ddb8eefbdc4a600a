"""Cases as GraphQL shows them."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.figures import OutcomeMetricType
from schema.happenings import (
    ActionType,
    AssessmentType,
    LessonType,
    PromiseType,
    RemedyType,
    SecondaryEffectType,
    TimelineEventType,
)
from schema.loaders import Usage
from schema.moments import MomentType, Offset, moment_of, offset_of
from schema.relay import Node, global_id
from schema.sources import SourceType
from schema.statements import StatementType
from schema.terms import CrisisTypeType, TermType, crisis_type, term_of
from schema.texts import (
    locale_field,
    optional_locale_field,
    optional_text_field,
    text_field,
)
from service.domain.cases import Case, LinkRelation, Organisation
from service.domain.codes import (
    CaseProvenance,
    CauseOrigin,
    CrisisCluster,
    RiskLevel,
    SharingMarking,
    Verdict,
)
from service.domain.entries import Entry, EntryKind
from service.domain.moments import Anchors
from service.domain.values import Bilingual
from service.domain.vocabularies import ancestors

if TYPE_CHECKING:
    from schema.methods import MethodType
    from schema.procedures import ProcedureType


@strawberry.type(name="Organisation", description="Whose account it was.")
class OrganisationType:
    """Whose account it was."""

    organisation: strawberry.Private[Organisation]

    name: str = text_field(lambda self: self.organisation.name, "The name.")
    name_locale: Locale = locale_field(lambda self: self.organisation.name)

    @strawberry.field(description="Other names people type.")
    def aliases(self) -> list[str]:
        return list(self.organisation.aliases)

    @strawberry.field(description="Whether the name only describes, since the source names nobody.")
    def anonymised(self) -> bool:
        return self.organisation.anonymised


@strawberry.type(name="Anchors", description="The moments other moments are counted from.")
class AnchorsType:
    """The moments other moments are counted from."""

    anchors: strawberry.Private[Anchors]

    note: str | None = optional_text_field(
        lambda self: self.anchors.note, "How these moments are known."
    )
    note_locale: Locale | None = optional_locale_field(lambda self: self.anchors.note)

    @strawberry.field(description="The first sign that could be seen from outside.")
    def first_signal_at(self) -> MomentType | None:
        return moment_of(self.anchors.first_signal_at, self.anchors)

    @strawberry.field(description="When the owner knew.")
    def detected_at(self) -> MomentType | None:
        return moment_of(self.anchors.detected_at, self.anchors)

    @strawberry.field(description="When the owner first spoke.")
    def first_statement_at(self) -> MomentType | None:
        return moment_of(self.anchors.first_statement_at, self.anchors)

    @strawberry.field(description="When it was over.")
    def resolved_at(self) -> MomentType | None:
        return moment_of(self.anchors.resolved_at, self.anchors)


@strawberry.type(description="The editors' judgement of the handling as a whole.")
class EditorialVerdict:
    """The editors' judgement of the handling as a whole."""

    verdict: Verdict
    text: strawberry.Private[Bilingual]

    reason: str = text_field(lambda self: self.text, "The editors' reason.")
    reason_locale: Locale = locale_field(lambda self: self.text)


@strawberry.type(description="A link the editors made between two cases.")
class CaseLink:
    """A link the editors made between two cases."""

    relation: LinkRelation
    outgoing: bool = strawberry.field(
        description="Whether this case's editors made it; CAUSED runs from the one that does."
    )
    case: "CaseType"
    text: strawberry.Private[Bilingual]

    reason: str = text_field(lambda self: self.text, "Why they are linked.")
    reason_locale: Locale = locale_field(lambda self: self.text)


@strawberry.type(name="Case", description="A crisis of a social account, from signal to outcome.")
class CaseType(Node):
    """A crisis of a social account, from signal to outcome."""

    entry: strawberry.Private[Entry]
    document: strawberry.Private[Case]

    title: str = text_field(lambda self: self.document.title, "The title.")
    title_locale: Locale = locale_field(lambda self: self.document.title)
    summary: str = text_field(lambda self: self.document.summary, "What happened, in short.")
    summary_locale: Locale = locale_field(lambda self: self.document.summary)
    note: str | None = optional_text_field(
        lambda self: self.document.note, "What a reader should know of the record."
    )
    note_locale: Locale | None = optional_locale_field(lambda self: self.document.note)

    @strawberry.field(description="The name in addresses, which never changes.")
    def slug(self) -> str:
        return self.document.slug

    @strawberry.field(description="The citable number, such as CASE-0012.")
    def number(self) -> str:
        return self.document.number

    @strawberry.field(description="The revision of the entry that is published.")
    def revision(self) -> int:
        return self.entry.revision

    @strawberry.field(description="Whose account it was.")
    def organisation(self) -> OrganisationType:
        return OrganisationType(organisation=self.document.organisation)

    @strawberry.field(description="The industry.")
    def industry(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "Industry", self.document.industry)
        return found

    @strawberry.field(description="The country, as ISO 3166-1 alpha-2.")
    def country(self) -> str | None:
        return self.document.country

    @strawberry.field(description="The countries whose law was in play.")
    def jurisdictions(self) -> list[str]:
        return list(self.document.jurisdictions)

    @strawberry.field(description="Whether the organisation was listed then; null if not known.")
    def listed(self) -> bool | None:
        return self.document.listed

    @strawberry.field(description="The year of the first signal; null where no date is known.")
    def year(self) -> int | None:
        return self.document.year

    @strawberry.field(description="The platforms it ran on.")
    def platforms(self, info: Info) -> list[TermType]:
        return [
            term_of(info.context.vocabularies, "Platform", code) for code in self.document.platforms
        ]

    @strawberry.field(description="Platforms outside the vocabulary, by name.")
    def other_platforms(self) -> list[str]:
        return list(self.document.other_platforms)

    @strawberry.field(description="Where the case comes from.")
    def provenance(self) -> CaseProvenance:
        return self.document.provenance

    @strawberry.field(description="Who may see it (TLP).")
    def sharing(self) -> SharingMarking:
        return self.document.sharing

    @strawberry.field(description="The main crisis type.")
    def primary_type(self, info: Info) -> CrisisTypeType:
        return crisis_type(info.context.vocabularies, self.document.primary_type)

    @strawberry.field(description="The other crisis types.")
    def other_types(self, info: Info) -> list[CrisisTypeType]:
        return [crisis_type(info.context.vocabularies, code) for code in self.document.other_types]

    @strawberry.field(description="Where the first push came from.")
    def cause_origin(self) -> CauseOrigin:
        return self.document.cause_origin

    @strawberry.field(description="How much responsibility the public laid on the owner (SCCT).")
    def cluster(self) -> CrisisCluster:
        return self.document.cluster

    @strawberry.field(description="The level of the latest assessment.")
    def level(self) -> RiskLevel | None:
        return self.document.level

    @strawberry.field(description="The moments other moments are counted from.")
    def anchors(self) -> AnchorsType:
        return AnchorsType(anchors=self.document.anchors)

    @strawberry.field(description="Hours from the first signal to the first statement.")
    def first_statement_after(self) -> Offset | None:
        return offset_of(self.document.first_statement_after)

    @strawberry.field(description="What happened, in order.")
    def timeline(self) -> list[TimelineEventType]:
        anchors, sources = self.document.anchors, self.document.sources
        return [TimelineEventType.of(event, anchors, sources) for event in self.document.timeline]

    @strawberry.field(description="What the owner said, in order.")
    def statements(self) -> list[StatementType]:
        return [
            StatementType.of(statement, self.entry, self.document)
            for statement in self.document.statements
        ]

    @strawberry.field(description="What the owner did beside speaking.")
    def actions(self) -> list[ActionType]:
        anchors, sources = self.document.anchors, self.document.sources
        return [ActionType.of(action, anchors, sources) for action in self.document.actions]

    @strawberry.field(description="What the owner promised.")
    def promises(self) -> list[PromiseType]:
        anchors, sources = self.document.anchors, self.document.sources
        return [PromiseType.of(promise, anchors, sources) for promise in self.document.promises]

    @strawberry.field(description="What was paid or offered.")
    def remedies(self) -> list[RemedyType]:
        return [
            RemedyType.of(remedy, self.entry, self.document) for remedy in self.document.remedies
        ]

    @strawberry.field(description="What came of it, measured.")
    def outcome_metrics(self) -> list[OutcomeMetricType]:
        return [
            OutcomeMetricType.of(outcome, self.entry, self.document)
            for outcome in self.document.outcomes
        ]

    @strawberry.field(description="What it set off elsewhere.")
    def secondary_effects(self) -> list[SecondaryEffectType]:
        return [
            SecondaryEffectType.of(effect, self.entry, self.document)
            for effect in self.document.secondary_effects
        ]

    @strawberry.field(description="The editors' judgement of the handling; never a source's.")
    def editorial_verdict(self) -> EditorialVerdict | None:
        verdict = self.document.editorial_verdict
        if verdict is None:
            return None
        return EditorialVerdict(verdict=verdict.verdict, text=verdict.reason)

    @strawberry.field(description="Every assessment of the risk, oldest first.")
    def assessments(self) -> list[AssessmentType]:
        anchors, sources = self.document.anchors, self.document.sources
        return [AssessmentType.of(held, anchors, sources) for held in self.document.assessments]

    @strawberry.field(description="What was done well (得) or badly (失).")
    def lessons(self) -> list[LessonType]:
        return [LessonType.of(lesson, self.document.sources) for lesson in self.document.lessons]

    @strawberry.field(description="What people in this situation type.")
    def asked_as(self, locale: Locale = Locale.ZH_HANS) -> list[str]:
        asked = self.document.asked_as
        return list(asked.en if locale is Locale.EN else asked.zh_hans)

    @strawberry.field(description="The locale that is given.")
    def asked_as_locale(self, locale: Locale = Locale.ZH_HANS) -> Locale:
        return Locale.EN if locale is Locale.EN else Locale.ZH_HANS

    @strawberry.field(description="The sources of this record.")
    def sources(self) -> list[SourceType]:
        return [SourceType.of(source) for source in self.document.sources]

    @strawberry.field(description="The editors' links to and from other cases.")
    async def links(self, info: Info) -> list[CaseLink]:
        return await _links(info, self)

    @strawberry.field(description="Cases the editors call similar.")
    async def similar(self, info: Info) -> "list[CaseType]":
        return await _linked(info, self, LinkRelation.SIMILAR)

    @strawberry.field(description="Cases that look alike but differ in what matters.")
    async def dissimilar(self, info: Info) -> "list[CaseType]":
        return await _linked(info, self, LinkRelation.DISSIMILAR)

    @strawberry.field(description="Cases that may be the same event; unverified.")
    async def possibly_same(self, info: Info) -> "list[CaseType]":
        return await _linked(info, self, LinkRelation.POSSIBLY_SAME)

    @strawberry.field(description="Methods that name this case or are for one of its types.")
    async def methods(
        self, info: Info
    ) -> list[Annotated["MethodType", strawberry.lazy("schema.methods")]]:
        found: list[MethodType] = await _guides(info, self, EntryKind.METHOD)
        return found

    @strawberry.field(description="Procedures that name this case or are for one of its types.")
    async def procedures(
        self, info: Info
    ) -> list[Annotated["ProcedureType", strawberry.lazy("schema.procedures")]]:
        found: list[ProcedureType] = await _guides(info, self, EntryKind.PROCEDURE)
        return found

    @classmethod
    def of(cls, entry: Entry, case: Case) -> "CaseType":
        """The case as GraphQL shows it."""
        return cls(id=global_id("Case", case.slug), entry=entry, document=case)


async def _links(info: Info, case: CaseType) -> list[CaseLink]:
    linked = await info.context.loaders.linked_by_case.load(case.entry.id)
    cases = {entry.key.slug: entry for entry in linked}
    found = [(link.relation, True, link.case, link.reason) for link in case.document.links]
    own = {(relation, slug) for relation, _, slug, _ in found}
    for entry in linked:
        slug = entry.key.slug
        found += [
            (link.relation, False, slug, link.reason)
            for link in (entry.document.links if isinstance(entry.document, Case) else ())
            if link.case == case.document.slug and (link.relation, slug) not in own
        ]
    return [
        CaseLink(
            relation=relation,
            outgoing=outgoing,
            case=info.context.presenter.entry(cases[slug]),
            text=reason,
        )
        for relation, outgoing, slug, reason in found
        if slug in cases
    ]


async def _linked(info: Info, case: CaseType, relation: LinkRelation) -> list[CaseType]:
    return [link.case for link in await _links(info, case) if link.relation is relation]


async def _guides(info: Info, case: CaseType, kind: EntryKind) -> Any:
    naming = await info.context.loaders.naming_by_entry.load(case.entry.key)
    rows = [row for naming_kind, row, _, _ in naming if naming_kind is kind]
    above = [upper for code in case.document.types for upper in ancestors(code)]
    usages = [Usage(kind, "CrisisType", "crisis_types", code, directly=True) for code in above]
    for used in await info.context.loaders.rows_by_usage.load_many(usages):
        rows += used
    return await info.context.presented(dict.fromkeys(rows))
