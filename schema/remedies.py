"""Remedies across cases as GraphQL lists them."""

import strawberry

from schema.context import Info
from schema.filters import CaseFilter
from schema.happenings import RemedyType
from schema.nodes import remedy_connection
from schema.relay import After, Connection, First
from service.domain.conditions import Among, Condition, Every, OfCase
from service.domain.observations import counted
from service.domain.vocabularies import Vocabularies, ancestors


@strawberry.type
class RemedyQuery:
    """Remedies across cases."""

    @strawberry.field(
        description="What was paid or offered, to whom and to what effect, by case number: of a "
        "kind, in cases of a crisis type, primary or other; those below are included. Synthetic "
        "and near-miss cases are left out."
    )
    async def remedies(
        self,
        info: Info,
        kind: str | None = None,
        crisis_type: str | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[RemedyType]:
        condition = _condition(info.context.vocabularies, kind, crisis_type)
        return await remedy_connection(info.context, condition, first=first, after=after)


def _condition(vocabularies: Vocabularies, kind: str | None, crisis_type: str | None) -> Condition:
    narrowed = CaseFilter(
        type=None if crisis_type is None else [crisis_type],
        remedy_kind=None if kind is None else [kind],
    )
    of_case = OfCase(counted(narrowed.condition(vocabularies)))
    if kind is None:
        return of_case
    vocabulary = vocabularies.find("RemedyKind")
    codes = () if vocabulary is None else vocabulary.by_code
    below = tuple(code for code in codes if kind in ancestors(code))
    return Every((of_case, Among("kind", below or (kind,))))
