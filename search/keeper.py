"""A thread that keeps one child process running until it is told to stop.

Linux ends a tied child with the *thread* that started it, so the thread that starts it is one that
lives as long as we do, whatever becomes of the event loop.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Final

_log: Final = logging.getLogger(__name__)

_TERMINATE_SECONDS: Final = 10
_FIRST_BACKOFF_SECONDS: Final = 0.1
_LONGEST_BACKOFF_SECONDS: Final = 30.0
# A child that lived this long was well, so its restart is quick again.
_WELL_SECONDS: Final = 60


class ChildKeeper:
    """One child at a time. Until it is called well, its end is a failed start and is left at that."""

    def __init__(self, start_child: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start_child = start_child
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_well = False
        self._has_failed = False
        self._thread = threading.Thread(target=self._keep, name="meilisearch-keeper", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The child's process number, while there is a child."""
        child = self._child
        return None if child is None else child.pid

    @property
    def has_failed(self) -> bool:
        """Whether the child ended before it was called well."""
        return self._has_failed

    def call_well(self) -> bool:
        """Restart the child from now on whenever it ends; false if it ended already."""
        with self._guard:
            self._is_well = not self._has_failed
            return self._is_well

    def stop(self) -> None:
        """End the child, kindly and then not, and return when it is gone."""
        self._stopping.set()
        self._signal(subprocess.Popen.terminate)
        self._thread.join(_TERMINATE_SECONDS)
        if self._thread.is_alive():
            self._signal(subprocess.Popen.kill)
            self._thread.join()

    def _keep(self) -> None:
        backoff_seconds = _FIRST_BACKOFF_SECONDS
        while not self._stopping.is_set():
            started_at = time.monotonic()
            ending = self._run_once()
            with self._guard:
                if not self._is_well:
                    self._has_failed = True
                    return
            if self._stopping.is_set():
                return
            if time.monotonic() - started_at > _WELL_SECONDS:
                backoff_seconds = _FIRST_BACKOFF_SECONDS
            _log.warning("Meilisearch %s; starting it again in %.1f s", ending, backoff_seconds)
            self._stopping.wait(backoff_seconds)
            backoff_seconds = min(2 * backoff_seconds, _LONGEST_BACKOFF_SECONDS)

    def _run_once(self) -> str:
        """Start the child, wait for its end, and return how it ended."""
        try:
            with self._guard:
                # Seen under the same guard as `stop`, so that no child starts after it.
                if self._stopping.is_set():
                    return "was stopped"
                child = self._child = self._start_child()
        except OSError as error:
            return f"could not be started ({error})"
        code = child.wait()
        with self._guard:
            self._child = None
        return f"ended with {code}"

    def _signal(self, send: Callable[[subprocess.Popen[bytes]], None]) -> None:
        with self._guard:
            if self._child is not None:
                send(self._child)
