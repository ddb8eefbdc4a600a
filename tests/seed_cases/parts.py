"""The values a document is made of, each with its place."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel

Part = TypeVar("Part")


def parts(value: object, kind: type[Part], place: str = "") -> Iterator[tuple[str, Part]]:
    """Every value of a kind in a document, with the path of fields that leads to it."""
    if isinstance(value, kind):
        yield place, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from parts(getattr(value, name), kind, f"{place}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for position, child in enumerate(value):
            yield from parts(child, kind, f"{place}.{position}")
