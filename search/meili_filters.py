"""Conditions as Meilisearch's filter language. It compares text without regard to case."""

from collections.abc import Iterable

from search.protocol import AllOf, AnyOf, Condition, Not, OneOf, Range

# Meilisearch has no word for "always" and "never"; an empty list matches nothing.
_NEVER = "kind IN []"
_ALWAYS = f"NOT ({_NEVER})"


def render(condition: Condition) -> str:
    """Return the filter expression that matches what the condition matches."""
    match condition:
        case AnyOf(field, values):
            return any_of(field, values)
        case Range(field, None, None):
            return f"{field} EXISTS"
        case Range(field, minimum, None):
            return f"{field} >= {minimum}"
        case Range(field, None, maximum):
            return f"{field} <= {maximum}"
        case Range(field, minimum, maximum):
            return f"{field} {minimum} TO {maximum}"
        case AllOf(conditions):
            return " AND ".join(_grouped(conditions)) or _ALWAYS
        case OneOf(conditions):
            return " OR ".join(_grouped(conditions)) or _NEVER
        case Not(inner):
            return f"NOT ({render(inner)})"


def any_of(field: str, values: Iterable[str]) -> str:
    """Return the filter for a field that holds one of the values, whatever they contain."""
    return f"{field} IN [{', '.join(_quoted(value) for value in values)}]"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _grouped(conditions: Iterable[Condition]) -> Iterable[str]:
    return (f"({render(condition)})" for condition in conditions)
