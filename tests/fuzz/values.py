"""Values for arguments: what the library really holds, and what nobody should ever send."""

import random
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
    is_required_input_field,
)

# Typed by nobody else: where a log line holds it, the log holds what was typed.
TYPED: Final = "鹮鸟zqxvtyped947"

NASTY_TEXTS: Final = (
    "",
    " ",
    "a" * 5_000,
    "宕机" * 1_200,
    "🤦🏽‍♀️👩‍👩‍👧‍👦🇨🇳",
    "\ud800",
    "x\udfffy",
    "\x00",
    "\x01\x07\x1b[31m\x7f\u0085",
    "\u202eabc\u2066",
    "'\"`\\",
    "'; DROP TABLE x; --",
    "%_%",
    '" OR "a"="a',
    "${jndi:ldap://127.0.0.1/x}",
    "{{7*7}}",
    "../../../../etc/hostname",
    "<script>alert(1)</script>",
    "ＡＢＣ１２３，。！",
    "宕\u200b机\u200d了\ufeff",
    "e\u0301\u0301\u0301" * 50,
    "NaN",
    "1e308",
    "2026-13-45T99:99:99Z",
    "2026-11-20T12:00:00+08:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "-1",
    "*",
    "AND OR NOT (",
    "微博 崩了 没有泄露 道歉",
    "our account was hacked and we apologised",
    TYPED,
)
NASTY_INTS: Final = (
    0,
    -1,
    1,
    99,
    100,
    101,
    2**31 - 1,
    -(2**31),
    2**31,
    2**63,
    -(2**63) - 1,
    10**60,
)
NASTY_FLOATS: Final = (0.0, -0.0, 1.5, -1.0, 1e308, -1e308, 5e-324, 1e22, 0.1)
_DATES: Final = ("2026-11-20T12:00:00+08:00", "2026-11-20T04:00:00Z", "2023-10-23T14:07:00+08:00")
_ZONES: Final = ("Asia/Shanghai", "UTC", "America/New_York", "Mars/Olympus", "../UTC", "")


class Name(str):
    """A value of an enum: written without quotes in a document, with them in variables."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """What the library really holds, by the names of the arguments that take it."""

    known: dict[str, list[str]] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """What an argument or field of a name could hold."""
        lowered = name.lower()
        if "zone" in lowered:
            return list(_ZONES)
        singular = lowered.removesuffix("ies").removesuffix("s")
        for word, held in self.known.items():
            if word in lowered or (len(singular) > 3 and singular in word):
                return held
        return self.known.get("", [])


class Values:
    """Draws values that fit a type, most of the time."""

    def __init__(self, chance: random.Random, pool: Pool) -> None:
        self._chance = chance
        self._pool = pool

    def of(self, type_: GraphQLInputType, name: str, *, depth: int = 0) -> Any:
        """A value for an argument or an input field."""
        chance = self._chance.random()
        if chance < 0.006:
            return self._wrong()
        if chance < (0.01 if isinstance(type_, GraphQLNonNull) else 0.04):
            return None
        inner = get_nullable_type(type_)
        match inner:
            case GraphQLList():
                many = self._chance.choice((0, 1, 1, 1, 2, 3, 3, 25))
                many = many if depth < 2 else min(many, 1)
                return [self.of(inner.of_type, name, depth=depth + 1) for _ in range(many)]
            case GraphQLInputObjectType():
                share = 0.2 if depth < 3 else 0.05
                return {
                    key: self.of(each.type, key, depth=depth + 1)
                    for key, each in inner.fields.items()
                    if is_required_input_field(each) or self._chance.random() < share
                }
            case GraphQLEnumType():
                return Name(self._chance.choice(list(inner.values)))
        return self._scalar(inner.name, name)

    def _scalar(self, type_name: str, name: str) -> Any:
        nasty = self._chance.random() < 0.08
        match type_name:
            case "Boolean":
                return self._chance.random() < 0.5
            case "Int":
                return self._chance.choice(NASTY_INTS if nasty else (1, 2, 3, 5, 72))
            case "Float":
                return self._chance.choice(NASTY_FLOATS if nasty else (0.5, 1, 3, 2023))
            case "DateTime":
                return self._chance.choice(NASTY_TEXTS if nasty else _DATES)
        texts = NASTY_TEXTS if nasty or name in {"query", "text"} else self._pool.texts(name)
        return self._chance.choice(texts or NASTY_TEXTS)

    def _wrong(self) -> Any:
        choices: tuple[Any, ...] = (
            True,
            7,
            -1e308,
            "x",
            [],
            {},
            [[[]]],
            {"a": {"b": None}},
            Name("NO_SUCH"),
        )
        return self._chance.choice(choices)
