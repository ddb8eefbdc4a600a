"""Search as GraphQL shows it."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from schema.cases import CaseType
from schema.context import Context, Info
from schema.enums import EntryKind, Locale
from schema.filters import LibraryFilter
from schema.methods import MethodType
from schema.nodes import present_item
from schema.procedures import ProcedureStepType
from schema.relay import PageInfo, cursor_of, position_of
from schema.statements import StatementType
from schema.templates import StatementTemplateType
from schema.terms import TermType, term_of
from schema.texts import in_locale
from service.domain.concepts import Concept
from service.domain.conditions import EVERYTHING
from service.domain.findings import displayed_texts
from service.domain.highlights import highlight
from service.domain.pages import Position, page_size
from service.operations.search import Found, SearchResult, search_library

_FACET_VOCABULARIES = {
    "crisis_types": "CrisisType",
    "platforms": "Platform",
    "industry": "Industry",
    "level": "RiskLevel",
    "strategies": "ResponseStrategy",
    "statement_kind": "StatementKind",
    "provenance": "CaseProvenance",
    "verdict": "Verdict",
}
_FACET_NAMES = {
    "crisis_types": "type",
    "platforms": "platform",
    "strategies": "strategy",
    "statement_kind": "statementKind",
}

SearchNode = Annotated[
    CaseType | StatementType | MethodType | ProcedureStepType | StatementTemplateType,
    strawberry.union("SearchNode", description="Something a search can find."),
]


@strawberry.type(description="Where the words typed stand in a field.")
class Highlight:
    """Where the words typed stand in a field."""

    field: str
    fragments: list[str] = strawberry.field(
        description="HTML: the text is escaped, and <mark> stands around what matches."
    )


@strawberry.type(description="Something found.")
class SearchEdge:
    """Something found."""

    cursor: str
    score: float = strawberry.field(description="0 to 1; compares only within one answer.")
    node: SearchNode
    found: strawberry.Private[Found]
    words: strawberry.Private[tuple[str, ...]]
    locale: strawberry.Private[Locale]

    @strawberry.field(description="Fragments of the displayed text in which the words stand.")
    def highlights(self) -> list[Highlight]:
        texts = displayed_texts(self.found.entry.document, self.found.item)
        marked = (
            (field, highlight(in_locale(text, self.locale), self.words)) for field, text in texts
        )
        return [Highlight(field=field, fragments=list(parts)) for field, parts in marked if parts]


@strawberry.type(description="A value of a facet, and how much was found with it.")
class FacetBucket:
    """A value of a facet, and how much was found with it."""

    value: str
    label: str
    count: int


@strawberry.type(description="What was found, counted by one field.")
class Facet:
    """What was found, counted by one field."""

    name: str = strawberry.field(description="The name of the filter field it counts.")
    buckets: list[FacetBucket]


@strawberry.type(name="Concept", description="A term read from the words that were typed.")
class ConceptType:
    """A term read from the words that were typed."""

    set: str
    words: list[str] = strawberry.field(description="The words it was read from.")
    term: TermType


@strawberry.type(description="What a search found.")
class SearchConnection:
    """What a search found."""

    result: strawberry.Private[SearchResult]
    locale: strawberry.Private[Locale]

    edges: list[SearchEdge]
    page_info: PageInfo

    @strawberry.field(
        description="Whether the search engine, or the embedder it was given, is away and the built-in "
        "index answered."
    )
    def degraded(self) -> bool:
        return self.result.degraded

    @strawberry.field(description="How many there are in all.")
    def total_count(self) -> int:
        return self.result.total

    @strawberry.field(description="How long the index took, in milliseconds.")
    def processing_ms(self) -> float:
        return self.result.processing_ms

    @strawberry.field(description="What was found, counted by field; the largest first.")
    def facets(self, info: Info) -> list[Facet]:
        return [
            Facet(
                name=_FACET_NAMES.get(name, name),
                buckets=_buckets(info.context, name, counts, self.locale),
            )
            for name, counts in self.result.facets.items()
            if counts
        ]

    @strawberry.field(description="The terms read from what was typed.")
    def concepts(self, info: Info) -> list[ConceptType]:
        return [concept_of(info.context, concept) for concept in self.result.concepts]


def concept_of(context: Context, concept: Concept) -> ConceptType:
    """A concept as GraphQL shows it."""
    term = term_of(context.vocabularies, concept.set, concept.code)
    return ConceptType(set=concept.set, words=list(concept.words), term=term)


def _buckets(
    context: Context, name: str, counts: Mapping[str, int], locale: Locale
) -> list[FacetBucket]:
    vocabulary = _FACET_VOCABULARIES.get(name)
    buckets = []
    for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        label = value
        if vocabulary is not None:
            term = term_of(context.vocabularies, vocabulary, value)
            label = in_locale(term.term.label, locale)
        buckets.append(FacetBucket(value=value, label=label, count=count))
    return buckets


async def search_connection(
    context: Context,
    *,
    query: str,
    kinds: list[EntryKind] | None,
    narrowed: LibraryFilter | None,
    locale: Locale,
    first: int | None,
    after: str | None,
) -> SearchConnection:
    """A page of what a search finds."""
    position = position_of("searchLibrary", after, of=str)
    offset = 0 if position is None else position.place + 1
    size = page_size(first)
    result = await search_library(
        context.desk,
        context.actor,
        text=query,
        kinds=tuple(str(kind) for kind in kinds or EntryKind),
        condition=EVERYTHING if narrowed is None else narrowed.condition(context.vocabularies),
        first=size,
        offset=offset,
    )
    edges = []
    for found in result.found:
        node = present_item(found.entry, found.item)
        if node is not None:
            edges.append(
                SearchEdge(
                    cursor=cursor_of("searchLibrary", Position("", 0, found.place)),
                    score=found.score,
                    node=node,
                    found=found,
                    words=result.words,
                    locale=locale,
                )
            )
    return SearchConnection(
        result=result,
        locale=locale,
        edges=edges,
        page_info=PageInfo(
            has_next_page=result.has_next,
            has_previous_page=offset > 0,
            start_cursor=edges[0].cursor if edges else None,
            # Past what was found and then not to be seen, so that the next page goes on from there.
            end_cursor=cursor_of("searchLibrary", Position("", 0, result.last_place))
            if result.last_place >= offset
            else None,
        ),
    )
