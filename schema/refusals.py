"""How a document that is over a limit is refused: in words, with the limit and the number."""

from collections.abc import Iterable
from typing import NamedTuple

from graphql import GraphQLError, Node


class Limit(NamedTuple):
    """A limit: its code, its number, and what is said where more was `found`."""

    code: str
    most: int
    said: str


def refusal_over(
    reckoned: Iterable[tuple[Limit, int]], *, node: Node | None = None
) -> GraphQLError | None:
    """The refusal for the first limit that is passed, shown at `node`; None where none is."""
    for limit, found in reckoned:
        if found > limit.most:
            return GraphQLError(
                limit.said.format(found=found, most=limit.most),
                node,
                extensions={"code": limit.code, "limit": limit.most, "found": found},
            )
    return None
