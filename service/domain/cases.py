"""The Case: one crisis from first signal to what came of it, with a source for each item.

This document is the domain value, the seed file, the import and export format and the revision's
body.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.domain.citations import Basis, Cited, Source
from service.domain.codes import (
    CaseProvenance,
    CauseOrigin,
    ChannelKind,
    CrisisCluster,
    CrisisTypeCode,
    IndustryCode,
    Phase,
    PlatformCode,
    RemedyKindCode,
    RiskLevel,
    Sentiment,
    SharingMarking,
    StakeholderKind,
    StatementKind,
    StrategyCode,
    Verdict,
)
from service.domain.figures import Figure, OutcomeMetric
from service.domain.moments import Anchors, Elapsed, Moment, elapsed
from service.domain.values import Bilingual, Key, Prose, Slug, Text, Title, Value

CASE_NUMBER_PATTERN = r"^CASE-[0-9]{4,7}$"

CaseNumber = Annotated[str, Field(pattern=CASE_NUMBER_PATTERN)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]


class Organisation(Value):
    """Whose account it was. An anonymised name describes ("a fresh-food platform")."""

    name: Bilingual
    aliases: tuple[Text, ...] = ()
    anonymised: bool = False


class TimelineEvent(Cited):
    """Something that happened, by whom, in which phase of the handling."""

    moment: Moment | None = None
    phase: Phase | None = None
    actor: Bilingual | None = None
    text: Bilingual


class Reception(Cited):
    """How a statement was received. What the editors judged says `basis: EDITORIAL`."""

    text: Bilingual
    sentiment: Sentiment = Sentiment.UNKNOWN


class Statement(Cited):
    """Something the owner said: paraphrased key messages, never wording that was not published."""

    key: Key
    moment: Moment | None = None
    channel: ChannelKind | None = None
    platforms: tuple[PlatformCode, ...] = ()
    kind: StatementKind
    strategies: tuple[StrategyCode, ...] = ()
    key_messages: tuple[Bilingual, ...] = Field(min_length=1)
    spokesperson: Bilingual | None = None
    reception: Reception | None = None
    supersedes: Key | None = None


class Action(Cited):
    """Something the owner did beside speaking. A recorded silence is an action too."""

    moment: Moment | None = None
    phase: Phase | None = None
    strategies: tuple[StrategyCode, ...] = ()
    text: Bilingual


class PromiseOutcome(StrEnum):
    """Whether a promise was kept, as far as the sources tell."""

    KEPT = "KEPT"
    PARTLY_KEPT = "PARTLY_KEPT"
    BROKEN = "BROKEN"
    UNKNOWN = "UNKNOWN"


class Promise(Cited):
    """What was promised in which statement, due when, and whether it was kept."""

    text: Bilingual
    statement: Key | None = None
    due: Moment | None = None
    outcome: PromiseOutcome = PromiseOutcome.UNKNOWN


class Remedy(Cited):
    """What was paid or offered, to whom, and with what effect where a source measured one."""

    kind: RemedyKindCode
    recipient: StakeholderKind
    form: Bilingual
    amount: Figure | None = None
    moment: Moment | None = None
    effect_before: Figure | None = None
    effect_after: Figure | None = None

    @property
    def effect_unknown_because(self) -> Bilingual | None:
        """Why no effect can be told; None where it was measured before and after."""
        if self.effect_before is not None and self.effect_after is not None:
            return None
        if self.effect_before is None and self.effect_after is None:
            return Bilingual(
                zh_hans="没有来源测量其效果", en="No source at hand measured its effect"
            )
        return Bilingual(
            zh_hans="来源只测了前后之一，无从比较",
            en="A source measured only one side of it, so there is nothing to compare",
        )


class SecondaryEffect(Cited):
    """What the crisis set off elsewhere; `type` is a code below SECONDARY."""

    type: CrisisTypeCode
    text: Bilingual
    moment: Moment | None = None
    size: Figure | None = None

    @model_validator(mode="after")
    def _is_secondary(self) -> Self:
        if not self.type.startswith("SECONDARY."):
            raise ValueError(f"type '{self.type}' is not secondary; use a code below SECONDARY")
        return self


class EditorialVerdict(Value):
    """The editors' judgement of the handling as a whole, always shown as theirs."""

    verdict: Verdict
    reason: Bilingual


class AssessmentRule(StrEnum):
    """By which rule scores were given: the editors' 1 to 5, our 0 to 3, or none (level only)."""

    EDITORS_1_TO_5 = "EDITORS_1_TO_5"
    PRECEDENT_0_TO_3_V1 = "PRECEDENT_0_TO_3_V1"
    UNSCORED = "UNSCORED"


_SCALES = {
    AssessmentRule.EDITORS_1_TO_5: (1, 5),
    AssessmentRule.PRECEDENT_0_TO_3_V1: (0, 3),
}


class Assessment(Cited):
    """One assessment of the risk as it stood then; a later one stands beside it."""

    basis: Basis = Basis.EDITORIAL
    rule: AssessmentRule
    moment: Moment | None = None
    influence: int | None = None
    severity: int | None = None
    volatility: int | None = None
    level: RiskLevel
    reason: Bilingual

    @model_validator(mode="after")
    def _fits_its_scale(self) -> Self:
        scores = (self.influence, self.severity, self.volatility)
        if self.rule is AssessmentRule.UNSCORED:
            if any(score is not None for score in scores):
                raise ValueError("is UNSCORED but has scores; name the rule they follow")
            return self
        least, most = _SCALES[self.rule]
        if any(score is None or not least <= score <= most for score in scores):
            raise ValueError(
                f"{self.rule.value} needs influence, severity and volatility from {least} to {most}"
            )
        return self


class Lesson(Cited):
    """What was done well (得) or badly (失), in which phase."""

    basis: Basis = Basis.EDITORIAL
    verdict: Verdict
    phase: Phase
    text: Bilingual


class AskedAs(Value):
    """What people in that situation would type, without the organisation's name."""

    zh_hans: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()


class LinkRelation(StrEnum):
    """How the editors relate two cases."""

    SIMILAR = "SIMILAR"
    DISSIMILAR = "DISSIMILAR"
    POSSIBLY_SAME = "POSSIBLY_SAME"
    CAUSED = "CAUSED"


class CaseLink(Value):
    """A link the editors made to another case, with their reason."""

    relation: LinkRelation
    case: Slug
    reason: Bilingual


class Case(Value):
    """A crisis of a social account: what happened, what was said, what came of it."""

    entry: Literal["CASE"]
    slug: Slug
    number: CaseNumber
    title: Title
    summary: Prose
    organisation: Organisation
    industry: IndustryCode
    country: Country | None = None
    jurisdictions: tuple[Country, ...] = ()
    listed: bool | None = None
    platforms: tuple[PlatformCode, ...] = ()
    other_platforms: tuple[Text, ...] = ()
    provenance: CaseProvenance
    sharing: SharingMarking = SharingMarking.TLP_CLEAR
    primary_type: CrisisTypeCode
    other_types: tuple[CrisisTypeCode, ...] = ()
    cause_origin: CauseOrigin = CauseOrigin.UNKNOWN
    cluster: CrisisCluster = CrisisCluster.UNDETERMINED
    anchors: Anchors = Anchors()
    timeline: tuple[TimelineEvent, ...] = ()
    statements: tuple[Statement, ...] = ()
    actions: tuple[Action, ...] = ()
    promises: tuple[Promise, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    outcomes: tuple[OutcomeMetric, ...] = ()
    secondary_effects: tuple[SecondaryEffect, ...] = ()
    editorial_verdict: EditorialVerdict | None = None
    assessments: tuple[Assessment, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    asked_as: AskedAs = AskedAs()
    links: tuple[CaseLink, ...] = ()
    sources: tuple[Source, ...] = ()
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        keys = [statement.key for statement in self.statements]
        if len(keys) != len(set(keys)):
            raise ValueError("two statements have the same key; keys are unique in a case")
        for statement in self.statements:
            if statement.supersedes is not None and statement.supersedes not in keys:
                raise ValueError(f"supersedes '{statement.supersedes}', which is no statement here")
        for promise in self.promises:
            if promise.statement is not None and promise.statement not in keys:
                raise ValueError(f"a promise names statement '{promise.statement}', not found here")
        if self.primary_type in self.other_types:
            raise ValueError(f"other_types repeats the primary type '{self.primary_type}'")
        if any(link.case == self.slug for link in self.links):
            raise ValueError("links to itself; remove the link")
        return self

    @property
    def types(self) -> tuple[CrisisTypeCode, ...]:
        """The primary type and then the others."""
        return (self.primary_type, *self.other_types)

    @property
    def level(self) -> RiskLevel | None:
        """The level of the latest assessment."""
        return self.assessments[-1].level if self.assessments else None

    @property
    def year(self) -> int | None:
        """The year of the first signal, or None where no date is known."""
        first = self.anchors.first_signal_at
        return int(first.at[:4]) if first is not None and first.at is not None else None

    @property
    def first_statement_after(self) -> Elapsed | None:
        """Hours from the first signal to the first statement, as an interval."""
        if self.anchors.first_statement_at is not None:
            return elapsed(self.anchors.first_statement_at, self.anchors)
        known = [
            interval
            for statement in self.statements
            if (interval := elapsed(statement.moment, self.anchors)) is not None
        ]
        return min(known, default=None)
