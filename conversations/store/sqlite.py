"""The embedded store: SQLite through sqlite-utils, WAL with full sync, a connection a thread, one writer at a time."""

import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from conversations.errors import StoreError
from conversations.store.sql import SqlStore
from conversations.store.tables import Row, Value

BUSY_SECONDS = 10.0
TOLD = {
    "made_at": """CAST(strftime('%s', json_extract(body, '$.made_at')) AS INTEGER) * 1000000
        + CAST(substr(json_extract(body, '$.made_at'), 21, 6) AS INTEGER)""",
    "verdict": "json_extract(body, '$.result.verdict')",
    "data_class": "json_extract(body, '$.result.data_class')",
    "service": "json_extract(body, '$.service')",
}
"""How to read a receipt's body; SQLite knows no microseconds, they are the digits behind the point."""
ROW_LOCK = re.compile(r"\s+FOR (NO KEY )?UPDATE( SKIP LOCKED)?")


class SqliteStore(SqlStore):
    """Implements `Store` on one file; `:memory:` keeps it in this process, on one shared connection."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, creating or migrating it. Raises StoreError if it cannot be used."""
        self.where = str(path)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._shared: Database | None = None
        try:
            self._shared = self._connect() if self.where == ":memory:" else None
            if not self._up_to_date():
                with self.transaction():
                    self._migrate()
        except StoreError:
            self.close()
            raise

    def _connect(self) -> Database:
        with self._told():
            connection = sqlite3.connect(
                self.where, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            with self._lock:
                self._open.append(connection)
            _write_ahead(connection)
            for pragma in ("synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
        return Database(connection)

    @property
    def _db(self) -> Database:
        if self._shared is not None:
            return self._shared
        if not hasattr(self._local, "db"):
            self._local.db = self._connect()
        database: Database = self._local.db
        return database

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is wrong with the file, not with a statement, is a StoreError."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.Error as error:
            raise StoreError(f"the store {self.where} cannot be used: {error}") from error

    def run(self, statement: str, **values: Value) -> list[Row]:
        """Run one statement. Raises StoreError if the file cannot be read or written."""
        statement = _without_row_locks(statement)
        with self._alone(statement), self._told():
            cursor = self._db.execute(statement, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def run_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row."""
        with self._lock, self._told():
            self._db.conn.executemany(statement, rows)

    def count_on(self, table: str) -> None:
        """SQLite does so by itself."""

    def _alone(self, statement: str) -> AbstractContextManager[object]:
        """Writers of this process come one after the other, and so do all on a shared connection."""
        return nullcontext() if self._shared is None and statement.startswith("SELECT") else self._lock

    def _schema(self) -> int:
        return int(self.run("PRAGMA user_version")[0]["user_version"])

    def _set_schema(self, steps: int) -> None:
        self.run(f"PRAGMA user_version = {steps}")

    def _spelt(self, step: str) -> str:
        return step.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT", key="UNIQUE", told=TOLD)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """`begin immediate` takes the write lock before reading, so what was read still holds when written."""
        with self._lock:
            if self.in_transaction:
                yield
                return
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                self._db.rollback()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A reader of a file that is written ahead sees what was there when it began."""
        with self._lock if self._shared is not None else nullcontext():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.rollback()

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside a transaction; only it can be while it holds the lock."""
        return self._db.conn.in_transaction

    def hold(self, *name: str) -> None:
        """There is one writer at a time anyway."""

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            while self._open:
                self._open.pop().close()


@cache
def _without_row_locks(statement: str) -> str:
    """Leave out what PostgreSQL needs where several write at a time."""
    return ROW_LOCK.sub("", statement)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL; on a new file SQLite does not wait for another opener by itself, so this does."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
