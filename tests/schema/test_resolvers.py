"""The short ways to resolvers answer what the long ones do."""

import re
from enum import Enum
from typing import Any

import orjson
import pytest
import strawberry
from graphql import GraphQLObjectType, execute_sync, parse
from strawberry.extensions import FieldExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as LongWay

from schema.build import SCHEMA_FILE, build_schema
from schema.execution import ShortWay
from schema.resolvers import Here, shorten_resolvers
from schema.spending import Spending


class Place:
    """A context that says which it is, and counts what an answer costs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spending = Spending()

    def __str__(self) -> str:
        return self.name


DOCUMENT = """
query ($loud: Boolean) {
  thing { kind: __typename name big: sized(atLeast: 3) small: sized tone(inTone: HIGH) low: tone
    path names tones told(loud: $loud) shouted counted(given: {number: 4}) waited maybe number
    inner { name } ...on Thing { name maybe } broken }
}
"""


@strawberry.enum
class Tone(Enum):
    HIGH = "high"
    LOW = "low"


@strawberry.input
class Given:
    number: int


class Loud(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: strawberry.Info, **kwargs: Any) -> str:
        return str(next_(source, info, **kwargs)).upper()


@strawberry.type
class Thing:
    name: str
    maybe: str | None = None
    number: int = 7
    tones: list[Tone] = strawberry.field(default_factory=lambda: [Tone.LOW, Tone.HIGH])

    @strawberry.field
    def names(self) -> list[str]:
        return [self.name, "two"]

    @strawberry.field
    def inner(self) -> "Thing":
        return Thing(name="inner")

    @strawberry.field
    def many(self) -> list["Thing"]:
        return [Thing(name="first"), Thing(name="second", maybe="here")]

    @strawberry.field
    def nothing(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    def holes(self) -> list[str]:
        return ["one", None]  # type: ignore[list-item]

    @strawberry.field
    def huge(self) -> int:
        return 10**12

    @strawberry.field
    def sized(self, at_least: int = 1) -> str:
        return f"{self.name}:{at_least}"

    @strawberry.field
    def tone(self, in_tone: Tone = Tone.LOW) -> Tone:
        assert isinstance(in_tone, Tone)
        return in_tone

    @strawberry.field
    def path(self, info: strawberry.Info) -> str:
        return f"{info.field_name}@{info.context}"

    @strawberry.field
    def told(self, it: strawberry.Info, *, loud: bool | None = None) -> str:
        return f"{it.python_name} {loud}"

    @strawberry.field(extensions=[Loud()])  # type: ignore[untyped-decorator]
    def shouted(self) -> str:
        return self.name

    @strawberry.field
    def counted(self, given: Given) -> int:
        return given.number

    @strawberry.field
    async def waited(self, times: int = 2) -> int:
        return times

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError("it broke")


@strawberry.type
class Query:
    @strawberry.field
    def thing(self) -> Thing:
        return Thing(name="one")


class QuietSchema(strawberry.Schema):
    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
        """Leave the log empty."""

    def _extend_introspection(self) -> None:
        """Leave what all schemas of a process share as it is."""


@pytest.mark.parametrize("variables", [{}, {"loud": True}, {"loud": None}])
async def test_a_short_way_answers_what_the_long_one_does(variables: dict[str, Any]) -> None:
    answers = [
        await schema.execute(DOCUMENT, variable_values=variables, context_value=Place("here"))
        for schema in (QuietSchema(query=Query), _short())
    ]

    assert answers[0].data is not None
    assert orjson.dumps(answers[0].data) == orjson.dumps(answers[1].data)
    assert [[error.formatted for error in answer.errors or ()] for answer in answers] == [
        [{"message": "it broke", "path": ["thing", "broken"], "locations": [_place("broken")]}]
    ] * 2


@pytest.mark.parametrize("field", ["nothing", "holes", "huge"])
async def test_what_a_leaf_may_not_be_is_said_as_the_long_way_says_it(field: str) -> None:
    document = f"{{ thing {{ name other: {field} }} }}"

    answers = [
        await schema.execute(document, context_value=Place("here"))
        for schema in (QuietSchema(query=Query), _short())
    ]

    told = [[error.formatted for error in answer.errors or ()] for answer in answers]
    assert len(told[0]) == 1
    assert told[0] == told[1]
    assert answers[0].data == answers[1].data


NESTED = """
query ($loud: Boolean, $also: Boolean!) {
  thing {
    many { name path told(loud: $loud) maybe @include(if: $also) inner { ...Named } }
    kept: many { name path inner { path sized(atLeast: 4) } }
    failing: many { name broken }
  }
}
fragment Named on Thing { name inner { path @skip(if: $also) number } }
"""


def test_what_is_kept_of_a_document_answers_as_if_it_were_not() -> None:
    document = parse(NESTED)
    short, long = _short()._schema, QuietSchema(query=Query)._schema

    for here, loud, also in (("one", True, True), ("two", None, False), ("one", False, True)):
        asked: dict[str, Any] = {
            "context_value": Place(here),
            "variable_values": {"loud": loud, "also": also},
        }
        told = [
            execute_sync(short, document, executor_class=ShortWay, **asked),
            execute_sync(long, document, executor_class=LongWay, **asked),
        ]

        assert told[0].data is not None
        assert told[0].formatted == told[1].formatted
        assert orjson.dumps(told[0].data) == orjson.dumps(told[1].data)
        assert [error.path for error in told[0].errors or ()] == [
            ["thing", "failing", 0, "broken"],
            ["thing", "failing", 1, "broken"],
        ]


def _short() -> strawberry.Schema:
    schema = QuietSchema(query=Query, execution_context_class=ShortWay)
    shorten_resolvers(schema._schema)
    return schema


def _place(word: str) -> dict[str, int]:
    before = DOCUMENT[: DOCUMENT.index(word)]
    return {"line": before.count("\n") + 1, "column": len(before) - before.rindex("\n")}


def test_only_fields_that_take_what_must_be_converted_go_the_long_way() -> None:
    assert _long_ways(_short()) == {"Thing.shouted", "Thing.counted"}


def test_of_the_api_only_root_fields_go_the_long_way() -> None:
    assert all(name.startswith(("Query.", "Subscription.")) for name in _long_ways(build_schema()))


def test_no_resolver_asks_for_more_than_the_short_way_knows() -> None:
    asked = {
        name
        for file in SCHEMA_FILE.parent.glob("*.py")
        for name in re.findall(r"\binfo\.(\w+)", file.read_text(encoding="utf-8"))
    }

    assert asked == set(Here._fields)


def _long_ways(schema: strawberry.Schema) -> set[str]:
    return {
        f"{type_.name}.{name}"
        for type_ in schema._schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if getattr(field.resolve, "__module__", "").startswith("strawberry.")
    }
