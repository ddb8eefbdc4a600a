"""Validating a document, and letting go of all that this takes.

The rules of graphql-core, its visitors and the document refer to each other in circles, which only
the cycle collector undoes: seconds of them at once, where clients send many different documents. Its
own `validate` makes them where nobody can reach them, so here it is done again with its parts.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    ParallelVisitor,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    Visitor,
    visit,
)
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

_ERRORS_MOST: Final = 100


class Validation(SchemaExtension):
    """Validates in the place of Strawberry."""

    def __init__(self, *, suggestions: bool) -> None:
        self._suggestions = suggestions

    def on_validate(self) -> Iterator[None]:
        """Find the errors of a document of which nothing is known yet."""
        context = self.execution_context
        document = context.graphql_document
        if context.pre_execution_errors is None and document is not None:
            context.pre_execution_errors = errors_of(
                document,
                context.schema._schema,  # noqa: SLF001 - it has no public name
                (*context.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule),
                suggestions=self._suggestions,
            )
        yield


def errors_of(
    document: DocumentNode,
    schema: GraphQLSchema,
    rules: Sequence[type[ASTValidationRule]],
    *,
    suggestions: bool,
) -> list[GraphQLError]:
    """What is wrong with a document by these rules, as `graphql.validate` finds it."""
    errors: list[GraphQLError] = []

    def note(error: GraphQLError) -> None:
        if len(errors) >= _ERRORS_MOST:
            raise ValidationAbortedError(
                "Too many validation errors, error limit reached. Validation aborted."
            )
        errors.append(error)

    type_info = TypeInfo(schema)
    context = ValidationContext(schema, document, type_info, note, hide_suggestions=not suggestions)
    visitors: list[Visitor] = [rule(context) for rule in rules]
    if fragments := {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }:
        # It ends this before a rule would follow fragments too deep.
        visitors.insert(0, FragmentNestingVisitor(fragments))
    parallel = ParallelVisitor(visitors)
    guided = TypeInfoVisitor(type_info, parallel)
    try:
        visit(document, guided, query_document_keys_to_validate)
    except ValidationAbortedError as aborted:
        aborted.__context__ = None
        errors.append(aborted.with_traceback(None))
    except RecursionError:
        errors.append(ValidationAbortedError("Validation aborted."))
    for each in (guided, parallel, *visitors, context, type_info):
        vars(each).clear()
    return errors


def untie(document: DocumentNode) -> None:
    """Have the tokens of a document no longer refer to each other. Nobody reads them in their order."""
    token = None if document.loc is None else document.loc.start_token
    while token is not None:
        token.prev, token.next, token = None, None, token.next
