"""Precedents as GraphQL shows them: the nearest cases, each explained."""

from typing import Annotated

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.evidence import StrategyEvidence
from schema.figures import OutcomeMetricType
from schema.happenings import LessonType
from schema.nodes import present
from schema.search import ConceptType, concept_of
from schema.situations import SituationInput
from schema.statements import StatementType
from schema.texts import locale_field, text_field
from service.domain.codes import Verdict
from service.domain.conditions import Among
from service.domain.observations import Dimension
from service.domain.pages import page_size
from service.domain.precedent_reasons import (
    Difference,
    DifferenceKind,
    Reason,
    came_of_it,
    differences_of,
    reasons_of,
    said_first,
)
from service.domain.precedents import FIT, ReasonKind
from service.operations.evidence import gather_evidence
from service.operations.precedents import Precedent, PrecedentSearch, find_precedents

# Explaining more than this is reading on, not finding.
_PRECEDENTS_MOST = 25


@strawberry.type(name="PrecedentReason", description="Why a case is near.")
class PrecedentReasonType:
    """Why a case is near."""

    kind: ReasonKind
    weight: float = strawberry.field(
        description="Its share of what speaks for the case, 0 to 1; what is 0 is only shown."
    )
    matched: list[str] = strawberry.field(description="The words or codes that match.")
    text: strawberry.Private[Reason]

    label: str = text_field(lambda self: self.text.label, "The reason in words.")
    label_locale: Locale = locale_field(lambda self: self.text.label)

    @classmethod
    def of(cls, reason: Reason) -> "PrecedentReasonType":
        """The reason as GraphQL shows it."""
        return cls(
            kind=reason.kind, weight=reason.weight, matched=list(reason.matched), text=reason
        )


@strawberry.type(name="PrecedentDifference", description="In what a case differs.")
class PrecedentDifferenceType:
    """In what a case differs."""

    kind: DifferenceKind
    text: strawberry.Private[Difference]

    label: str = text_field(lambda self: self.text.label, "The difference in words.")
    label_locale: Locale = locale_field(lambda self: self.text.label)


@strawberry.type(description="A case near the situation, with why, and what came of it.")
class PrecedentEdge:
    """A case near the situation."""

    search: strawberry.Private[PrecedentSearch]
    precedent: strawberry.Private[Precedent]

    @strawberry.field(
        description="0 to 1; 0.5 or more claims a fit that a professional would look at."
    )
    def score(self) -> float:
        return self.precedent.score

    @strawberry.field(description="The case.")
    def node(self) -> CaseType:
        found: CaseType = present(self.precedent.entry)
        return found

    @strawberry.field(description="Why it is near, the weightiest reason first.")
    def reasons(self, info: Info) -> list[PrecedentReasonType]:
        found = reasons_of(
            self.precedent.case,
            situation=self.search.situation,
            reading=self.search.reading,
            signals=self.precedent.signals,
            link=self.precedent.link,
            vocabularies=info.context.vocabularies,
        )
        return [PrecedentReasonType.of(reason) for reason in found]

    @strawberry.field(description="In what it differs, as far as both are known.")
    def differences(self, info: Info) -> list[PrecedentDifferenceType]:
        found = differences_of(
            self.precedent.case,
            situation=self.search.situation,
            signals=self.precedent.signals,
            link=self.precedent.link,
            vocabularies=info.context.vocabularies,
        )
        return [PrecedentDifferenceType(kind=each.kind, text=each) for each in found]

    @strawberry.field(description="What the owner said first; null where nothing is recorded.")
    def said_first(self) -> StatementType | None:
        case = self.precedent.case
        statement = said_first(case)
        if statement is None:
            return None
        return StatementType.of(statement, self.precedent.entry, case)

    @strawberry.field(
        description="What came of it: verified outcomes, at most five, effects before what was done."
    )
    def came_of_it(self, info: Info) -> list[OutcomeMetricType]:
        case = self.precedent.case
        return [
            OutcomeMetricType.of(outcome, self.precedent.entry, case)
            for outcome in came_of_it(case, info.context.vocabularies)
        ]

    @strawberry.field(description="What the editors say was done badly (失), to be done otherwise.")
    def do_differently(self) -> list[LessonType]:
        case = self.precedent.case
        return [
            LessonType.of(lesson, case.sources)
            for lesson in case.lessons
            if lesson.verdict is Verdict.LOSS
        ]


@strawberry.type(description="The cases nearest to a situation.")
class PrecedentConnection:
    """The cases nearest to a situation."""

    search: strawberry.Private[PrecedentSearch]

    @strawberry.field(description="The nearest cases, best first.")
    def edges(self) -> list[PrecedentEdge]:
        return [
            PrecedentEdge(search=self.search, precedent=precedent)
            for precedent in self.search.precedents
        ]

    @strawberry.field(
        description="Whether the library holds a case that fits; if not, what is shown is only near."
    )
    def has_fit(self) -> bool:
        return any(precedent.score >= FIT for precedent in self.search.precedents)

    @strawberry.field(description="The concepts read from the words.")
    def concepts(self, info: Info) -> list[ConceptType]:
        return [concept_of(info.context, concept) for concept in self.search.reading.concepts]

    @strawberry.field(
        description="Concepts the words deny (没有泄露) or that were excluded: not looked up."
    )
    def set_aside(self, info: Info) -> list[ConceptType]:
        return [concept_of(info.context, concept) for concept in self.search.reading.set_aside]

    @strawberry.field(
        description="Which response went with what, in all the cases that fit (at most thirty)."
    )
    async def evidence(
        self, info: Info, group_by: Dimension = Dimension.STRATEGY_CLUSTER
    ) -> StrategyEvidence:
        fits = tuple(key.slug for key in self.search.fits)
        gathered = await gather_evidence(
            info.context.desk, info.context.actor, Among("slug", fits), by=group_by
        )
        return StrategyEvidence(evidence=gathered)

    @strawberry.field(
        description="Whether an index is away: the order is then rough, and nothing claims to fit."
    )
    def degraded(self) -> bool:
        return self.search.degraded


@strawberry.type
class PrecedentQuery:
    """The precedents of a situation."""

    @strawberry.field(
        description="The cases nearest to a situation, each explained: what matches, what differs, "
        "what was said and when, what came of it."
    )
    async def find_precedents(
        self,
        info: Info,
        situation: SituationInput,
        first: Annotated[
            int,
            strawberry.argument(description=f"How many cases, 1 to {_PRECEDENTS_MOST}."),
        ] = 10,
    ) -> PrecedentConnection:
        search = await find_precedents(
            info.context.desk,
            info.context.actor,
            situation=situation.situation(info),
            first=page_size(first, most=_PRECEDENTS_MOST),
        )
        return PrecedentConnection(search=search)
