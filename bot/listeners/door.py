"""The door: what Slack sends is written down durably, once, and only then acknowledged."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import perf_counter
from typing import Any

from slack_bolt import Ack

from bot.jobs import unread
from bot.listeners.guard import write_down
from bot.listeners.together import Together
from bot.metrics import Metrics
from conversations.errors import StoreError
from conversations.store.protocol import Job, Store

Payload = Mapping[str, Any]
Read = Callable[[Payload, Payload], Job | None]
"""Body and context to the job they call for; None if there is nothing to do."""


class Door:
    """Takes jobs in. Safe to share between threads."""

    def __init__(self, store: Store, wake: Callable[[], None], metrics: Metrics, clock: Callable[[], datetime]) -> None:
        """Write into `store`, then `wake` those who handle jobs."""
        self._together = Together(store.put_jobs)
        self._wake = wake
        self._metrics = metrics
        self._clock = clock

    def through(self, read: Read) -> Callable[..., None]:
        """Return a listener that writes down what `read` makes of a payload before it acknowledges it.

        A payload that cannot be read is acknowledged all the same, as Slack would only send it again: it is logged
        without content, and whoever sent it is told, as far as that much can be read.
        """

        def take(ack: Ack, body: Payload, context: Payload) -> None:
            start = perf_counter()
            job = self._job(read, body, context)
            self.take_in(job)
            ack()
            self._metrics.acked(job.kind if job else "nothing", perf_counter() - start)

        return take

    def take_in(self, job: Job | None) -> None:
        """Write the job down. Raises StoreError: then nothing is acknowledged, and Slack sends it again."""
        if job is not None:
            self._together.put(job)
            self._wake()

    def _job(self, read: Read, body: Payload, context: Payload) -> Job | None:
        try:
            return read(body, context)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a payload holds, it is answered for
            reference = write_down(error)
        try:
            return unread(context, reference, self._clock())
        except ValueError:
            return None
