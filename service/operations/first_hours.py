"""What the first hour asks for, and who did it before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.access import Actor, Permission
from service.domain.cases import Case, Statement
from service.domain.codes import RiskLevel, StatementKind
from service.domain.conditions import Among, Not, Some
from service.domain.entries import Entry, EntryKey, EntryKind
from service.domain.errors import NotReady
from service.domain.first_hours import HourStep, applicable, plan_hour
from service.domain.moments import elapsed
from service.domain.procedures import AccountHolder, Procedure, ProcedureStep
from service.domain.templates import StatementTemplate
from service.footprints import traced
from service.operations.ports import Desk
from service.store.units import Reading

PRECEDENTS_MOST = 2
_PROCEDURES_MOST = 1_000
# More than are shown, since some of them may already be named as examples.
_SAID_MOST = 6


class StepPrecedentReason(StrEnum):
    """Why a case is a precedent of a step."""

    EXAMPLE = "EXAMPLE"
    SAID_WITHIN_HOUR = "SAID_WITHIN_HOUR"


@dataclass(frozen=True, slots=True)
class StepPrecedent:
    """A case that did what a step asks for, with its statement where the step is to say something.

    That is the first one of a kind the step's templates make.
    """

    reason: StepPrecedentReason
    entry: Entry
    case: Case
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of the first hour with the entry of its procedure and its precedents."""

    hour_step: HourStep
    entry: Entry
    precedents: tuple[StepPrecedent, ...]


@dataclass(frozen=True, slots=True)
class FirstHour:
    """The first hour: its steps, the procedures they come from, and the steps after it."""

    procedures: tuple[Entry, ...]
    steps: tuple[PlannedStep, ...]
    beyond: tuple[tuple[Entry, Procedure, ProcedureStep], ...]


@traced
async def plan_first_hour(
    desk: Desk, actor: Actor, *, crisis_type: str, level: RiskLevel | None, holder: AccountHolder
) -> FirstHour:
    """The first hour of a crisis type, from the procedures the actor may see."""
    actor.require(Permission.READ)
    async with desk.store.reading() as reading:
        held = await _procedures(desk, actor, reading, crisis_type)
        by_slug = {entry.key.slug: entry for entry in held}
        documents = [entry.document for entry in held if isinstance(entry.document, Procedure)]
        ordered = applicable(documents, crisis_type=crisis_type, holder=holder)
        plan = plan_hour(ordered, level=level)
        named = await _named(actor, reading, plan.steps)
        said = await _said_within_hour(actor, reading, crisis_type, _kinds(plan.steps, named))
    used = {step.procedure.slug for step in plan.steps} | {way.slug for way, _ in plan.beyond}
    return FirstHour(
        procedures=tuple(by_slug[way.slug] for way in ordered if way.slug in used),
        steps=tuple(
            PlannedStep(step, by_slug[step.procedure.slug], _precedents(step.step, named, said))
            for step in plan.steps
        ),
        beyond=tuple((by_slug[way.slug], way, step) for way, step in plan.beyond),
    )


async def _procedures(
    desk: Desk, actor: Actor, reading: Reading, crisis_type: str
) -> tuple[Entry, ...]:
    """The procedures below the same root as the type, and those that name no type."""
    vocabulary = desk.shelf.vocabularies.find("CrisisType")
    roots = tuple(
        term.code for term in (vocabulary.terms if vocabulary else ()) if term.parent is None
    )
    root = crisis_type.partition(".")[0]
    condition = Some((Among("type", (root,)), Not(Among("type", roots))))
    listings = reading.listings(visible=actor.visible)
    page = await listings.entries(
        EntryKind.PROCEDURE, condition, first=_PROCEDURES_MOST, after=None
    )
    if page.has_next:
        raise NotReady(f"More than {_PROCEDURES_MOST} procedures may apply; archive old ones.")
    rows = [listed.item.entry_id for listed in page.items]
    found = await reading.entries.load_many(rows, visible=actor.visible)
    return tuple(found[row] for row in rows if row in found)


async def _named(
    actor: Actor, reading: Reading, steps: Iterable[HourStep]
) -> Mapping[EntryKey, Entry]:
    """The example cases and the templates that the steps name."""
    keys = {
        EntryKey(kind, slug)
        for held in steps
        for kind, slugs in (
            (EntryKind.CASE, held.step.example_cases),
            (EntryKind.STATEMENT_TEMPLATE, held.step.templates),
        )
        for slug in slugs
    }
    return await reading.entries.find_many(keys, visible=actor.visible)


async def _said_within_hour(
    actor: Actor, reading: Reading, crisis_type: str, kinds: Collection[StatementKind]
) -> tuple[StepPrecedent, ...]:
    """What cases of the type certainly said within an hour of the first signal, latest first."""
    stating = await reading.statements(visible=actor.visible).stating(
        [kind.value for kind in kinds], types=[crisis_type], most=_SAID_MOST, within_hours=1
    )
    rows = {row for (held,) in stating.values() for row in held}
    found = await reading.entries.load_many(rows, visible=actor.visible)
    return tuple(
        StepPrecedent(StepPrecedentReason.SAID_WITHIN_HOUR, found[row], document, statement)
        for row in sorted(found, reverse=True)
        if isinstance(document := found[row].document, Case)
        for statement in document.statements
        if statement.kind in kinds and _is_within_hour(statement, document)
    )


def _is_within_hour(statement: Statement, case: Case) -> bool:
    after = elapsed(statement.moment, case.anchors)
    return after is not None and after.from_hours >= 0 and after.to_hours <= 1


def _precedents(
    step: ProcedureStep, named: Mapping[EntryKey, Entry], said: Iterable[StepPrecedent]
) -> tuple[StepPrecedent, ...]:
    kinds = _kinds_of(step, named)
    chosen = [
        StepPrecedent(
            StepPrecedentReason.EXAMPLE,
            entry,
            entry.document,
            next((said for said in entry.document.statements if said.kind in kinds), None),
        )
        for slug in step.example_cases
        if (entry := named.get(EntryKey(EntryKind.CASE, slug))) is not None
        and isinstance(entry.document, Case)
    ]
    for precedent in said:
        known = {held.entry.id for held in chosen}
        if precedent.statement is not None and precedent.statement.kind in kinds:
            chosen += [] if precedent.entry.id in known else [precedent]
    return tuple(chosen[:PRECEDENTS_MOST])


def _kinds(steps: Iterable[HourStep], named: Mapping[EntryKey, Entry]) -> set[StatementKind]:
    return {kind for held in steps for kind in _kinds_of(held.step, named)}


def _kinds_of(step: ProcedureStep, named: Mapping[EntryKey, Entry]) -> set[StatementKind]:
    """The kinds of statement the templates of a step make."""
    templates = [named.get(EntryKey(EntryKind.STATEMENT_TEMPLATE, slug)) for slug in step.templates]
    return {
        entry.document.kind
        for entry in templates
        if entry is not None and isinstance(entry.document, StatementTemplate)
    }
