"""A week's figures where one workspace holds many cases, and a person's own cases there; `--long`: a million."""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from conversations.figures import Figures
from conversations.store.opening import open_store
from conversations.store.sql import SqlStore
from conversations.store.tables import micros
from rules.models import VERDICTS
from tests.bench.table import percentile, show
from tests.faults.postgres import durable_server

SIZES, LONG_SIZES, WEEKS, ROUNDS = (100_000,), (100_000, 1_000_000), 50, 20
CHUNK = 20_000
HEAD = ["store", "cases", "in the week", "p50 ms", "max ms", "one's own cases ms"]
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
BODY = f'{{"answers":"{"x" * 2500}"}}'
"""As long as a receipt; what is counted of it stands in columns."""
CASE = """INSERT INTO cases (workspace, id, channel, thread, asker, started_at, programme, edition)
    VALUES ('T1', :id, 'C1', :id, :asker, :started_at, 'unknown', '2026-11')"""
RECEIPT = """INSERT INTO receipts (workspace, case_id, number, body, made_at, verdict, data_class, service)
    VALUES ('T1', :id, 1, :body, :made_at, :verdict, 'open', :service)"""


def rows_of(begin: int, size: int) -> Iterator[Mapping[str, str | int]]:
    """Yield the values of cases and their receipts, spread over the weeks."""
    for number in range(begin, min(begin + CHUNK, size)):
        at = MONDAY + timedelta(weeks=WEEKS) * (number / size)
        yield {
            "id": f"{number:016x}",
            "asker": f"U{number % 5000}",
            "started_at": at.isoformat(),
            "body": BODY,
            "made_at": micros(at),
            "verdict": VERDICTS[number % len(VERDICTS)],
            "service": f"service_{number % 30}",
        }


def _measure(kind: str, store: SqlStore, size: int) -> list[object]:
    for begin in range(0, size, CHUNK):
        rows = list(rows_of(begin, size))
        with store.transaction():
            for statement in (CASE, RECEIPT):
                wanted = [name for name in rows[0] if f":{name}" in statement]
                store.run_many(statement, [{name: row[name] for name in wanted} for row in rows])
    if kind == "PostgreSQL":
        store.run("ANALYZE")
    figures, waited = Figures(store, lambda _: ZoneInfo("Asia/Tokyo")), []
    week = figures.week_of("T1", MONDAY + timedelta(weeks=WEEKS // 2))
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = figures.of("T1", week)
        waited.append(time.perf_counter() - start)
    start = time.perf_counter()
    store.cases_of("T1", "U7", 10)
    own = (time.perf_counter() - start) * 1000
    return [kind, f"{size:,}", f"{found.started:,}", percentile(waited, 0.5), percentile(waited, 1), own]


def run() -> None:
    """Print how long the figures of one week take."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, durable_server() as server:
        for size in LONG_SIZES if "--long" in sys.argv else SIZES:
            for kind, where in (("SQLite", str(Path(folder) / f"{size}.db")), ("PostgreSQL", server.fresh())):
                with closing(open_store(where)) as store:
                    rows.append(_measure(kind, store, size))
    show("Figures of one week of one workspace", HEAD, rows)
