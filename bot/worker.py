"""Threads that take what waits in the store, one by one, and sleep while there is nothing."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.listeners.guard import where_it_failed

log = logging.getLogger("kakunin.slack")

Item = TypeVar("Item")


class Crew(Generic[Item]):
    """So many threads that `claim` and then `act`; None claimed: they wait until woken, or for `seconds`."""

    def __init__(
        self, name: str, claim: Callable[[], Item | None], act: Callable[[Item], None], threads: int, seconds: float
    ) -> None:
        """Nothing runs before `start`."""
        self._claim = claim
        self._act = act
        self._seconds = seconds
        self._changed = threading.Condition()
        self._woken = self._exhausted = 0
        self._busy = 0
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, name=f"{name} {n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Let the threads run."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Tell that there may be something to take."""
        with self._changed:
            self._woken += 1
            self._changed.notify_all()

    def stop(self, until: float) -> bool:
        """Take nothing more, and wait for what is being done until then (monotonic s); whether all was finished."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def resting(self) -> bool:
        """Whether no thread is at work, and nothing was left to take when one looked last."""
        with self._changed:
            return self._busy == 0 and self._exhausted == self._woken

    def _run(self) -> None:
        while not self._stopping:
            with self._changed:
                woken = self._woken
                self._busy += 1
            worked = self._one()
            with self._changed:
                self._busy -= 1
                if not worked:
                    self._exhausted = max(self._exhausted, woken)
                    self._wait(woken)

    def _wait(self, woken: int) -> None:
        """Sleep until somebody wakes the crew after `woken` wakings; the caller holds the condition."""
        self._changed.wait_for(lambda: self._stopping or self._woken != woken, self._seconds)

    def _one(self) -> bool:
        """Take and do one; whether there was one. What goes wrong here is the store's: it is tried again later."""
        try:
            item = self._claim()
            if item is None:
                return False
            self._act(item)
        except Exception as error:  # noqa: BLE001 - a thread that ended would leave everything waiting
            log.error("what waits could not be done: %s", where_it_failed(error))  # noqa: TRY400 - no content
            return False
        return True
