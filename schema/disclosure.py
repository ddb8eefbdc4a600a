"""How much of itself the schema tells: whether it can be read, and what is near a misspelt name."""

from collections.abc import Callable, Iterator

from graphql import validate
from strawberry.extensions import DisableIntrospection, SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


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
        *(() if introspection else (DisableIntrospection,)),
        *(() if suggestions else (NoSuggestions,)),
    ]
