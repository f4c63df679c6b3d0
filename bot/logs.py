"""Lines for the operator on standard error: readable, or one JSON object each. Never what people wrote.

Our own messages hold codes and ids. What a library says may quote a payload, so of that only where it was said, and the
kind of error, go through, and only warnings and worse. No traceback is printed: it ends in an error's text.
"""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType

from bot.listeners.guard import where_it_failed
from bot.settings import Settings

OURS = "kakunin."
"""Our loggers; `kakunin` itself is Bolt's and Flask's name for the app."""
FIELDS = ("reference", "kind", "code")
"""What may be given as `extra` to a log call, and becomes a field of its own."""
PLAIN = (
    "Failed to establish a connection",
    "Failed to retrieve WSS URL",
    "Failed to check the current session or reconnect to the server",
    "Received an unexpected response for handshake",
    "Failed to send a request to Slack API server",
    "on_error invoked",
    "The current session",
)
"""How messages begin that help an operator: this much of them is told."""

crash = logging.getLogger("kakunin.crash")


def log_as(settings: Settings) -> None:
    """Let every logger of the process, and what ends a thread, speak this way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log == "json" else TextLines())
    handler.addFilter(worth_telling)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS.removesuffix(".")).setLevel(settings.log_level.upper())
    threading.excepthook = _thread_ended
    sys.excepthook = _process_ended


@contextmanager
def counted_alerts(count: Callable[[str], None]) -> Iterator[None]:
    """Count each alert while inside: by its code, else by the module that raised it."""
    alert, handler = logging.getLogger("kakunin.alert"), _Counting(count)
    alert.addHandler(handler)
    try:
        yield
    finally:
        alert.removeHandler(handler)


class _Counting(logging.Handler):
    def __init__(self, count: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:
        self._count(str(getattr(record, "code", record.module)))


def worth_telling(record: logging.LogRecord) -> bool:
    """Whether a line is written: ours by their level, a library's from WARNING on."""
    return record.name.startswith(OURS) or record.levelno >= logging.WARNING


def told(record: logging.LogRecord) -> str:
    """Return the message without anything that could be content."""
    error = record.exc_info[1] if record.exc_info else None
    failed = f": {where_it_failed(error)}" if error else ""
    if record.name.startswith(OURS):
        return record.getMessage() + failed
    text = str(record.msg)
    said = next((begin for begin in PLAIN if text.startswith(begin)), "a message of a library, withheld")
    return f"{said} [{record.filename}:{record.lineno}]{failed}"


class TextLines(logging.Formatter):
    """`time LEVEL logger: message reference=…`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        return f"{_time(record)} {record.levelname} {record.name}: {_one_line(told(record))}{fields}"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the fields that were given."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"time": _time(record), "level": record.levelname, "logger": record.name, "message": told(record)}
        return json.dumps(line | _fields(record), ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, str]:
    return {name: str(getattr(record, name)) for name in FIELDS if hasattr(record, name)}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _thread_ended(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        crash.error("a thread ended: %s", where_it_failed(what.exc_value))


def _process_ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    crash.critical("the process ended: %s", where_it_failed(error))
