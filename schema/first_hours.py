"""The first hour as GraphQL shows it."""

from datetime import datetime
from typing import Annotated

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.filters import require_code
from schema.procedures import ProcedureStepType, ProcedureType
from schema.statements import StatementType
from schema.terms import CrisisTypeType, crisis_type
from schema.texts import locale_field, text_field
from service.domain.clocks import ClockStart
from service.domain.codes import RiskLevel
from service.domain.first_hours import Due, DueBasis, start_of_hour
from service.domain.procedures import AccountHolder, Procedure
from service.domain.values import Bilingual
from service.operations.first_hours import (
    FirstHour,
    PlannedStep,
    StepPrecedent,
    StepPrecedentReason,
    plan_first_hour,
)

_RULE = Bilingual(
    zh_hans="先用最贴近该类型的流程；它没有讲到的环节，才由更宽的流程补上。凡有从首个信号、发现或获知起算、"
    "不超过一小时或要求立即的时限，即属第一小时；最近流程中没有时限、但排在这类限时步骤之前的，按其位置列入。"
    "按到期先后排列，同时到期的按流程原序。这一选取规则是本库所定；互相冲突的时限并列在步骤的 clocks 里。",
    en="The procedure nearest to the type comes first; wider ones add what it is silent on. A step is in the "
    "hour where a clock from the first signal, detection or awareness names at most an hour or says at once; "
    "a step of the nearest procedure without clocks is in it where it stands before one with such a limit. "
    "By due, then by place in the procedure. This choice is the library’s own; conflicting limits stand "
    "side by side in the step’s clocks.",
)
_EXAMPLE = Bilingual(
    zh_hans="编辑把这个案例列为该步骤的示例。",
    en="The editors name this case as an example of the step.",
)
_SAID = Bilingual(
    zh_hans="同类案例，在首个信号后一小时内发出了该步骤模板所属种类的声明。",
    en="A case of this type that made a statement of the kind of the step’s template within an hour "
    "of the first signal.",
)


@strawberry.type(name="StepDue", description="When a step of the first hour is due, and why.")
class StepDueType:
    """When a step of the first hour is due, and why."""

    due: strawberry.Private[Due]
    started_at: strawberry.Private[datetime | None]

    @strawberry.field(description="What puts it in the hour: a limit, 'at once', or its place.")
    def basis(self) -> DueBasis:
        return self.due.basis

    @strawberry.field(description="The shortest limit its clocks name, as an ISO 8601 duration.")
    def limit(self) -> str | None:
        return None if self.due.clock is None else self.due.clock.limit

    @strawberry.field(description="Whether a clock of the step asks for it at once.")
    def at_once(self) -> bool:
        return self.due.at_once

    @strawberry.field(description="The moment the limit counts from.")
    def counted_from(self) -> ClockStart | None:
        return self.due.counted_from

    @strawberry.field(description="Whether this library chose that moment; its clause names none.")
    def start_is_assumed(self) -> bool:
        return self.due.start_is_assumed

    @strawberry.field(
        description="The moment it is due, in UTC; null without startedAt, without a clock, and "
        "where the clock counts from the first signal."
    )
    def due_at(self) -> datetime | None:
        return self.due.due_at(self.started_at)


@strawberry.type(name="StepPrecedent", description="A case that did what the step asks for.")
class StepPrecedentType:
    """A case that did what the step asks for."""

    precedent: strawberry.Private[StepPrecedent]

    why: str = text_field(lambda self: _why(self.precedent), "Why it is a precedent.")
    why_locale: Locale = locale_field(lambda self: _why(self.precedent))

    @strawberry.field(description="Why it is a precedent, as a code.")
    def reason(self) -> StepPrecedentReason:
        return self.precedent.reason

    @strawberry.field(description="The case.")
    def case(self) -> CaseType:
        return CaseType.of(self.precedent.entry, self.precedent.case)

    @strawberry.field(description="The statement, where that is what it did.")
    def statement(self) -> StatementType | None:
        said = self.precedent.statement
        if said is None:
            return None
        return StatementType.of(said, self.precedent.entry, self.precedent.case)


@strawberry.type(name="FirstHourStep", description="A step of the first hour.")
class FirstHourStepType:
    """A step of the first hour."""

    planned: strawberry.Private[PlannedStep]
    started_at: strawberry.Private[datetime | None]

    @strawberry.field(description="The step: whose it is, what to do, what must not be done.")
    def step(self) -> ProcedureStepType:
        held = self.planned.hour_step
        return ProcedureStepType.of(held.step, self.planned.entry, held.procedure)

    @strawberry.field(description="When it is due, and why.")
    def due(self) -> StepDueType:
        return StepDueType(due=self.planned.hour_step.due, started_at=self.started_at)

    @strawberry.field(description="Up to two cases that did it; the editors' examples first.")
    def precedents(self) -> list[StepPrecedentType]:
        return [StepPrecedentType(precedent=held) for held in self.planned.precedents]


@strawberry.type(name="FirstHour", description="What the first hour asks for.")
class FirstHourType:
    """What the first hour asks for."""

    hour: strawberry.Private[FirstHour]
    code: strawberry.Private[str]
    level: RiskLevel | None = strawberry.field(description="The level asked for; null means any.")
    started_at: datetime | None = strawberry.field(description="When you knew, in UTC.")

    rule: str = text_field(lambda _: _RULE, "How the steps were chosen and ordered.")
    rule_locale: Locale = locale_field(lambda _: _RULE)

    @strawberry.field(description="The crisis type.")
    def crisis_type(self, info: Info) -> CrisisTypeType:
        return crisis_type(info.context.vocabularies, self.code)

    @strawberry.field(description="The procedures the steps come from, nearest to the type first.")
    def procedures(self) -> list[ProcedureType]:
        return [
            ProcedureType.of(entry, entry.document)
            for entry in self.hour.procedures
            if isinstance(entry.document, Procedure)
        ]

    @strawberry.field(description="The steps, by when they are due.")
    def steps(self) -> list[FirstHourStepType]:
        return [
            FirstHourStepType(planned=planned, started_at=self.started_at)
            for planned in self.hour.steps
        ]

    @strawberry.field(description="What the nearest procedure asks for after the hour.")
    def beyond(self) -> list[ProcedureStepType]:
        return [
            ProcedureStepType.of(step, entry, procedure)
            for entry, procedure, step in self.hour.beyond
        ]


@strawberry.type
class FirstHourQuery:
    """Asking what the first hour looks like."""

    @strawberry.field(
        description="The first hour of a crisis type: which steps, whose, due when, what must not "
        "be done, and who did it before."
    )
    async def first_hour(
        self,
        info: Info,
        crisis_type: Annotated[
            str, strawberry.argument(description="A code of the CrisisType vocabulary.")
        ],
        level: Annotated[
            RiskLevel | None,
            strawberry.argument(description="Leaves out steps for other levels only."),
        ] = None,
        started_at: Annotated[
            datetime | None,
            strawberry.argument(
                description="When you knew, with its zone: what dueAt counts from."
            ),
        ] = None,
        account_holder: Annotated[
            AccountHolder, strawberry.argument(description="Whose account it is.")
        ] = AccountHolder.ORGANISATION,
    ) -> FirstHourType:
        require_code(info.context.vocabularies, "CrisisType", crisis_type)
        began = None if started_at is None else start_of_hour(started_at)
        hour = await plan_first_hour(
            info.context.desk,
            info.context.actor,
            crisis_type=crisis_type,
            level=level,
            holder=account_holder,
        )
        return FirstHourType(hour=hour, code=crisis_type, level=level, started_at=began)


def _why(precedent: StepPrecedent) -> Bilingual:
    return _EXAMPLE if precedent.reason is StepPrecedentReason.EXAMPLE else _SAID
