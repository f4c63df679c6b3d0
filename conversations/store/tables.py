"""What the statements run on. They are PostgreSQL's, with `:named` values; each store says them its own way."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
Value = str | int | None
Statement = tuple[str, Mapping[str, Value]]
"""A statement and its values by name."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Tables(ABC):
    """Tables that statements run on."""

    @abstractmethod
    def run(self, statement: str, **values: Value) -> list[Row]:
        """Run one statement, in the thread's transaction if there is one, and return its rows. Raises StoreError."""

    @abstractmethod
    def run_all(self, *statements: Statement) -> list[list[Row]]:
        """Run statements that do not wait for each other's rows in a transaction, in one go where a server is asked."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Write what is inside together or not at all; one inside another belongs to it."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Whether this thread is inside a transaction."""

    @abstractmethod
    def holding(self, *name: str) -> Statement:
        """Return what keeps every other transaction that holds this name waiting until this one ends."""

    def hold(self, *name: str) -> None:
        """Hold the name until the transaction ends."""
        statement, values = self.holding(*name)
        self.run(statement, **values)


def micros(at: datetime) -> int:
    """Return the time as whole microseconds since 1970 in UTC."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(count: int) -> datetime:
    """Return the time that many microseconds after the start of 1970."""
    return EPOCH + timedelta(microseconds=count)
