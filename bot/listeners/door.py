"""The door: what Slack sends is written down durably, once, and only then acknowledged."""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from slack_bolt import Ack

from bot.listeners.guard import where_it_failed
from bot.listeners.together import Together
from bot.metrics import Metrics
from conversations.errors import StoreError
from conversations.store.protocol import Job, Store

log = logging.getLogger("kakunin.slack")

Payload = Mapping[str, Any]
Read = Callable[[Payload, Payload], Job | None]
"""Body and context to the job they call for; None if there is nothing to do."""


class Door:
    """Takes jobs in. Safe to share between threads."""

    def __init__(self, store: Store, wake: Callable[[], None], metrics: Metrics) -> None:
        """Write into `store`, then `wake` those who handle jobs."""
        self._together = Together(store.put_jobs)
        self._wake = wake
        self._metrics = metrics

    def through(self, read: Read) -> Callable[..., None]:
        """Return a listener that writes down what `read` makes of a payload before it acknowledges it.

        A payload that cannot be read is logged without content and acknowledged: Slack would only send it again.
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
        except Exception as error:  # noqa: BLE001 - there is nobody to tell: who and where could not be read
            log.error("a payload could not be read: %s", where_it_failed(error))  # noqa: TRY400 - it holds content
            return None
