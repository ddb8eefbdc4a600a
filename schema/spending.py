"""How much an answer may hold, counted while it is made.

A document is reckoned before anything is known of the answer (`schema.limits`), with lists of usual
length. Where they are longer, this ends it.
"""

from typing import Final

from graphql import GraphQLError, GraphQLObjectType, get_named_type

from schema.refusals import Limit, refusal_over

# In fields that are read off an object which is there: each takes some four microseconds.
ANSWER_MOST: Final = 150_000
# An object that is looked up, or goes the whole way of graphql-core, and a page of them.
OBJECT_COST: Final = 10
PAGE_COST: Final = 1_500

ANSWER: Final = Limit(
    "ANSWER_LIMIT",
    ANSWER_MOST,
    "The answer grew to a cost of {found}; at most {most} is allowed. "
    "Ask for fewer items with `first`, or follow a link with a second query.",
)


class Spending:
    """What one answer has cost so far, and why it is not given: None where it may be."""

    __slots__ = ("refusal", "spent")

    spent: int
    refusal: GraphQLError | None

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew, as with each event of a subscription."""
        self.spent = 0
        self.refusal = None

    def spend(self, cost: int) -> None:
        """Add the cost of an object. Raises `GraphQLError` where the answer costs too much by now."""
        self.spent += cost
        if self.spent <= ANSWER.most:
            return
        if self.refusal is None:
            self.refusal = refusal_over([(ANSWER, self.spent)])
        if self.refusal is not None:
            # Where it has a place already, no other is looked for, thousands of times.
            self.refusal.path = []
            raise self.refusal


def cost_of(type_: GraphQLObjectType, names: list[str]) -> int:
    """What these fields cost of one object of a type."""
    return sum(PAGE_COST if _is_page(type_, name) else 1 for name in names)


def _is_page(type_: GraphQLObjectType, name: str) -> bool:
    field = type_.fields.get(name)
    held = None if field is None else get_named_type(field.type)
    return isinstance(held, GraphQLObjectType) and "edges" in held.fields
