"""The shared store: PostgreSQL through psycopg 3, a pool of connections, rows locked one by one."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from conversations.errors import StoreError
from conversations.store.sql import SqlStore
from conversations.store.tables import Row, Statement, Value

CONNECTIONS = 16
CONNECT_SECONDS = 5
WAIT_SECONDS = 5.0
TOLD = {
    "made_at": """CAST(extract(epoch FROM CAST(CAST(body AS json) ->> 'made_at' AS timestamptz)) * 1000000
        AS BIGINT)""",
    "verdict": "CAST(body AS json) -> 'result' ->> 'verdict'",
    "data_class": "CAST(body AS json) -> 'result' ->> 'data_class'",
    "service": "CAST(body AS json) ->> 'service'",
}
"""How to read a receipt's body."""
NAMED = re.compile(r":(\w+)")
TEXT = re.compile(r"\bTEXT\b")
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"

Connection = psycopg.Connection[DictRow]


class PostgresStore(SqlStore):
    """Implements `Store` on a database. Transactions wait for each other only about the same case or lane."""

    def __init__(self, where: str) -> None:
        """Connect to the `postgresql://` address, creating or migrating the tables. Raises StoreError."""
        self.where = shown(where)
        self._address = where
        self._local = threading.local()
        self._pool: ConnectionPool[Connection] | None = None
        with self._told(psycopg.Error):
            with self._connect() as connection, self._using(connection):
                self.hold("schema")
                self._migrate()
            self._pool = self._open_pool()

    def _connect(self) -> AbstractContextManager[Connection]:
        return psycopg.connect(self._address, row_factory=dict_row, connect_timeout=CONNECT_SECONDS)

    def _open_pool(self) -> ConnectionPool[Connection]:
        return ConnectionPool(
            self._address,
            connection_class=Connection,
            kwargs={"autocommit": True, "row_factory": dict_row, "connect_timeout": CONNECT_SECONDS},
            min_size=1,
            max_size=CONNECTIONS,
            timeout=WAIT_SECONDS,
            reconnect_timeout=WAIT_SECONDS,
            check=ConnectionPool.check_connection,
            name="store",
            open=True,
        )

    @contextmanager
    def _told(self, kind: type[psycopg.Error] = psycopg.OperationalError) -> Iterator[None]:
        try:
            yield
        except kind as error:
            what = " ".join(str(error).replace(self._address, self.where).split())
            raise StoreError(f"the store {self.where} cannot be used: {what}", _reason(error)) from None

    @contextmanager
    def _using(self, connection: Connection) -> Iterator[None]:
        self._local.connection = connection
        try:
            yield
        finally:
            self._local.connection = None

    @property
    def _current(self) -> Connection | None:
        connection: Connection | None = getattr(self._local, "connection", None)
        return connection

    def _lent(self) -> AbstractContextManager[Connection]:
        """The connection of the thread's transaction, else one of the pool."""
        if self._current is not None:
            return nullcontext(self._current)
        if self._pool is None:
            raise StoreError(f"the store {self.where} is closed")
        return self._pool.connection()

    def run(self, statement: str, **values: Value) -> list[Row]:
        """Run one statement. Raises StoreError if the server cannot be reached or goes away."""
        with self._told(), self._lent() as connection:
            return _rows(connection, statement, values)

    def run_all(self, *statements: Statement) -> list[list[Row]]:
        """Send all of them before waiting for the first answer; what is sent so is one transaction to the server."""
        with self._told(), self._lent() as connection:
            with connection.pipeline():
                cursors = [connection.execute(_named(statement), values) for statement, values in statements]
            return [_fetched(cursor) for cursor in cursors]

    def run_many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for each row, without waiting for each."""
        with self._told(), self._lent() as connection:
            connection.cursor().executemany(_named(statement), rows)

    def count_on(self, table: str) -> None:
        """Let the table's sequence go on behind the highest number."""
        self.run(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0"  # noqa: S608 - our own name
        )

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Every statement inside sees what the first one saw."""
        with self.transaction():
            self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is read of a case inside is locked until the end, so it still holds when written."""
        if self.in_transaction:
            yield
            return
        with self._told(), self._lent() as connection, connection.transaction(), self._using(connection):
            yield

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside a transaction."""
        return self._current is not None

    def holding(self, *name: str) -> Statement:
        """Return what takes a lock on the name that ends with the transaction."""
        return HOLD, {"name": "\n".join(("kakunin", *name))}

    def _schema(self) -> int:
        if self.run("SELECT to_regclass('schema_version') AS found")[0]["found"] is None:
            self.run("CREATE TABLE schema_version (steps INTEGER NOT NULL)")
            self.run("INSERT INTO schema_version (steps) VALUES (0)")
        return int(self.run("SELECT steps FROM schema_version")[0]["steps"])

    def _set_schema(self, steps: int) -> None:
        self.run("UPDATE schema_version SET steps = :steps", steps=steps)

    def _spelt(self, step: str) -> str:
        """Text is compared byte by byte, as SQLite does it, whatever the database's language is."""
        return TEXT.sub('TEXT COLLATE "C"', step.format(serial="BIGSERIAL", key="PRIMARY KEY", told=TOLD))

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None


REASONS = {
    "53100": "the server's disk is full",
    "53300": "the server takes no more connections",
    "28": "the server refuses the name or the password",
    "25006": "it may only be read",
}
"""In words what PostgreSQL says by SQLSTATE, or by how that begins."""


def _reason(error: psycopg.Error) -> str:
    state = error.sqlstate or ""
    return next((words for known, words in REASONS.items() if state.startswith(known)), "the server does not answer")


def shown(where: str) -> str:
    """Return the address without its password."""
    return re.sub(r"^(\w+://[^:/@]*):.*@", r"\1@", where.partition("?")[0])


def _rows(connection: Connection, statement: str, values: dict[str, Value]) -> list[Row]:
    return _fetched(connection.execute(_named(statement), values))


def _fetched(cursor: psycopg.Cursor[DictRow]) -> list[Row]:
    return list(cursor.fetchall()) if cursor.description else []


@cache
def _named(statement: str) -> str:
    """Say the named values as psycopg does. Statements are this package's own."""
    return NAMED.sub(r"%(\1)s", statement)
