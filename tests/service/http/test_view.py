"""GraphQL over HTTP: who is let in, by which method, in which media type."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from service.domain.access import OPERATOR, AccessRole
from service.operations.ports import Desk
from service.operations.tokens import create_token, list_tokens, revoke_token
from tests.library import Client, ClientMaker

REVISION = "{ library { revision } }"
ANSWER = {"data": {"library": {"revision": 0}}}
BODY = json.dumps({"query": REVISION})


def bearer(ask: Client, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {ask.tokens[AccessRole.READER]}", **more}


async def send(ask: Client, method: str, content: str = BODY, **more: str) -> Any:
    return await ask.request(method, "/graphql", content=content, headers=bearer(ask, **more))


@pytest.mark.parametrize("role", [role for role in AccessRole if role is not AccessRole.MONITOR])
async def test_a_token_of_any_role_reads(ask: Client, role: AccessRole) -> None:
    response = await ask.post({"query": REVISION}, token=ask.tokens[role])

    assert (response.status_code, response.json()) == (200, ANSWER)


WRONG = [
    ("none", {}),
    ("unknown", {"authorization": "Bearer precedent_wrong"}),
    ("empty", {"authorization": "Bearer "}),
    ("another scheme", {"authorization": "Basic dXNlcjpwYXNz"}),
    ("very long", {"authorization": f"Bearer precedent_{'x' * 10_000}"}),
    ("no scheme", {"authorization": "precedent_reader"}),
]


@pytest.mark.parametrize(("label", "headers"), WRONG)
async def test_without_a_good_token_nothing_is_said(
    ask: Client, label: str, headers: dict[str, str]
) -> None:
    response = await ask.request(
        "POST", "/graphql", content=BODY, headers={"content-type": "application/json", **headers}
    )

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="precedent"'
    (error,) = response.json()["errors"]
    assert error["message"].startswith("A valid token is needed")
    assert "data" not in response.json()


async def test_a_revoked_token_is_let_in_no_more(desk: Desk, ask: Client) -> None:
    token = await create_token(
        desk, OPERATOR, name="gone", role=AccessRole.READER, random=lambda: "gone"
    )
    before = await ask.post({"query": REVISION}, token=token)
    held = [each for each in await list_tokens(desk, OPERATOR) if each.name == "gone"]

    await revoke_token(desk, OPERATOR, held[0].id)
    after = await ask.post({"query": REVISION}, token=token)

    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_query_is_read_from_the_address(ask: Client) -> None:
    response = await ask.get(f"/graphql?query={quote(REVISION)}", **bearer(ask))

    assert (response.status_code, response.json()) == (200, ANSWER)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_not_allowed(ask: Client, method: str) -> None:
    response = await send(ask, method, **{"content-type": "application/json"})

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


MEDIA = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "application/jsonp",
    "",
]


@pytest.mark.parametrize("media_type", MEDIA)
async def test_a_body_of_another_media_type_is_refused(ask: Client, media_type: str) -> None:
    response = await send(ask, "POST", **{"content-type": media_type})

    assert response.status_code == 415
    message = "The body of a POST must be application/json."
    assert response.json() == {"errors": [{"message": message}]}


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
async def test_json_is_read_however_it_is_named(ask: Client, media_type: str) -> None:
    response = await send(ask, "POST", **{"content-type": media_type})

    assert response.json() == ANSWER


BAD_BODIES = [
    ("no JSON", "{"),
    ("nothing", ""),
    ("a list", "[]"),
    ("a batch", f"[{BODY}, {BODY}]"),
    ("a number", "5"),
    ("a word", '"query"'),
    ("null", "null"),
    ("no query", "{}"),
    ("an empty query", '{"query": ""}'),
    ("a query that is a number", '{"query": 5}'),
    ("variables that are a list", f'{{"query": "{REVISION}", "variables": []}}'),
    ("variables that are a word", f'{{"query": "{REVISION}", "variables": "x"}}'),
    ("an operation that is a number", f'{{"query": "{REVISION}", "operationName": 5}}'),
    ("extensions that are a word", f'{{"query": "{REVISION}", "extensions": "x"}}'),
    ("very deep JSON", "[" * 100_000),
    ("a number without end", f'{{"query": "{REVISION}", "variables": {{"x": {"9" * 5000}}}}}'),
]


@pytest.mark.parametrize(("label", "content"), BAD_BODIES)
async def test_a_body_that_is_no_request_is_refused_in_words(
    ask: Client, label: str, content: str
) -> None:
    response = await send(ask, "POST", content, **{"content-type": "application/json"})

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json().keys() == {"errors"}
    assert response.json()["errors"][0]["message"]


async def test_bytes_that_are_no_text_are_refused(ask: Client) -> None:
    headers = bearer(ask, **{"content-type": "application/json"})

    response = await ask.request("POST", "/graphql", content=b'{"query": "\xff"}', headers=headers)

    assert response.status_code == 400


ACCEPTED = [
    ("nothing", "", "application/json"),
    ("anything", "*/*", "application/json"),
    ("the old", "application/json", "application/json"),
    ("the new", "application/graphql-response+json", "application/graphql-response+json"),
    (
        "the new rather",
        "application/graphql-response+json, application/json;q=0.9",
        "application/graphql-response+json",
    ),
    (
        "the old rather",
        "application/json, application/graphql-response+json;q=0.5",
        "application/json",
    ),
    ("neither", "text/csv", "application/json"),
    ("nonsense", ";q=x,,", "application/json"),
]


@pytest.mark.parametrize(("label", "accept", "media_type"), ACCEPTED)
async def test_the_answer_is_in_the_media_type_asked_for(
    ask: Client, label: str, accept: str, media_type: str
) -> None:
    response = await send(ask, "POST", **{"content-type": "application/json", "accept": accept})

    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "Accept" in response.headers["vary"]
    assert response.json() == ANSWER


async def test_the_status_says_a_refusal_in_the_new_media_type_only(ask: Client) -> None:
    content = json.dumps({"query": "{ colour }"})

    old = await send(ask, "POST", content, **{"content-type": "application/json"})
    new = await send(
        ask,
        "POST",
        content,
        **{
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
        },
    )

    assert (old.status_code, new.status_code) == (200, 400)
    assert old.json() == new.json()
    assert "data" not in old.json()


async def test_a_mutation_is_not_taken_from_the_address(ask: Client) -> None:
    response = await ask.get(f"/graphql?query={quote('mutation { x }')}", **bearer(ask))

    assert response.status_code in {400, 405}


async def test_a_request_that_takes_too_long_is_given_up_and_the_next_is_answered(
    ask: Client, ask_with: ClientMaker
) -> None:
    refusal = {
        "errors": [
            {
                "message": "The request took longer than 1e-06 seconds and was given up. "
                "Ask for less, or again later."
            }
        ]
    }

    given_up = await ask_with(request_seconds=1e-6).post(
        {"query": REVISION}, token=ask.tokens[AccessRole.READER]
    )

    assert (given_up.status_code, given_up.json()) == (503, refusal)
    assert (await ask.post({"query": REVISION}, token=ask.tokens[AccessRole.READER])).json() == (
        ANSWER
    )


async def test_a_body_that_never_ends_is_given_up(ask: Client, ask_with: ClientMaker) -> None:
    async def never_ending() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    response = await ask_with(request_seconds=0.2).request(
        "POST",
        "/graphql",
        content=never_ending(),
        headers=bearer(ask, **{"content-type": "application/json"}),
    )

    assert response.status_code == 503
