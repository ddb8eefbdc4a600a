"""How the same is asked of each side, and how its answers are read.

Asked are one case by its slug, and a page of cases by number, each with all its statements and outcome
metrics. What is selected stands in rows on both sides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, Final, NamedTuple

import orjson

PAGE: Final = 20
# What the body of a request says where each time something else is to stand.
TURN: Final = "@turn"

_Node = Mapping[str, Any]


class Told(NamedTuple):
    """A case as a side tells it."""

    slug: str
    number: str
    country: str | None
    year: int | None
    level: str | None
    verdict: str | None
    statements: tuple[tuple[str, float | None, float | None], ...]
    metrics: tuple[tuple[str, str, float | None, str], ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The documents of one side, and where in an answer a case, or the edges of a page, stand.

    `walk` asks for a page as `page` does, with the cursors: another document, so that no answer to it
    is an answer to `page`.
    """

    one: str
    page: str
    walk: str
    root_of_one: str
    root_of_page: str
    told: Callable[[_Node], Told]

    def body_of_one(self, slug: str) -> bytes:
        """The body that asks for a case."""
        return _body(self.one, slug=slug)

    def body_of_page(self, after: str | None) -> bytes:
        """The body that asks for the page after a cursor."""
        return _body(self.page, after=after)

    def body_of_walk(self, after: str | None, *, first: int) -> bytes:
        """The body that asks for so many cases after a cursor, with theirs."""
        return _body(self.walk, after=after, first=first)

    def case_in(self, data: _Node) -> Told:
        """The case of an answer to `one`."""
        return self.told(data[self.root_of_one])

    def page_in(self, data: _Node) -> list[Told]:
        """The cases of an answer to `page` or `walk`."""
        return [self.told(edge["node"]) for edge in data[self.root_of_page]["edges"]]

    def cursors_in(self, data: _Node) -> list[str]:
        """The cursors of an answer to `walk`."""
        return [edge["cursor"] for edge in data[self.root_of_page]["edges"]]


def _body(document: str, **variables: Any) -> bytes:
    # A variable that no document declares is passed over by both sides.
    return orjson.dumps({"query": document, "variables": {**variables, "turn": TURN}})


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _ours(node: _Node) -> Told:
    verdict = node["editorialVerdict"]
    return Told(
        slug=node["slug"],
        number=node["number"],
        country=node["country"],
        year=node["year"],
        level=node["level"],
        verdict=verdict and verdict["verdict"],
        statements=tuple(
            (
                each["key"],
                each["offset"] and _number(each["offset"]["fromHours"]),
                each["offset"] and _number(each["offset"]["toHours"]),
            )
            for each in node["statements"]
        ),
        metrics=tuple(
            (each["metric"]["code"], each["comparator"], _number(each["value"]), each["unit"])
            for each in node["outcomeMetrics"]
        ),
    )


def _postgraphile(node: _Node) -> Told:
    case = node["caseByEntryId"]
    return Told(
        slug=node["slug"],
        number=node["number"],
        country=case["country"],
        year=case["year"],
        level=case["level"],
        verdict=case["verdict"],
        statements=tuple(
            (each["key"], _number(each["fromHours"]), _number(each["toHours"]))
            for each in node["statementsByEntryIdList"]
        ),
        metrics=tuple(
            (each["metric"], each["comparator"], _number(each["value"]), each["unit"])
            for each in node["outcomeMetricsByEntryIdList"]
        ),
    )


_OUR_CASE: Final = """
  slug number country year level editorialVerdict { verdict }
  statements { key offset { fromHours toHours } }
  outcomeMetrics { metric { code } comparator value unit }"""
_THEIR_CASE: Final = """
  slug number caseByEntryId { country year level verdict }
  statementsByEntryIdList(orderBy: [POSITION_ASC]) { key fromHours toHours }
  outcomeMetricsByEntryIdList(orderBy: [PRIMARY_KEY_ASC]) { metric comparator value unit }"""
_THEIR_PAGE: Final = Template("""
  allEntries(condition: {kind: "CASE"}, orderBy: [NUMBER_ASC], first: $first, after: $$after)""")

OURS: Final = Dialect(
    one=f"query ($slug: String!) {{ case(slug: $slug) {{ {_OUR_CASE} }} }}",
    page=f"query ($after: String) {{ cases(first: {PAGE}, after: $after) {{"
    f" edges {{ node {{ {_OUR_CASE} }} }} }} }}",
    walk="query ($after: String, $first: Int!) { cases(first: $first, after: $after) {"
    f" edges {{ cursor node {{ {_OUR_CASE} }} }} }} }}",
    root_of_one="case",
    root_of_page="cases",
    told=_ours,
)
POSTGRAPHILE: Final = Dialect(
    one='query ($slug: String!) { entryByKindAndSlug(kind: "CASE", slug: $slug) {'
    f" {_THEIR_CASE} }} }}",
    page=f"query ($after: Cursor) {{ {_THEIR_PAGE.substitute(first=PAGE)} {{"
    f" edges {{ node {{ {_THEIR_CASE} }} }} }} }}",
    walk=f"query ($after: Cursor, $first: Int!) {{ {_THEIR_PAGE.substitute(first='$first')} {{"
    f" edges {{ cursor node {{ {_THEIR_CASE} }} }} }} }}",
    root_of_one="entryByKindAndSlug",
    root_of_page="allEntries",
    told=_postgraphile,
)
