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

from schema.refusals import Limit, refusal_over

LENGTH_MOST = 50_000
FIELDS_MOST = 500
PAIRS_MOST = 10_000
SPREADS_MOST = 100
DIRECTIVES_MOST = 50

_LENGTH = Limit(
    "LENGTH_LIMIT",
    LENGTH_MOST,
    "The document has {found} characters; at most {most} are allowed. "
    "Send long texts as variables.",
)
_FIELDS = Limit(
    "FIELD_LIMIT",
    FIELDS_MOST,
    "The document has {found} fields; at most {most} are allowed. Send several documents.",
)
_PAIRS = Limit(
    "PAIR_LIMIT",
    PAIRS_MOST,
    "The document has {found} pairs of fields of one name; at most {most} are allowed. "
    "Ask for the same field once, or send several documents.",
)
_SPREADS = Limit(
    "SPREAD_LIMIT",
    SPREADS_MOST,
    "The document spreads fragments {found} times; at most {most} are allowed. "
    "Send several documents.",
)
_DIRECTIVES = Limit(
    "DIRECTIVE_LIMIT",
    DIRECTIVES_MOST,
    "The document has {found} directives; at most {most} are allowed. "
    "Leave out what you do not ask for.",
)


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a document holds, each fragment counted once."""

    fields: int
    pairs: int
    spreads: int
    directives: int

    def refusal(self) -> GraphQLError | None:
        """The refusal of a document that holds too much; None for any other."""
        return refusal_over(
            [
                (_FIELDS, self.fields),
                (_PAIRS, self.pairs),
                (_SPREADS, self.spreads),
                (_DIRECTIVES, self.directives),
            ]
        )


class BreadthLimiter(SchemaExtension):
    """Refuses a document that holds too much to be validated in time."""

    def on_validate(self) -> Iterator[None]:
        """Put a refusal in the place of what validating would find."""
        context = self.execution_context
        document = context.graphql_document
        # A document that is known to be valid comes with its errors found: none.
        if context.pre_execution_errors is None and document is not None:
            refused = breadth_of(document).refusal()
            context.pre_execution_errors = None if refused is None else [refused]
        yield


def refusal_of_length(text: str) -> GraphQLError | None:
    """The refusal of a text that is too long to be parsed in time; None for any other."""
    return refusal_over([(_LENGTH, len(text))])


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
