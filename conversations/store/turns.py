"""Whose turn it is to write to a file: processes wait for each other in the kernel, awake the moment it is theirs.

SQLite's own lock decides who may write; waiting for that alone means to sleep and look again, for longer each time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """The turns at one file, kept with a lock on a file beside it; a process that ends lets go of it."""

    def __init__(self, file: str) -> None:
        """Open the file beside `file`, making it. Raises OSError."""
        self._lock = os.open(f"{file}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    @contextmanager
    def own(self) -> Iterator[None]:
        """Have the turn while inside. One thread of the process at a time may ask for it, and not twice."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._lock)
