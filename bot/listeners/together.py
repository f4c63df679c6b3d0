"""What arrives at the same time is written at the same time: one write, and one wait for the disk, for all of it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass
class _Waiting(Generic[Item]):
    item: Item
    done: bool = False
    failed: bool = False


class Together(Generic[Item]):
    """Whoever comes first writes for all who have come by then; the others wait for that."""

    def __init__(self, write: Callable[[Sequence[Item]], object]) -> None:
        """`write` takes all of the items or raises."""
        self._write = write
        self._coming = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[_Waiting[Item]] = []

    def put(self, item: Item) -> None:
        """Return once the item is written. Raises what writing it raises, not what is wrong with another's."""
        own = _Waiting(item)
        with self._coming:
            self._waiting.append(own)
        with self._writing:
            if not own.done:
                self._write_all()
        if own.failed:
            self._write([item])

    def _write_all(self) -> None:
        with self._coming:
            batch, self._waiting = self._waiting, []
        try:
            self._write([each.item for each in batch])
        except Exception:
            if len(batch) == 1:
                raise
            for each in batch:
                each.failed = True
        finally:
            for each in batch:
                each.done = True
