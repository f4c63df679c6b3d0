"""For supervisors and Prometheus, on a port of its own: /healthz, /readyz and /metrics."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from flask import Flask, Response

from bot.metrics import Counted

PLAIN = "text/plain; charset=utf-8"
METRICS = "text/plain; version=0.0.4; charset=utf-8"
STORE_SECONDS = 2.0
NOT_READY = 503

Answer = TypeVar("Answer")
Check = tuple[str, Callable[[], bool]]
"""What is wrong if it does not hold, and whether it holds."""


class Timely(Generic[Answer]):
    """Asks something that may hang: in one thread, one question at a time, and waits only so long."""

    def __init__(self, ask: Callable[[], Answer], seconds: float) -> None:
        """Nothing is asked yet."""
        self._ask = ask
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="timely")
        self._lock = threading.Lock()
        self._asked: Future[Answer] | None = None

    def __call__(self) -> Answer | None:
        """Return the answer, or None if there is none in time or asking fails."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = self._pool.submit(self._ask)
            asked = self._asked
        try:
            return asked.result(self._seconds)
        except Exception:  # noqa: BLE001 - whatever it is, there is no answer
            return None


class Readiness:
    """Whether the bot can do its work now, and if not, why."""

    def __init__(self) -> None:
        """Not ready until opened."""
        self._checks: tuple[Check, ...] = ()
        self._open = False

    def open(self, *checks: Check) -> None:
        """Be ready while every check holds."""
        self._checks = checks
        self._open = True

    def close(self) -> None:
        """Not ready any more, whatever the checks say."""
        self._open = False

    @property
    def fault(self) -> str:
        """Return a short reason why not, or nothing."""
        if not self._open:
            return "starting or stopping"
        return next((reason for reason, holds in self._checks if not holds()), "")

    def __bool__(self) -> bool:
        """Whether it is ready."""
        return not self.fault


def health_app(readiness: Readiness, metrics: Counted) -> Flask:
    """Return the WSGI application with the three pages. It tells codes and numbers to whoever asks."""
    flask = Flask("health")

    @flask.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", content_type=PLAIN)

    @flask.get("/readyz")
    def ready() -> Response:
        fault = readiness.fault
        return Response(f"{fault or 'ready'}\n", NOT_READY if fault else 200, content_type=PLAIN)

    @flask.get("/metrics")
    def figures() -> Response:
        return Response(metrics.page(), content_type=METRICS)

    return flask
