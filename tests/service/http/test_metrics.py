"""What `/metrics` tells, and to whom."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request

from service.app import Application
from service.domain.access import AccessRole
from service.http.metrics import MetricsAccess, is_from_here
from service.metrics import ANONYMOUS, OTHER, Metrics
from service.operations.ports import Desk
from service.settings import Settings
from service.store.migrations import migrate
from tests.library import Client, a_case, publish, small_vocabularies

HERE = {"host": "localhost:8000"}


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    """The application on SQLite: what is counted here does not depend on the database."""
    application = Application(Settings(var=tmp_path))
    await migrate(application.database)
    yield application
    await application.desk.lexical.aclose()
    await application.database.aclose()


async def scraped(ask: Client, **headers: str) -> dict[str, float]:
    """Every sample by its name and labels, as they are written."""
    response = await ask.get("/metrics", **{**HERE, **headers})
    assert response.status_code == 200, response.text
    return {
        f"{sample.name}{_shown(sample.labels)}": sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def _shown(labels: Mapping[str, str]) -> str:
    return "".join(f"{{{value}}}" for _, value in sorted(labels.items()))


async def test_operations_are_counted_by_name_and_by_how_they_ended(
    desk: Desk, ask: Client
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    slugs = "query Slugs { cases { edges { node { slug } } } }"
    await ask(slugs)
    await ask(slugs)
    await ask(slugs, other=1)
    await ask("{ methods { totalCount } }")
    await ask.answer("query Deep { nothing }")
    await ask.answer("query Neither { case { slug } }")
    await ask.post({"query": "{ __typename }"}, token="wrong")

    found = await scraped(ask)

    counted = {name: value for name, value in found.items() if "graphql_requests" in name}
    assert counted == {
        "precedent_graphql_requests_total{Slugs}{answered}": 3,
        "precedent_graphql_requests_total{anonymous}{answered}": 1,
        "precedent_graphql_requests_total{invalid}{refused}": 1,
        "precedent_graphql_requests_total{Neither}{refused}": 1,
    }
    assert found["precedent_graphql_duration_seconds_count{Slugs}"] == 3
    assert found["precedent_graphql_errors_total{INVALID}"] == 1
    assert found["precedent_graphql_errors_total{BAD_INPUT}"] == 1
    assert found["precedent_document_cache_total{hit}"] == 1
    assert found["precedent_http_responses_total{/graphql}{401}"] == 1
    assert found["precedent_entry_cache_total{hit}"] > 0
    assert found["precedent_answer_cache_total{hit}"] == 1
    assert found["precedent_answer_cache_bytes"] > 0


def test_only_so_many_names_of_operations_are_told_apart() -> None:
    metrics = Metrics(operations_most=2)

    labels = [metrics.operation_label(name) for name in ("A", "B", "C", "A", None, "D" * 65)]

    assert labels == ["A", "B", OTHER, "A", ANONYMOUS, OTHER]


async def test_an_index_that_lags_and_what_waits_for_it_are_seen(
    application: Application, desk: Desk, ask: Client
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await application.indexer.look()
    await publish(desk, a_case("two", 2))

    found = await scraped(ask)

    assert found["precedent_index_lag_revisions{built-in}"] == 1
    assert "precedent_index_lag_revisions{meilisearch}" not in found
    assert found["precedent_index_ready{built-in}"] == 1
    assert found["precedent_index_ready{meilisearch}"] == 0
    assert found["precedent_outbox_depth"] == len(small_vocabularies()) + 2
    assert (found["precedent_ready"], found["precedent_degraded"]) == (1, 1)


async def test_searches_are_counted_by_the_index_that_answered(
    application: Application, desk: Desk, ask: Client
) -> None:
    await publish(desk, *small_vocabularies(), a_case("one", 1))
    await application.indexer.look()
    await ask('{ searchLibrary(query: "经过") { totalCount } }')

    found = await scraped(ask)

    assert found["precedent_searches_total{meilisearch}{away}"] == 1
    assert found["precedent_searches_total{built-in}{answered}"] == 1
    assert found["precedent_search_duration_seconds_count{built-in}"] == 1


async def test_two_applications_of_one_process_count_apart(
    application: Application, ask: Client, tmp_path: Path
) -> None:
    other = Application(
        Settings(var=tmp_path / "other", database_url=f"sqlite:///{tmp_path}/no/db")
    )
    await ask("query Mine { methods { totalCount } }")

    text, _ = other.observer.metrics.exposition(await other.vitals())

    await other.desk.lexical.aclose()
    await other.database.aclose()
    assert b"Mine" not in text


async def test_a_scrape_is_answered_while_the_database_is_away(
    application: Application, ask: Client, tmp_path: Path
) -> None:
    monitor = {"host": "precedent.example.org", **_bearer(ask, AccessRole.MONITOR)}
    reader = {"host": "precedent.example.org", **_bearer(ask, AccessRole.READER)}
    before = await scraped(ask, **monitor)
    await application.database.aclose()
    _take_away(tmp_path)
    application.desk.tokens.clear()

    away = await scraped(ask, **monitor)
    refused = await ask.get("/metrics", **reader)

    assert (before["precedent_database_up"], before["precedent_library_revision"]) == (1, 0)
    assert away["precedent_database_up"] == 0
    assert away["precedent_ready"] == 0
    assert "precedent_outbox_depth" not in away
    assert refused.status_code == 401


def _take_away(folder: Path) -> None:
    for file in folder.glob("precedent.db*"):
        file.unlink()
    (folder / "precedent.db").mkdir()


def _bearer(ask: Client, role: AccessRole) -> dict[str, str]:
    return {"authorization": f"Bearer {ask.tokens[role]}"}


ELSEWHERE = {"host": "precedent.example.org"}
SEEN: list[tuple[MetricsAccess, dict[str, str], AccessRole | None, int]] = [
    ("loopback", HERE, None, 200),
    ("loopback", ELSEWHERE, None, 401),
    ("loopback", {**HERE, "x-forwarded-for": "127.0.0.1"}, None, 401),
    ("loopback", ELSEWHERE, AccessRole.READER, 401),
    ("loopback", ELSEWHERE, AccessRole.MONITOR, 200),
    ("loopback", ELSEWHERE, AccessRole.ADMIN, 200),
    ("token", HERE, None, 401),
    ("token", HERE, AccessRole.MONITOR, 200),
    ("open", ELSEWHERE, None, 200),
    ("off", HERE, AccessRole.ADMIN, 404),
]


async def test_the_metrics_are_seen_by_whom_the_setting_says(
    application: Application, ask: Client
) -> None:
    found = []
    for access, headers, role, _ in SEEN:
        application.settings = application.settings.model_copy(update={"metrics": access})
        client = Client(application.asgi(), ask.tokens)
        token = {} if role is None else _bearer(ask, role)
        found.append((await client.get("/metrics", **headers, **token)).status_code)
        await client.aclose()

    assert found == [status for *_, status in SEEN]


@pytest.mark.parametrize(
    ("label", "peer", "host", "expected"),
    [
        ("this machine", "127.0.0.1", "localhost:8000", True),
        ("this machine by IPv6", "::1", "[::1]:8000", True),
        ("another machine", "192.0.2.7", "localhost:8000", False),
        ("a page whose name was resolved to here", "127.0.0.1", "evil.example", False),
        ("no peer", None, "localhost", False),
    ],
)
def test_what_comes_from_here(label: str, peer: str | None, host: str, *, expected: bool) -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": "http",
        "path": "/metrics",
        "server": ("127.0.0.1", 8000),
        "client": None if peer is None else (peer, 50_000),
        "headers": [(b"host", host.encode())],
    }

    assert is_from_here(Request(scope)) is expected, label


async def test_a_monitor_reads_nothing_of_the_library(ask: Client) -> None:
    response = await ask.post({"query": "{ __typename }"}, token=ask.tokens[AccessRole.MONITOR])

    assert response.status_code == 401
