"""What is looked at every second while the bot serves: whether Socket Mode is connected, and the clock."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

alert = logging.getLogger("kakunin.alert")
log = logging.getLogger("kakunin.serve")

JUMP_SECONDS = 2.0


class Socket(Protocol):
    """What is asked of slack_sdk's client."""

    def is_connected(self) -> bool:
        """Whether the web socket is up."""

    def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - slack_sdk's signature
        """Ask Slack for an address and connect to it."""


class Watchdog:
    """Watches a web socket that heals itself, for the time that it does not."""

    def __init__(
        self,
        socket: Socket,
        patience: float,
        limit: float,
        give_up: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raise an alert and help after `patience` seconds without a connection, give up after `limit`."""
        self._socket = socket
        self._patience = patience
        self._limit = limit
        self._give_up = give_up
        self._clock = clock
        self._last = clock()
        self._met = False
        self._alerted = False
        self._helper: threading.Thread | None = None

    @property
    def connected(self) -> bool:
        """Whether it is connected, or was a moment ago."""
        return self._met and self._clock() - self._last < self._patience

    def look(self) -> None:
        """Look once."""
        if self._socket.is_connected():
            if self._alerted:
                log.warning("Socket Mode is connected again")
            self._last, self._met, self._alerted = self._clock(), True, False
            return
        away = self._clock() - self._last
        if away >= self._limit:
            alert.error("Socket Mode is given up, the process ends", extra={"code": "socket_disconnected"})
            self._give_up()
        elif away >= self._patience:
            self._raise_alert(away)
            self._help()

    def _raise_alert(self, away: float) -> None:
        if not self._alerted:
            self._alerted = True
            alert.error("Socket Mode is not connected for %.0f s", away, extra={"code": "socket_disconnected"})

    def _help(self) -> None:
        """Connect in a thread of its own: it may hang, and then somebody still has to look."""
        if self._helper is None or not self._helper.is_alive():
            self._helper = threading.Thread(target=self._reconnect, name="reconnect", daemon=True)
            self._helper.start()

    def _reconnect(self) -> None:
        try:
            self._socket.connect_to_new_endpoint()
        except Exception as error:  # noqa: BLE001 - the next look tries again
            log.warning("connecting again failed: %s", type(error).__name__)
        time.sleep(self._patience)  # Slack gives out few addresses a minute, and the client asks as well


class ClockWatch:
    """Notices when the wall clock moves against the steady one."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        """Take the clocks as they are now for right."""
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()

    def look(self) -> None:
        """Look once; a step is told once, and no drift is."""
        before, self._offset = self._offset, self._wall() - self._steady()
        if abs(self._offset - before) >= JUMP_SECONDS:
            alert.error("the clock was set by %+.0f s", self._offset - before, extra={"code": "clock_step"})
