"""Leaves on the short way: what graphql-core does for every field, done for those that need it.

For each field graphql-core makes a path, gathers what a resolver may want to know, looks the type up
and asks three times whether something is to be awaited. Four fields in five are leaves whose value is
read off an object that is there. Those are read directly; a leaf that turns out otherwise (an error,
a null where none may be) goes the whole way, which says so with place and path.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, Self

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    is_leaf_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from typing_extensions import override

from schema.resolvers import plain_reader

Coerce = Callable[[Any], Any]

_LEAVES: Final = "precedent-leaves"
_TYPENAME: Final = "__typename"


class NotPlain(Exception):
    """A value that must go the whole way."""


class Leaf(NamedTuple):
    """How a leaf is read off its object, and turned into what is sent."""

    read: Callable[[Any], Any]
    coerce: Coerce
    may_be_null: bool

    def of(self, source: Any) -> Any:
        """The value of this leaf of an object, as it is sent."""
        value = self.read(source)
        if value is None and self.may_be_null:
            return None
        return self.coerce(value)


class LeavesFirst(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution, in which plain leaves are read before the other fields."""

    @override
    def build_per_event_executor(self, payload: Any) -> Self:
        executor: Self = super().build_per_event_executor(payload)  # type: ignore[assignment]
        # graphql-core 3.3.2 has all events of a subscription share what they note of their fields,
        # by lists that are made anew for each: it would grow with every event.
        executor._relevant_sub_fields = {}
        return executor

    @override
    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        if self.middleware_manager is not None and self.middleware_manager.middlewares:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        leaves: Mapping[str, Leaf] = parent_type.extensions.get(_LEAVES, {})
        read: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            node = details[0].node
            leaf = None if node.arguments else leaves.get(node.name.value)
            try:
                if leaf is not None:
                    read[name] = leaf.of(source_value)
                    continue
            except Exception:  # noqa: BLE001, S110 - it is met again, and told, on the whole way
                pass
            others[name] = details
        if not others:
            return read
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        if not read:
            return rest
        if isinstance(rest, dict):
            return _in_order(grouped_field_set, read, rest)
        return _awaited(grouped_field_set, read, rest)


def _in_order(asked: Any, read: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order asked for; one that does not exist is in neither."""
    whole = read | rest
    return {name: whole[name] for name in asked if name in whole}


async def _awaited(asked: Any, read: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _in_order(asked, read, await rest)


def mark_leaves(schema: GraphQLSchema) -> None:
    """Note at each object type which of its fields are plain leaves."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            found = ((name, _leaf(field)) for name, field in type_.fields.items())
            type_.extensions[_LEAVES] = {
                _TYPENAME: _typename(type_.name),
                **{name: leaf for name, leaf in found if leaf is not None},
            }


def _typename(name: str) -> Leaf:
    return Leaf(lambda _: name, str, may_be_null=False)


def _leaf(field: GraphQLField) -> Leaf | None:
    read = plain_reader(field)
    coerce = _coercion(field.type)
    if read is None or coerce is None:
        return None
    return Leaf(read, coerce, may_be_null=not isinstance(field.type, GraphQLNonNull))


def _coercion(type_: Any) -> Coerce | None:
    """How a value of a leaf, or of a list of leaves, is sent; None for other types."""
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(type_, GraphQLList):
        item = type_.of_type
        coerce = _coercion(item.of_type) if isinstance(item, GraphQLNonNull) else None
        if coerce is None or isinstance(item.of_type, GraphQLList):
            return None
        return lambda values: [coerce(value) for value in values]
    if not is_leaf_type(type_):
        return None
    if isinstance(type_, GraphQLEnumType):
        return _enum_coercion(type_)
    exact = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}.get(type_)

    def whole(value: Any) -> Any:
        return _present(type_.coerce_output_value(_present(value)))

    if exact is None:
        return whole
    return lambda value: value if type(value) is exact else whole(value)


def _enum_coercion(type_: GraphQLEnumType) -> Coerce | None:
    """Names by member: Strawberry would compare with each value in turn."""
    members: type[Enum] = getattr(type_, "wrapped_cls", Enum)
    values = {held.value: name for name, held in type_.values.items()}
    names = {member: values[member.value] for member in members if member.value in values}
    return names.__getitem__


def _present(value: Any) -> Any:
    if value is None:
        raise NotPlain
    return value
