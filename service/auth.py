"""Who a request comes from: the token it carries, or the role of those who carry none."""

from service.domain.access import NOBODY, AccessRole, Actor
from service.operations.ports import Desk
from service.operations.tokens import authenticate

_SCHEME = "bearer"


def bearer_token(authorization: str | None) -> str | None:
    """The token of an `Authorization: Bearer` header; None for anything else."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    return token.strip() if scheme.lower() == _SCHEME and token.strip() else None


async def actor_of(
    desk: Desk, authorization: str | None, *, anonymous_role: AccessRole | None
) -> Actor:
    """The actor behind a request. A wrong token is nobody, even where anonymous ones may read."""
    if authorization is None:
        return Actor("anonymous", anonymous_role)
    token = bearer_token(authorization)
    return NOBODY if token is None else await authenticate(desk, token)
