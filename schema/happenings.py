"""What happened in a case beside its statements: events, actions, promises, remedies, effects."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.figures import FigureType, figure_of
from schema.moments import MomentType, TimedType, moment_of
from schema.sources import CitedType, Sources
from schema.terms import CrisisTypeType, ResponseStrategyType, TermType, crisis_type, term_of
from schema.texts import (
    locale_field,
    optional_locale_field,
    optional_text_field,
    text_field,
)
from service.domain.cases import (
    Action,
    Assessment,
    AssessmentRule,
    Case,
    Lesson,
    Promise,
    PromiseOutcome,
    Remedy,
    SecondaryEffect,
    TimelineEvent,
)
from service.domain.codes import Phase, RiskLevel, StakeholderKind, Verdict
from service.domain.entries import Entry
from service.domain.moments import Anchors

if TYPE_CHECKING:
    from schema.cases import CaseType


@strawberry.type(name="TimelineEvent", description="Something that happened.")
class TimelineEventType(CitedType, TimedType):
    """Something that happened."""

    event: strawberry.Private[TimelineEvent]

    text: str = text_field(lambda self: self.event.text, "What happened.")
    text_locale: Locale = locale_field(lambda self: self.event.text)
    actor: str | None = optional_text_field(lambda self: self.event.actor, "Who acted.")
    actor_locale: Locale | None = optional_locale_field(lambda self: self.event.actor)

    @strawberry.field(description="The phase of the handling.")
    def phase(self) -> Phase | None:
        return self.event.phase

    @classmethod
    def of(cls, event: TimelineEvent, anchors: Anchors, sources: Sources) -> "TimelineEventType":
        """The event as GraphQL shows it."""
        return cls(cited=event, sources=sources, moment=event.moment, anchors=anchors, event=event)


@strawberry.type(name="Action", description="Something the owner did beside speaking.")
class ActionType(CitedType, TimedType):
    """Something the owner did beside speaking."""

    action: strawberry.Private[Action]

    text: str = text_field(lambda self: self.action.text, "What was done.")
    text_locale: Locale = locale_field(lambda self: self.action.text)

    @strawberry.field(description="The phase of the handling.")
    def phase(self) -> Phase | None:
        return self.action.phase

    @strawberry.field(description="The response strategies it took; a recorded silence is one.")
    def strategies(self, info: Info) -> list[ResponseStrategyType]:
        vocabularies = info.context.vocabularies
        return [term_of(vocabularies, "ResponseStrategy", code) for code in self.action.strategies]

    @classmethod
    def of(cls, action: Action, anchors: Anchors, sources: Sources) -> "ActionType":
        """The action as GraphQL shows it."""
        return cls(
            cited=action, sources=sources, moment=action.moment, anchors=anchors, action=action
        )


@strawberry.type(name="Promise", description="What was promised, and whether it was kept.")
class PromiseType(CitedType):
    """What was promised, and whether it was kept."""

    promise: strawberry.Private[Promise]
    anchors: strawberry.Private[Anchors]

    text: str = text_field(lambda self: self.promise.text, "What was promised.")
    text_locale: Locale = locale_field(lambda self: self.promise.text)

    @strawberry.field(description="The key of the statement that made it.")
    def statement(self) -> str | None:
        return self.promise.statement

    @strawberry.field(description="When it was due.")
    def due(self) -> MomentType | None:
        return moment_of(self.promise.due, self.anchors)

    @strawberry.field(description="Whether it was kept, as far as the sources tell.")
    def outcome(self) -> PromiseOutcome:
        return self.promise.outcome

    @classmethod
    def of(cls, promise: Promise, anchors: Anchors, sources: Sources) -> "PromiseType":
        """The promise as GraphQL shows it."""
        return cls(cited=promise, sources=sources, promise=promise, anchors=anchors)


@strawberry.type(name="Remedy", description="What was paid or offered, to whom, to what effect.")
class RemedyType(CitedType, TimedType):
    """What was paid or offered, to whom, to what effect."""

    remedy: strawberry.Private[Remedy]
    entry: strawberry.Private[Entry]

    form: str = text_field(lambda self: self.remedy.form, "The form it took.")
    form_locale: Locale = locale_field(lambda self: self.remedy.form)

    @strawberry.field(description="The kind of remedy.")
    def kind(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "RemedyKind", self.remedy.kind)
        return found

    @strawberry.field(description="Whom it was for.")
    def recipient(self) -> StakeholderKind:
        return self.remedy.recipient

    @strawberry.field(description="How much, where a source says.")
    def amount(self) -> FigureType | None:
        return figure_of(self.remedy.amount)

    @strawberry.field(description="A measure before it, where a source gives one.")
    def effect_before(self) -> FigureType | None:
        return figure_of(self.remedy.effect_before)

    @strawberry.field(description="The same measure after it.")
    def effect_after(self) -> FigureType | None:
        return figure_of(self.remedy.effect_after)

    effect_unknown_because: str | None = optional_text_field(
        lambda self: self.remedy.effect_unknown_because,
        "Why there is no effect to give; null where there is one.",
    )
    effect_unknown_because_locale: Locale | None = optional_locale_field(
        lambda self: self.remedy.effect_unknown_because
    )

    @strawberry.field(description="The case it was offered in.")
    def case(self, info: Info) -> Annotated["CaseType", strawberry.lazy("schema.cases")]:
        found: CaseType = info.context.presenter.entry(self.entry)
        return found

    @classmethod
    def of(cls, remedy: Remedy, entry: Entry, case: Case) -> "RemedyType":
        """The remedy as GraphQL shows it."""
        return cls(
            cited=remedy,
            sources=case.sources,
            moment=remedy.moment,
            anchors=case.anchors,
            remedy=remedy,
            entry=entry,
        )


@strawberry.type(name="SecondaryEffect", description="What the crisis set off elsewhere.")
class SecondaryEffectType(CitedType, TimedType):
    """What the crisis set off elsewhere."""

    effect: strawberry.Private[SecondaryEffect]
    entry: strawberry.Private[Entry]

    text: str = text_field(lambda self: self.effect.text, "What followed.")
    text_locale: Locale = locale_field(lambda self: self.effect.text)

    @strawberry.field(description="The kind of effect: a crisis type below SECONDARY.")
    def type(self, info: Info) -> CrisisTypeType:
        return crisis_type(info.context.vocabularies, self.effect.type)

    @strawberry.field(description="How large it was.")
    def size(self) -> FigureType | None:
        return figure_of(self.effect.size)

    @strawberry.field(description="The case that set it off.")
    def case(self, info: Info) -> Annotated["CaseType", strawberry.lazy("schema.cases")]:
        found: CaseType = info.context.presenter.entry(self.entry)
        return found

    @classmethod
    def of(cls, effect: SecondaryEffect, entry: Entry, case: Case) -> "SecondaryEffectType":
        """The effect as GraphQL shows it."""
        return cls(
            cited=effect,
            sources=case.sources,
            moment=effect.moment,
            anchors=case.anchors,
            effect=effect,
            entry=entry,
        )


@strawberry.type(name="Assessment", description="One assessment of the risk as it stood then.")
class AssessmentType(CitedType, TimedType):
    """One assessment of the risk as it stood then."""

    assessment: strawberry.Private[Assessment]

    reason: str = text_field(lambda self: self.assessment.reason, "Why it was assessed so.")
    reason_locale: Locale = locale_field(lambda self: self.assessment.reason)

    @strawberry.field(description="The rule the scores follow.")
    def rule(self) -> AssessmentRule:
        return self.assessment.rule

    @strawberry.field(description="How far it reaches.")
    def influence(self) -> int | None:
        return self.assessment.influence

    @strawberry.field(description="How much harm it does.")
    def severity(self) -> int | None:
        return self.assessment.severity

    @strawberry.field(description="How easily it grows.")
    def volatility(self) -> int | None:
        return self.assessment.volatility

    @strawberry.field(description="The level.")
    def level(self) -> RiskLevel:
        return self.assessment.level

    @classmethod
    def of(cls, assessment: Assessment, anchors: Anchors, sources: Sources) -> "AssessmentType":
        """The assessment as GraphQL shows it."""
        return cls(
            cited=assessment,
            sources=sources,
            moment=assessment.moment,
            anchors=anchors,
            assessment=assessment,
        )


@strawberry.type(name="Lesson", description="What was done well (得) or badly (失).")
class LessonType(CitedType):
    """What was done well or badly."""

    lesson: strawberry.Private[Lesson]

    text: str = text_field(lambda self: self.lesson.text, "The lesson.")
    text_locale: Locale = locale_field(lambda self: self.lesson.text)

    @strawberry.field(description="Gain (得), loss (失), or both.")
    def verdict(self) -> Verdict:
        return self.lesson.verdict

    @strawberry.field(description="The phase it belongs to.")
    def phase(self) -> Phase:
        return self.lesson.phase

    @classmethod
    def of(cls, lesson: Lesson, sources: Sources) -> "LessonType":
        """The lesson as GraphQL shows it."""
        return cls(cited=lesson, sources=sources, lesson=lesson)
