"""The store on SQL tables, whole; what is left to each kind is how to connect, to run a statement and to lock."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from conversations.errors import StoreError
from conversations.store.desk import DeskTables
from conversations.store.files import Files
from conversations.store.inbox import Inbox
from conversations.store.installations import InstallationTables
from conversations.store.marks import MarkTables
from conversations.store.migrations import MIGRATIONS
from conversations.store.notices import NoticeTables
from conversations.store.outlines import OutlineTables
from conversations.store.people import PeopleTables
from conversations.store.protocol import Backlog
from conversations.store.rulings import RulingTables
from conversations.store.tables import Row, moment
from conversations.store.undelivered import Undelivered
from conversations.store.weeks import WeekTables


class SqlStore(
    DeskTables,
    MarkTables,
    RulingTables,
    OutlineTables,
    NoticeTables,
    Inbox,
    Undelivered,
    Files,
    PeopleTables,
    InstallationTables,
    WeekTables,
):
    """Implements `Store` but for what each kind does its own way."""

    where: str
    """What the store is called in messages."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything held open."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Read everything inside as it was at one moment, without keeping writers waiting."""

    @abstractmethod
    def run_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row, inside a transaction."""

    @abstractmethod
    def count_on(self, table: str) -> None:
        """Number new rows of the table behind those that were copied into it."""

    @abstractmethod
    def _schema(self) -> int:
        """Return how many steps of MIGRATIONS were taken."""

    @abstractmethod
    def _set_schema(self, steps: int) -> None:
        """Write down how many were taken."""

    @abstractmethod
    def _spelt(self, step: str) -> str:
        """Return a statement of MIGRATIONS as this kind of store takes it."""

    def _up_to_date(self) -> bool:
        """Whether there is nothing to migrate, so that a store in use can be opened without waiting for it."""
        return self._schema() == len(MIGRATIONS)

    def _migrate(self) -> None:
        """Take the steps that are still to be taken; the caller holds a transaction that keeps others out."""
        done = self._schema()
        if done > len(MIGRATIONS):
            raise StoreError(f"the store {self.where} was written by a newer version; update Kakunin to open it")
        for statements in MIGRATIONS[done:]:
            for statement in statements:
                self.run(self._spelt(statement))
        if done < len(MIGRATIONS):
            self._set_schema(len(MIGRATIONS))

    def backlog(self, workspace: str = "") -> Backlog:
        """Return what is still to be done; dead are the letters that were given up."""
        its = "workspace = :workspace AND" if workspace else ""
        (row,) = self.run(
            f"""SELECT
            (SELECT count(*) FROM jobs WHERE {its} stage = 'waiting') AS jobs,
            (SELECT min(at) FROM jobs WHERE {its} stage = 'waiting') AS oldest_job,
            (SELECT count(*) FROM letters WHERE {its} stage = 'waiting') AS letters,
            (SELECT min(at) FROM letters WHERE {its} stage = 'waiting') AS oldest_letter,
            (SELECT count(*) FROM letters WHERE {its} stage = 'dead') AS dead,
            (SELECT count(*) FROM confirmations WHERE {its} value = '' AND ended = '' AND claimed = 0) AS asked""",  # noqa: S608 - our own words
            **({"workspace": workspace} if workspace else {}),
        )
        oldest = [None if row[name] is None else moment(row[name]) for name in ("oldest_job", "oldest_letter")]
        return Backlog(row["jobs"], oldest[0], row["letters"], oldest[1], row["dead"], row["asked"])
