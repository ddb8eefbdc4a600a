"""The enums of the API. Closed vocabulary sets keep the codes they have in the library."""

from enum import StrEnum

import strawberry

from service.domain.cases import AssessmentRule, LinkRelation, PromiseOutcome
from service.domain.citations import Basis
from service.domain.clocks import ClockStart, DayKind
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
    StakeholderKind,
    StatementKind,
    Verdict,
)
from service.domain.figures import Comparator, Trend
from service.domain.moments import OffsetBasis, Precision
from service.domain.procedures import AccountHolder
from service.domain.vocabularies import Better

for _enum in (
    AccountHolder,
    AmecLevel,
    AssessmentRule,
    Basis,
    Better,
    CaseProvenance,
    CauseOrigin,
    ChannelKind,
    ClockStart,
    Comparator,
    CrisisCluster,
    DayKind,
    EvidenceLevel,
    FactStatus,
    InformationCredibility,
    LinkRelation,
    OffsetBasis,
    Phase,
    Precision,
    PromiseOutcome,
    RiskLevel,
    Role,
    Sentiment,
    SharingMarking,
    SourceReliability,
    StakeholderKind,
    StatementKind,
    Trend,
    Verdict,
):
    strawberry.enum(_enum, description=(_enum.__doc__ or "").strip())


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
