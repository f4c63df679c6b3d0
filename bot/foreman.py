"""Keeps the workshop going: starts it, wakes it, counts what it tells, and starts it anew if it ends by itself."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bot.metrics import Metrics
from bot.workshop import READY

alert = logging.getLogger("kakunin.alert")
log = logging.getLogger("kakunin.serve")

WORKSHOP: Sequence[str] = (sys.executable, "-m", "bot.workshop")
AGAIN_SECONDS = 1.0
LAST_WORDS_SECONDS = 1.5

Process = subprocess.Popen[bytes]


class Foreman:
    """One workshop at a time."""

    def __init__(self, metrics: Metrics) -> None:
        """Count into `metrics`; nothing runs yet."""
        self._metrics = metrics
        self._process: Process | None = None
        self._ready = False
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, name="foreman", daemon=True)

    def start(self) -> None:
        """Start the workshop; it is ready some time later."""
        self._keeper.start()

    @property
    def ready(self) -> bool:
        """Whether the workshop is at work."""
        return self._ready

    def wake(self) -> None:
        """Tell that there is something to do. One that is only starting looks by itself."""
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError, ValueError):  # full: it has enough to wake it; closed: it is ending
                os.write(process.stdin.fileno(), b"\n")

    def stop(self, seconds: float) -> None:
        """Let what runs finish, for so long at most, and the workshop say what it could not."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
        self._keeper.join(seconds + LAST_WORDS_SECONDS)
        if self._keeper.is_alive() and process is not None:
            process.kill()
            self._keeper.join()

    def _keep(self) -> None:
        while (process := self._started()) is not None:
            with process:
                self._listen(process)
            self._ready = False
            if not self._stopping.is_set():
                alert.error("the workshop ended with status %s; it is started anew", process.returncode)
                self._stopping.wait(AGAIN_SECONDS)

    def _started(self) -> Process | None:
        """Return a new workshop; None once there should be none."""
        with self._lock:
            if self._stopping.is_set():
                return None
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(WORKSHOP, stdin=pipe, stdout=pipe)  # noqa: S603 - our own command
            if self._process.stdin is not None:  # an acknowledgement never waits for a full pipe
                os.set_blocking(self._process.stdin.fileno(), False)
            return self._process

    def _listen(self, process: Process) -> None:
        for line in process.stdout or ():
            name, *given = json.loads(line)
            if name == READY:
                self._ready = True
                log.info("the workshop is at work")
            else:
                getattr(self._metrics, name)(*given)


@contextmanager
def at_hand(foreman: Foreman, stop_seconds: float) -> Iterator[None]:
    """Have a workshop while inside."""
    foreman.start()
    try:
        yield
    finally:
        foreman.stop(stop_seconds)
