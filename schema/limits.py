"""How much one document may ask for: tokens, depth, aliases, cost, and the size of its variables.

A document over a limit is refused before anything is executed, with the limit and the number. Each
fragment is reckoned once, so a document of fragments within fragments costs no more than its size.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
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
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.types.graphql import OperationType

from schema.documents import DOCUMENTS_MOST, LENGTH_MOST
from schema.refusals import Limit, refusal_over
from schema.spending import Spending
from service.domain.changes import CHANGED_ENTRIES_MOST
from service.domain.errors import BadInput
from service.domain.pages import PAGE_DEFAULT, PAGE_MOST

TOKENS_MOST = 4_000
DEPTH_MOST = 15
ALIASES_MOST = 30
COST_MOST = 10_000
VARIABLES_MOST = 100_000
VARIABLES_DEPTH_MOST = 40

_DEPTH = Limit(
    "DEPTH_LIMIT",
    DEPTH_MOST,
    "The document's depth is {found}; at most {most} is allowed. Follow a link with a second query.",
)
_ALIASES = Limit(
    "ALIAS_LIMIT",
    ALIASES_MOST,
    "The document has {found} aliases; at most {most} are allowed. Send several documents.",
)
_COST = Limit(
    "COST_LIMIT",
    COST_MOST,
    "The document costs {found}; at most {most} is allowed. "
    "Ask for fewer items with `first`, or for fewer fields.",
)
_VARIABLES = Limit(
    "VARIABLES_LIMIT",
    VARIABLES_MOST,
    "The variables hold {found} characters and values; at most {most} are allowed. "
    "Send shorter texts, or fewer values.",
)

# Lists that are no connections are as long as their document makes them; this is usual.
_USUAL_LIST = 5
# The cases of a term or a source are as many as the library has.
_LONG_LIST = 50
_LONG_LISTS = frozenset({"cases"})
# What each of these reckons costs as much as some hundred fields, whatever is asked of the answer.
RECKONED_COST = 500
_RECKONED = frozenset(
    {"brief", "findPrecedents", "followedWithin", "searchLibrary", "strategyEvidence"}
)
_CONNECTION_LISTS = frozenset({"edges"})
# A change costs everyone who hears of it, so it is reckoned at its longest.
_CHANGED_ENTRIES = ("LibraryChange", "entries")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a selection asks for. Introspection counts for nothing."""

    cost: int = 0
    depth: int = 0
    aliases: int = 0

    def beside(self, other: "Size") -> "Size":
        """Both selections."""
        return Size(
            self.cost + other.cost, max(self.depth, other.depth), self.aliases + other.aliases
        )


class SizeLimiter(SchemaExtension):
    """Refuses a document that asks for too much.

    A field costs one, or five hundred where its answer is reckoned; what stands below a list counts as
    often as the list is long: `first` times below a connection, fifty times below the cases of a
    term, five times below any other list.
    """

    def on_execute(self) -> Iterator[None]:
        """Put a refusal in the place of the result, so that nothing is executed."""
        context = self.execution_context
        # The operations of a batch share a context, and each is under every limit by itself.
        context.context = replace(context.context, spending=Spending())
        document = context.graphql_document
        if document is not None and (refusal := self._refusal(document)) is not None:
            if context.operation_type is OperationType.SUBSCRIPTION:
                # What is in the place of its results is not looked at.
                raise refusal
            context.result = ExecutionResult(data=None, errors=[refusal])
        yield
        # What was made of an answer that grew too large is not sent.
        refusal, result = context.context.spending.refusal, context.result
        if refusal is not None and isinstance(result, ExecutionResult):
            # Another in its place would not be looked at.
            refusal.path = None
            result.data, result.errors = None, [refusal]

    def _refusal(self, document: DocumentNode) -> GraphQLError | None:
        context = self.execution_context
        asked_for = context._provided_operation_name  # noqa: SLF001 - the public one fills it in
        operation = get_operation_ast(document, asked_for)
        if operation is None:
            # GraphQL asks for a request error here; Strawberry would run the first operation.
            return GraphQLError("The document holds several operations; name one of them.")
        if (unfit := _refusal_of_variables(context.variables, operation)) is not None:
            return unfit
        asked = _Asked(
            text=context.query or "",
            name=asked_for,
            pages=_pages(operation, context.variables or {}),
            schema=context.schema._schema,  # noqa: SLF001 - it has no public name
            document=document,
            operation=operation,
        )
        is_usual = 0 < len(asked.text) <= LENGTH_MOST
        size = _size_of(asked) if is_usual else _size_of.__wrapped__(asked)
        reckoned = [(_DEPTH, size.depth), (_ALIASES, size.aliases), (_COST, size.cost)]
        return refusal_over(reckoned, node=operation)


def _refusal_of_variables(
    variables: dict[str, Any] | None, operation: OperationDefinitionNode
) -> GraphQLError | None:
    if _is_deeper(variables, VARIABLES_DEPTH_MOST):
        return GraphQLError(
            f"The variables nest deeper than {VARIABLES_DEPTH_MOST} levels; simplify the filter.",
            extensions={"code": BadInput.code},
        )
    return refusal_over([(_VARIABLES, _size(variables))], node=operation)


def _size(value: Any) -> int:
    """A text counts its characters, every other value one. It must not nest without end."""
    if isinstance(value, dict):
        return sum(len(name) + _size(part) for name, part in value.items())
    if isinstance(value, list):
        return len(value) + sum(map(_size, value))
    return len(value) if isinstance(value, str) else 1


def _is_deeper(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in value)


def _pages(
    operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> frozenset[tuple[str, int]]:
    """The variables that may say how long a page is."""
    pages = {
        node.variable.name.value: int(node.default_value.value)
        for node in operation.variable_definitions or ()
        if isinstance(node.default_value, IntValueNode)
    }
    pages |= {name: value for name, value in variables.items() if isinstance(value, int)}
    # One that is null is as long as one that is not given.
    return frozenset(
        (name, value) for name, value in pages.items() if variables.get(name, value) is not None
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that the size of an operation depends on."""

    text: str
    name: str | None
    pages: frozenset[tuple[str, int]]
    schema: GraphQLSchema
    document: DocumentNode = field(compare=False)
    operation: OperationDefinitionNode = field(compare=False)


@lru_cache(maxsize=DOCUMENTS_MOST)
def _size_of(asked: _Asked) -> Size:
    fragments = {
        node.name.value: node
        for node in asked.document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return _Reckoning(asked.schema, fragments, dict(asked.pages)).of_operation(asked.operation)


class _Reckoning:
    """Walks one operation of a document that is valid, so no fragment contains itself."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, variables
        self._known: dict[str, Size] = {}

    def of_operation(self, operation: OperationDefinitionNode) -> Size:
        root = self._schema.get_root_type(operation.operation)
        return self._of_selections(operation.selection_set, root)

    def _of_selections(self, selections: SelectionSetNode | None, parent: Any) -> Size:
        size = Size()
        for node in () if selections is None else selections.selections:
            size = size.beside(self._of_selection(node, parent))
        return size

    def _of_selection(self, node: Any, parent: Any) -> Size:
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
                return Size()

    def _of_fragment(self, name: str) -> Size:
        if name not in self._known:
            fragment = self._fragments[name]
            parent = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name] = self._of_selections(fragment.selection_set, parent)
        return self._known[name]

    def _of_field(self, node: FieldNode, parent: Any) -> Size:
        name = node.name.value
        aliases = int(node.alias is not None)
        field = getattr(parent, "fields", {}).get(name)
        if name.startswith("__") or field is None:
            return Size(aliases=aliases)
        below = self._of_selections(node.selection_set, get_named_type(field.type))
        return Size(
            cost=(RECKONED_COST if name in _RECKONED else 1)
            + self._times(node, field, parent) * below.cost,
            depth=1 + below.depth,
            aliases=aliases + below.aliases,
        )

    def _times(self, node: FieldNode, field: Any, parent: Any) -> int:
        if "first" in field.args:
            return self._first(node)
        held = field.type.of_type if is_non_null_type(field.type) else field.type
        if not is_list_type(held) or node.name.value in _CONNECTION_LISTS:
            return 1
        if (parent.name, node.name.value) == _CHANGED_ENTRIES:
            return CHANGED_ENTRIES_MOST
        return _LONG_LIST if node.name.value in _LONG_LISTS else _USUAL_LIST

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


def limiters() -> list[type[SchemaExtension] | Callable[[], SchemaExtension]]:
    """The limits as schema extensions, made anew for each operation."""
    return [lambda: MaxTokensLimiter(max_token_count=TOKENS_MOST), SizeLimiter]
