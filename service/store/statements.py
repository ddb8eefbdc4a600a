"""Which cases made a statement of a kind, the latest recorded first."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from service.domain.codes import CaseProvenance
from service.domain.entries import EntryKind
from service.store.rows import EntryRow, EntryTermRow, StatementRow

# What is read stays the same however many cases a library holds.
_CASES_READ = 400


class Statements:
    """Statements on one connection, narrowed to what the reader's markings allow."""

    def __init__(self, connection: AsyncConnection, *, visible: Collection[str]) -> None:
        self._connection = connection
        self._visible = visible

    async def stating(
        self,
        kinds: Collection[str],
        *,
        types: Sequence[str | None],
        most: int,
        within_hours: float | None = None,
    ) -> dict[str, list[list[int]]]:
        """For each kind of statement, type by type, up to `most` cases that made one, latest first.

        None stands for any type. Within hours, the statement certainly came so soon after the first
        signal. The latest 400 cases of each type are read; synthetic ones are left out.
        """
        found: dict[str, list[list[int]]] = {kind: [[] for _ in types] for kind in kinds}
        branches = [
            self._stating(place, code, kinds, most, within_hours)
            for place, code in enumerate(types)
        ]
        if kinds and branches:
            rows = await self._connection.execute(union_all(*branches))
            for place, kind, entry_id in sorted(rows, key=lambda row: -row.entry_id):
                found[kind][place].append(entry_id)
        return found

    def _stating(
        self,
        place: int,
        code: str | None,
        kinds: Collection[str],
        most: int,
        within_hours: float | None,
    ) -> Select[Any]:
        cases = self._latest(code).subquery()
        said = (
            select(EntryTermRow.code, StatementRow.entry_id)
            .distinct()
            .join_from(cases, StatementRow, StatementRow.entry_id == cases.c.id)
            .join(
                EntryTermRow,
                and_(
                    EntryTermRow.entry_id == StatementRow.entry_id,
                    EntryTermRow.item == StatementRow.key,
                    EntryTermRow.field == "kind",
                    EntryTermRow.vocabulary == "StatementKind",
                ),
            )
            .where(EntryTermRow.code.in_(kinds))
        )
        if within_hours is not None:
            said = said.where(StatementRow.from_hours >= 0, StatementRow.to_hours <= within_hours)
        held = said.subquery()
        rank = func.row_number().over(partition_by=held.c.code, order_by=held.c.entry_id.desc())
        ranked = select(held.c.code, held.c.entry_id, rank.label("rank")).subquery()
        return select(
            literal(place).label("place"), ranked.c.code.label("kind"), ranked.c.entry_id
        ).where(ranked.c.rank <= most)

    def _latest(self, code: str | None) -> Select[Any]:
        """The latest cases of a type, read backwards from the index of codes."""
        synthetic = aliased(EntryTermRow)
        rows = select(EntryRow.id).where(
            EntryRow.kind == EntryKind.CASE.value,
            EntryRow.sharing.in_(self._visible),
            ~select(synthetic.code)
            .where(
                synthetic.entry_id == EntryRow.id,
                synthetic.item == "",
                synthetic.field == "provenance",
                synthetic.vocabulary == "CaseProvenance",
                synthetic.code == CaseProvenance.SYNTHETIC.value,
            )
            .correlate(EntryRow)
            .exists(),
        )
        if code is None:
            return rows.order_by(EntryRow.id.desc()).limit(_CASES_READ)
        typed = aliased(EntryTermRow)
        return (
            rows.with_only_columns(typed.entry_id.label("id"))
            .distinct()
            .join_from(typed, EntryRow, EntryRow.id == typed.entry_id)
            .where(
                typed.vocabulary == "CrisisType",
                typed.code == code,
                typed.item == "",
                typed.field.in_(("primary_type", "other_types")),
            )
            .order_by(typed.entry_id.desc())
            .limit(_CASES_READ)
        )
