"""The enums of the API. Closed vocabulary sets keep the codes they have in the library."""

from enum import StrEnum
from inspect import cleandoc
from typing import TypeAlias

import strawberry

from service.domain.cases import AssessmentRule, LinkRelation, PromiseOutcome
from service.domain.citations import Basis
from service.domain.clocks import ClockStart, DayKind, OwnerKind
from service.domain.codes import (
    AmecLevel,
    CaseProvenance,
    CauseOrigin,
    ChannelKind,
    CrisisCluster,
    EvidenceLevel,
    FactStatus,
    InformationCredibility,
    Phase,
    RiskLevel,
    Role,
    Sentiment,
    SharingMarking,
    SourceReliability,
    SpreaderTier,
    StakeholderKind,
    StatementKind,
    Verdict,
)
from service.domain.comparisons import PointKind
from service.domain.effects import Timing
from service.domain.entries import EntryKind as EntryKindOfLibrary
from service.domain.evidence import Measure, Mishap
from service.domain.figures import Comparator, Trend
from service.domain.first_hours import DueBasis
from service.domain.fits import FitAspect
from service.domain.moments import OffsetBasis, Precision
from service.domain.observations import Dimension
from service.domain.precedent_reasons import DifferenceKind
from service.domain.precedents import ReasonKind
from service.domain.procedures import AccountHolder
from service.domain.renderings import SlotFault
from service.domain.risk_answers import LegalExposure, TrendingState
from service.domain.running_clocks import Applicability
from service.domain.timing import ClockState
from service.domain.vocabularies import Better
from service.operations.first_hours import StepPrecedentReason

for _enum in (
    AccountHolder,
    AmecLevel,
    Applicability,
    AssessmentRule,
    Basis,
    Better,
    CaseProvenance,
    CauseOrigin,
    ChannelKind,
    ClockStart,
    ClockState,
    Comparator,
    CrisisCluster,
    DayKind,
    DueBasis,
    EvidenceLevel,
    FitAspect,
    FactStatus,
    InformationCredibility,
    LegalExposure,
    LinkRelation,
    OffsetBasis,
    OwnerKind,
    Phase,
    StepPrecedentReason,
    Precision,
    PromiseOutcome,
    RiskLevel,
    Role,
    Sentiment,
    SharingMarking,
    SlotFault,
    SourceReliability,
    SpreaderTier,
    StakeholderKind,
    StatementKind,
    Trend,
    TrendingState,
    Verdict,
):
    strawberry.enum(_enum, description=cleandoc(_enum.__doc__ or ""))

# What these are of is plain only beside their use.
for _kind, _name in (
    (Dimension, "EvidenceGrouping"),
    (Measure, "EvidenceMeasureKind"),
    (Mishap, "EvidenceMishap"),
    (PointKind, "ComparedPointKind"),
    (Timing, "EffectTiming"),
    (ReasonKind, "PrecedentReasonKind"),
    (DifferenceKind, "PrecedentDifferenceKind"),
    (EntryKindOfLibrary, "LibraryEntryKind"),
):
    strawberry.enum(_kind, name=_name, description=(_kind.__doc__ or "").strip())


# A search finds kinds of its own, and has the shorter name.
LibraryEntryKind: TypeAlias = EntryKindOfLibrary


@strawberry.enum(description="A language and script a text can be read in.")
class Locale(StrEnum):
    """A language and script a text can be read in."""

    ZH_HANS = "ZH_HANS"
    ZH_HANT = "ZH_HANT"
    EN = "EN"


@strawberry.enum(description="Which way a listing runs.")
class OrderDirection(StrEnum):
    """Which way a listing runs."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum(description="The kinds of entry a search can find.")
class EntryKind(StrEnum):
    """The kinds of entry a search can find."""

    CASE = "CASE"
    STATEMENT = "STATEMENT"
    METHOD = "METHOD"
    PROCEDURE_STEP = "PROCEDURE_STEP"
    STATEMENT_TEMPLATE = "STATEMENT_TEMPLATE"
