"""What one process tells Prometheus of itself; each application has a registry of its own.

The values of a label are few: they are ours, or names of operations in valid documents, of which
only so many are told apart. No label holds what was typed.
"""

from collections.abc import Iterable, Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric

from service.vitals import Vitals

OPERATIONS_MOST = 100
_NAME_MOST = 64

ANONYMOUS = "anonymous"
OTHER = "other"
INVALID = "invalid"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Operation:
    """The series of one operation, found once: looking a label up costs more than counting."""

    def __init__(self, name: str, requests: Counter, seconds: Histogram) -> None:
        self._name, self._requests = name, requests
        self.seconds = seconds.labels(name)
        self._by_outcome: dict[str, Counter] = {}

    def count(self, outcome: str) -> None:
        found = self._by_outcome.get(outcome)
        if found is None:
            found = self._by_outcome[outcome] = self._requests.labels(self._name, outcome)
        found.inc()


class Metrics:
    """Counters and durations of one process, and the text a scraper reads."""

    def __init__(self, *, operations_most: int = OPERATIONS_MOST) -> None:
        self._operations_most = operations_most
        self._operations: dict[str, _Operation] = {}
        self._names: set[str] = set()
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._requests = Counter(
            "precedent_graphql_requests",
            "Operations ended: answered, refused (the client's mistake), failed (ours) or cancelled.",
            ("operation", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "precedent_graphql_duration_seconds",
            "How long operations took, subscriptions left out.",
            ("operation",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._errors = Counter(
            "precedent_graphql_errors",
            "Errors in answers, by code; INVALID for a document that is no valid GraphQL.",
            ("code",),
            registry=registry,
        )
        self._slow = Counter(
            "precedent_graphql_slow",
            "Operations that took longer than PRECEDENT_SLOW_SECONDS; each is in the log.",
            registry=registry,
        )
        documents = Counter(
            "precedent_document_cache",
            "Documents found in memory as valid (hit), or parsed and validated (miss).",
            ("result",),
            registry=registry,
        )
        self._hits, self._misses = documents.labels("hit"), documents.labels("miss")
        self._searches = Counter(
            "precedent_searches",
            "Searches of an index: answered, away (none was to be had) or refused.",
            ("index", "outcome"),
            registry=registry,
        )
        self._search_seconds = Histogram(
            "precedent_search_duration_seconds",
            "How long the searches took that an index answered.",
            ("index",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._responses = Counter(
            "precedent_http_responses",
            "HTTP responses by the path asked for and their status.",
            ("path", "status"),
            registry=registry,
        )
        self._by_response: dict[tuple[str, int], Counter] = {}
        self.requests_in_progress = Gauge(
            "precedent_http_in_progress",
            "HTTP requests not answered yet, subscriptions over SSE among them.",
            registry=registry,
        )
        self.subscribers = Gauge(
            "precedent_subscribers", "Subscriptions that are open.", registry=registry
        )

    def operation_label(self, name: str | None) -> str:
        """The label of an operation of a valid document: its name, while there are not too many."""
        if name is None:
            return ANONYMOUS
        if name not in self._names:
            if len(self._names) >= self._operations_most or len(name) > _NAME_MOST:
                return OTHER
            self._names.add(name)
        return name

    def operation_ended(
        self, label: str, outcome: str, *, seconds: float | None, codes: Iterable[str] = ()
    ) -> None:
        """Count an operation; without seconds its duration says nothing, as of a subscription."""
        operation = self._operations.get(label)
        if operation is None:
            operation = _Operation(label, self._requests, self._seconds)
            self._operations[label] = operation
        operation.count(outcome)
        if seconds is not None:
            operation.seconds.observe(seconds)
        for code in codes:
            self._errors.labels(code).inc()

    def operation_was_slow(self) -> None:
        """Count an operation that is in the log as slow."""
        self._slow.inc()

    def document_read(self, *, known: bool) -> None:
        """Count a document that was found in memory, or was not."""
        (self._hits if known else self._misses).inc()

    def searched(self, index: str, outcome: str, *, seconds: float) -> None:
        """Count a search of an index."""
        self._searches.labels(index, outcome).inc()
        if outcome == "answered":
            self._search_seconds.labels(index).observe(seconds)

    def responded(self, path: str, status: int) -> None:
        """Count an HTTP response; `path` is one of ours."""
        counted = self._by_response.get((path, status))
        if counted is None:
            counted = self._by_response[path, status] = self._responses.labels(path, str(status))
        counted.inc()

    def exposition(self, vitals: Vitals, *, accept: str = "") -> tuple[bytes, str]:
        """Everything as text, and its media type: OpenMetrics where that is asked for."""
        encode, media_type = choose_encoder(accept)
        return encode(_Exposed(self._registry, vitals)), media_type


class _Exposed(CollectorRegistry):
    """The counters beside the vitals of one scrape, so that two scrapes do not mix theirs."""

    def __init__(self, counted: CollectorRegistry, vitals: Vitals) -> None:
        super().__init__(auto_describe=False)
        self._counted, self._vitals = counted, vitals

    def collect(self) -> Iterator[Metric]:
        for family in self._counted.collect():
            # When a series began doubles their number, and no alarm or picture asks for it.
            family.samples = [one for one in family.samples if not one.name.endswith("_created")]
            yield family
        yield from self._vitals.families()
