"""The moments clocks start from, as they are asked with."""

import re
from dataclasses import fields

import strawberry

from service.domain.clocks import ClockStart

# As programs write a time: 2026-10-23T14:07:30.000Z.
_SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(?:\.\d+)?")


@strawberry.input(
    description="The moments clocks start from, each as exactly as it is known: 2026-10-23, "
    "2026-10-23T14+08:00 (about 14:00) or 2026-10-23T14:07+08:00. A date is read in `timeZone`."
)
class AnchorsInput:
    """The moments clocks start from."""

    first_signal_at: str | None = strawberry.field(
        default=None, description="The first sign that could be seen from outside."
    )
    detected_at: str | None = strawberry.field(default=None, description="Somebody noticed it.")
    aware_at: str | None = strawberry.field(
        default=None, description="The owner knew with reasonable certainty."
    )
    classified_at: str | None = strawberry.field(
        default=None, description="The incident was classified as major."
    )
    materiality_determined_at: str | None = strawberry.field(
        default=None, description="The incident was determined to be material to investors."
    )
    assessed_notifiable_at: str | None = strawberry.field(
        default=None, description="The breach was assessed to be notifiable."
    )
    first_statement_at: str | None = strawberry.field(
        default=None, description="The first statement was out."
    )
    handling_ended_at: str | None = strawberry.field(
        default=None, description="The handling of the incident had ended."
    )
    report_accepted_at: str | None = strawberry.field(
        default=None, description="The police accepted a report."
    )
    notice_received_at: str | None = strawberry.field(
        default=None, description="The regulator or platform received the complaint or notice."
    )

    def given(self) -> dict[ClockStart, str]:
        """The moments that were given, to the minute: no clock counts seconds."""
        values = {
            ClockStart(field.name.removesuffix("_at").upper()): getattr(self, field.name)
            for field in fields(self)
        }
        return {
            start: _SECONDS.sub(r"\1", text) for start, text in values.items() if text is not None
        }
