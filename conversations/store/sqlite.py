"""The embedded store: SQLite through sqlite-utils, WAL with full sync, a connection a thread, one writer at a time."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from conversations.errors import StoreError
from conversations.models import Answer, Case, Choice, Place
from conversations.store.migrations import MIGRATIONS
from conversations.store.protocol import Notice, Posted

BUSY_SECONDS = 10.0


class SqliteStore:
    """Implements `Store` on one file; `:memory:` keeps it in this process, on one shared connection."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, creating or migrating it. Raises StoreError if it cannot be used."""
        self._path = str(path)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._shared: Database | None = None
        try:
            self._shared = self._connect() if self._path == ":memory:" else None
            with self.transaction():
                self._migrate()
        except StoreError:
            self.close()
            raise
        except sqlite3.Error as error:
            self.close()
            raise StoreError(f"the store {self._path} cannot be used: {error}") from None

    def _connect(self) -> Database:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
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

    def _migrate(self) -> None:
        done = int(next(iter(self._db.query("PRAGMA user_version")))["user_version"])
        if done > len(MIGRATIONS):
            raise StoreError(f"the store {self._path} was written by a newer version; update Kakunin to open it")
        for statements in MIGRATIONS[done:]:
            for statement in statements:
                self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """`begin immediate` takes the write lock before reading, so what was read still holds when written."""
        with self._lock:
            if self._db.conn.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()
                raise

    def add_case(self, case: Case) -> None:
        """Write a new case."""
        row = {
            "workspace": case.place.workspace,
            "id": case.id,
            "channel": case.place.channel,
            "thread": case.place.thread,
            "asker": case.asker,
            "started_at": case.started_at.isoformat(),
            "programme": case.programme,
            "brand": case.brand,
            "edition": case.edition,
            "whole_list": int(case.whole_list),
        }
        with self.transaction():
            self._db.table("cases").insert(row)

    def case(self, workspace: str, case_id: str) -> Case | None:
        """Return the case with its answers, or None."""
        return self._case("workspace = ? and id = ?", [workspace, case_id])

    def case_at(self, place: Place) -> Case | None:
        """Return the case at the place, or None."""
        return self._case(
            "workspace = ? and channel = ? and thread = ?", [place.workspace, place.channel, place.thread]
        )

    def cases(self) -> Iterator[Case]:
        """Yield every case: the ids are read at once, each case when its turn comes."""
        with self._reading():
            rows = self._db.query("SELECT workspace, id FROM cases ORDER BY workspace, started_at, id")
            keys = [(row["workspace"], row["id"]) for row in rows]
        for workspace, case_id in keys:
            if (case := self.case(workspace, case_id)) is not None:
                yield case

    def _reading(self) -> AbstractContextManager[object]:
        """Threads that share one connection read one after the other."""
        return self._lock if self._shared is not None else nullcontext()

    def _case(self, where: str, values: list[str]) -> Case | None:
        with self._reading():
            row = next(iter(self._db.table("cases").rows_where(where, values)), None)
            return _case(row, self._answers(row["workspace"], row["id"])) if row else None

    def _answers(self, workspace: str, case_id: str) -> tuple[Answer, ...]:
        rows = self._db.table("answers").rows_where(
            "workspace = ? and case_id = ?", [workspace, case_id], order_by="seq"
        )
        return tuple(
            Answer(row["card"], _choice(row["choice"]), row["by"], datetime.fromisoformat(row["at"])) for row in rows
        )

    def add_answer(self, workspace: str, case_id: str, answer: Answer) -> None:
        """Append an answer."""
        with self.transaction():
            seq = self._db.table("answers").count_where("workspace = ? and case_id = ?", [workspace, case_id])
            row = {
                "workspace": workspace,
                "case_id": case_id,
                "seq": seq,
                "card": answer.card,
                "choice": json.dumps(answer.choice),
                "by": answer.by,
                "at": answer.at.isoformat(),
            }
            self._db.table("answers").insert(row)

    def want_whole_list(self, workspace: str, case_id: str) -> None:
        """Remember that the whole checklist is wanted."""
        with self.transaction():
            self._db.execute("UPDATE cases SET whole_list = 1 WHERE workspace = ? AND id = ?", [workspace, case_id])

    def add_receipt(self, workspace: str, case_id: str, body: str) -> None:
        """Append a receipt."""
        with self.transaction():
            before = self._db.table("receipts").count_where("workspace = ? and case_id = ?", [workspace, case_id])
            row = {"workspace": workspace, "case_id": case_id, "number": before + 1, "body": body}
            self._db.table("receipts").insert(row)

    def receipts(self, workspace: str, case_id: str) -> tuple[str, ...]:
        """Return the receipts of the case."""
        with self._reading():
            rows = self._db.table("receipts").rows_where(
                "workspace = ? and case_id = ?", [workspace, case_id], order_by="number"
            )
            return tuple(row["body"] for row in rows)

    def queue_notice(self, notice: Notice) -> bool:
        """Keep the notice, or return False if its key was there."""
        with self.transaction():
            keyed = [notice.workspace, notice.key]
            if self._db.table("notices").count_where("workspace = ? and key = ?", keyed):
                return False
            self._db.table("notices").insert(_notice_row(notice))
            return True

    def waiting_notices(self) -> tuple[Notice, ...]:
        """Return what is still to be sent; those of one instant in the order of their queueing."""
        with self._reading():
            rows = self._db.table("notices").rows_where("sent_at is null", order_by="queued_at, rowid")
            return tuple(map(_notice, rows))

    def notice_sent(self, workspace: str, key: str, at: datetime) -> None:
        """Write down when it was sent; a second time changes nothing."""
        with self.transaction():
            self._db.execute(
                "UPDATE notices SET sent_at = ? WHERE workspace = ? AND key = ? AND sent_at IS NULL",
                [at.isoformat(), workspace, key],
            )

    def first_time(self, workspace: str, key: str) -> bool:
        """Write the key down, or return False if it was there."""
        with self.transaction():
            if self._db.table("seen").count_where("workspace = ? and key = ?", [workspace, key]):
                return False
            self._db.table("seen").insert({"workspace": workspace, "key": key})
            return True

    def posted(self, workspace: str, case_id: str) -> Mapping[str, Posted]:
        """Return what was posted for the case."""
        with self._reading():
            rows = self._db.table("posted").rows_where("workspace = ? and case_id = ?", [workspace, case_id])
            return {row["name"]: Posted(row["message"], row["state"]) for row in rows}

    def set_posted(self, workspace: str, case_id: str, name: str, posted: Posted) -> None:
        """Remember what was posted."""
        row = {
            "workspace": workspace,
            "case_id": case_id,
            "name": name,
            "message": posted.message,
            "state": posted.state,
        }
        with self.transaction():
            self._db.table("posted").upsert(row, pk=("workspace", "case_id", "name"))

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            while self._open:
                self._open.pop().close()


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


def _choice(text: str) -> Choice:
    return {part: tuple(options) for part, options in json.loads(text).items()}


def _case(row: Mapping[str, Any], answers: tuple[Answer, ...]) -> Case:
    return Case(
        id=row["id"],
        place=Place(row["workspace"], row["channel"], row["thread"]),
        asker=row["asker"],
        started_at=datetime.fromisoformat(row["started_at"]),
        programme=row["programme"],
        brand=row["brand"],
        answers=answers,
        edition=row["edition"],
        whole_list=bool(row["whole_list"]),
    )


def _notice_row(notice: Notice) -> dict[str, str]:
    return {
        "workspace": notice.workspace,
        "key": notice.key,
        "case_id": notice.case_id,
        "kind": notice.kind,
        "details": json.dumps(dict(notice.details)),
        "queued_at": notice.queued_at.isoformat(),
    }


def _notice(row: Mapping[str, Any]) -> Notice:
    queued_at = datetime.fromisoformat(row["queued_at"])
    return Notice(row["workspace"], row["key"], row["case_id"], row["kind"], json.loads(row["details"]), queued_at)
