"""How much a document may hold as it is written, looked at before it is parsed and validated.

Validating compares every two fields of one name, which takes seconds for a document of a few
thousand words; what is over a limit here is never validated.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

LENGTH_MOST = 50_000
FIELDS_MOST = 500
PAIRS_MOST = 10_000
SPREADS_MOST = 100
DIRECTIVES_MOST = 50


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a document holds, each fragment counted once."""

    fields: int
    pairs: int
    spreads: int
    directives: int


class BreadthLimiter(SchemaExtension):
    """Refuses a document that holds too much to be validated in time."""

    def on_validate(self) -> Iterator[None]:
        """Put a refusal in the place of what validating would find."""
        context = self.execution_context
        document = context.graphql_document
        # A document that is known to be valid comes with its errors found: none.
        if context.pre_execution_errors is None and document is not None:
            refused = _refusal(breadth_of(document))
            context.pre_execution_errors = None if refused is None else [refused]
        yield


def refusal_of_length(text: str) -> GraphQLError | None:
    """The refusal of a text that is too long to be parsed in time; None for any other."""
    if len(text) <= LENGTH_MOST:
        return None
    return _over(
        f"The document has {len(text)} characters; at most {LENGTH_MOST} are allowed. "
        "Send long texts as variables.",
        code="LENGTH_LIMIT",
        limit=LENGTH_MOST,
        found=len(text),
    )


def breadth_of(document: DocumentNode) -> Breadth:
    """What a document holds. It need not be valid: fragments are counted where they are defined."""
    names: Counter[str] = Counter()
    spreads = directives = 0
    waiting: list[Node] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        directives += len(getattr(node, "directives", None) or ())
        if isinstance(node, FieldNode):
            names[(node.alias or node.name).value] += 1
        elif isinstance(node, FragmentSpreadNode):
            spreads += 1
        elif isinstance(node, SelectionSetNode):
            waiting += node.selections
        waiting += getattr(node, "variable_definitions", None) or ()
        below = getattr(node, "selection_set", None)
        if below is not None:
            waiting.append(below)
    pairs = sum(count * (count - 1) // 2 for count in names.values())
    return Breadth(sum(names.values()), pairs, spreads, directives)


def _refusal(found: Breadth) -> GraphQLError | None:
    if found.fields > FIELDS_MOST:
        return _over(
            f"The document has {found.fields} fields; at most {FIELDS_MOST} are allowed. "
            "Send several documents.",
            code="FIELD_LIMIT",
            limit=FIELDS_MOST,
            found=found.fields,
        )
    if found.pairs > PAIRS_MOST:
        return _over(
            f"The document has {found.pairs} pairs of fields of one name; at most {PAIRS_MOST} are "
            "allowed. Ask for the same field once, or send several documents.",
            code="PAIR_LIMIT",
            limit=PAIRS_MOST,
            found=found.pairs,
        )
    if found.spreads > SPREADS_MOST:
        return _over(
            f"The document spreads fragments {found.spreads} times; at most {SPREADS_MOST} are "
            "allowed. Send several documents.",
            code="SPREAD_LIMIT",
            limit=SPREADS_MOST,
            found=found.spreads,
        )
    if found.directives > DIRECTIVES_MOST:
        return _over(
            f"The document has {found.directives} directives; at most {DIRECTIVES_MOST} are allowed. "
            "Leave out what you do not ask for.",
            code="DIRECTIVE_LIMIT",
            limit=DIRECTIVES_MOST,
            found=found.directives,
        )
    return None


def _over(message: str, *, code: str, limit: int, found: int) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code, "limit": limit, "found": found})
