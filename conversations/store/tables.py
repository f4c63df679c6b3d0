"""What the statements run on. They are PostgreSQL's, with `:named` values; each store says them its own way."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
Value = str | int | None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Tables(ABC):
    """Tables that statements run on."""

    @abstractmethod
    def run(self, statement: str, **values: Value) -> list[Row]:
        """Run one statement, in the thread's transaction if there is one, and return its rows. Raises StoreError."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Write what is inside together or not at all; one inside another belongs to it."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether this thread is inside a transaction."""

    @abstractmethod
    def hold(self, *name: str) -> None:
        """Keep every other transaction that holds this name waiting until this one ends."""


def micros(at: datetime) -> int:
    """Return the time as whole microseconds since 1970 in UTC."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(count: int) -> datetime:
    """Return the time that many microseconds after the start of 1970."""
    return EPOCH + timedelta(microseconds=count)
