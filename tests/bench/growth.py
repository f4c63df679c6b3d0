"""The same click on stores that hold more and more past cases of 1,000 workspaces; `--long` goes up to a million."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from bot.app import House, build_house, build_tools
from bot.jobs import Kind
from bot.metrics import Metrics
from bot.settings import load_settings
from conversations.models import Place
from conversations.service import MOST_SHOWN, utc_now
from conversations.store.opening import open_store
from conversations.store.protocol import Job
from conversations.store.sql import SqlStore
from tests.bench.table import percentile, show
from tests.faults.postgres import durable_server

WORKSPACES, STEPS = 1000, 300
SIZES, LONG_SIZE = (1_000, 100_000), 1_000_000
CHUNK = 20_000
LEASE = timedelta(seconds=60)
HEAD = ["store", "past cases", "p50 ms", "ratio", "p99 ms", "own cases ms", "size MB"]
COPIED = ("cases", "answers", "receipts", "posted", "jobs")


class _Steps:
    """Interviews without HTTP: a job is written down, taken, done with its letters, and those are taken and sent."""

    def __init__(self, house: House, store: SqlStore) -> None:
        self.store = store
        self.tools = build_tools(house, store, load_settings(post_seconds=0), Metrics())
        self._count = 0

    def interview(self, place: Place) -> list[float]:
        """Lead one interview with the shortcut of every card; returns how long each click took."""
        conversations, delivery = self.tools.conversations, self.tools.delivery
        with self.store.transaction():
            standing = conversations.start(place, "U1", "chatgpt")
            delivery.bring_up_to_date(standing, "en")
        self._carry()
        waited = []
        while (current := standing.progress.current) is not None:
            start = time.perf_counter()
            self._count += 1
            details = {"user": "U1", "channel": place.channel, "thread": place.thread}
            key = f"answer:{place.thread}:{self._count}"
            self.store.put_jobs(
                [Job(place.workspace, key, f"{place.channel}:{place.thread}", Kind.ANSWER, details, utc_now())]
            )
            job = self.store.claim_job(utc_now(), LEASE)
            assert job is not None
            with self.store.transaction():
                choice = {"shortcut": ("unsure",)}
                standing = conversations.answer(place.workspace, standing.case.id, current.card.id, choice, "U1")
                delivery.bring_up_to_date(standing, "en")
                self.store.job_done(job)
            self._carry()
            waited.append(time.perf_counter() - start)
        return waited

    def _carry(self) -> None:
        while letter := self.store.claim_letter(utc_now(), LEASE, timedelta(0), 5):
            self.store.letter_sent(letter, f"1700000000.{letter.id:06d}")


def _grow(store: SqlStore, sample: str, before: int, after: int) -> None:
    """Write copies of the sample case, each in one of the workspaces and with an id of its own."""
    rows = {
        table: store.run(f"SELECT * FROM {table} WHERE workspace = :workspace", workspace=sample) for table in COPIED
    }
    for begin in range(before, after, CHUNK):
        numbers = range(begin, min(begin + CHUNK, after))
        with store.transaction():
            for table in COPIED:
                columns = [name for name in rows[table][0] if (table, name) != ("jobs", "id")]
                names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(f":{name}" for name in columns)
                store.run_many(
                    f"INSERT INTO {table} ({names}) VALUES ({values})",
                    [dict(_copied(table, row, number, columns)) for number in numbers for row in rows[table]],
                )


def _copied(table: str, row: Any, number: int, columns: Sequence[str]) -> Iterator[tuple[str, object]]:
    for name in columns:
        if name == "workspace":
            yield name, f"W{number % WORKSPACES:04d}"
        elif name == "case_id" or (table, name) == ("cases", "id"):
            yield name, f"{number:016x}"
        elif name in ("thread", "key"):
            yield name, f"{row[name]}.{number}"
        else:
            yield name, row[name]


def _own_cases(store: SqlStore) -> float:
    """Return how long the list of a person's own cases takes, of those who have most: what Home opens with."""
    waited = []
    for number in range(50):
        start = time.perf_counter()
        store.cases_of(f"W{number:04d}", "U1", MOST_SHOWN)
        waited.append(time.perf_counter() - start)
    return percentile(waited, 0.5)


def _bytes(store: SqlStore, where: Path | str) -> int:
    if isinstance(where, Path):
        store.run("PRAGMA wal_checkpoint(TRUNCATE)")
        return where.stat().st_size
    return int(store.run("SELECT pg_database_size(current_database()) AS size")[0]["size"])


def _settle(server: str) -> None:
    """Finish at once what PostgreSQL does in the background for days while cases come one by one."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _measure(kind: str, store: SqlStore, where: Path | str, sizes: Sequence[int]) -> list[list[object]]:
    steps, rows, before, base = _Steps(build_house(), store), [], 0, 0.0
    steps.interview(Place("sample", "C1", "1"))
    for size in sizes:
        _grow(store, "sample", before, size)
        before = size
        if isinstance(where, str):
            _settle(where)
        waited: list[float] = []
        while len(waited) < STEPS + 20:
            waited += steps.interview(Place(f"W{len(waited) % WORKSPACES:04d}", "C1", f"{size}.{len(waited)}"))
        waited = waited[20:]
        base = base or percentile(waited, 0.5)
        p50 = percentile(waited, 0.5)
        own = _own_cases(store)
        rows.append([kind, f"{size:,}", p50, p50 / base, percentile(waited, 0.99), own, _bytes(store, where) / 1e6])
    return rows


def run() -> None:
    """Print how long a click takes, in all, by the number of past cases."""
    sizes = (*SIZES, LONG_SIZE) if "--long" in sys.argv else SIZES
    rows = []
    with tempfile.TemporaryDirectory() as folder, durable_server() as server:
        file = Path(folder) / "growth.db"
        with closing(open_store(str(file))) as store:
            rows += _measure("SQLite", store, file, sizes)
        file.unlink()
        address = server.fresh()
        with closing(open_store(address)) as store:
            rows += _measure("PostgreSQL", store, address, sizes)
    show(f"One click, from the inbox to the last letter, {WORKSPACES:,} workspaces", HEAD, rows)
