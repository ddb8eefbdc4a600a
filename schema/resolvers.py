"""Short ways to resolvers that need nothing of the long one.

For each value of each field Strawberry looks for extensions, converts every argument and wraps what
it calls eight times, whether or not the resolver takes any of it. A page of cases has a few thousand
such values, and half the time they take is spent there (docs/decisions/0019). A field without
extensions, whose arguments arrive as Python values already, is resolved by calling its function.
"""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction, signature
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from schema.context import Info

_BACKREF = GraphQLCoreConverter.DEFINITION_BACKREF
_PLAIN = (str, int, float, bool)
_BIND = "precedent_bind"

Resolve = Callable[..., Any]


class Here(NamedTuple):
    """All that a resolver may know of where it is called, on the short way."""

    context: Any


class Read(NamedTuple):
    """How the value of a field is got: of its object, or of that and of where it is asked for."""

    call: Callable[..., Any]
    takes_here: bool = False


Bind = Callable[[dict[str, Any]], Read]


def shorten_resolvers(schema: GraphQLSchema) -> None:
    """Give every field that allows it a resolver that calls its function and nothing else."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                definition = field.extensions.get(_BACKREF)
                if isinstance(definition, StrawberryField):
                    field.resolve = _shortened(definition, field)


def _shortened(definition: StrawberryField, field: GraphQLField) -> Resolve | None:
    """The short way of a field, or the one it has."""
    resolver = definition.base_resolver
    if definition.extensions or not all(map(_arrives_as_it_is, definition.arguments)):
        return field.resolve
    if resolver is None:
        return _attribute(definition.python_name)
    call = resolver.wrapped_func
    if not callable(call) or not resolver.self_parameter:
        return field.resolve
    if resolver.parent_parameter or resolver.root_parameter:
        return field.resolve
    names = _python_names(field, definition.arguments)
    if resolver.info_parameter is None:
        return _without_info(call, names)
    return _with_info(call, names, definition, info_name=resolver.info_parameter.name)


def binding_of(field: GraphQLField) -> Bind | None:
    """What reads the field, given its arguments.

    None where the field has no short resolver, or one that is to be awaited.
    """
    return getattr(field.resolve, _BIND, None)


def _arrives_as_it_is(argument: StrawberryArgument) -> bool:
    held = argument.type
    if isinstance(held, StrawberryOptional):
        held = held.of_type
    return held in _PLAIN or isinstance(held, StrawberryEnumDefinition)


def _python_names(
    field: GraphQLField, arguments: list[StrawberryArgument]
) -> Mapping[str, str] | None:
    """The Python name of each argument; None where each goes by the same name in both."""
    names = dict(zip(field.args, (argument.python_name for argument in arguments), strict=True))
    return None if all(name == python for name, python in names.items()) else names


def _attribute(name: str) -> Resolve:
    def resolve(source: Any, _: Any) -> Any:
        return getattr(source, name)

    read = Read(attrgetter(name))
    setattr(resolve, _BIND, lambda _: read)
    return resolve


def _without_info(call: Resolve, names: Mapping[str, str] | None) -> Resolve:
    def resolve(source: Any, _: Any, **given: Any) -> Any:
        return call(source, **_named(given, names))

    def bind(given: dict[str, Any]) -> Read:
        arguments = _named(given, names)
        return Read(partial(call, **arguments) if arguments else call)

    return _bound(resolve, call, bind)


def _with_info(
    call: Resolve, names: Mapping[str, str] | None, definition: StrawberryField, *, info_name: str
) -> Resolve:
    is_second = list(signature(call).parameters)[1] == info_name

    def resolve(source: Any, raw: Any, **given: Any) -> Any:
        info = Info(_raw_info=raw, _field=definition)
        return call(source, **_named(given, names), **{info_name: info})

    def bind(given: dict[str, Any]) -> Read:
        arguments = _named(given, names)
        if not arguments and is_second:
            return Read(call, takes_here=True)

        # Here is all of an info that a resolver asks for.
        def read(source: Any, here: Here) -> Any:
            return call(source, **arguments, **{info_name: here})

        return Read(read, takes_here=True)

    return _bound(resolve, call, bind)


def _bound(resolve: Resolve, call: Resolve, bind: Bind) -> Resolve:
    if not iscoroutinefunction(call):
        setattr(resolve, _BIND, bind)
    return resolve


def _named(given: dict[str, Any], names: Mapping[str, str] | None) -> dict[str, Any]:
    return given if names is None else {names[name]: value for name, value in given.items()}
