"""The short ways to resolvers answer what the long ones do."""

from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType
from strawberry.extensions import FieldExtension

from schema.build import build_schema
from schema.resolvers import shorten_resolvers

DOCUMENT = """
query ($loud: Boolean) {
  thing { name big: sized(atLeast: 3) small: sized tone(inTone: HIGH) path
    told(loud: $loud) shouted counted(given: {number: 4}) waited broken maybe }
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


@pytest.mark.parametrize("variables", [{}, {"loud": True}, {"loud": None}])
async def test_a_short_way_answers_what_the_long_one_does(variables: dict[str, Any]) -> None:
    long, short = QuietSchema(query=Query), QuietSchema(query=Query)
    shorten_resolvers(short._schema)

    answers = [
        await schema.execute(DOCUMENT, variable_values=variables, context_value="here")
        for schema in (long, short)
    ]

    assert answers[0].data is not None
    assert answers[0].data == answers[1].data
    assert [[error.formatted for error in answer.errors or ()] for answer in answers] == [
        [{"message": "it broke", "path": ["thing", "broken"], "locations": [_place("broken")]}]
    ] * 2


def _place(word: str) -> dict[str, int]:
    before = DOCUMENT[: DOCUMENT.index(word)]
    return {"line": before.count("\n") + 1, "column": len(before) - before.rindex("\n")}


def test_only_fields_that_take_what_must_be_converted_go_the_long_way() -> None:
    schema = QuietSchema(query=Query)
    shorten_resolvers(schema._schema)

    assert _long_ways(schema) == {"Thing.shouted", "Thing.counted"}


def test_of_the_api_only_root_fields_go_the_long_way() -> None:
    assert all(name.startswith("Query.") for name in _long_ways(build_schema()))


def _long_ways(schema: strawberry.Schema) -> set[str]:
    return {
        f"{type_.name}.{name}"
        for type_ in schema._schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if getattr(field.resolve, "__module__", "").startswith("strawberry.")
    }
