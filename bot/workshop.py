"""The process behind the door: it handles what was taken in, carries letters to Slack, and goes the rounds.

`kakunin serve` starts it (bot/foreman.py), so that acknowledgements share no interpreter with what follows from them.
A byte on standard input wakes it, the end of input ends it; on standard output it tells what is to be counted, a line
of JSON each.
"""

import json
import os
import signal
import sys
import threading
from contextlib import ExitStack, suppress

from bot.app import build_house, build_tools, build_works
from bot.courier import Courier, at_work
from bot.ending import end_within
from bot.logs import counted_alerts, log_as
from bot.metrics import Metrics
from bot.settings import Settings, load_settings
from conversations.store.opening import open_store

READY = "ready"
NICER = 15
"""How much the door goes before this process where both want the processor."""
WAKINGS = 65_536


class Told(Metrics):
    """Passes everything on to whoever reads this process's output."""

    def __init__(self) -> None:
        """Begin a line at a time."""
        self._lock = threading.Lock()

    def tell(self, name: str, *given: object) -> None:
        """Write a line; a reader that is gone is about to end this process."""
        line = json.dumps([name, *given]).encode() + b"\n"
        with self._lock, suppress(OSError):
            os.write(sys.stdout.fileno(), line)

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        """Pass it on."""
        self.tell("job", kind, outcome, seconds)

    def letter(self, outcome: str) -> None:
        """Pass it on."""
        self.tell("letter", outcome)

    def case_started(self) -> None:
        """Pass it on."""
        self.tell("case_started")

    def verdict(self, verdict: str) -> None:
        """Pass it on."""
        self.tell("verdict", verdict)

    def refused(self, code: str) -> None:
        """Pass it on."""
        self.tell("refused", code)

    def alerted(self, what: str) -> None:
        """Pass it on."""
        self.tell("alerted", what)


def main() -> int:
    """Work until the end of input; what runs then may still finish. Returns 0."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever holds the other end decides when
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # where the service manager does not let it
        os.nice(NICER)
    settings = load_settings()
    log_as(settings)
    _work(settings, Told())
    return 0


def _work(settings: Settings, told: Told) -> None:
    with ExitStack() as stack:
        stack.enter_context(counted_alerts(told.alerted))
        store = open_store(settings.store)
        stack.callback(store.close)
        tools = build_tools(build_house(settings.overlay, settings.overlays), store, settings, told)
        works = build_works(tools, settings)
        stack.enter_context(at_work(works, Courier(works, settings), settings))
        told.tell(READY)
        while os.read(sys.stdin.fileno(), WAKINGS):
            works.wake()
        end_within(settings.stop_seconds)


if __name__ == "__main__":
    sys.exit(main())
