"""What the head of a request says, read from where it stands."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The value of a header, by its name in lower case; None where there is none.

    Every request is asked for several of them, and a mapping of all costs more than one look.
    """
    for held, value in scope["headers"]:
        if held == name:
            decoded: str = value.decode("latin-1")
            return decoded
    return None
