"""What runs behind the door: a crew handles the jobs that were taken in, another carries letters to Slack."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from slack_sdk import WebClient

from bot.farewell import Farewell
from bot.handling import Handling
from bot.relay import Relay
from bot.settings import Settings
from bot.tools import Tools
from bot.worker import Crew
from conversations.store.protocol import Job, Letter

HANDLERS, CARRIERS = 6, 4
CLAIM_SECONDS = 1.0
"""How often a crew looks by itself: for what another process left, and for what was put off."""


@dataclass(frozen=True)
class Works:
    """The running parts. `client_of` talks to a workspace, waiting where Slack asks to slow down."""

    tools: Tools
    client_of: Callable[[str], WebClient]
    jobs: Crew[Job]
    letters: Crew[Letter]

    def start(self) -> None:
        """Begin, with what an earlier run left."""
        self.jobs.start()
        self.letters.start()

    def stop(self, seconds: float) -> bool:
        """Take nothing more and wait for what is being done; the rest stays in the store. Whether all was finished."""
        until = time.monotonic() + seconds
        jobs, letters = self.jobs.stop(until), self.letters.stop(until)
        return jobs and letters

    def wake(self) -> None:
        """Tell that something was queued by other means."""
        self.jobs.wake()
        self.letters.wake()


def put_together(
    tools: Tools,
    settings: Settings,
    client_of: Callable[[str], WebClient],
    carrier_of: Callable[[str], WebClient],
    farewell: Farewell,
) -> Works:
    """Return the parts, not started yet; `carrier_of` gives the clients that do not wait by themselves."""
    store, clock, lease = tools.conversations.store, tools.clock, timedelta(seconds=settings.lease_seconds)
    interval = timedelta(seconds=settings.post_seconds)
    handling, relay = Handling(tools, client_of, carrier_of, farewell), Relay(tools, carrier_of, lease)
    letters = Crew(
        "letters",
        lambda: store.claim_letter(clock(), lease, interval, settings.post_burst),
        relay.deliver,
        CARRIERS,
        CLAIM_SECONDS,
    )

    def handle(job: Job) -> None:
        handling.handle(job)
        letters.wake()

    jobs = Crew("jobs", lambda: store.claim_job(clock(), lease), handle, HANDLERS, CLAIM_SECONDS)
    return Works(tools, client_of, jobs, letters)
