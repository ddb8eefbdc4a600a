"""The clocks that run in a situation, as GraphQL shows them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import strawberry

from schema.anchors import AnchorsInput
from schema.context import Info
from schema.enums import Locale
from schema.filters import require_code
from schema.terms import RegulatoryClockType, term_of
from schema.texts import (
    locale_field,
    optional_locale_field,
    optional_text_field,
    text_field,
    texts_field,
    texts_locale_field,
)
from service.domain.clocks import ClockStart, OwnerKind
from service.domain.errors import BadInput
from service.domain.jurisdictions import NotCovered
from service.domain.running_clocks import Applicability, RunningClock, RunningStage
from service.domain.timing import ClockState, Timing
from service.domain.values import Bilingual
from service.operations.clocks import ClocksFound, find_clocks

_TYPES_MOST = 20
_CONFIRM = Bilingual(
    zh_hans="仅供参考，不是法律意见；请与法律顾问确认。",
    en="Reference, not legal advice; confirm with counsel.",
)
_PRACTICE = Bilingual(zh_hans="实践目标，不是法律。", en="A target of practice, not law.")


@strawberry.interface(name="TimedLimit", description="A limit, and how it stands now.")
class TimedLimitType:
    """A limit, and how it stands now."""

    timing: strawberry.Private[Timing]
    zone: strawberry.Private[ZoneInfo]

    @strawberry.field(description="How it stands.")
    def state(self) -> ClockState:
        return self.timing.state

    @strawberry.field(description="The anchor it is counted from; null if it has not started.")
    def counted_from(self) -> ClockStart | None:
        return self.timing.counted_from

    @strawberry.field(description="The earliest that anchor can have been, in the zone asked for.")
    def started_at(self) -> datetime | None:
        started = self.timing.started
        return _local(self, None if started is None else started.start)

    @strawberry.field(description="Where it is a window: not before this.")
    def not_before_at(self) -> datetime | None:
        return _local(self, self.timing.not_before_at)

    @strawberry.field(description="The earliest it can be due, in the zone asked for.")
    def due_at(self) -> datetime | None:
        return _local(self, self.timing.due_at)

    @strawberry.field(
        description="The latest it can be due; later than `dueAt` where the start is known roughly."
    )
    def due_at_latest(self) -> datetime | None:
        return _local(self, self.timing.due_at_latest)

    @strawberry.field(description="The time zone its days are counted in: that of the law.")
    def time_zone(self) -> str | None:
        return None if self.timing.zone is None else self.timing.zone.key

    calendar: str | None = optional_text_field(
        lambda self: self.timing.calendar and self.timing.calendar.name,
        "The calendar of its working or trading days, with the years it covers.",
    )
    calendar_locale: Locale | None = optional_locale_field(
        lambda self: self.timing.calendar and self.timing.calendar.name
    )
    undetermined_because: str | None = optional_text_field(
        lambda self: self.timing.undetermined, "Why a limit that has started has no due time."
    )
    undetermined_because_locale: Locale | None = optional_locale_field(
        lambda self: self.timing.undetermined
    )
    assumptions: list[str] = texts_field(
        lambda self: self.timing.assumptions, "What was assumed to compute the due time."
    )
    assumptions_locale: Locale = texts_locale_field(lambda self: self.timing.assumptions)


def _local(limit: TimedLimitType, moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(limit.zone)


@strawberry.type(name="RunningStage", description="A further limit of a clock.")
class RunningStageType(TimedLimitType):
    """A further limit of a clock."""

    stage: strawberry.Private[RunningStage]

    what: str = text_field(lambda self: self.stage.stage.what, "What is due, or in which case.")
    what_locale: Locale = locale_field(lambda self: self.stage.stage.what)
    missing: list[str] = texts_field(
        lambda self: self.timing.missing, "What is missing to compute the due time."
    )
    missing_locale: Locale = texts_locale_field(lambda self: self.timing.missing)

    @strawberry.field(description="The limit as an ISO 8601 duration.")
    def due_in(self) -> str:
        return self.stage.stage.due_in

    @strawberry.field(description="The moment it starts from.")
    def starts_from(self) -> ClockStart:
        return self.stage.stage.starts_from


@strawberry.type(
    name="RunningClock",
    description="A clock that runs or may run. Reference, not advice: confirm with counsel.",
)
class RunningClockType(TimedLimitType):
    """A clock that runs or may run."""

    running: strawberry.Private[RunningClock]

    term: RegulatoryClockType = strawberry.field(
        description="What the library holds of it: limit, recipient, trigger, threshold, contents, "
        "what follows, certainty and source, as the source gives them."
    )

    @strawberry.field(description="Whether it certainly runs; `missing` says what decides.")
    def applies(self) -> Applicability:
        return self.running.applies

    @strawberry.field(description="False if it binds the police, a regulator or a platform.")
    def binds_owner(self) -> bool:
        return not self.running.clock.binds_others

    @strawberry.field(description="The start this library counts from where the source has none.")
    def assumed_start(self) -> ClockStart | None:
        return self.running.clock.assumed_start

    @strawberry.field(description="Its further limits, side by side: later reports, other cases.")
    def stages(self) -> list[RunningStageType]:
        return [
            RunningStageType(timing=stage.timing, zone=self.zone, stage=stage)
            for stage in self.running.stages
        ]

    @strawberry.field(description="True for every legal clock; targets of practice are no law.")
    def confirm_with_counsel(self) -> bool:
        return self.running.is_legal

    missing: list[str] = texts_field(
        lambda self: (*self.running.questions, *self.running.timing.missing),
        "What is missing to decide whether it runs, and until when.",
    )
    missing_locale: Locale = texts_locale_field(
        lambda self: (*self.running.questions, *self.running.timing.missing)
    )
    confirmation: str = text_field(
        lambda self: _CONFIRM if self.running.is_legal else _PRACTICE,
        "What to keep in mind: reference, not advice.",
    )
    confirmation_locale: Locale = locale_field(
        lambda self: _CONFIRM if self.running.is_legal else _PRACTICE
    )


@strawberry.type(
    name="JurisdictionNotCovered", description="A jurisdiction of which the library has no clock."
)
class JurisdictionNotCoveredType:
    """A jurisdiction of which the library has no clock."""

    held: strawberry.Private[NotCovered]

    reason: str = text_field(lambda self: self.held.reason, "What that means.")
    reason_locale: Locale = locale_field(lambda self: self.held.reason)

    @strawberry.field(description="Its code as it was asked for.")
    def code(self) -> str:
        return self.held.code


@strawberry.type(name="Clocks", description="The clocks of a situation, as they stand now.")
class ClocksType:
    """The clocks of a situation, as they stand now."""

    found: strawberry.Private[ClocksFound]
    items: list[RunningClockType] = strawberry.field(
        description="The clocks: overdue first, then the soonest due, then those without due time. "
        "What is due at once counts by its start."
    )

    assumptions: list[str] = texts_field(
        lambda self: self.found.assumptions, "What was taken for granted about the owner."
    )
    assumptions_locale: Locale = texts_locale_field(lambda self: self.found.assumptions)
    confirmation: str = text_field(lambda _: _CONFIRM, "Reference, not advice.")
    confirmation_locale: Locale = locale_field(lambda _: _CONFIRM)

    @strawberry.field(description="The moment the states are told for, in the zone asked for.")
    def now(self) -> datetime:
        return self.found.now.astimezone(self.found.zone)

    @strawberry.field(description="The zone times are shown in, and dates are read in.")
    def time_zone(self) -> str:
        return self.found.zone.key

    @strawberry.field(description="What was asked about and is not in the library.")
    def jurisdictions_not_covered(self) -> list[JurisdictionNotCoveredType]:
        return [JurisdictionNotCoveredType(held=one) for one in self.found.not_covered]


@strawberry.type
class ClocksQuery:
    """The clocks of a situation."""

    @strawberry.field(
        description="Every legal and own clock that runs or may run, with its due time. What is "
        "left out or empty is not known, and the clocks it decides may apply. Reference, not advice."
    )
    async def clocks(
        self,
        info: Info,
        jurisdictions: list[str] | None = None,
        listed: bool | None = None,  # noqa: FBT001 - GraphQL passes its arguments by name
        affected_count: int | None = None,
        anchors: AnchorsInput | None = None,
        crisis_types: list[str] | None = None,
        owner_kinds: list[OwnerKind] | None = None,
        time_zone: str = "Asia/Shanghai",
    ) -> ClocksType:
        found = await find_clocks(
            info.context.desk,
            info.context.actor,
            jurisdictions=jurisdictions or [],
            listed=listed,
            affected_count=affected_count,
            crisis_types=_known_types(info, crisis_types or []),
            owners=frozenset(owner_kinds or ()),
            anchors={} if anchors is None else anchors.given(),
            time_zone=time_zone,
        )
        return ClocksType(
            found=found, items=[_presented(info, one, found.zone) for one in found.clocks]
        )


def _known_types(info: Info, codes: list[str]) -> list[str]:
    if len(codes) > _TYPES_MOST:
        raise BadInput(f"crisisTypes has {len(codes)} values; at most {_TYPES_MOST} are taken.")
    for code in codes:
        require_code(info.context.vocabularies, "CrisisType", code)
    return codes


def _presented(info: Info, running: RunningClock, zone: ZoneInfo) -> RunningClockType:
    term: Any = term_of(info.context.vocabularies, "RegulatoryClock", running.term.code)
    return RunningClockType(timing=running.timing, zone=zone, running=running, term=term)
