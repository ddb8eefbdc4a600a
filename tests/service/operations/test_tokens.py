"""Tokens: shown once, kept as a hash, and good only while they are good."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.app import Application
from service.auth import actor_of, bearer_token
from service.domain.access import NOBODY, OPERATOR, AccessRole, Actor
from service.domain.errors import BadInput, NotAllowed
from service.operations.ports import Desk, TokenShelf
from service.operations.tokens import (
    authenticate,
    create_token,
    list_tokens,
    revoke_token,
    token_digest,
)
from service.store.rows import TokenRow
from tests.library import NOON

SECRET = "correct-horse-battery-staple"


@pytest.fixture
def noon(desk: Desk) -> Desk:
    return replace(desk, now=lambda: NOON)


def later(desk: Desk, **time: float) -> Desk:
    return replace(desk, now=lambda: NOON + timedelta(**time))


async def made(desk: Desk, *, role: AccessRole = AccessRole.EDITOR, days: int | None = None) -> str:
    return await create_token(
        desk, OPERATOR, name="ada", role=role, random=lambda: SECRET, days=days
    )


async def test_a_token_stands_for_its_name_and_role(noon: Desk) -> None:
    token = await made(noon)

    assert token == f"precedent_{SECRET}"
    assert await authenticate(noon, token) == Actor("ada", AccessRole.EDITOR)


async def test_the_database_holds_only_the_hash(application: Application, noon: Desk) -> None:
    token = await made(noon)

    async with application.database.reading() as connection:
        rows = (await connection.execute(select(*TokenRow.__table__.columns))).all()

    (row,) = rows
    assert row.digest == token_digest(token)
    assert SECRET not in repr(rows)


WRONG = [
    ("nothing", ""),
    ("another secret", "precedent_wrong"),
    ("no prefix", SECRET),
    ("another prefix", f"ghp_{SECRET}"),
    ("the prefix alone", "precedent_"),
    ("in capitals", f"PRECEDENT_{SECRET}"),
    ("a blank after it", f"precedent_{SECRET} "),
    ("a NUL in it", f"precedent_{SECRET}\0"),
    ("ten thousand characters", f"precedent_{'x' * 10_000}"),
    ("the hash itself", token_digest(f"precedent_{SECRET}")),
    ("a prefix and the hash", f"precedent_{token_digest(f'precedent_{SECRET}')}"),
]


async def test_a_wrong_token_is_nobody(noon: Desk) -> None:
    await made(noon)

    found = {label: await authenticate(noon, token) for label, token in WRONG}

    assert found == dict.fromkeys(found, NOBODY)


async def test_a_token_ends_with_its_days(noon: Desk) -> None:
    token = await made(noon, days=30)

    found = [
        await authenticate(later(noon, **time), token)
        for time in ({"days": 29, "hours": 23}, {"days": 30}, {"days": 31})
    ]

    assert found == [Actor("ada", AccessRole.EDITOR), NOBODY, NOBODY]


async def test_a_token_without_days_does_not_end(noon: Desk) -> None:
    token = await made(noon)

    assert await authenticate(later(noon, days=36_500), token) == Actor("ada", AccessRole.EDITOR)


async def test_a_revoked_token_ends_at_once(noon: Desk) -> None:
    token = await made(noon)
    assert await authenticate(noon, token) == Actor("ada", AccessRole.EDITOR)
    (held,) = await list_tokens(noon, OPERATOR)

    revoked = await revoke_token(noon, OPERATOR, held.id)

    (after,) = await list_tokens(noon, OPERATOR)
    assert revoked
    assert after == replace(held, revoked_at=NOON)
    assert await authenticate(noon, token) == NOBODY


async def test_what_another_process_revokes_ends_within_a_second(noon: Desk) -> None:
    token = await made(noon)
    (held,) = await list_tokens(noon, OPERATOR)
    await authenticate(noon, token)

    await revoke_token(replace(noon, tokens=TokenShelf()), OPERATOR, held.id)

    found = [
        await authenticate(later(noon, seconds=seconds), token) for seconds in (0.999, 1, 1.001)
    ]
    assert found == [Actor("ada", AccessRole.EDITOR), NOBODY, NOBODY]


async def test_being_asked_all_the_time_does_not_keep_a_revoked_token_alive(noon: Desk) -> None:
    token = await made(noon)
    (held,) = await list_tokens(noon, OPERATOR)
    await authenticate(noon, token)
    await revoke_token(replace(noon, tokens=TokenShelf()), OPERATOR, held.id)

    found = [await authenticate(later(noon, seconds=tenths / 10), token) for tenths in range(1, 12)]

    assert found == [Actor("ada", AccessRole.EDITOR)] * 9 + [NOBODY] * 2


async def test_another_role_counts_within_a_second(application: Application, noon: Desk) -> None:
    token = await made(noon)
    await authenticate(noon, token)

    async with application.database.writing() as connection:
        await connection.execute(update(TokenRow).values(role=AccessRole.READER.value))

    assert await authenticate(later(noon, seconds=1), token) == Actor("ada", AccessRole.READER)


async def test_a_token_read_a_moment_ago_still_ends_in_time(noon: Desk) -> None:
    token = await made(noon, days=1)
    just_before = await authenticate(later(noon, days=1, milliseconds=-1), token)

    at_its_end = await authenticate(later(noon, days=1), token)

    assert (just_before, at_its_end) == (Actor("ada", AccessRole.EDITOR), NOBODY)


async def test_a_clock_that_is_put_back_does_not_keep_a_token_alive(noon: Desk) -> None:
    token = await made(noon)
    (held,) = await list_tokens(noon, OPERATOR)
    await authenticate(noon, token)
    await revoke_token(replace(noon, tokens=TokenShelf()), OPERATOR, held.id)

    assert await authenticate(later(noon, seconds=-1), token) == NOBODY


async def test_a_new_token_is_good_though_it_was_tried_before_it_was_made(noon: Desk) -> None:
    before = await authenticate(noon, f"precedent_{SECRET}")

    await made(noon)

    assert before == NOBODY
    assert await authenticate(noon, f"precedent_{SECRET}") == Actor("ada", AccessRole.EDITOR)


async def test_the_token_not_read_for_longest_is_forgotten(noon: Desk) -> None:
    shelf = TokenShelf(most=2)
    await made(noon)
    (token,) = await list_tokens(noon, OPERATOR)

    for digest in ("a", "b", "c"):
        shelf.keep(digest, token, read_at=NOON)

    assert [shelf.find(digest, now=NOON) for digest in "abc"] == [None, token, token]


async def test_a_token_is_revoked_once(noon: Desk) -> None:
    await made(noon)
    (held,) = await list_tokens(noon, OPERATOR)
    await revoke_token(noon, OPERATOR, held.id)

    again = await revoke_token(later(noon, days=1), OPERATOR, held.id)
    unknown = await revoke_token(noon, OPERATOR, held.id + 1)

    (after,) = await list_tokens(noon, OPERATOR)
    assert (again, unknown) == (False, False)
    assert after.revoked_at == NOON


@pytest.mark.parametrize("days", [0, -1])
async def test_a_token_lasts_a_day_at_least(noon: Desk, days: int) -> None:
    with pytest.raises(BadInput, match=f"A token cannot last {days} days"):
        await made(noon, days=days)

    assert await list_tokens(noon, OPERATOR) == ()


async def test_a_token_cannot_last_longer_than_time(noon: Desk) -> None:
    with pytest.raises(BadInput):
        await made(noon, days=10_000_000)

    assert await list_tokens(noon, OPERATOR) == ()


@pytest.mark.parametrize("role", [*AccessRole, None])
async def test_only_administrators_manage_tokens(noon: Desk, role: AccessRole | None) -> None:
    await made(noon)
    (held,) = await list_tokens(noon, OPERATOR)
    actor = Actor("eve", role)
    if role is AccessRole.ADMIN:
        assert await list_tokens(noon, actor) == (held,)
        return

    acts = [
        create_token(noon, actor, name="x", role=AccessRole.ADMIN, random=lambda: "x"),
        list_tokens(noon, actor),
        revoke_token(noon, actor, held.id),
    ]

    for act in acts:
        with pytest.raises(NotAllowed, match="manage tokens"):
            await act
    assert await list_tokens(noon, OPERATOR) == (held,)


HEADERS = [
    ("a token", "Bearer abc", "abc"),
    ("the scheme in any case", "bEARER abc", "abc"),
    ("blanks around it", "  Bearer   abc  ", "abc"),
    ("another scheme", "Basic abc", None),
    ("no token", "Bearer ", None),
    ("the scheme alone", "Bearer", None),
    ("a bare token", "precedent_abc", None),
    ("nothing", "", None),
    ("no header", None, None),
]


@pytest.mark.parametrize(("label", "header", "token"), HEADERS)
def test_a_token_is_read_from_its_header(label: str, header: str | None, token: str | None) -> None:
    assert bearer_token(header) == token


async def test_without_a_token_one_has_the_role_of_the_anonymous(noon: Desk) -> None:
    token = await made(noon)
    reader = AccessRole.READER

    found = [
        await actor_of(noon, None, anonymous_role=None),
        await actor_of(noon, None, anonymous_role=reader),
        await actor_of(noon, "Bearer precedent_wrong", anonymous_role=reader),
        await actor_of(noon, f"Bearer {token}", anonymous_role=reader),
    ]

    assert found == [
        Actor("anonymous", None),
        Actor("anonymous", reader),
        NOBODY,
        Actor("ada", AccessRole.EDITOR),
    ]
