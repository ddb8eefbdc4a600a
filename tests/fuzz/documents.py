"""Random documents that fit the schema, and what becomes of them when something is cut or exchanged."""

import json
import random
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from tests.fuzz.values import Name, Pool, Values

_MUTATED: Final = 0.12
_SUBSCRIPTIONS: Final = 0.01
_INTROSPECTIONS: Final = 0.02
_DEEP: Final = 0.03
# How often an argument is given that may be left out, where that is not one time in five.
_GIVEN: Final = {"first": 0.7, "after": 0.08, "locale": 0.05, "slug": 0.6, "number": 0.3}


@dataclass(frozen=True, slots=True)
class Asked:
    """A document with its variables."""

    document: str
    variables: dict[str, Any]
    is_subscription: bool = False

    @property
    def body(self) -> bytes:
        """The body of a request; a lone surrogate stands in it as its escape."""
        return json.dumps({"query": self.document, "variables": self.variables}).encode()


@dataclass(slots=True)
class _Draft:
    """What a document has gathered besides its selections."""

    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)


class Documents:
    """Draws one document after the other; the same seed draws the same."""

    def __init__(self, schema: GraphQLSchema, seed: int, pool: Pool) -> None:
        self._schema = schema
        self._chance = random.Random(seed)
        self._values = Values(self._chance, pool)

    def next(self) -> Asked:
        """The next document."""
        draft = _Draft()
        is_subscription = self._happens(_SUBSCRIPTIONS)
        word = "subscription" if is_subscription else "query"
        root = self._schema.subscription_type if is_subscription else self._schema.query_type
        assert root is not None
        depth = self._chance.randint(14, 22) if self._happens(_DEEP) else self._chance.randint(2, 7)
        selections = self._selections(draft, root, depth)
        if not is_subscription and self._happens(_INTROSPECTIONS):
            meta = self._schema.type_map["__Schema"]
            selections = f"{selections} __schema {{ {self._selections(draft, meta, 4)} }}"
        declared = f"({', '.join(draft.declared)})" if draft.declared else ""
        text = "\n".join((f"{word} Fuzz{declared} {{ {selections} }}", *draft.fragments))
        if self._happens(_MUTATED):
            return Asked(self._mutated(text), draft.variables)
        return Asked(text, draft.variables, is_subscription)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _selections(self, draft: _Draft, type_: GraphQLNamedType, depth: int) -> str:
        chosen = []
        if self._happens(0.1) or isinstance(type_, GraphQLUnionType):
            chosen.append("__typename")
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            chosen += self._fields(draft, type_, depth)
        if isinstance(type_, (GraphQLUnionType, GraphQLInterfaceType)) and depth > 0:
            members = self._schema.get_possible_types(type_)
            for member in self._chance.sample(list(members), k=min(2, len(members))):
                inner = self._selections(draft, member, depth - 1)
                chosen.append(f"... on {member.name}{self._directive(draft)} {{ {inner} }}")
        return " ".join(chosen or ["__typename"])

    def _fields(
        self, draft: _Draft, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int
    ) -> list[str]:
        fields = [
            (name, each)
            for name, each in type_.fields.items()
            if depth > 0 or is_leaf_type(get_named_type(each.type))
        ]
        # What leads on is taken more often than not, else most documents would end at once.
        leading = [each for each in fields if not is_leaf_type(get_named_type(each[1].type))]
        chosen = self._chance.sample(fields, k=min(len(fields), self._chance.randint(1, 3)))
        if leading and self._happens(0.6):
            chosen.append(self._chance.choice(leading))
        found = [self._field(draft, name, each, depth) for name, each in dict(chosen).items()]
        if self._happens(0.08):
            inner = " ".join(found)
            if self._happens(0.5):
                return [f"... on {type_.name}{self._directive(draft)} {{ {inner} }}"]
            fragment = f"F{len(draft.fragments)}"
            draft.fragments.append(f"fragment {fragment} on {type_.name} {{ {inner} }}")
            return [f"...{fragment}{self._directive(draft)}"]
        return found

    def _field(self, draft: _Draft, name: str, each: GraphQLField, depth: int) -> str:
        alias = f"a{self._chance.randrange(10_000)}: " if self._happens(0.12) else ""
        text = f"{alias}{name}{self._arguments(draft, each.args)}{self._directive(draft)}"
        inner = get_named_type(each.type)
        if is_leaf_type(inner):
            return text
        return f"{text} {{ {self._selections(draft, inner, depth - 1)} }}"

    def _arguments(self, draft: _Draft, arguments: dict[str, GraphQLArgument]) -> str:
        given = []
        for name, argument in arguments.items():
            if not (is_required_argument(argument) or self._happens(_GIVEN.get(name, 0.2))):
                continue
            value = self._values.of(argument.type, name)
            if self._happens(0.4):
                given.append(f"{name}: {_declare(draft, str(argument.type), value)}")
            else:
                given.append(f"{name}: {literal(value)}")
        return f"({', '.join(given)})" if given else ""

    def _directive(self, draft: _Draft) -> str:
        if not self._happens(0.05):
            return ""
        word = self._chance.choice(("skip", "include"))
        value = self._happens(0.5)
        told = _declare(draft, "Boolean!", value) if self._happens(0.6) else literal(value)
        return f" @{word}(if: {told})"

    def _mutated(self, text: str) -> str:
        for _ in range(self._chance.randint(1, 4)):
            begin = self._chance.randrange(len(text) + 1)
            end = min(len(text), begin + self._chance.randint(1, 40))
            match self._chance.randrange(5):
                case 0:
                    text = text[:begin] + text[end:]
                case 1:
                    text = text[:end] + text[begin:]
                case 2:
                    text = text[:begin] + text[begin:end][::-1] + text[end:]
                case 3:
                    strange = self._chance.choice('{}()[]!$@:"\\.…|&\x00\ud800é鹮 ')
                    text = text[:begin] + strange + text[begin:]
                case _:
                    text = text[:begin]
        return text


def _declare(draft: _Draft, type_: str, value: Any) -> str:
    name = f"v{len(draft.variables)}"
    draft.declared.append(f"${name}: {type_}")
    draft.variables[name] = value
    return f"${name}"


def literal(value: Any) -> str:
    """A value as it is written in a document."""
    match value:
        case Name():
            return str(value)
        case dict():
            return f"{{{', '.join(f'{key}: {literal(each)}' for key, each in value.items())}}}"
        case list():
            return f"[{', '.join(literal(each) for each in value)}]"
        case _:
            return json.dumps(value)
