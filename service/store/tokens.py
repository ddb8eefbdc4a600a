"""API tokens, known to the database only by their hash."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.rows import TokenRow


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: never the token itself."""

    id: int
    name: str
    role: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


_BATCH = 500

_TOKEN = select(
    TokenRow.id,
    TokenRow.name,
    TokenRow.role,
    TokenRow.created_at,
    TokenRow.expires_at,
    TokenRow.revoked_at,
)


class Tokens:
    """The tokens on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, digest: str, *, name: str, role: str, now: datetime, expires_at: datetime | None
    ) -> None:
        """Keep a new token's hash."""
        await self._connection.execute(
            insert(TokenRow).values(
                digest=digest, name=name, role=role, created_at=now, expires_at=expires_at
            )
        )

    async def find_many(self, digests: Collection[str]) -> dict[str, Token]:
        """The tokens with these hashes, whether or not each is still good."""
        ordered = list(digests)
        found: dict[str, Token] = {}
        for start in range(0, len(ordered), _BATCH):
            part = TokenRow.digest.in_(ordered[start : start + _BATCH])
            rows = await self._connection.execute(_TOKEN.add_columns(TokenRow.digest).where(part))
            found |= {row.digest: Token(*row[:-1]) for row in rows}
        return found

    async def list_all(self) -> tuple[Token, ...]:
        """Every token, oldest first."""
        rows = await self._connection.execute(_TOKEN.order_by(TokenRow.id))
        return tuple(Token(*row) for row in rows)

    async def revoke(self, token_id: int, *, now: datetime) -> bool:
        """End a token; False where there is none that could be ended."""
        done = await self._connection.execute(
            update(TokenRow)
            .where(TokenRow.id == token_id, TokenRow.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return bool(done.rowcount)
