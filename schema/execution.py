"""The short way through an answer, for what is read off objects that are there.

For each field of each object graphql-core makes a path, gathers what a resolver may want to know,
coerces arguments, looks types up and asks three times whether something is to be awaited. Nearly
all of it is the same for every object of a selection. It is done once for each selection here: a
field becomes a function from an object to what is sent (docs/decisions/0019). What needs more (to be
awaited, an interface) goes the whole way, and so does a field in which anything turns out otherwise
(an error, a null where none may be), which says so with place and path.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, NamedTuple, Self

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    is_leaf_type,
)
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from typing_extensions import override

from schema.resolvers import binding_of

Convert = Callable[[Any], Any]
"""From an object to the value of its field, or from a value to what is sent for it."""

_TYPENAME: Final = "__typename"


class NotPlain(Exception):
    """A value that must go the whole way."""


class Plan(NamedTuple):
    """Of a selection, the fields that go the short way, and those that cannot."""

    short: dict[str, Convert]
    others: dict[str, Any]

    def read(self, source: Any) -> dict[str, Any]:
        """What is sent for an object whose fields all go the short way."""
        return {name: convert(source) for name, convert in self.short.items()}


class ShortWay(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution, in which what is there already is read the short way."""

    # By the identity of the selection, which is held so that no other takes its place.
    _plans: dict[int, tuple[Any, Plan]] | None = None

    @override
    def build_per_event_executor(self, payload: Any) -> Self:
        executor: Self = super().build_per_event_executor(payload)  # type: ignore[assignment]
        # graphql-core 3.3.2 has all events of a subscription share what they note of their fields,
        # by lists that are made anew for each: it would grow with every event.
        executor._relevant_sub_fields = {}
        executor._plans = None
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
        plan = self._plan(parent_type, grouped_field_set)
        read: dict[str, Any] = {}
        others = plan.others
        for name, convert in plan.short.items():
            try:
                read[name] = convert(source_value)
            except Exception:  # noqa: BLE001 - it is met again, and told, on the whole way
                others = {**others, name: grouped_field_set[name]}
        if not others:
            return read
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        if not read:
            return rest
        if isinstance(rest, dict):
            return _in_order(grouped_field_set, read, rest)
        return _awaited(grouped_field_set, read, rest)

    def _plan(self, parent_type: GraphQLObjectType, selection: Any) -> Plan:
        if self._plans is None:
            self._plans = {}
        held = self._plans.get(id(selection))
        if held is None:
            found = {name: self._short(parent_type, name, selection[name]) for name in selection}
            short = {name: convert for name, convert in found.items() if convert is not None}
            others = {name: selection[name] for name in selection if name not in short}
            held = self._plans[id(selection)] = selection, Plan(short, others)
        return held[1]

    def _short(self, parent_type: GraphQLObjectType, name: str, details: Any) -> Convert | None:
        """How a field is read off its object and sent, if it can be on the short way."""
        node = details[0].node
        if node.name.value == _TYPENAME:
            return lambda _: parent_type.name
        field = parent_type.fields.get(node.name.value)
        if field is None or (bind := binding_of(field)) is None:
            return None
        complete = self._completion(field.type, details)
        arguments = self._arguments(field, details[0])
        if complete is None or arguments is None:
            return None
        nodes = [each.node for each in details]
        # Where in the answer it is, is not the same for each object, and no resolver asks.
        info = self.build_resolve_info(field, nodes, parent_type, Path(None, name, None))
        resolve = bind(info, arguments)
        return lambda source: complete(resolve(source))

    def _arguments(self, field: GraphQLField, details: Any) -> dict[str, Any] | None:
        """What the field is called with; None where that is refused."""
        if not (field.args or details.node.arguments):
            return {}
        try:
            return get_argument_values(
                field,
                details.node,
                self.variable_values,
                details.fragment_variable_values,
                self.hide_suggestions,
            )
        except GraphQLError:
            return None

    def _completion(self, type_: Any, details: Any) -> Convert | None:
        """How a value of a type is sent; None where that needs the whole way."""
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type, details)
        complete = self._present(type_, details)
        if complete is None:
            return None
        return lambda value: None if value is None else complete(value)

    def _present(self, type_: Any, details: Any) -> Convert | None:
        """How a value is sent that may not be null."""
        if isinstance(type_, GraphQLList):
            return _list_completion(self._completion(type_.of_type, details))
        if isinstance(type_, GraphQLObjectType):
            return self._object_completion(type_, details)
        return _leaf_completion(type_) if is_leaf_type(type_) else None

    def _object_completion(self, type_: GraphQLObjectType, details: Any) -> Convert | None:
        collected = self.collect_subfields(type_, details)
        if collected.new_defer_usages:
            return None
        plan = self._plan(type_, collected.grouped_field_set)
        if plan.others:
            return None
        is_of = type_.is_type_of

        def complete(value: Any) -> Any:
            # Strawberry asks nothing of the second argument.
            if value is None or (is_of is not None and not is_of(value, None)):  # type: ignore[arg-type]
                raise NotPlain
            return plan.read(value)

        return complete


def _in_order(asked: Any, read: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order asked for; one that does not exist is in neither."""
    whole = read | rest
    return {name: whole[name] for name in asked if name in whole}


async def _awaited(asked: Any, read: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _in_order(asked, read, await rest)


def _list_completion(complete: Convert | None) -> Convert | None:
    if complete is None:
        return None

    def complete_all(values: Any) -> Any:
        if not isinstance(values, list | tuple):
            raise NotPlain
        return [complete(value) for value in values]

    return complete_all


def _leaf_completion(type_: Any) -> Convert:
    """How a value of a leaf is sent; raises where graphql-core would, and for null."""
    if isinstance(type_, GraphQLEnumType):
        return _enum_completion(type_)
    exact = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}.get(type_)

    def whole(value: Any) -> Any:
        if value is None or (sent := type_.coerce_output_value(value)) is None:
            raise NotPlain
        return sent

    if exact is None:
        return whole
    return lambda value: value if type(value) is exact else whole(value)


def _enum_completion(type_: GraphQLEnumType) -> Convert:
    """Names by member: Strawberry would compare with each value in turn."""
    members: type[Enum] = getattr(type_, "wrapped_cls", Enum)
    values = {held.value: name for name, held in type_.values.items()}
    names = {member: values[member.value] for member in members if member.value in values}
    return names.__getitem__
