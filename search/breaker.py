"""A circuit breaker: what failed a moment ago is left alone, and then asked once before all ask again."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from search.errors import EmbedderUnavailable, IndexMissing, SearchRejected, SearchUnavailable

_log: Final = logging.getLogger(__name__)

_REST_SECONDS: Final = 2.0

# The engine did answer: what is wrong is the index, the embedder or the question.
_ANSWERS: Final = (IndexMissing, EmbedderUnavailable, SearchRejected)


class CircuitBreaker:
    """Stands before one engine. After a failure nobody waits for it, until one search got an answer."""

    def __init__(
        self, *, rest_seconds: float = _REST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._rests_until: float | None = None
        self._is_probed = False

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Surround one question to the engine. Raises `SearchUnavailable` where it is left alone."""
        rests_until = self._rests_until
        is_probe = rests_until is not None
        if rests_until is not None and (self._is_probed or self._clock() < rests_until):
            raise SearchUnavailable("the search engine failed a moment ago")
        # An answer that was on its way before the failure proves nothing; only a probe's counts.
        self._is_probed = is_probe
        try:
            yield
        except _ANSWERS:
            self._answered(is_probe=is_probe)
            raise
        except SearchUnavailable as error:
            self._failed(error.reason)
            raise
        else:
            self._answered(is_probe=is_probe)
        finally:
            if is_probe:
                self._is_probed = False

    def _answered(self, *, is_probe: bool) -> None:
        if is_probe:
            self._rests_until = None
            _log.info("Meilisearch answers again")

    def _failed(self, reason: str) -> None:
        if self._rests_until is None:
            _log.warning("Meilisearch is not asked for %g s: %s", self._rest_seconds, reason)
        self._rests_until = self._clock() + self._rest_seconds
