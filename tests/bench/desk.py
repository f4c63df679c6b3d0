"""A page of the desk's queue where many cases wait."""

import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conversations.desk import DeskCase, Queued, Wanted
from conversations.store.desk import cursor_of
from conversations.store.opening import open_store
from conversations.store.sql import SqlStore
from knowledge.desk import PRIORITIES
from tests.bench.table import percentile, show
from tests.faults.postgres import durable_server

OPEN, PAGE, ROUNDS = 10_000, 9, 30
HEAD = ["store", "cases", "first page p50 ms", "max ms", "a page in the middle ms", "counting them ms"]
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def _measure(kind: str, store: SqlStore) -> list[object]:
    with store.transaction():
        for number in range(OPEN):
            since, priority = MONDAY + timedelta(minutes=number), PRIORITIES[number % 3]
            case = DeskCase("T1", f"{number:016x}", "case", priority, since, since)
            store.put_desk_case(replace(case, holder=f"U{number % 5}"), since)
    if kind == "PostgreSQL":
        store.run("ANALYZE")
    waited, found = [], tuple[Queued, ...]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = store.desk_queue("T1", Wanted(), None, PAGE)
        waited.append(time.perf_counter() - start)
    middle = store.desk_queue("T1", Wanted(), None, OPEN // 2)[-1].case
    start = time.perf_counter()
    assert len(store.desk_queue("T1", Wanted(), cursor_of(middle), PAGE)) == len(found)
    page = (time.perf_counter() - start) * 1000
    start = time.perf_counter()
    count = store.desk_length("T1", Wanted())
    counted = (time.perf_counter() - start) * 1000
    return [kind, f"{count:,}", percentile(waited, 0.5), percentile(waited, 1), page, counted]


def run() -> None:
    """Print how long a page takes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, durable_server() as server:
        for kind, where in (("SQLite", str(Path(folder) / "desk.db")), ("PostgreSQL", server.fresh())):
            with closing(open_store(where)) as store:
                rows.append(_measure(kind, store))
    show("A page of the desk's queue", HEAD, rows)
