"""The GraphiQL page as a browser gets it; no browser is needed to hold it to its promises."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.http.graphiql import asset_routes, graphiql_page

_HOME = "http://127.0.0.1"
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async def graphql(_: Request) -> Response:
        return graphiql_page()

    app = Starlette(routes=[Route("/graphql", graphql), *asset_routes()])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=_HOME, headers={"Accept": "text/html"}
    ) as client:
        yield client


async def test_the_page_may_run_and_reach_nothing_but_its_own_service(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    assert page.status_code == 200
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["vary"] == "Accept"
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_page_has_no_inline_script(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/graphql")

    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page.text, re.DOTALL)
    assert [content for _, content in scripts] == [""]
    assert re.findall(r"\son\w+\s*=|javascript:", page.text) == []


async def test_every_file_the_page_names_is_ours_and_may_be_kept_for_good(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    named = _named_files(page.text)
    assert sorted(path.rpartition(".")[2] for path in named) == ["css", "js", "svg", "txt"]
    for path in named:
        address = urljoin(f"{_HOME}/graphql", path)
        assert address.startswith(f"{_HOME}/graphiql-assets/")
        file = await browser.get(address)
        assert file.status_code == 200
        assert file.headers["content-type"] == _MEDIA_TYPES[path.rpartition(".")[2]]
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["x-content-type-options"] == "nosniff"


async def test_below_a_prefix_the_page_names_its_files_below_that_prefix(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    addresses = [urlsplit(urljoin(f"{_HOME}/desk/graphql", p)) for p in _named_files(page.text)]
    assert {address.path.rpartition("/")[0] for address in addresses} == {"/desk/graphiql-assets"}


async def test_a_browser_that_has_a_file_is_not_sent_it_again(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/graphql")
    script = urljoin("/graphql", next(p for p in _named_files(page.text) if p.endswith(".js")))
    first = await browser.get(script)

    second = await browser.get(script, headers={"If-None-Match": first.headers["etag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["", "../index.html", "..%2findex.html", "missing.js"])
async def test_nothing_but_the_built_files_is_served(browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.get(f"/graphiql-assets/{name}")

    assert answer.status_code == 404


async def test_the_built_files_load_nothing_from_another_address(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    text = {p.rpartition(".")[2]: await _text(browser, p) for p in _named_files(page.text)}
    # What a style sheet loads: nothing but marks it carries itself.
    assert {url[:5] for url in re.findall(r"url\(\s*[\"']?([^)]*)", text["css"])} == {"data:"}
    assert "@import" not in text["css"]
    # What a script could load without the policy's help: code, workers, source maps.
    assert (
        re.findall(r"(?<![\w$.])import\s*\(|importScripts|new (?:Shared)?Worker", text["js"]) == []
    )
    assert re.findall(r"sourceMappingURL", text["js"] + text["css"]) == []
    # An address may be named, as a link to follow or a namespace, but is never fetched.
    fetched = r"(?:fetch|WebSocket|EventSource|sendBeacon|open)\(\s*[\"'`](?:https?:|wss?:)?//"
    assert re.findall(fetched, text["js"]) == []


async def test_the_page_sends_the_token_to_the_service_and_keeps_it_in_the_tab_only(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    script = await _text(browser, next(p for p in _named_files(page.text) if p.endswith(".js")))
    assert "`Bearer ${" in script
    assert "application/graphql-response+json, application/json" in script
    name = re.search(r'([\w$]+)="precedent\.token"', script)
    assert name is not None
    kept = re.findall(rf"(\w+)\.setItem\({re.escape(name[1])},", script)
    assert kept == ["sessionStorage"]


async def test_the_licences_of_what_is_built_in_are_served_with_it(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/graphql")

    licences = await _text(browser, next(p for p in _named_files(page.text) if p.endswith(".txt")))
    for package in ("codemirror", "graphiql", "graphql", "react", "react-dom"):
        assert re.search(rf"^{package} \d+\.\d+\.\d+: MIT$", licences, re.MULTILINE)


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]


def _named_files(page: str) -> list[str]:
    names = _Names()
    names.feed(page)
    return names.found


async def _text(browser: httpx.AsyncClient, path: str) -> str:
    return (await browser.get(urljoin("/graphql", path))).text
