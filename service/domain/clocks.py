"""What a clock counts: how long, from which moment, in which days, and when it runs at all."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from service.domain.codes import CrisisTypeCode
from service.domain.values import Bilingual, Text, Value

Duration = Annotated[
    str,
    Field(
        pattern=(
            r"^P(?:T(?:[0-9]{1,4}H[0-9]{1,4}M|[0-9]{1,4}H|[0-9]{1,4}M)"
            r"|[0-9]{1,4}[MWD]|[0-9]{1,3}Y)$"
        ),
        description="ISO 8601 duration: PT30M, PT1H30M, P15D, P2W or P3M",
    ),
]


class ClockStart(StrEnum):
    """The moment a clock starts from."""

    FIRST_SIGNAL = "FIRST_SIGNAL"
    DETECTED = "DETECTED"
    AWARE = "AWARE"
    CLASSIFIED = "CLASSIFIED"
    MATERIALITY_DETERMINED = "MATERIALITY_DETERMINED"
    ASSESSED_NOTIFIABLE = "ASSESSED_NOTIFIABLE"
    FIRST_STATEMENT = "FIRST_STATEMENT"
    HANDLING_ENDED = "HANDLING_ENDED"
    REPORT_ACCEPTED = "REPORT_ACCEPTED"
    NOTICE_RECEIVED = "NOTICE_RECEIVED"
    CALENDAR = "CALENDAR"
    NOT_STATED = "NOT_STATED"


class DayKind(StrEnum):
    """Which days a limit counts: every day, working days, or days the exchange is open."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"
    TRADING = "TRADING"


class OwnerKind(StrEnum):
    """What the owner of an account is, as far as some clocks ask. OTHER is none of the kinds."""

    GOVERNMENT_BODY = "GOVERNMENT_BODY"
    CENTRAL_STATE_ORGAN = "CENTRAL_STATE_ORGAN"
    CRITICAL_INFRASTRUCTURE_OPERATOR = "CRITICAL_INFRASTRUCTURE_OPERATOR"
    FINANCIAL_ENTITY = "FINANCIAL_ENTITY"
    ESSENTIAL_OR_IMPORTANT_ENTITY = "ESSENTIAL_OR_IMPORTANT_ENTITY"
    OTHER = "OTHER"


class AppliesWhen(Value):
    """What decides whether a clock runs, where a rule can tell.

    For `crisis_types` it runs, for `possible_types` it may. From `affected_at_least` people on its
    threshold is reached, whatever else holds; below that, `depends_on` decides: facts that nobody
    but the desk knows.
    """

    crisis_types: tuple[CrisisTypeCode, ...] = ()
    possible_types: tuple[CrisisTypeCode, ...] = ()
    listed_only: bool = False
    owner: OwnerKind | None = None
    not_owner: tuple[OwnerKind, ...] = ()
    affected_at_least: int | None = Field(default=None, ge=1)
    depends_on: tuple[Bilingual, ...] = ()


class ClockStage(Value):
    """A further limit of a clock: another case, a later report, or the latest moment of all."""

    what: Bilingual
    starts_from: ClockStart
    due_in: Duration


class RegulatoryClockDefinition(Value):
    """A legal or practice clock. Reference, not advice.

    `limit` is as the source gives it; `due_in` is the same as a duration where it names one, and
    None where it says "at once" or "as soon as practicable". Without `starts_from` nothing runs.
    `assumed_start` is the one this library counts from where the source names none.
    """

    jurisdiction: Text | None = None
    applies_to: Bilingual | None = None
    binds_others: bool = Field(
        default=False, description="Binds the police, a regulator or a platform, not the owner."
    )
    applies_when: AppliesWhen = AppliesWhen()
    trigger: Bilingual
    starts_from: ClockStart | None = None
    assumed_start: ClockStart | None = None
    recipient: Bilingual | None = None
    limit: Text
    not_before: Duration | None = None
    due_in: Duration | None = None
    counted_in: DayKind = DayKind.CALENDAR
    stages: tuple[ClockStage, ...] = ()
    threshold: Bilingual | None = None
    must_contain: tuple[Bilingual, ...] = ()
    follow_up: Bilingual | None = None
    certainty: Text

    @model_validator(mode="after")
    def _counts_days(self) -> Self:
        counts_days = self.due_in is not None and self.due_in.endswith("D")
        if self.counted_in is not DayKind.CALENDAR and not counts_days:
            raise ValueError("working and trading days are counted in days; write due_in as P4D")
        return self
