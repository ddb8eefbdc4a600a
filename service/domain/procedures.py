"""The Procedure: a standard operating procedure whose steps carry roles, clocks and limits."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from service.domain.cases import AskedAs
from service.domain.citations import Basis, Cited, Source
from service.domain.clocks import ClockStart, DayKind, Duration
from service.domain.codes import (
    ChannelKind,
    CrisisTypeCode,
    Phase,
    PhaseStepCode,
    RegulatoryClockCode,
    RiskLevel,
    Role,
    SharingMarking,
)
from service.domain.values import Bilingual, Key, Prose, Slug, Title, Value


class Clock(Cited):
    """A time limit: how long, from which moment, by which clause.

    Conflicting limits stand side by side, each with its source. Where the clause names no start,
    `starts_from` is NOT_STATED and `assumed_start` is the one this library counts from.
    A clock without a limit runs at once ("immediately", with no hours named).
    """

    limit: Duration | None = None
    not_before: Duration | None = None
    counted_in: DayKind = DayKind.CALENDAR
    starts_from: ClockStart
    assumed_start: ClockStart | None = None
    regulatory_clock: RegulatoryClockCode | None = None


class ProcedureStep(Cited):
    """One step: who does what by when, what must not be done, and what helps."""

    basis: Basis = Basis.EDITORIAL
    key: Key
    phase: Phase
    phase_step: PhaseStepCode | None = None
    title: Title
    role: Role
    supporting_roles: tuple[Role, ...] = ()
    levels: tuple[RiskLevel, ...] = ()
    clocks: tuple[Clock, ...] = ()
    do: tuple[Bilingual, ...] = Field(min_length=1)
    do_not: tuple[Bilingual, ...] = ()
    channels: tuple[ChannelKind, ...] = ()
    templates: tuple[Slug, ...] = ()
    methods: tuple[Slug, ...] = ()
    procedures: tuple[Slug, ...] = ()
    example_cases: tuple[Slug, ...] = ()


class AccountHolder(StrEnum):
    """Whose account a procedure is for."""

    ORGANISATION = "ORGANISATION"
    INDIVIDUAL = "INDIVIDUAL"


class Procedure(Value):
    """A procedure from the first hour to the review, for the crisis types it names."""

    entry: Literal["PROCEDURE"]
    slug: Slug
    title: Title
    summary: Prose
    sharing: SharingMarking = SharingMarking.TLP_CLEAR
    account_holder: AccountHolder = AccountHolder.ORGANISATION
    crisis_types: tuple[CrisisTypeCode, ...] = ()
    asked_as: AskedAs = AskedAs()
    sources: tuple[Source, ...] = ()
    steps: tuple[ProcedureStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_distinct_steps(self) -> Self:
        keys = [step.key for step in self.steps]
        if len(keys) != len(set(keys)):
            raise ValueError("two steps have the same key; keys are unique in a procedure")
        return self
