"""Structured logs: one event a line, with the request it belongs to, never with what was typed."""

import json
import logging
import logging.config
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

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
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
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
