"""Statement templates as a listing, ranked by fit where it is said what for."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from schema.cases import EditorialVerdict
from schema.context import Info
from schema.enums import Locale
from schema.figures import OutcomeMetricType
from schema.filters import GuideFilter, require_code
from schema.loaders import Precedents
from schema.nodes import guide_connection
from schema.relay import After, Edge, First, PageInfo, cursor_of, page_info, position_of
from schema.statements import StatementType
from schema.templates import StatementTemplateType
from schema.terms import CrisisTypeType, crisis_type
from schema.texts import locale_field, text_field
from service.domain.codes import ChannelKind, Phase, StatementKind
from service.domain.conditions import EVERYTHING
from service.domain.entries import EntryKind
from service.domain.errors import BadInput
from service.domain.fits import FitAspect, FitReason, Wanted
from service.domain.pages import Position, page_size
from service.domain.values import Bilingual
from service.operations.templates import RankedTemplate, TemplatePrecedent, rank_templates

_PRECEDENTS_MOST = 10
_OUTCOMES_SHOWN = 3
_FITS = {
    FitAspect.KIND: Bilingual(zh_hans="正是所要的声明种类。", en="It is the kind asked for."),
    FitAspect.PHASE: Bilingual(zh_hans="适用于该阶段。", en="It is for this phase."),
    FitAspect.CHANNEL: Bilingual(zh_hans="适用于该渠道。", en="It is for this channel."),
    FitAspect.CRISIS_TYPE: Bilingual(zh_hans="专为该类型而写。", en="It is for this crisis type."),
    FitAspect.LOCALE: Bilingual(zh_hans="有这种语言的正文。", en="It is written in this locale."),
}
_UNFIT = {
    FitAspect.KIND: Bilingual(zh_hans="是另一种声明。", en="It is of another kind."),
    FitAspect.PHASE: Bilingual(zh_hans="不是为该阶段写的。", en="It is not for this phase."),
    FitAspect.CHANNEL: Bilingual(zh_hans="不是为该渠道写的。", en="It is not for this channel."),
    FitAspect.CRISIS_TYPE: Bilingual(zh_hans="是为其他类型写的。", en="It is for other types."),
    FitAspect.LOCALE: Bilingual(
        zh_hans="没有这种文字的正文，以简体代替。",
        en="It is not written in this script; simplified Chinese stands in.",
    ),
}
_FOR_ALL = Bilingual(zh_hans="不限类型。", en="It is for all crisis types.")
_FOR_NEAR = Bilingual(
    zh_hans="为相近的类型而写：更宽或更细一级。", en="It is for a wider or a narrower crisis type."
)


@strawberry.type(name="FitReason", description="How far one aspect of a template fits.")
class FitReasonType:
    """How far one aspect of a template fits."""

    reason: strawberry.Private[FitReason]

    text: str = text_field(lambda self: _text(self.reason), "The reason in words.")
    text_locale: Locale = locale_field(lambda self: _text(self.reason))

    @strawberry.field(description="Which aspect; each weighs more than all after it together.")
    def aspect(self) -> FitAspect:
        return self.reason.aspect

    @strawberry.field(description="How far it fits, 0 to 1.")
    def degree(self) -> float:
        return self.reason.degree

    @strawberry.field(description="The template's crisis type that decides, where one does.")
    def crisis_type(self, info: Info) -> CrisisTypeType | None:
        code = self.reason.by
        return None if code is None else crisis_type(info.context.vocabularies, code)


@strawberry.type(
    name="TemplatePrecedent",
    description="A statement of the template's kind, and what came of it. That one followed the "
    "other does not say that it was its effect.",
)
class TemplatePrecedentType:
    """A statement of the template's kind, and what came of it."""

    precedent: strawberry.Private[TemplatePrecedent]

    @strawberry.field(description="The statement, with its reception and its case.")
    def statement(self) -> StatementType:
        held = self.precedent
        return StatementType.of(held.statement, held.entry, held.case)

    @strawberry.field(description="The nearest crisis type its case shares with the one asked for.")
    def shared_type(self, info: Info) -> CrisisTypeType | None:
        code = self.precedent.shared_type
        return None if code is None else crisis_type(info.context.vocabularies, code)

    @strawberry.field(description="The editors' judgement of the handling; never a source's.")
    def editorial_verdict(self) -> EditorialVerdict | None:
        verdict = self.precedent.case.editorial_verdict
        if verdict is None:
            return None
        return EditorialVerdict(verdict=verdict.verdict, text=verdict.reason)

    @strawberry.field(description="The first three measures of what came of the case.")
    def outcomes(self) -> list[OutcomeMetricType]:
        entry, case = self.precedent.entry, self.precedent.case
        return [OutcomeMetricType.of(held, entry, case) for held in case.outcomes[:_OUTCOMES_SHOWN]]


@strawberry.type(description="A template of a listing, and how well it fits what was asked for.")
class StatementTemplateEdge(Edge[StatementTemplateType]):
    """A template of a listing, and how well it fits what was asked for."""

    fit: float | None = strawberry.field(
        description="0 to 1: 1 fits in all that was asked for. Null where nothing was."
    )
    reasons: list[FitReasonType] = strawberry.field(
        description="What the fit is made of, the weightiest aspect first."
    )
    crisis_type: strawberry.Private[str | None]

    @strawberry.field(
        description="Statements of its kind, one a case: the nearest crisis type first, then the "
        "latest recorded."
    )
    async def precedents(
        self,
        info: Info,
        first: Annotated[
            int, strawberry.argument(description=f"How many: 1 to {_PRECEDENTS_MOST}.")
        ] = 3,
    ) -> list[TemplatePrecedentType]:
        if not 1 <= first <= _PRECEDENTS_MOST:
            raise BadInput(f"first is {first}; ask for 1 to {_PRECEDENTS_MOST} precedents.")
        wanted = Precedents(self.node.document.kind, self.crisis_type, first)
        found = await info.context.loaders.precedents_by_kind.load(wanted)
        return [TemplatePrecedentType(precedent=held) for held in found]


@strawberry.type(description="A page of a listing.")
class StatementTemplateConnection:
    """A page of a listing."""

    edges: list[StatementTemplateEdge]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many items the listing has in all.")
    async def total_count(self) -> int:
        return await self.count()


@strawberry.type
class TemplateFitQuery:
    """Listing statement templates."""

    @strawberry.field(
        description="Statement templates, by slug. With a kind, crisis type, phase, channel or "
        "locale they are ranked by how well they fit it, and other kinds are left out."
    )
    async def statement_templates(
        self,
        info: Info,
        filter: GuideFilter | None = None,
        kind: StatementKind | None = None,
        crisis_type: str | None = None,
        phase: Phase | None = None,
        channel: ChannelKind | None = None,
        locale: Annotated[
            Locale | None,
            strawberry.argument(description="The locale the statement is to be written in."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> StatementTemplateConnection:
        if crisis_type is not None:
            require_code(info.context.vocabularies, "CrisisType", crisis_type)
        written_hant = None if locale is None else locale is Locale.ZH_HANT
        wanted = Wanted(kind, phase, channel, crisis_type, written_hant)
        if wanted.is_anything:
            return await _by_slug(info, filter, first, after)
        return await _by_fit(info, wanted, filter, first, after)


async def _by_slug(
    info: Info, narrowed: GuideFilter | None, first: int | None, after: str | None
) -> StatementTemplateConnection:
    condition = EVERYTHING if narrowed is None else narrowed.condition(info.context.vocabularies)
    page = await guide_connection(
        info.context, EntryKind.STATEMENT_TEMPLATE, condition, first=first, after=after
    )
    edges = [
        StatementTemplateEdge(
            cursor=edge.cursor, node=edge.node, fit=None, reasons=[], crisis_type=None
        )
        for edge in page.edges
    ]
    return StatementTemplateConnection(edges=edges, page_info=page.page_info, count=page.count)


async def _by_fit(
    info: Info,
    wanted: Wanted,
    narrowed: GuideFilter | None,
    first: int | None,
    after: str | None,
) -> StatementTemplateConnection:
    asked = (wanted.kind, wanted.phase, wanted.channel, wanted.crisis_type, wanted.written_hant)
    listing = ":".join(("templates", *(str(part or "") for part in asked)))
    size, position = page_size(first), position_of(listing, after)
    condition = EVERYTHING if narrowed is None else narrowed.condition(info.context.vocabularies)
    desk, actor = info.context.desk, info.context.actor
    ranked = await rank_templates(desk, actor, wanted=wanted, condition=condition)
    rest = [held for held in ranked if position is None or _follows(held, position)]
    edges = [
        StatementTemplateEdge(
            cursor=cursor_of(listing, Position(held.fit.value, held.entry.id)),
            node=StatementTemplateType.of(held.entry, held.template),
            fit=held.fit.value,
            reasons=[FitReasonType(reason=reason) for reason in held.fit.reasons],
            crisis_type=wanted.crisis_type,
        )
        for held in rest[:size]
    ]

    async def count() -> int:
        return len(ranked)

    return StatementTemplateConnection(
        edges=edges,
        page_info=page_info(edges, has_next=len(rest) > size, has_previous=after is not None),
        count=count,
    )


def _follows(held: RankedTemplate, position: Position) -> bool:
    return (-held.fit.value, held.entry.id) > (-float(position.value), position.entry_id)


def _text(reason: FitReason) -> Bilingual:
    if reason.aspect is FitAspect.CRISIS_TYPE and 0 < reason.degree < 1:
        return _FOR_ALL if reason.by is None else _FOR_NEAR
    return _FITS[reason.aspect] if reason.degree else _UNFIT[reason.aspect]
