"""The library as a whole as GraphQL shows it."""

import strawberry

from schema.context import Context
from service.domain.entries import EntryKind
from service.operations.libraries import describe_library


@strawberry.type(description="How much of each kind there is to see.")
class LibraryCounts:
    """How much of each kind there is to see."""

    cases: int
    statements: int
    outcome_metrics: int
    methods: int
    procedures: int
    statement_templates: int
    vocabularies: int
    sources: int


@strawberry.type(name="Library", description="The library as a whole.")
class LibraryType:
    """The library as a whole."""

    revision: int = strawberry.field(description="Grows with each publish.")
    counts: LibraryCounts


async def library_of(context: Context) -> LibraryType:
    """The library as it is now."""
    summary = await describe_library(context.desk, context.actor)
    return LibraryType(
        revision=summary.revision,
        counts=LibraryCounts(
            cases=summary.counts[EntryKind.CASE],
            statements=summary.statements,
            outcome_metrics=summary.outcome_metrics,
            methods=summary.counts[EntryKind.METHOD],
            procedures=summary.counts[EntryKind.PROCEDURE],
            statement_templates=summary.counts[EntryKind.STATEMENT_TEMPLATE],
            vocabularies=summary.counts[EntryKind.VOCABULARY],
            sources=summary.sources,
        ),
    )
