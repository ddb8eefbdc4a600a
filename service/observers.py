"""What one process notes of itself: metrics, traces where there are any, and what was slow."""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from service.footprints import Footprint, Spans, current_footprint, spanned
from service.metrics import Metrics

_log = logging.getLogger("precedent.graphql")

ANSWERED, REFUSED, FAILED, CANCELLED = "answered", "refused", "failed", "cancelled"


@dataclass(slots=True, kw_only=True)
class Ended:
    """An operation that has ended. `digest` is the document's SHA-256, or None where it had none."""

    label: str
    kind: str
    outcome: str
    codes: Collection[str]
    seconds: float
    digest: Callable[[], str | None]
    request_id: str


@dataclass(frozen=True, slots=True)
class Observer:
    """Who notes what operations and searches do."""

    metrics: Metrics
    spans: Spans | None = None
    slow_seconds: float = 1.0

    def operation_ended(self, ended: Ended, footprint: Footprint) -> None:
        """Count an operation, and log one that was slow: never with variables or what was typed."""
        lasts = ended.kind == "subscription"
        seconds = None if lasts else ended.seconds
        self.metrics.operation_ended(ended.label, ended.outcome, seconds=seconds, codes=ended.codes)
        if footprint.document_known is not None:
            self.metrics.document_read(known=footprint.document_known)
        if lasts or ended.seconds < self.slow_seconds:
            return
        self.metrics.operation_was_slow()
        _log.warning(
            "slow operation",
            extra={
                "request_id": ended.request_id,
                "operation": ended.label,
                "document": ended.digest(),
                "outcome": ended.outcome,
                "ms": round(ended.seconds * 1000, 1),
                "statements": footprint.statement_count,
                "searches": footprint.search_count,
            },
        )

    def answered_again(self, label: str, seconds: float) -> None:
        """Count an operation whose answer was kept from before."""
        self.metrics.operation_ended(label, ANSWERED, seconds=seconds, codes=())

    def over_searches(self, index: str) -> Callable[[], AbstractContextManager[None]]:
        """What an index enters around each search."""
        return partial(self._search, index)

    @contextmanager
    def _search(self, index: str) -> Iterator[None]:
        footprint = current_footprint()
        if footprint is not None:
            footprint.search_count += 1
        started = time.perf_counter()
        outcome = "away"
        try:
            with spanned(f"{index} search", kind="client"):
                yield
            outcome = "answered"
        finally:
            self.metrics.searched(index, outcome, seconds=time.perf_counter() - started)
