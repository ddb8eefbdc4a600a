"""A trace leads from the operation over what the desk did to each statement and search."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.app import Application
from service.domain.access import AccessRole
from service.settings import Settings
from service.traces import Traces
from tests.library import Client, a_case, publish, small_vocabularies

SEARCH = "query Sought($q: String!) { searchLibrary(query: $q) { edges { node { __typename } } } }"
TYPED = "经过 不可外传的处境"
SENDER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def exported() -> InMemorySpanExporter:
    """The spans that ended."""
    return InMemorySpanExporter()


@pytest.fixture
async def application(
    migrated_url: str, tmp_path: Path, exported: InMemorySpanExporter
) -> AsyncIterator[Application]:
    """The application, with its traces kept here."""
    traces = Traces(SimpleSpanProcessor(exported), instance="one")
    application = Application(Settings(var=tmp_path, database_url=migrated_url), traces=traces)
    await publish(application.desk, *small_vocabularies(), a_case("one", 1))
    await application.indexer.look()
    yield application
    await application.desk.lexical.aclose()
    await application.database.aclose()
    traces.close()


def _paths(spans: Sequence[ReadableSpan]) -> set[str]:
    """Each span by the names from the top to it."""
    by_id = {span.context.span_id: span for span in spans}

    def path(span: ReadableSpan) -> str:
        parent = None if span.parent is None else by_id.get(span.parent.span_id)
        return span.name if parent is None else f"{path(parent)} > {span.name}"

    return {path(span) for span in spans}


async def test_a_trace_leads_from_the_operation_to_its_statements_and_searches(
    ask: Client, exported: InMemorySpanExporter
) -> None:
    exported.clear()

    await ask(SEARCH, q=TYPED)

    spans = exported.get_finished_spans()
    top = "query Sought > search_library"
    assert _paths(spans) == {
        "query Sought",
        top,
        f"{top} > meilisearch search",
        f"{top} > built-in search",
        f"{top} > take a connection",
        f"{top} > SELECT entries",
    }
    assert [span.name for span in spans if not span.status.is_ok] == ["meilisearch search"]


async def test_no_span_holds_what_was_typed_or_a_value_or_a_token(
    ask: Client, exported: InMemorySpanExporter
) -> None:
    exported.clear()

    await ask(SEARCH, q=TYPED)
    await ask.answer('query Long { case(slug: "不可外传") { slug } }')
    refused = await ask.answer('{ clocks(timeZone: "不可外传") { __typename } }')

    told = "".join(span.to_json() for span in exported.get_finished_spans())
    assert "不可外传" in refused["errors"][0]["message"]
    assert "BadInput" in told
    assert "不可外传" not in told.encode().decode("unicode_escape")
    assert ask.tokens[AccessRole.READER] not in told
    assert not any(span.events for span in exported.get_finished_spans())


async def test_a_trace_goes_on_with_that_of_its_sender(
    ask: Client, exported: InMemorySpanExporter
) -> None:
    exported.clear()
    headers = {
        "authorization": f"Bearer {ask.tokens[AccessRole.READER]}",
        "traceparent": f"00-{SENDER}-b7ad6b7169203331-01",
        "tracestate": "typed=secret",
        "baggage": "typed=secret",
    }

    await ask.request("POST", "/graphql", json={"query": "{ __typename }"}, headers=headers)

    (span,) = exported.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == SENDER
    assert "secret" not in span.to_json()


async def test_indexing_leaves_no_spans(
    application: Application, exported: InMemorySpanExporter
) -> None:
    exported.clear()

    await application.indexer.look()

    assert exported.get_finished_spans() == ()
