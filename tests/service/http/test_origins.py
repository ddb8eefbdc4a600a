"""Pages of other sites: none may ask but those that are named."""

import pytest

from service.domain.access import AccessRole
from service.settings import Settings, WrongSettings
from tests.library import Client, ClientMaker

DESK = "https://desk.example.org"
BODY = {"query": "{ library { revision } }"}


async def preflight(ask: Client, origin: str, header: str = "authorization") -> dict[str, str]:
    response = await ask.request(
        "OPTIONS",
        "/graphql",
        headers={
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": f"{header},content-type",
        },
    )
    return {"status": str(response.status_code), **response.headers}


async def test_a_named_origin_may_ask_and_read(ask_with: ClientMaker) -> None:
    ask = ask_with(origins=(DESK,))

    asked = await preflight(ask, DESK)
    answer = await ask.request(
        "POST",
        "/graphql",
        json=BODY,
        headers={"origin": DESK, "authorization": f"Bearer {ask.tokens[AccessRole.READER]}"},
    )

    assert (asked["status"], asked["access-control-allow-origin"]) == ("200", DESK)
    assert "authorization" in asked["access-control-allow-headers"].lower()
    assert answer.headers["access-control-allow-origin"] == DESK
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]
    assert answer.json() == {"data": {"library": {"revision": 0}}}


async def test_a_named_origin_can_read_a_refusal(ask_with: ClientMaker) -> None:
    ask = ask_with(origins=(DESK,))

    refused = await ask.request("POST", "/graphql", json=BODY, headers={"origin": DESK})

    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, DESK)


STRANGERS = ["https://evil.example.org", "http://desk.example.org", f"{DESK}.evil.org", "null"]


@pytest.mark.parametrize("origin", STRANGERS)
async def test_no_other_origin_is_told_that_it_may(ask_with: ClientMaker, origin: str) -> None:
    for ask in (ask_with(), ask_with(origins=(DESK,))):
        asked = await preflight(ask, origin)

        assert asked["status"] in {"400", "401"}
        assert "access-control-allow-origin" not in asked


@pytest.mark.parametrize("wrong", ["*", "desk.example.org", f"{DESK}/", "https://a b", "null"])
def test_what_is_no_origin_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("PRECEDENT_ORIGINS", f"{DESK}, {wrong}")

    with pytest.raises(WrongSettings, match="is no origin"):
        Settings.read()


def test_origins_and_proxies_are_read_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEDENT_ORIGINS", f"{DESK}, http://localhost:3000")
    monkeypatch.setenv("PRECEDENT_TRUSTED_PROXIES", "10.0.0.0/8,::1")

    settings = Settings.read()

    assert settings.origins == (DESK, "http://localhost:3000")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


def test_a_proxy_that_is_no_address_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEDENT_TRUSTED_PROXIES", "*")

    with pytest.raises(WrongSettings, match="neither an address"):
        Settings.read()
