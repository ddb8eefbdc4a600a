"""API tokens: made once, shown once, kept only as a hash."""

import hashlib
from collections.abc import Callable, Collection
from datetime import timedelta

from service.domain.access import NOBODY, AccessRole, Actor, Permission
from service.domain.errors import BadInput
from service.operations.ports import Desk
from service.store.tokens import Token

_PREFIX = "precedent_"
_LENGTH_MOST = 200
_DAYS_MOST = 3_650


def token_digest(token: str) -> str:
    """The hash a token is kept by. Tokens are random and long, so a fast hash is safe."""
    return hashlib.sha256(token.encode()).hexdigest()


async def create_token(
    desk: Desk,
    actor: Actor,
    *,
    name: str,
    role: AccessRole,
    random: Callable[[], str],
    days: int | None = None,
) -> str:
    """Make a token with a role and give it back: it cannot be shown again."""
    actor.require(Permission.MANAGE_TOKENS)
    if days is not None and not 1 <= days <= _DAYS_MOST:
        raise BadInput(f"A token cannot last {days} days; give 1 to {_DAYS_MOST}, or leave it out.")
    token = f"{_PREFIX}{random()}"
    now = desk.now()
    async with desk.store.writing() as writing:
        await writing.tokens.add(
            token_digest(token),
            name=name,
            role=role.value,
            now=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
    return token


async def authenticate(desk: Desk, token: str) -> Actor:
    """The actor a token stands for; `NOBODY` where it is unknown, expired or revoked."""
    if len(token) > _LENGTH_MOST or not token.startswith(_PREFIX):
        return NOBODY
    found = await _token(desk, token_digest(token))
    if found is None or found.revoked_at is not None:
        return NOBODY
    if found.expires_at is not None and found.expires_at <= desk.now():
        return NOBODY
    return Actor(found.name, AccessRole(found.role))


async def _token(desk: Desk, digest: str) -> Token | None:
    found = desk.tokens.find(digest, now=desk.now())
    if found is not None:
        return found

    async def read(digests: Collection[str]) -> dict[str, Token]:
        asked_at = desk.now()
        async with desk.store.reading() as reading:
            read = await reading.tokens.find_many(digests)
        for each, token in read.items():
            desk.tokens.keep(each, token, read_at=asked_at)
        return read

    return await desk.tokens.ask(digest, read)


async def list_tokens(desk: Desk, actor: Actor) -> tuple[Token, ...]:
    """Every token there is, without the tokens themselves."""
    actor.require(Permission.MANAGE_TOKENS)
    async with desk.store.reading() as reading:
        return await reading.tokens.list_all()


async def revoke_token(desk: Desk, actor: Actor, token_id: int) -> bool:
    """End a token: here at once, in other processes within a second; False if there is none."""
    actor.require(Permission.MANAGE_TOKENS)
    async with desk.store.writing() as writing:
        revoked = await writing.tokens.revoke(token_id, now=desk.now())
    desk.tokens.clear()
    return revoked
