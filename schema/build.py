"""The schema put together, and as the text that is committed."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext, PreExecutionError
from typing_extensions import override

from schema.breadth import BreadthLimiter, refusal_of_length
from schema.changes import Subscription
from schema.context import Context
from schema.disclosure import hide_types, silences
from schema.documents import DocumentReuse, ValidDocuments
from schema.errors import ErrorTranslator
from schema.execution import ShortWay
from schema.limits import limiters
from schema.loaders import LoadedRelease, Loaders
from schema.nodes import NodePresenter
from schema.observed import OperationObserver
from schema.persisted import PersistedDocuments
from schema.query import Query
from schema.resolvers import shorten_resolvers
from schema.terms import (
    CrisisTypeType,
    MetricType,
    RegulatoryClockType,
    ResponseStrategyType,
    VocabularyTermType,
)
from schema.validation import Validation
from service.domain.access import Actor
from service.observers import Observer
from service.operations.ports import Desk

SCHEMA_FILE = Path(__file__).parent / "schema.graphql"


class PrecedentSchema(strawberry.Schema):
    """The schema. Errors are logged by their translator, never with what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(execution_context_class=ShortWay, **kwargs)
        shorten_resolvers(self._schema)

    @override
    def _extend_introspection(self) -> None:
        # Strawberry would answer `isOneOf` in the place of GraphQL, and fails at lists and non-nulls.
        pass

    @override
    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
        """Leave logging to the translator."""

    @override
    def _get_custom_context_kwargs(self, *args: Any, **given: Any) -> dict[str, Any]:
        # Variables are coerced while executing, which would name near ones as validation does.
        hide = self.config.disable_field_suggestions
        return {**super()._get_custom_context_kwargs(*args, **given), "hide_suggestions": hide}

    @override
    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        # The one step that every transport takes before a document is parsed.
        documents: PersistedDocuments = context.context.documents
        try:
            context.query = documents.text_of(context.query, context.operation_extensions)
        except GraphQLError as refusal:
            return PreExecutionError(data=None, errors=[refusal])
        too_long = None if context.query is None else refusal_of_length(context.query)
        if too_long is not None:
            return PreExecutionError(data=None, errors=[too_long])
        refused = await super()._prepare_operation_async(context, extensions_runner)
        if refused is None and context.query is not None:
            documents.register(context.query, context.operation_extensions)
        return refused


@cache
def build_schema(*, introspection: bool = True, suggestions: bool = True) -> PrecedentSchema:
    """The schema of the API, and how much of itself it tells."""
    known = ValidDocuments()
    schema = PrecedentSchema(
        query=Query,
        subscription=Subscription,
        types=[
            CrisisTypeType,
            MetricType,
            RegulatoryClockType,
            ResponseStrategyType,
            VocabularyTermType,
        ],
        extensions=[
            OperationObserver,
            LoadedRelease,
            ErrorTranslator,
            *limiters(),
            lambda: DocumentReuse(known),
            BreadthLimiter,
            *silences(introspection=introspection),
            lambda: Validation(suggestions=suggestions),
        ],
        config=StrawberryConfig(disable_field_suggestions=not suggestions),
    )
    if not introspection:
        hide_types(schema._schema)  # noqa: SLF001 - it has no public name
    return schema


def schema_text() -> str:
    """The schema in GraphQL's own language, as it is committed."""
    return f"{build_schema().as_str().strip()}\n"


def context_of(
    desk: Desk,
    actor: Actor,
    *,
    request_id: str,
    actor_now: Callable[[], Awaitable[Actor]],
    documents: PersistedDocuments,
    observer: Observer | None = None,
    traceparent: str | None = None,
) -> Context:
    """A fresh context; its loaders are shared by no other request."""
    loaders = Loaders(desk, actor)
    return Context(
        desk,
        actor,
        loaders,
        NodePresenter(),
        request_id,
        actor_now,
        documents,
        observer,
        traceparent,
    )
