"""How much of itself the schema tells: whether it can be read."""

from collections.abc import Callable
from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
)
from graphql.type.introspection import TypeMetaFieldDef
from strawberry.extensions import AddValidationRules, SchemaExtension


class NoIntrospection(ASTValidationRule):
    """Refuses to tell the whole schema. A single type is answered like one that does not exist."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Report the field that everything else is asked below."""
        if node.name.value == "__schema":
            message = "This service does not tell its schema (`__schema`); ask whoever runs it."
            self.report_error(GraphQLError(message, node))


def hide_types(schema: GraphQLSchema) -> None:
    """Let `__type` be null whatever name is asked for: hidden and missing look the same.

    To refuse it would break clients that try their connection with it, as the public audit does.
    """
    find = schema.get_field
    hidden = GraphQLField(
        TypeMetaFieldDef.type, args=TypeMetaFieldDef.args, resolve=lambda *_, **__: None
    )

    def get_field(parent_type: GraphQLCompositeType, field_name: str) -> GraphQLField | None:
        field = find(parent_type, field_name)
        return hidden if field is TypeMetaFieldDef else field

    schema.get_field = get_field  # type: ignore[method-assign]


def silences(*, introspection: bool) -> list[Callable[[], SchemaExtension]]:
    """The extensions that keep the schema from telling what it shall not."""
    return [] if introspection else [lambda: AddValidationRules([NoIntrospection])]
