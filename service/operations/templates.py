"""Ranking statement templates, and the statements of cases that were of their kind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.domain.access import Actor, Permission
from service.domain.cases import Case, Statement
from service.domain.codes import StatementKind
from service.domain.conditions import Among, Condition, Every
from service.domain.entries import Entry, EntryKind
from service.domain.errors import BadInput
from service.domain.fits import Fit, Wanted, fit_of
from service.domain.templates import StatementTemplate
from service.domain.vocabularies import ancestors
from service.footprints import traced
from service.operations.ports import Desk

_TEMPLATES_MOST = 1_000


@dataclass(frozen=True, slots=True)
class RankedTemplate:
    """A template and how well it fits."""

    entry: Entry
    template: StatementTemplate
    fit: Fit


@dataclass(frozen=True, slots=True)
class TemplatePrecedent:
    """A statement of a case; `shared_type` is the nearest crisis type it shares with the one asked.

    It is None where no type was asked for, or none is shared.
    """

    entry: Entry
    case: Case
    statement: Statement
    shared_type: str | None


@traced
async def rank_templates(
    desk: Desk, actor: Actor, *, wanted: Wanted, condition: Condition
) -> tuple[RankedTemplate, ...]:
    """The templates that do not contradict the kind asked for, the best fit first."""
    actor.require(Permission.READ)
    kind = () if wanted.kind is None else (Among("kind", (wanted.kind.value,)),)
    async with desk.store.reading() as reading:
        page = await reading.listings(visible=actor.visible).entries(
            EntryKind.STATEMENT_TEMPLATE,
            Every((condition, *kind)),
            first=_TEMPLATES_MOST,
            after=None,
        )
        if page.has_next:
            raise BadInput(f"More than {_TEMPLATES_MOST} templates may fit; narrow with `kind`.")
        rows = [listed.item.entry_id for listed in page.items]
        found = await reading.entries.load_many(rows, visible=actor.visible)
    ranked = [
        RankedTemplate(entry, entry.document, fit)
        for entry in found.values()
        if isinstance(entry.document, StatementTemplate)
        and (fit := fit_of(entry.document, wanted)) is not None
    ]
    return tuple(sorted(ranked, key=lambda held: (-held.fit.value, held.entry.id)))


@traced
async def load_precedents(
    desk: Desk,
    actor: Actor,
    kinds: Collection[StatementKind],
    *,
    crisis_type: str | None,
    most: int,
) -> dict[StatementKind, tuple[TemplatePrecedent, ...]]:
    """For each kind a statement of up to `most` cases, drills and synthetic cases left out.

    Cases that share the nearest crisis type come first, and of these the latest recorded.
    """
    actor.require(Permission.READ)
    way = [*ancestors(crisis_type or ""), None]
    async with desk.store.reading() as reading:
        stating = await reading.statements(visible=actor.visible).stating(
            [kind.value for kind in kinds], types=way, most=most
        )
        chosen = {kind: _chosen(way, stating[kind.value], most) for kind in kinds}
        rows = {row for held in chosen.values() for row in held}
        entries = await reading.entries.load_many(rows, visible=actor.visible)
    return {
        kind: tuple(
            TemplatePrecedent(entry, entry.document, said, shared)
            for row, shared in chosen[kind].items()
            if (entry := entries.get(row)) is not None and isinstance(entry.document, Case)
            for said in _telling(entry.document, kind)
        )
        for kind in kinds
    }


def _chosen(
    way: Sequence[str | None], by_type: Sequence[Sequence[int]], most: int
) -> dict[int, str | None]:
    """The rows of the nearest cases, each with the nearest type it bears."""
    nearest: dict[int, str | None] = {}
    for code, rows in zip(way, by_type, strict=True):
        for row in rows:
            nearest.setdefault(row, code)
    return dict(list(nearest.items())[:most])


def _telling(case: Case, kind: StatementKind) -> Sequence[Statement]:
    """The first statement of the kind whose reception is known, else the first one."""
    said = [held for held in case.statements if held.kind is kind]
    return ([held for held in said if held.reception is not None] or said)[:1]
