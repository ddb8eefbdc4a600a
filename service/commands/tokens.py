"""`precedent token`: make, list and revoke API tokens."""

import asyncio
import secrets
from typing import Annotated

import typer

from service.app import offline_desk
from service.domain.access import OPERATOR, AccessRole
from service.domain.errors import BadInput
from service.operations.tokens import create_token, list_tokens, revoke_token
from service.settings import Settings

app = typer.Typer(help="Make, list and revoke API tokens.", no_args_is_help=True)


@app.command("create")
def create(
    role: Annotated[AccessRole, typer.Option(help="What its bearer may see and do.")],
    name: Annotated[str, typer.Option(help="Whose it is, for the list.")] = "unnamed",
    days: Annotated[int | None, typer.Option(help="How many days it lasts.")] = None,
) -> None:
    """Make a token and print it. It is shown only once and kept as a hash."""

    async def run() -> str:
        async with offline_desk(Settings.read()) as desk:
            return await create_token(
                desk,
                OPERATOR,
                name=name,
                role=role,
                random=lambda: secrets.token_urlsafe(32),
                days=days,
            )

    print(asyncio.run(run()))


@app.command("list")
def list_() -> None:
    """List the tokens, without showing them."""

    async def run() -> None:
        async with offline_desk(Settings.read()) as desk:
            for token in await list_tokens(desk, OPERATOR):
                ended = token.revoked_at or token.expires_at
                state = (
                    "revoked" if token.revoked_at else f"until {ended:%Y-%m-%d}" if ended else ""
                )
                print(
                    f"{token.id:>4}  {token.role:<10} {token.created_at:%Y-%m-%d}  {token.name}  {state}"
                )

    asyncio.run(run())


@app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="Its number in the list.")]) -> None:
    """End a token: a running service refuses it within a second."""

    async def run() -> bool:
        async with offline_desk(Settings.read()) as desk:
            return await revoke_token(desk, OPERATOR, number)

    if not asyncio.run(run()):
        raise BadInput(f"There is no token {number} to revoke; `precedent token list` shows them.")
    print(f"Token {number} is revoked.")
