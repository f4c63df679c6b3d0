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
from conversations.store.tables import Row, Statement, Value
from conversations.store.turns import Turns

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
        self._turns: Turns | None = None
        self._writing = False
        try:
            if self.where == ":memory:":
                self._shared = self._connect()
            else:
                self._turns = self._told_turns()
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
        database: Database | None = getattr(self._local, "db", None)
        if database is not None and self._doubtful and not database.conn.in_transaction:
            self._leave(database)  # what was opened while it could only be read stays so; a new connection may not
            database = None
        if database is None:
            self._local.db = database = self._connect()
            self._local.doubtful = False
        return database

    @property
    def _doubtful(self) -> bool:
        """Whether something was wrong with the file when this thread used it last."""
        return bool(getattr(self._local, "doubtful", False))

    def _leave(self, database: Database) -> None:
        with self._lock:
            if database.conn in self._open:
                self._open.remove(database.conn)
        database.conn.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is wrong with the file, not with a statement, is a StoreError."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.Error as error:
            self._local.doubtful = True
            reason = _reason(error)
            raise StoreError(f"the store {self.where} cannot be used: {reason} ({error})", reason) from error

    def _told_turns(self) -> Turns:
        try:
            return Turns(self.where)
        except OSError as error:
            reason = REASONS["SQLITE_READONLY"] if isinstance(error, PermissionError) else str(error.strerror)
            raise StoreError(f"the store {self.where} cannot be used: {reason}", reason) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Writers come one after the other: of this process by a lock, and before other processes by turns."""
        with self._lock:
            if self._writing or self._turns is None:
                yield
                return
            with self._turns.own():
                self._writing = True
                try:
                    yield
                finally:
                    self._writing = False

    def run(self, statement: str, **values: Value) -> list[Row]:
        """Run one statement. Raises StoreError if the file cannot be read or written."""
        statement = _without_row_locks(statement)
        with self._alone(statement), self._told():
            cursor = self._db.execute(statement, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def run_all(self, *statements: Statement) -> list[list[Row]]:
        """Run one after the other; nobody else is asked."""
        with self.transaction():
            return [self.run(statement, **values) for statement, values in statements]

    def run_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row."""
        with self._turn(), self._told():
            self._db.conn.executemany(statement, rows)

    def count_on(self, table: str) -> None:
        """SQLite does so by itself."""

    def _alone(self, statement: str) -> AbstractContextManager[object]:
        """Readers need no turn, but on a shared connection everybody does."""
        return nullcontext() if self._shared is None and statement.startswith("SELECT") else self._turn()

    def _schema(self) -> int:
        return int(self.run("PRAGMA user_version")[0]["user_version"])

    def _set_schema(self, steps: int) -> None:
        self.run(f"PRAGMA user_version = {steps}")

    def _spelt(self, step: str) -> str:
        return step.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT", key="UNIQUE", told=TOLD)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """`begin immediate` takes the write lock before reading, so what was read still holds when written."""
        with self._turn():
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

    def holding(self, *name: str) -> Statement:
        """Return what changes nothing: there is one writer at a time anyway."""
        return "SELECT :name AS held", {"name": name[0]}

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            while self._open:
                self._open.pop().close()
            if self._turns is not None:
                self._turns.close()
                self._turns = None


REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk is full or cannot be used",
    "SQLITE_READONLY": "it may only be read",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another process keeps it locked",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_NOTADB": "it is no store, or damaged",
}
"""In words what SQLite says by name; a name may have more parts behind these."""


def _reason(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", None) or ""
    return next((words for known, words in REASONS.items() if name.startswith(known)), "it does not work")


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
