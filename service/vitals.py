"""How one process is at one moment, as Prometheus reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How a process is. What is not known is left out of the metrics, never given as nothing."""

    version: str
    is_ready: bool
    is_degraded: bool
    is_database_up: bool
    indexes_ready: Mapping[str, bool]
    connections_in_use: int
    connections_most: int
    entry_cache_hits: int
    entry_cache_misses: int
    entry_cache_size: int
    answer_cache_hits: int = 0
    answer_cache_misses: int = 0
    answer_cache_bytes: int = 0
    subscriptions: int = 0
    library_revision: int | None = None
    outbox_depth: int | None = None
    index_lags: Mapping[str, int] = field(default_factory=dict)
    disk_free_bytes: int | None = None
    disk_bytes: int | None = None

    def families(self) -> Iterator[Metric]:
        """The metrics of this moment."""
        build = GaugeMetricFamily(
            "precedent_build_info", "The version that runs.", labels=["version"]
        )
        build.add_metric([self.version], 1)
        yield build
        yield _gauge("ready", "1 when requests are answered.", self.is_ready)
        yield _gauge("degraded", "1 when searches do without the search engine.", self.is_degraded)
        yield _gauge(
            "database_up", "1 when the database answered this scrape.", self.is_database_up
        )
        yield _gauge("library_revision", "The library's revision.", self.library_revision)
        yield _gauge("subscriptions", "Subscriptions that run.", self.subscriptions)
        yield _by_index("index_ready", "1 when the index may be asked.", self.indexes_ready)
        yield _by_index(
            "index_lag_revisions",
            "The library's revision less the one the index was last seen at.",
            self.index_lags,
        )
        yield _gauge(
            "outbox_depth", "Published entries Meilisearch has not confirmed.", self.outbox_depth
        )
        yield _gauge(
            "database_connections_in_use",
            "Database connections in use.",
            self.connections_in_use,
        )
        yield _gauge(
            "database_connections_most",
            "Database connections there may be: PRECEDENT_DATABASE_POOL.",
            self.connections_most,
        )
        yield _gauge("entry_cache_entries", "Entries held in memory.", self.entry_cache_size)
        lookups = CounterMetricFamily(
            "precedent_entry_cache",
            "Entries found in memory (hit), or read from the database (miss).",
            labels=["result"],
        )
        lookups.add_metric(["hit"], self.entry_cache_hits)
        lookups.add_metric(["miss"], self.entry_cache_misses)
        yield lookups
        answers = CounterMetricFamily(
            "precedent_answer_cache",
            "Requests answered from memory (hit), or made (miss).",
            labels=["result"],
        )
        answers.add_metric(["hit"], self.answer_cache_hits)
        answers.add_metric(["miss"], self.answer_cache_misses)
        yield answers
        yield _gauge(
            "answer_cache_bytes", "Bytes of answers held in memory.", self.answer_cache_bytes
        )
        yield _gauge(
            "disk_free_bytes", "Free space where the data folder is.", self.disk_free_bytes
        )
        yield _gauge("disk_bytes", "All space where the data folder is.", self.disk_bytes)


def _gauge(name: str, told: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"precedent_{name}", told)
    if value is not None:
        family.add_metric([], value)
    return family


def _by_index(name: str, told: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"precedent_{name}", told, labels=["index"])
    for index, value in values.items():
        family.add_metric([index], value)
    return family
