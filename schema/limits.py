"""How much one document may ask for: tokens, depth, aliases and cost.

A document over a limit is refused before anything is executed, with the limit and the number.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
    is_list_type,
    is_non_null_type,
)
from graphql.type import GraphQLSchema
from strawberry.extensions import (
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)

from service.domain.pages import PAGE_DEFAULT, PAGE_MOST

TOKENS_MOST = 4_000
DEPTH_MOST = 15
ALIASES_MOST = 30
COST_MOST = 20_000

# Lists that are no connections are as long as their document makes them; this is usual.
_USUAL_LIST = 5
_CONNECTION_LISTS = frozenset({"edges"})


class CostLimiter(SchemaExtension):
    """Refuses a document whose cost is too high.

    A field costs one; what stands below a list counts as often as the list is long: `first` times
    below a connection, five times below any other list.
    """

    def on_execute(self) -> Iterator[None]:
        """Put a refusal in the place of the result, so that nothing is executed."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and (refusal := self._refusal(document)) is not None:
            context.result = ExecutionResult(data=None, errors=[refusal])
        yield

    def _refusal(self, document: DocumentNode) -> GraphQLError | None:
        context = self.execution_context
        asked_for = context._provided_operation_name  # noqa: SLF001 - the public one fills it in
        operation = get_operation_ast(document, asked_for)
        if operation is None:
            # GraphQL asks for a request error here; Strawberry would run the first operation.
            return GraphQLError("The document holds several operations; name one of them.")
        reckoning = _Reckoning(
            context.schema._schema,  # noqa: SLF001 - it has no public name
            {
                node.name.value: node
                for node in document.definitions
                if isinstance(node, FragmentDefinitionNode)
            },
            context.variables or {},
        )
        cost = reckoning.of_operation(operation)
        if cost <= COST_MOST:
            return None
        return GraphQLError(
            f"The document costs {cost}; at most {COST_MOST} is allowed. "
            "Ask for fewer items with `first`, or for fewer fields.",
            [operation],
            extensions={"code": "COST_LIMIT", "limit": COST_MOST, "cost": cost},
        )


class _Reckoning:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, variables
        self._known: dict[tuple[str, str], int] = {}

    def of_operation(self, operation: OperationDefinitionNode) -> int:
        root = self._schema.get_root_type(operation.operation)
        return self._of_selections(operation.selection_set, root)

    def _of_selections(self, selections: SelectionSetNode | None, parent: Any) -> int:
        if selections is None:
            return 0
        return sum(self._of_selection(node, parent) for node in selections.selections)

    def _of_selection(self, node: Any, parent: Any) -> int:
        match node:
            case FieldNode():
                return self._of_field(node, parent)
            case InlineFragmentNode():
                on = node.type_condition
                narrowed = parent if on is None else self._schema.get_type(on.name.value)
                return self._of_selections(node.selection_set, narrowed)
            case FragmentSpreadNode():
                return self._of_fragment(node.name.value)
            case _:
                return 0

    def _of_fragment(self, name: str) -> int:
        fragment = self._fragments[name]
        on = fragment.type_condition.name.value
        if (name, on) not in self._known:
            # Validation has refused fragments that contain themselves.
            parent = self._schema.get_type(on)
            self._known[(name, on)] = self._of_selections(fragment.selection_set, parent)
        return self._known[(name, on)]

    def _of_field(self, node: FieldNode, parent: Any) -> int:
        name = node.name.value
        field = getattr(parent, "fields", {}).get(name)
        if name.startswith("__") or field is None:
            return 0
        below = self._of_selections(node.selection_set, get_named_type(field.type))
        return 1 + self._times(node, field) * below

    def _times(self, node: FieldNode, field: Any) -> int:
        if "first" in field.args:
            return self._first(node)
        held = field.type.of_type if is_non_null_type(field.type) else field.type
        if is_list_type(held) and node.name.value not in _CONNECTION_LISTS:
            return _USUAL_LIST
        return 1

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value: Any = argument.value
                if isinstance(value, IntValueNode):
                    return _bounded(int(value.value))
                if isinstance(value, VariableNode):
                    return _bounded(self._variables.get(value.name.value))
        return PAGE_DEFAULT


def _bounded(first: Any) -> int:
    """A page size that will be refused later counts as the largest that will not."""
    if not isinstance(first, int):
        return PAGE_DEFAULT
    return min(max(first, 1), PAGE_MOST)


def limiters() -> list[Any]:
    """The limits as schema extensions, made anew for each operation."""
    return [
        lambda: MaxTokensLimiter(max_token_count=TOKENS_MOST),
        lambda: QueryDepthLimiter(max_depth=DEPTH_MOST),
        lambda: MaxAliasesLimiter(max_alias_count=ALIASES_MOST),
        CostLimiter,
    ]
