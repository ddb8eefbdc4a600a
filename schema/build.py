"""The schema put together, and as the text that is committed."""

from functools import cache
from pathlib import Path
from typing import Any

import strawberry

from schema.context import Context
from schema.documents import DocumentReuse, ValidDocuments
from schema.errors import ErrorTranslator
from schema.execution import LeavesFirst, mark_leaves
from schema.limits import limiters
from schema.loaders import Loaders
from schema.nodes import NodePresenter
from schema.query import Query
from schema.resolvers import shorten_resolvers
from schema.terms import (
    CrisisTypeType,
    MetricType,
    RegulatoryClockType,
    ResponseStrategyType,
    VocabularyTermType,
)
from schema.watched import OperationWatch
from service.domain.access import Actor
from service.operations.ports import Desk
from service.watches import Watch

SCHEMA_FILE = Path(__file__).parent / "schema.graphql"


class PrecedentSchema(strawberry.Schema):
    """The schema. Errors are logged by their translator, never with what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(execution_context_class=LeavesFirst, **kwargs)
        shorten_resolvers(self._schema)
        mark_leaves(self._schema)

    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
        """Leave logging to the translator."""


@cache
def build_schema() -> PrecedentSchema:
    """The schema of the API."""
    known = ValidDocuments()
    return PrecedentSchema(
        query=Query,
        types=[
            CrisisTypeType,
            MetricType,
            RegulatoryClockType,
            ResponseStrategyType,
            VocabularyTermType,
        ],
        extensions=[OperationWatch, ErrorTranslator, *limiters(), lambda: DocumentReuse(known)],
    )


def schema_text() -> str:
    """The schema in GraphQL's own language, as it is committed."""
    return f"{build_schema().as_str().strip()}\n"


def context_of(
    desk: Desk,
    actor: Actor,
    *,
    request_id: str,
    watch: Watch | None = None,
    traceparent: str | None = None,
) -> Context:
    """A fresh context; its loaders are shared by no other request."""
    loaders = Loaders(desk, actor)
    return Context(desk, actor, loaders, NodePresenter(), request_id, watch, traceparent)
