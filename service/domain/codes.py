"""The codes documents use: closed sets as enums, open ones as codes of a named vocabulary set.

Labels, aliases and definitions are data (the vocabularies). An enum here holds exactly the codes of
the vocabulary set that bears its name.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

CODE_PATTERN = r"^[A-Z0-9]+(?:_[A-Z0-9]+)*(?:\.[A-Z0-9]+(?:_[A-Z0-9]+)*)*$"


@dataclass(frozen=True, slots=True)
class TermOf:
    """Marks a field whose value is a code of the named vocabulary set."""

    set: str


type_of_code = Field(pattern=CODE_PATTERN, max_length=120)

CrisisTypeCode = Annotated[str, type_of_code, TermOf("CrisisType")]
StrategyCode = Annotated[str, type_of_code, TermOf("ResponseStrategy")]
RuleCode = Annotated[str, type_of_code, TermOf("StatementRule")]
PlatformCode = Annotated[str, type_of_code, TermOf("Platform")]
PhaseStepCode = Annotated[str, type_of_code, TermOf("PhaseStep")]
RemedyKindCode = Annotated[str, type_of_code, TermOf("RemedyKind")]
IndustryCode = Annotated[str, type_of_code, TermOf("Industry")]
MetricCode = Annotated[str, type_of_code, TermOf("Metric")]
RegulatoryClockCode = Annotated[str, type_of_code, TermOf("RegulatoryClock")]
UnitCode = Annotated[str, type_of_code, TermOf("Unit")]


class CauseOrigin(StrEnum):
    """Where the first push of a crisis came from."""

    USER_EXPOSE = "USER_EXPOSE"
    COMPETITOR_PUSH = "COMPETITOR_PUSH"
    REGULATORY = "REGULATORY"
    TECHNICAL_FAILURE = "TECHNICAL_FAILURE"
    MEDIA_INVESTIGATION = "MEDIA_INVESTIGATION"
    INSIDER = "INSIDER"
    INTRUDER = "INTRUDER"
    THIRD_PARTY_VENDOR = "THIRD_PARTY_VENDOR"
    UNKNOWN = "UNKNOWN"


class CrisisCluster(StrEnum):
    """How much responsibility the public lays on the owner (SCCT)."""

    VICTIM = "VICTIM"
    ACCIDENTAL = "ACCIDENTAL"
    PREVENTABLE = "PREVENTABLE"
    UNDETERMINED = "UNDETERMINED"


class StatementKind(StrEnum):
    """What a statement is for."""

    HOLDING = "HOLDING"
    APOLOGY_ACTION_PREVIEW = "APOLOGY_ACTION_PREVIEW"
    FACTS_AND_PLAN = "FACTS_AND_PLAN"
    PROGRESS_UPDATE = "PROGRESS_UPDATE"
    FULL_STATEMENT = "FULL_STATEMENT"
    DEBUNK = "DEBUNK"
    CORRECTION = "CORRECTION"
    COMPENSATION_NOTICE = "COMPENSATION_NOTICE"
    DATA_SUBJECT_NOTICE = "DATA_SUBJECT_NOTICE"
    REGULATOR_REPORT = "REGULATOR_REPORT"
    INCIDENT_SUMMARY_REPORT = "INCIDENT_SUMMARY_REPORT"
    LISTED_CLARIFICATION = "LISTED_CLARIFICATION"
    LEGAL_NOTICE = "LEGAL_NOTICE"
    POLICE_RECEIPT = "POLICE_RECEIPT"
    JOINT_STATEMENT = "JOINT_STATEMENT"
    PRESS_BRIEFING = "PRESS_BRIEFING"
    QA = "QA"
    CS_SCRIPT = "CS_SCRIPT"
    INTERNAL_BRIEF = "INTERNAL_BRIEF"
    ONE_TO_ONE = "ONE_TO_ONE"
    ACCOUNT_COMPROMISE_NOTICE = "ACCOUNT_COMPROMISE_NOTICE"
    EXPERT_EXPLAINER = "EXPERT_EXPLAINER"
    RECTIFICATION_REPORT = "RECTIFICATION_REPORT"
    PERIODIC_REPORT = "PERIODIC_REPORT"
    CLOSING = "CLOSING"


class ChannelKind(StrEnum):
    """The kind of channel something was said on."""

    SOCIAL_PLATFORM = "SOCIAL_PLATFORM"
    SHORT_VIDEO = "SHORT_VIDEO"
    MESSAGING = "MESSAGING"
    FORUM = "FORUM"
    NEWS_CLIENT = "NEWS_CLIENT"
    NEWS_MEDIA = "NEWS_MEDIA"
    COMPLAINT_PLATFORM = "COMPLAINT_PLATFORM"
    APP_STORE = "APP_STORE"
    DARK_WEB = "DARK_WEB"
    OWNED_SITE = "OWNED_SITE"
    OWNED_ACCOUNT = "OWNED_ACCOUNT"
    OWNED_APP = "OWNED_APP"
    OWNED_DIRECT = "OWNED_DIRECT"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    PRESS_CONFERENCE = "PRESS_CONFERENCE"
    REGULATOR_PORTAL = "REGULATOR_PORTAL"
    EXCHANGE_DISCLOSURE = "EXCHANGE_DISCLOSURE"
    INTERNAL_OA = "INTERNAL_OA"
    DARK_SITE = "DARK_SITE"
    INTERVIEW = "INTERVIEW"
    PUBLIC_HEARING = "PUBLIC_HEARING"


class Phase(StrEnum):
    """The phase of handling a crisis."""

    PREPARATION = "PREPARATION"
    EARLY_WARNING = "EARLY_WARNING"
    RESPONSE = "RESPONSE"
    RECOVERY = "RECOVERY"
    REVIEW = "REVIEW"


class Role(StrEnum):
    """Who acts."""

    CRISIS_COMMANDER = "CRISIS_COMMANDER"
    SPOKESPERSON = "SPOKESPERSON"
    TASK_FORCE_LEAD = "TASK_FORCE_LEAD"
    PR = "PR"
    LEGAL = "LEGAL"
    COMPLIANCE = "COMPLIANCE"
    PRODUCT = "PRODUCT"
    TECH_SECURITY = "TECH_SECURITY"
    OPERATIONS = "OPERATIONS"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    MONITORING_WATCH = "MONITORING_WATCH"
    EXECUTIVE = "EXECUTIVE"
    FOLLOW_UP_OWNER = "FOLLOW_UP_OWNER"
    FRONTLINE = "FRONTLINE"
    INVESTOR_RELATIONS = "INVESTOR_RELATIONS"
    HR = "HR"
    INFO_SECURITY_RESPONDER = "INFO_SECURITY_RESPONDER"
    TRAINER = "TRAINER"
    EVALUATOR = "EVALUATOR"
    PLAYER = "PLAYER"
    OBSERVER = "OBSERVER"


class StakeholderKind(StrEnum):
    """Who is concerned."""

    AFFECTED_USER = "AFFECTED_USER"
    ORDINARY_USER = "ORDINARY_USER"
    CORE_USER = "CORE_USER"
    WORKER_REPRESENTATIVE = "WORKER_REPRESENTATIVE"
    PARTNER = "PARTNER"
    ADVERTISER = "ADVERTISER"
    INVESTOR = "INVESTOR"
    MEDIA = "MEDIA"
    KOL = "KOL"
    PLATFORM = "PLATFORM"
    REGULATOR = "REGULATOR"
    POLICE = "POLICE"
    COURT = "COURT"
    SECURITY_BODY = "SECURITY_BODY"
    AUDITOR = "AUDITOR"
    NGO = "NGO"
    COMPETITOR = "COMPETITOR"
    EMPLOYEE = "EMPLOYEE"
    ATTACKER = "ATTACKER"


class RiskLevel(StrEnum):
    """How grave a crisis is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class RiskDimension(StrEnum):
    """The three dimensions risk is assessed on."""

    INFLUENCE = "INFLUENCE"
    SEVERITY = "SEVERITY"
    VOLATILITY = "VOLATILITY"


class RiskCriterion(StrEnum):
    """The eight criteria below the dimensions."""

    VOLUME = "INFLUENCE.VOLUME"
    PLATFORM_COVERAGE = "INFLUENCE.PLATFORM_COVERAGE"
    SPREADER_TIER = "INFLUENCE.SPREADER_TIER"
    LEGAL_RISK = "SEVERITY.LEGAL_RISK"
    USER_HARM = "SEVERITY.USER_HARM"
    CORE_VALUE = "SEVERITY.CORE_VALUE"
    TRENDING = "VOLATILITY.TRENDING"
    COLLECTIVE = "VOLATILITY.COLLECTIVE"

    @property
    def dimension(self) -> RiskDimension:
        """The dimension it belongs to."""
        return RiskDimension(self.value.partition(".")[0])


class NationalSeverity(StrEnum):
    """The national grades of an emergency, which are never converted into a risk level."""

    I_EXTRA_MAJOR = "I_EXTRA_MAJOR"
    II_MAJOR = "II_MAJOR"
    III_LARGER = "III_LARGER"
    IV_GENERAL = "IV_GENERAL"


class SourceReliability(StrEnum):
    """Admiralty reliability of a source, A to F."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class InformationCredibility(StrEnum):
    """Admiralty credibility of one item of information, 1 to 6."""

    CRED_1 = "CRED_1"
    CRED_2 = "CRED_2"
    CRED_3 = "CRED_3"
    CRED_4 = "CRED_4"
    CRED_5 = "CRED_5"
    CRED_6 = "CRED_6"


class SpreaderTier(StrEnum):
    """Who spreads it."""

    T0_ORIGIN = "T0_ORIGIN"
    T1_MEDIA = "T1_MEDIA"
    T2_BIG_V = "T2_BIG_V"
    T3_KOL = "T3_KOL"
    T4_ORDINARY = "T4_ORDINARY"
    T5_SUSPECT = "T5_SUSPECT"
    OFFICIAL_REGULATOR = "OFFICIAL_REGULATOR"
    OWNER = "OWNER"


class FactStatus(StrEnum):
    """How far a fact is confirmed, and so whether it may be stated."""

    CONFIRMED = "CONFIRMED"
    PROBABLE = "PROBABLE"
    UNCONFIRMED = "UNCONFIRMED"
    REFUTED = "REFUTED"
    UNKNOWN = "UNKNOWN"


class CaseProvenance(StrEnum):
    """Where a case comes from."""

    SEED_ANONYMOUS = "SEED_ANONYMOUS"
    PUBLIC_SOURCED = "PUBLIC_SOURCED"
    INTERNAL = "INTERNAL"
    SYNTHETIC = "SYNTHETIC"
    NEAR_MISS = "NEAR_MISS"


class EvidenceLevel(StrEnum):
    """What kind of evidence a method rests on."""

    META_ANALYSIS = "META_ANALYSIS"
    FIELD_DATA = "FIELD_DATA"
    EXPERIMENT = "EXPERIMENT"
    CASE_STUDY = "CASE_STUDY"
    PRACTITIONER = "PRACTITIONER"


class Verdict(StrEnum):
    """Gain, loss, or both."""

    GAIN = "GAIN"
    LOSS = "LOSS"
    MIXED = "MIXED"


class SharingMarking(StrEnum):
    """Who may see an entry (TLP 2.0)."""

    TLP_RED = "TLP_RED"
    TLP_AMBER_STRICT = "TLP_AMBER_STRICT"
    TLP_AMBER = "TLP_AMBER"
    TLP_GREEN = "TLP_GREEN"
    TLP_CLEAR = "TLP_CLEAR"


class Sentiment(StrEnum):
    """The mood of a reception."""

    POSITIVE = "POSITIVE"
    NEUTRAL = "NEUTRAL"
    NEGATIVE = "NEGATIVE"
    MIXED = "MIXED"
    UNKNOWN = "UNKNOWN"


class AmecLevel(StrEnum):
    """How far along from output to impact a metric measures."""

    OUTPUT = "OUTPUT"
    OUTTAKE = "OUTTAKE"
    OUTCOME = "OUTCOME"
    IMPACT = "IMPACT"
    PROCESS = "PROCESS"
