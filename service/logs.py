"""Structured logs: one event a line, with the request it belongs to, never with what was typed."""

import atexit
import json
import logging
import logging.config
import os
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Any, Final, Literal

import orjson
from typing_extensions import override

# A few seconds of a service that is asked as much as it can answer.
_WAITING_MOST: Final = 10_000
_GATHERING_SECONDS: Final = 0.02
_CLOSING_SECONDS: Final = 1.0

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": record.getMessage(),
    }
    if (current := request_id.get()) is not None:
        fields["request_id"] = current
    fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
    if record.exc_info and record.exc_info[0] is not None:
        fields["error"] = record.exc_info[0].__name__
    return fields


class JsonFormatter(logging.Formatter):
    """An event as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as a line."""
        fields = _fields(record)
        try:
            return orjson.dumps(fields, default=str).decode()
        except TypeError:
            # Half a surrogate pair, or a number beyond 64 bits, which only the slower one can write.
            return json.dumps(fields, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """An event as a line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as a line."""
        fields = _fields(record)
        head = [fields.pop(name) for name in ("at", "level", "logger", "event")]
        rest = " ".join(f"{name}={value}" for name, value in fields.items())
        return f"{head[0][11:19]} {head[1]:<7} {head[3]} {rest}".rstrip()


class LineWriter(logging.Handler):
    """Writes events to a file, standard error if none is named, from a thread of its own.

    Whoever logs never waits: not for a disk that is busy, nor for one who should read a pipe and does
    not. Events that find too many waiting are left out, and the log says how many once it is written
    again. A process that is killed loses those of its last moment.
    """

    def __init__(self, file: int | None = None, *, most: int = _WAITING_MOST) -> None:
        super().__init__()
        self._file = sys.stderr.fileno() if file is None else file
        self._waiting: Queue[str] = Queue(most)
        self._left_out = 0
        self._counting = Lock()
        self._is_open = True
        self._thread = Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Have an event written soon."""
        # What it says is put together here: only who logs knows which request it belongs to.
        line = self.format(record)
        try:
            self._waiting.put_nowait(line)
        except Full:
            with self._counting:
                self._left_out += 1

    @override
    def close(self) -> None:
        """Write what waits, as far as that can be done in a moment."""
        atexit.unregister(self.close)
        self._is_open = False
        with suppress(Full):
            # It may be waiting for something to write.
            self._waiting.put_nowait("")
        self._thread.join(_CLOSING_SECONDS)
        super().close()

    def _write_all(self) -> None:
        while self._is_open or not self._waiting.empty():
            lines = [self._waiting.get()]
            if self._is_open:
                # A busy service writes fifty times a second, and not once for each answer.
                time.sleep(_GATHERING_SECONDS)
            with suppress(Empty):
                while True:
                    lines.append(self._waiting.get_nowait())
            self._write([line for line in lines if line])

    def _write(self, lines: list[str]) -> None:
        with self._counting:
            left_out, self._left_out = self._left_out, 0
        told = [self.format(_left_out_event(left_out))] if left_out else []
        text = "".join(f"{line}\n" for line in lines + told)
        left = memoryview(text.encode(errors="backslashreplace"))
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            with self._counting:
                self._left_out += left_out + len(lines)


def _left_out_event(count: int) -> logging.LogRecord:
    said = {"name": "precedent.logs", "levelno": logging.WARNING, "levelname": "WARNING"}
    return logging.makeLogRecord(said | {"msg": "events were left out of the log", "count": count})


def configure_logs(level: str, style: Literal["auto", "json", "text"]) -> None:
    """Send every event to standard error in one form."""
    as_text = style == "text" or (style == "auto" and sys.stderr.isatty())
    formatter = TextFormatter if as_text else JsonFormatter
    # What no line says is not looked up either: which thread, which process, which line of ours.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - so Python's own manual has it
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": formatter}},
            "handlers": {"stderr": {"()": LineWriter, "formatter": "line"}},
            "root": {"level": level, "handlers": ["stderr"]},
            "loggers": {
                "uvicorn.access": {"level": "CRITICAL", "propagate": False},
                "uvicorn.error": {"level": "WARNING"},
                "alembic": {"level": "WARNING"},
                "aiosqlite": {"level": "WARNING"},
                "asyncio": {"level": "WARNING"},
                # It would say of each try that it failed, and then of all of them.
                "opentelemetry": {"level": "ERROR"},
            },
        }
    )
