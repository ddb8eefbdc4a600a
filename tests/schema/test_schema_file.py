"""The schema as it is committed, and what every part of it says of itself."""

from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType

from schema.build import SCHEMA_FILE, build_schema, schema_text


def _own_types() -> dict[str, Any]:
    types = build_schema()._schema.type_map
    return {name: held for name, held in types.items() if not name.startswith("__")}


def test_the_committed_schema_is_what_the_code_says() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_every_type_and_input_says_what_it_is() -> None:
    silent = [
        name
        for name, held in _own_types().items()
        if isinstance(held, GraphQLObjectType | GraphQLInputObjectType | GraphQLEnumType)
        and not held.description
        and name != "Query"
    ]

    assert silent == []


def test_every_root_field_says_what_it_gives() -> None:
    root = _own_types()["Query"]

    assert [name for name, field in root.fields.items() if not field.description] == []


def test_every_text_with_locales_has_a_twin_that_says_which_was_given() -> None:
    alone = []
    for name, held in _own_types().items():
        if not isinstance(held, GraphQLObjectType):
            continue
        for field_name, field in held.fields.items():
            takes_locale = "locale" in field.args and not field_name.endswith("Locale")
            gives_text = str(field.type).strip("[]!") == "String"
            if takes_locale and gives_text and f"{field_name}Locale" not in held.fields:
                alone.append(f"{name}.{field_name}")

    assert alone == []
