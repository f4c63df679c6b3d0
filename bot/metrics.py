"""What is counted and measured, for Prometheus. `Metrics` counts nothing; `Counted` does, in a registry of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from conversations.models import OPINIONS
from conversations.service import utc_now
from conversations.store.protocol import Backlog
from rules.models import VERDICTS

ACK_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Slack shows an error when it has waited for three seconds."""
JOB_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONFIRMATIONS = ASKED, CONFIRMED, REFUSED = ("asked", "confirmed", "refused")
ALERTS = (
    *("book", "bringing", "evaluator", "foreman", "impact", "making", "relay", "rounds", "unreached", "validity"),
    *("watching", "socket_disconnected", "clock_step"),
)
"""What an alert in the log is counted as: its code, else the module that raised it. There from the start, at zero."""


class Metrics:
    """What listeners, worker and relay tell; this one lets it pass, for tests and the terminal."""

    def acked(self, kind: str, seconds: float) -> None:
        """A payload of Slack's was acknowledged so long after it came."""

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        """A job ended one way or another (`done`, `again`, `dead`), so long after it was claimed."""

    def letter(self, outcome: str) -> None:
        """A letter ended one way or another (`sent`, `again`, `dead`)."""

    def case_started(self) -> None:
        """A case was started."""

    def verdict(self, verdict: str) -> None:
        """A verdict was given."""

    def opinion(self, kind: str) -> None:
        """Somebody said what they think of a verdict."""

    def confirmation(self, what: str) -> None:
        """Somebody was asked to confirm something, or did, or refused (out of CONFIRMATIONS)."""

    def refused(self, code: str) -> None:
        """A person was told that something cannot be taken, and why."""

    def alerted(self, what: str) -> None:
        """An alert went to the log."""


class Counted(Metrics):
    """Counts in `registry`, which belongs to it alone."""

    def __init__(self) -> None:
        """Begin at zero, with the process's own figures (memory, CPU, open files) beside."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._acks = self._counter("acks", "Payloads acknowledged.", "kind")
        self._ack_seconds = self._histogram("ack_seconds", "From payload to acknowledgement.", ACK_BUCKETS)
        self._jobs = self._counter("jobs", "Jobs handled, by how that ended.", "kind", "outcome")
        self._job_seconds = self._histogram("job_seconds", "From claiming a job to its end.", JOB_BUCKETS)
        self._letters = self._counter("letters", "Letters tried, by how that ended.", "outcome")
        self._cases = self._counter("cases_started", "Cases started.")
        self._verdicts = self._counter("verdicts", "Verdicts given.", "verdict")
        self._opinions = self._counter("opinions", "What askers think of verdicts.", "kind")
        self._confirmations = self._counter("confirmations", "What people were asked to confirm, and said.", "what")
        self._refusals = self._counter("refusals", "What people were told cannot be taken.", "code")
        self._alerts = self._counter("alerts", "Alerts written to the log.", "alert")
        for verdict in VERDICTS:
            self._verdicts.labels(verdict)
        for kind in OPINIONS:
            self._opinions.labels(kind)
        for what in CONFIRMATIONS:
            self._confirmations.labels(what)
        for name in ALERTS:
            self._alerts.labels(name)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"kakunin_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"kakunin_{name}", text, buckets=buckets, registry=self.registry)

    def acked(self, kind: str, seconds: float) -> None:
        """Count it, and observe the time."""
        self._acks.labels(kind).inc()
        self._ack_seconds.observe(seconds)

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        """Count it, and observe the time."""
        self._jobs.labels(kind, outcome).inc()
        self._job_seconds.observe(seconds)

    def letter(self, outcome: str) -> None:
        """Count it."""
        self._letters.labels(outcome).inc()

    def case_started(self) -> None:
        """Count it."""
        self._cases.inc()

    def verdict(self, verdict: str) -> None:
        """Count it."""
        self._verdicts.labels(verdict).inc()

    def opinion(self, kind: str) -> None:
        """Count it."""
        self._opinions.labels(kind).inc()

    def confirmation(self, what: str) -> None:
        """Count it."""
        self._confirmations.labels(what).inc()

    def refused(self, code: str) -> None:
        """Count it."""
        self._refusals.labels(code).inc()

    def alerted(self, what: str) -> None:
        """Count it."""
        self._alerts.labels(what).inc()

    def also(self, standing: "Standing") -> None:
        """Show, too, how things stand whenever somebody reads."""
        self.registry.register(standing)

    def page(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self.registry)


@dataclass(frozen=True)
class Standing(Collector):
    """How things stand at the moment of reading. A question that has no answer now leaves its gauges out."""

    about: Callable[[], Mapping[str, str] | None]
    ready: Callable[[], bool]
    backlog: Callable[[], Backlog | None] = lambda: None
    connected: Callable[[], bool | None] = lambda: None
    free_bytes: Callable[[], int | None] = lambda: None
    now: Callable[[], datetime] = utc_now

    def describe(self) -> list[Metric]:
        """Return nothing: registering does not ask the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield a gauge for each thing known now."""
        if (about := self.about()) is not None:
            yield InfoMetricFamily("kakunin_build", "What is running.", dict(about))
        yield _gauge("ready", "1 if /readyz says so.", self.ready())
        if (connected := self.connected()) is not None:
            yield _gauge("socket_connected", "1 while the web socket of Socket Mode is up.", connected)
        if (room := self.free_bytes()) is not None:
            yield _gauge("store_free_bytes", "Room left where the store is.", room)
        if (backlog := self.backlog()) is not None:
            yield from self._backlog(backlog)

    def _backlog(self, backlog: Backlog) -> Iterator[Metric]:
        yield _gauge("inbox_jobs", "Jobs to be handled.", backlog.jobs)
        yield _gauge("inbox_oldest_seconds", "Age of the oldest job; 0 if none.", self._age(backlog.oldest_job))
        yield _gauge("outbox_letters", "Letters to be sent.", backlog.letters)
        yield _gauge("outbox_oldest_seconds", "Age of the oldest letter; 0 if none.", self._age(backlog.oldest_letter))
        yield _gauge("outbox_dead_letters", "Letters given up.", backlog.dead)
        yield _gauge("confirmations_waiting", "Confirmations asked for and not answered.", backlog.confirmations)

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self.now() - since).total_seconds()) if since else 0.0


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"kakunin_{name}", text, value=float(value))
