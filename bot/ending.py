"""How and when a process of the bot ends."""

import logging
import os
import signal
import threading

log = logging.getLogger("kakunin.serve")

GAVE_UP = 1
GRACE_SECONDS = 3.0
"""For closing the store after the time for running work is over."""


class Ending:
    """Asked to (0), or because it gave up (1)."""

    def __init__(self) -> None:
        """Listen to the signals from now on, also while the bot is still starting."""
        self.status = 0
        self._told = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._told.set())

    def give_up(self) -> None:
        """End with an error, so that a supervisor starts the bot anew."""
        self.status = GAVE_UP
        self._told.set()

    def wait(self) -> None:
        """Return when the process is to end."""
        self._told.wait()


def end_within(seconds: float, status: int = 0) -> None:
    """End the process after so long, and some grace, whatever still runs: all of it is in the store."""
    cut = threading.Timer(seconds + GRACE_SECONDS, _cut, (status,))
    cut.daemon = True
    cut.start()


def _cut(status: int) -> None:
    log.warning("the process did not come to its end in time; what is in the store is taken up at the next start")
    logging.shutdown()
    os._exit(status)
