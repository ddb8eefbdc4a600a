"""Briefs: half a page of Markdown to paste into a chat."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.situations import SituationInput
from schema.texts import in_locale
from service.domain.briefs import BriefParts, BriefPrecedent, write_brief
from service.domain.cases import Case, LinkRelation
from service.domain.clocks import ClockStart
from service.domain.entries import EntryKey, EntryKind
from service.domain.errors import BadInput
from service.domain.precedent_reasons import reasons_of
from service.domain.precedents import FIT
from service.domain.situations import Situation
from service.domain.values import is_slug
from service.operations.clocks import ClocksFound, find_clocks
from service.operations.precedents import find_precedents

_PRECEDENTS = 3


@strawberry.type(name="Brief", description="Half a page of Markdown, with its sources.")
class BriefType:
    """Half a page of Markdown, with its sources."""

    markdown: str
    locale: Locale = strawberry.field(
        description="The locale of its own words; what the library holds in none other stands in it."
    )
    has_fit: bool = strawberry.field(
        description="Whether a precedent is claimed to fit; the brief says so where none is."
    )
    degraded: bool = strawberry.field(description="Whether an index was away.")


@strawberry.type
class BriefQuery:
    """Briefs."""

    @strawberry.field(
        description="A brief about a situation or about one case: the nearest precedents, what was "
        "said when, what came of it, the next clocks, and the sources. Null for a case that is not "
        "to be seen."
    )
    async def brief(
        self,
        info: Info,
        situation: SituationInput | None = None,
        case_slug: str | None = None,
        locale: Locale = Locale.ZH_HANS,
        time_zone: str = "Asia/Shanghai",
    ) -> BriefType | None:
        if situation is not None and case_slug is None:
            return await _of_situation(info, situation.situation(info), locale, time_zone)
        if situation is None and case_slug is not None:
            return await _of_case(info, case_slug, locale, time_zone)
        raise BadInput("brief needs either situation or caseSlug; give one of them.")


async def _of_situation(
    info: Info, situation: Situation, locale: Locale, time_zone: str
) -> BriefType:
    context = info.context
    search = await find_precedents(
        context.desk, context.actor, situation=situation, first=_PRECEDENTS
    )
    types = situation.crisis_types or tuple(
        concept.code for concept in search.reading.concepts if concept.set == "CrisisType"
    )
    clocks = await _clocks(info, situation, types, time_zone)
    fitting = [each for each in search.precedents if each.score >= FIT]
    precedents = tuple(
        BriefPrecedent(
            each.case,
            tuple(
                reason.label
                for reason in reasons_of(
                    each.case,
                    situation=situation,
                    reading=search.reading,
                    signals=each.signals,
                    link=each.link,
                    vocabularies=context.vocabularies,
                )
            ),
        )
        # Beside a case that fits, one that does not would pass for another that does.
        for each in fitting or search.precedents
    )
    parts = BriefParts(
        now=clocks.now,
        zone=clocks.zone,
        text=situation.text,
        precedents=precedents,
        has_fit=bool(fitting),
        clocks=clocks.clocks,
        jurisdictions_known=bool(situation.jurisdictions),
    )
    return _written(info, parts, locale, has_fit=parts.has_fit, degraded=search.degraded)


async def _of_case(info: Info, slug: str, locale: Locale, time_zone: str) -> BriefType | None:
    loaders = info.context.loaders
    entry = (
        await loaders.entry_by_key.load(EntryKey(EntryKind.CASE, slug)) if is_slug(slug) else None
    )
    if entry is None or not isinstance(case := entry.document, Case):
        return None
    similar = [link.case for link in case.links if link.relation is LinkRelation.SIMILAR]
    found = await loaders.entry_by_key.load_many(
        [EntryKey(EntryKind.CASE, other) for other in similar]
    )
    documents = [each.document for each in found if each is not None]
    precedents = tuple(BriefPrecedent(each) for each in documents if isinstance(each, Case))
    situation = Situation(
        crisis_types=case.types, jurisdictions=case.jurisdictions, listed=case.listed
    )
    clocks = await _clocks(info, situation, case.types, time_zone)
    parts = BriefParts(
        now=clocks.now,
        zone=clocks.zone,
        subject=case,
        precedents=precedents,
        clocks=clocks.clocks,
        jurisdictions_known=bool(case.jurisdictions),
    )
    return _written(info, parts, locale, has_fit=bool(precedents), degraded=False)


async def _clocks(
    info: Info, situation: Situation, types: tuple[str, ...], time_zone: str
) -> ClocksFound:
    desk = info.context.desk
    anchors: Mapping[ClockStart, str] = {}
    if situation.hours_since_first_signal is not None:
        began = desk.now() - timedelta(hours=situation.hours_since_first_signal)
        anchors = {ClockStart.FIRST_SIGNAL: began.strftime("%Y-%m-%dT%H:%MZ")}
    return await find_clocks(
        desk,
        info.context.actor,
        jurisdictions=situation.jurisdictions,
        listed=situation.listed,
        affected_count=situation.affected_count,
        crisis_types=types,
        owners=frozenset(),
        anchors=anchors,
        time_zone=time_zone,
    )


def _written(
    info: Info, parts: BriefParts, locale: Locale, *, has_fit: bool, degraded: bool
) -> BriefType:
    markdown = write_brief(
        parts, pick=partial(in_locale, locale=locale), vocabularies=info.context.vocabularies
    )
    return BriefType(markdown=markdown, locale=locale, has_fit=has_fit, degraded=degraded)
