"""What a clock counts: how long, from which moment, in which days."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

Duration = Annotated[
    str,
    Field(
        pattern=r"^P(?:T(?:[0-9]+H[0-9]+M|[0-9]+H|[0-9]+M)|[0-9]+[YMWD])$",
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
