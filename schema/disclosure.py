"""How much of itself the schema tells: whether it can be read, and what is near a misspelt name."""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    validate,
)
from graphql.type.introspection import TypeMetaFieldDef
from strawberry.extensions import AddValidationRules, SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


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


class NoSuggestions(SchemaExtension):
    """Validates without looking for the names nearest to a wrong one."""

    def on_validate(self) -> Iterator[None]:
        """Validate in the place of Strawberry, which cannot be told to hide suggestions."""
        context = self.execution_context
        if context.pre_execution_errors is None and context.graphql_document is not None:
            context.pre_execution_errors = validate(
                context.schema._schema,  # noqa: SLF001 - it has no public name
                context.graphql_document,
                (*context.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule),
                hide_suggestions=True,
            )
        yield


def silences(
    *, introspection: bool, suggestions: bool
) -> list[type[SchemaExtension] | Callable[[], SchemaExtension]]:
    """The extensions that keep the schema from telling what it shall not."""
    return [
        *(() if introspection else (lambda: AddValidationRules([NoIntrospection]),)),
        *(() if suggestions else (NoSuggestions,)),
    ]
