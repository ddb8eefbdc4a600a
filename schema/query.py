"""The queries of the API."""

from typing import Any

import strawberry

from schema.briefs import BriefQuery
from schema.cases import CaseType
from schema.clocks import ClocksQuery
from schema.comparisons import ComparisonQuery
from schema.context import Info
from schema.effects import EffectQuery
from schema.enums import EntryKind as SearchedKind
from schema.enums import Locale
from schema.evidence import EvidenceQuery
from schema.figures import OutcomeMetricType
from schema.filters import (
    CaseFilter,
    GuideFilter,
    LibraryFilter,
    OutcomeMetricFilter,
    StatementFilter,
)
from schema.first_hours import FirstHourQuery
from schema.libraries import LibraryType, library_of
from schema.lint import LintQuery
from schema.methods import MethodType
from schema.nodes import case_connection, guide_connection, node_of, present, source_connection
from schema.orders import CaseOrder, OutcomeMetricOrder, StatementOrder, order_of
from schema.precedents import PrecedentQuery
from schema.procedures import ProcedureType
from schema.relay import After, Connection, First, Node
from schema.remedies import RemedyQuery
from schema.renderings import RenderingQuery
from schema.risks import RiskQuery
from schema.search import SearchConnection, search_connection
from schema.sources import SourceType
from schema.statements import StatementType
from schema.template_fits import TemplateFitQuery
from schema.templates import StatementTemplateType
from schema.terms import CrisisTypeType, VocabularyType, crisis_types_below
from service.domain.conditions import EVERYTHING, Condition
from service.domain.entries import EntryKey, EntryKind
from service.domain.errors import BadInput
from service.operations.entries import find_case_by_number


@strawberry.type
class Query(
    BriefQuery,
    ClocksQuery,
    ComparisonQuery,
    EffectQuery,
    EvidenceQuery,
    FirstHourQuery,
    LintQuery,
    PrecedentQuery,
    RemedyQuery,
    RenderingQuery,
    RiskQuery,
    TemplateFitQuery,
):
    """What can be asked of the library."""

    @strawberry.field(description="Anything by its global id; null if it is not to be seen.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await node_of(info.context, id)

    @strawberry.field(description="A case by its slug or its number; null if not to be seen.")
    async def case(
        self, info: Info, slug: str | None = None, number: str | None = None
    ) -> CaseType | None:
        if (slug is None) == (number is None):
            raise BadInput("case needs either slug or number; give one of them.")
        if slug is not None:
            by_slug: CaseType | None = await _entry(info, EntryKind.CASE, slug)
            return by_slug
        entry = await find_case_by_number(info.context.desk, info.context.actor, number or "")
        by_number: CaseType | None = None if entry is None else present(entry)
        return by_number

    @strawberry.field(description="Cases, filtered and ordered.")
    async def cases(
        self,
        info: Info,
        filter: CaseFilter | None = None,
        order_by: CaseOrder | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[CaseType]:
        condition = _condition(info, filter)
        order = order_of(order_by or CaseOrder())
        return await case_connection(info.context, condition, order=order, first=first, after=after)

    @strawberry.field(description="Statements of all cases, filtered and ordered.")
    async def statements(
        self,
        info: Info,
        filter: StatementFilter | None = None,
        order_by: StatementOrder | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[StatementType]:
        found: Connection[StatementType] = await info.context.presenter.statements(
            info.context,
            _condition(info, filter),
            order=order_of(order_by or StatementOrder()),
            first=first,
            after=after,
        )
        return found

    @strawberry.field(description="Outcome metrics of all cases, filtered and ordered.")
    async def outcome_metrics(
        self,
        info: Info,
        filter: OutcomeMetricFilter | None = None,
        order_by: OutcomeMetricOrder | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[OutcomeMetricType]:
        found: Connection[OutcomeMetricType] = await info.context.presenter.outcome_metrics(
            info.context,
            _condition(info, filter),
            order=order_of(order_by or OutcomeMetricOrder()),
            first=first,
            after=after,
        )
        return found

    @strawberry.field(description="Articles of the methodology.")
    async def methods(
        self,
        info: Info,
        filter: GuideFilter | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[MethodType]:
        condition = _condition(info, filter)
        return await guide_connection(
            info.context, EntryKind.METHOD, condition, first=first, after=after
        )

    @strawberry.field(description="A method by its slug; null if it is not to be seen.")
    async def method(self, info: Info, slug: str) -> MethodType | None:
        found: MethodType | None = await _entry(info, EntryKind.METHOD, slug)
        return found

    @strawberry.field(description="Procedures of the SOP manual.")
    async def procedures(
        self,
        info: Info,
        filter: GuideFilter | None = None,
        first: First = None,
        after: After = None,
    ) -> Connection[ProcedureType]:
        condition = _condition(info, filter)
        return await guide_connection(
            info.context, EntryKind.PROCEDURE, condition, first=first, after=after
        )

    @strawberry.field(description="A procedure by its slug; null if it is not to be seen.")
    async def procedure(self, info: Info, slug: str) -> ProcedureType | None:
        found: ProcedureType | None = await _entry(info, EntryKind.PROCEDURE, slug)
        return found

    @strawberry.field(description="A statement template by its slug; null if not to be seen.")
    async def statement_template(self, info: Info, slug: str) -> StatementTemplateType | None:
        found: StatementTemplateType | None = await _entry(info, EntryKind.STATEMENT_TEMPLATE, slug)
        return found

    @strawberry.field(description="The tree of crisis types, from the top.")
    def crisis_types(self, info: Info) -> list[CrisisTypeType]:
        return crisis_types_below(info.context.vocabularies, None)

    @strawberry.field(description="A controlled vocabulary by the name of its set; null if none.")
    def vocabulary(self, info: Info, set: str) -> VocabularyType | None:
        held = info.context.vocabularies.find(set)
        return None if held is None else VocabularyType(vocabulary=held)

    @strawberry.field(description="All the controlled vocabularies.")
    def vocabularies(self, info: Info) -> list[VocabularyType]:
        return [
            VocabularyType(vocabulary=held)
            for _, held in sorted(info.context.vocabularies.by_set.items())
        ]

    @strawberry.field(description="The publications the library cites.")
    async def sources(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[SourceType]:
        return await source_connection(info.context, first=first, after=after)

    @strawberry.field(description="What the library holds.")
    async def library(self, info: Info) -> LibraryType:
        return await library_of(info.context)

    @strawberry.field(
        description="What the words find among cases, statements, methods, steps and templates. "
        "An empty query lists everything."
    )
    async def search_library(
        self,
        info: Info,
        query: str,
        kinds: list[SearchedKind] | None = None,
        filter: LibraryFilter | None = None,
        locale: Locale = Locale.ZH_HANS,
        first: First = None,
        after: After = None,
    ) -> SearchConnection:
        return await search_connection(
            info.context,
            query=query,
            kinds=kinds,
            narrowed=filter,
            locale=locale,
            first=first,
            after=after,
        )


Filter = CaseFilter | StatementFilter | OutcomeMetricFilter | GuideFilter


def _condition(info: Info, given: Filter | None) -> Condition:
    return EVERYTHING if given is None else given.condition(info.context.vocabularies)


async def _entry(info: Info, kind: EntryKind, slug: str) -> Any:
    entry = await info.context.loaders.entry_by_key.load(EntryKey(kind, slug))
    return None if entry is None else present(entry)
