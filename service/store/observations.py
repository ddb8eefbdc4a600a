"""Cases as evidence sees them, read from the projection: no document is loaded."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.codes import Verdict
from service.domain.conditions import Condition
from service.domain.effects import Effect
from service.domain.observations import Dimension, Observation, band_of
from service.domain.spreads import Interval
from service.store.conditions import CASES, where
from service.store.rows import CaseRow, EntryRow, EntryTermRow, SecondaryEffectRow

_OBSERVED = select(
    EntryRow.id,
    EntryRow.slug,
    CaseRow.number,
    CaseRow.verdict,
    CaseRow.level,
    CaseRow.first_statement_from_hours,
    CaseRow.first_statement_to_hours,
    CaseRow.resolved_from_hours,
    CaseRow.resolved_to_hours,
    CaseRow.subsided_from_days,
    CaseRow.subsided_to_days,
    CaseRow.reversed,
    CaseRow.promise_broken,
).join_from(EntryRow, CaseRow, CaseRow.entry_id == EntryRow.id)

# The codes cases are grouped by: those they use, or of strategies the groups at the top.
_CODES = {
    Dimension.STRATEGY_CLUSTER: (
        "ResponseStrategy",
        "strategies",
        EntryTermRow.code.not_like("%.%"),
    ),
    Dimension.STRATEGY: ("ResponseStrategy", "strategies", EntryTermRow.direct),
    Dimension.STATEMENT_KIND: ("StatementKind", "kind", EntryTermRow.direct),
    Dimension.CRISIS_TYPE: ("CrisisType", "primary_type", EntryTermRow.direct),
    Dimension.INDUSTRY: ("Industry", "industry", EntryTermRow.direct),
}


class Observations:
    """Observations on one connection, narrowed to what the reader's markings allow."""

    def __init__(self, connection: AsyncConnection, *, visible: Collection[str]) -> None:
        self._connection = connection
        self._visible = visible

    async def cases(self, condition: Condition, *, by: Dimension) -> tuple[Observation, ...]:
        """Every case the condition holds of, in no order."""
        cases = await self._connection.execute(self._narrowed(_OBSERVED, condition))
        codes = await self._codes(condition, by)
        effects = await self._pairs(
            select(SecondaryEffectRow.entry_id, SecondaryEffectRow.type).where(
                SecondaryEffectRow.verified
            ),
            condition,
        )
        return tuple(
            _observation(row, _codes_of(row, by, codes), effects.get(row.id, ())) for row in cases
        )

    async def effects(self, condition: Condition, *, hours: float) -> tuple[Effect, ...]:
        """The secondary effects of these cases that are not known to have come later, unordered."""
        row = SecondaryEffectRow
        rows = (
            select(
                EntryRow.slug,
                CaseRow.number,
                row.position,
                row.type,
                row.verified,
                row.from_hours,
                row.to_hours,
            )
            .join_from(row, EntryRow, EntryRow.id == row.entry_id)
            .join(CaseRow, CaseRow.entry_id == row.entry_id)
            .where(or_(row.from_hours.is_(None), row.from_hours <= hours))
        )
        found = await self._connection.execute(rows.where(row.entry_id.in_(self._ids(condition))))
        return tuple(
            Effect(
                slug=one.slug,
                number=one.number,
                position=one.position,
                type=one.type,
                interval=_interval(one.from_hours, one.to_hours),
                verified=one.verified,
            )
            for one in found
        )

    async def _codes(self, condition: Condition, by: Dimension) -> dict[int, tuple[str, ...]]:
        if by not in _CODES:
            return {}
        vocabulary, field, narrowed = _CODES[by]
        rows = select(EntryTermRow.entry_id, EntryTermRow.code).where(
            EntryTermRow.vocabulary == vocabulary, EntryTermRow.field == field, narrowed
        )
        return await self._pairs(rows, condition)

    async def _pairs(
        self, rows: Select[int, str], condition: Condition
    ) -> dict[int, tuple[str, ...]]:
        """The distinct codes of each case, in their order."""
        entry_id = rows.selected_columns[0]
        found: dict[int, list[str]] = {}
        narrowed = rows.distinct().where(entry_id.in_(self._ids(condition)))
        for row in await self._connection.execute(narrowed):
            found.setdefault(row[0], []).append(row[1])
        return {case: tuple(sorted(codes)) for case, codes in found.items()}

    def _ids(self, condition: Condition) -> Any:
        cases = select(EntryRow.id).join_from(EntryRow, CaseRow, CaseRow.entry_id == EntryRow.id)
        return self._narrowed(cases, condition)

    def _narrowed(self, rows: Any, condition: Condition) -> Any:
        return rows.where(EntryRow.sharing.in_(self._visible), where(CASES, condition))


def _codes_of(row: Any, by: Dimension, codes: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    match by:
        case Dimension.LEVEL:
            return () if row.level is None else (row.level,)
        case Dimension.RESPONSE_SPEED:
            band = band_of(_interval(row.first_statement_from_hours, row.first_statement_to_hours))
            return () if band is None else (band,)
        case _:
            return codes.get(row.id, ())


def _observation(row: Any, codes: tuple[str, ...], effects: tuple[str, ...]) -> Observation:
    return Observation(
        slug=row.slug,
        number=row.number,
        codes=codes,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        first_response=_interval(row.first_statement_from_hours, row.first_statement_to_hours),
        resolved=_interval(row.resolved_from_hours, row.resolved_to_hours),
        subsided=_interval(row.subsided_from_days, row.subsided_to_days),
        reversed=row.reversed,
        promise_broken=row.promise_broken,
        effects=effects,
    )


def _interval(least: float | None, most: float | None) -> Interval | None:
    return None if least is None else Interval(least, most)
