"""The short way through an answer, for what is read off objects that are there.

For each field of each object graphql-core makes a path, gathers what a resolver may want to know,
coerces arguments, looks types up and asks three times whether something is to be awaited. Nearly
all of it is the same for every object of a selection. It is done once for each selection here: a
field becomes a function from an object to what is sent (docs/decisions/0019). What needs more (to be
awaited, an interface) goes the whole way, and so does a field in which anything turns out otherwise
(an error, a null where none may be), which says so with place and path.
"""

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self
from weakref import WeakMethod

from graphql import (
    FieldNode,
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
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from typing_extensions import override

from schema.documents import DOCUMENTS_MOST, LENGTH_MOST
from schema.resolvers import Here, Read, binding_of
from schema.spending import OBJECT_COST, cost_of

Send = Callable[[Any, Here], Any]
"""From an object to what is sent for a field of it, or from a value to what is sent for it."""


class Complete(NamedTuple):
    """From a value to what is sent for it; a value of the exact type, where one is given, is sent as it is."""

    send: Send
    exact: type | None = None


Kept = dict[tuple[str, tuple[int, ...]], Send | None]
"""How fields are sent, by type and nodes."""

_TYPENAME: Final = "__typename"
_SHELF: Final = "precedent-short-ways"
_SENT_AS_THEY_ARE: Final = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


class NotPlain(Exception):
    """A value that must go the whole way."""


class Plan(NamedTuple):
    """Of a selection, the fields that go the short way, those that cannot, and what all of them cost."""

    short: dict[str, Send]
    others: dict[str, Any]
    cost: int


class ShortWay(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution, in which what is there already is read the short way."""

    # By the identity of the selection, which is held so that no other takes its place.
    _plans: dict[int, tuple[Any, Plan]] | None = None
    _kept: Kept | None = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        # By name it would hold itself, and with it all of an answer until the collector looks at what is
        # old. Whoever asks for help is run by the executor.
        self.async_helpers = GraphQLResolveInfoHelpers(*map(_held_weakly, self.async_helpers))

    @override
    def build_per_event_executor(self, payload: Any) -> Self:
        executor: Self = super().build_per_event_executor(payload)  # type: ignore[assignment]
        # graphql-core 3.3.2 has all events of a subscription share what they note of their fields,
        # by lists that are made anew for each: it would grow with every event.
        executor._relevant_sub_fields = {}
        executor._plans = None
        executor.context_value.spending.clear()
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
        here = Here(self.context_value)
        here.context.spending.spend(OBJECT_COST + plan.cost)
        read: dict[str, Any] = {}
        others = plan.others
        for name, send in plan.short.items():
            try:
                read[name] = send(source_value, here)
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
            found = {name: self._known(parent_type, selection[name]) for name in selection}
            short = {name: send for name, send in found.items() if send is not None}
            others = {name: selection[name] for name in selection if name not in short}
            cost = cost_of(
                parent_type, [details[0].node.name.value for details in selection.values()]
            )
            held = self._plans[id(selection)] = selection, Plan(short, others, cost)
        return held[1]

    def _known(self, parent_type: GraphQLObjectType, details: Any) -> Send | None:
        """What `_short` says, kept from request to request where no variable can change it."""
        nodes = tuple(each.node for each in details)
        if self._kept is None:
            self._kept = self._kept_before()
        # By identity: to compare nodes would take longer.
        key = parent_type.name, tuple(map(id, nodes))
        if key in self._kept:
            return self._kept[key]
        send = self._short(parent_type, details)
        if all(map(_is_fixed, nodes)):
            self._kept[key] = send
        return send

    def _kept_before(self) -> Kept:
        """What is kept of this operation, for as long as it is among those asked for last."""
        location = self.operation.loc
        if location is None or len(location.source.body) > LENGTH_MOST:
            return {}
        shelf: OrderedDict[int, tuple[Any, Kept]] = self.schema.extensions.setdefault(
            _SHELF, OrderedDict()
        )
        # Its nodes are held with it, so that no others take their identity.
        nodes = self.operation, self.fragment_definitions
        _, kept = shelf.setdefault(id(self.operation), (nodes, {}))
        shelf.move_to_end(id(self.operation))
        if len(shelf) > DOCUMENTS_MOST:
            shelf.popitem(last=False)
        return kept

    def _short(self, parent_type: GraphQLObjectType, details: Any) -> Send | None:
        """How a field is read off its object and sent, if it can be on the short way."""
        node = details[0].node
        if node.name.value == _TYPENAME:
            return lambda _, __: parent_type.name
        field = parent_type.fields.get(node.name.value)
        if field is None or (bind := binding_of(field)) is None:
            return None
        complete = self._completion(field.type, details)
        arguments = self._arguments(field, details[0])
        if complete is None or arguments is None:
            return None
        return _sent(bind(arguments), complete)

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

    def _completion(self, type_: Any, details: Any) -> Complete | None:
        """How a value of a type is sent; None where that needs the whole way."""
        is_nullable = not isinstance(type_, GraphQLNonNull)
        present = type_ if is_nullable else type_.of_type
        if is_leaf_type(present):
            return _leaf_completion(present, is_nullable=is_nullable)
        if isinstance(present, GraphQLList):
            send = _list_completion(self._completion(present.of_type, details))
        elif isinstance(present, GraphQLObjectType):
            send = self._object_completion(present, details)
        else:
            return None
        if send is None:
            return None
        return Complete(_or_null(send) if is_nullable else send)

    def _object_completion(self, type_: GraphQLObjectType, details: Any) -> Send | None:
        collected = self.collect_subfields(type_, details)
        if collected.new_defer_usages:
            return None
        plan = self._plan(type_, collected.grouped_field_set)
        if plan.others:
            return None
        sends, cost, is_of = tuple(plan.short.items()), plan.cost, type_.is_type_of
        kind = getattr(
            type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF), "origin", None
        )

        def complete(value: Any, here: Here) -> Any:
            # Strawberry asks nothing of the second argument.
            if type(value) is not kind and (
                value is None or (is_of is not None and not is_of(value, None))  # type: ignore[arg-type]
            ):
                raise NotPlain
            here.context.spending.spend(cost)
            return {name: send(value, here) for name, send in sends}

        return complete


def _held_weakly(method: Any) -> Callable[..., Any]:
    """A method of an object that is not kept for it."""
    found = WeakMethod(method)

    def call(*args: Any) -> Any:
        held = found()
        assert held is not None, "an executor is asked for help after it has ended"  # noqa: S101
        return held(*args)

    return call


def _is_fixed(node: FieldNode) -> bool:
    """Whether all it selects stands in its own text, and nothing of it in a variable or fragment."""
    if node.loc is None:
        return False
    text = node.loc.source.body[node.loc.start : node.loc.end]
    return "$" not in text and "..." not in text


def _in_order(asked: Any, read: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order asked for; one that does not exist is in neither."""
    whole = read | rest
    return {name: whole[name] for name in asked if name in whole}


async def _awaited(asked: Any, read: dict[str, Any], rest: Any) -> dict[str, Any]:
    return _in_order(asked, read, await rest)


def _sent(read: Read, complete: Complete) -> Send:
    """From an object to what is sent for a field, in as few calls as can be."""
    call, exact, send = read.call, complete.exact, complete.send
    if read.takes_here:
        return lambda source, here: send(call(source, here), here)
    if exact is None:
        return lambda source, here: send(call(source), here)

    def sent(source: Any, here: Here) -> Any:
        value = call(source)
        return value if type(value) is exact else send(value, here)

    return sent


def _or_null(send: Send) -> Send:
    return lambda value, here: None if value is None else send(value, here)


def _list_completion(complete: Complete | None) -> Send | None:
    if complete is None:
        return None
    send = complete.send

    def complete_all(values: Any, here: Here) -> Any:
        if not isinstance(values, list | tuple):
            raise NotPlain
        return [send(value, here) for value in values]

    return complete_all


@lru_cache(maxsize=500)
def _leaf_completion(type_: Any, *, is_nullable: bool) -> Complete:
    """How a value of a leaf is sent; raises where graphql-core would."""
    if isinstance(type_, GraphQLEnumType):
        return Complete(_enum_completion(type_, is_nullable=is_nullable))

    def send(value: Any, _: Here) -> Any:
        if value is None or (sent := type_.coerce_output_value(value)) is None:
            raise NotPlain
        return sent

    return Complete(_or_null(send) if is_nullable else send, _SENT_AS_THEY_ARE.get(type_))


def _enum_completion(type_: GraphQLEnumType, *, is_nullable: bool) -> Send:
    """Names by member: Strawberry would compare with each value in turn."""
    members: type[Enum] = getattr(type_, "wrapped_cls", Enum)
    values = {held.value: name for name, held in type_.values.items()}
    names: dict[Enum | None, str | None] = {
        member: values[member.value] for member in members if member.value in values
    }
    if is_nullable:
        names[None] = None
    return lambda member, _: names[member]
