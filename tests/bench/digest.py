"""A week's digest where one workspace holds many cases: its figures, and its pictures and files; `--long`: a million.

A fiftieth of the cases is of the week, each with five answers, an open item, two conditions and a tick.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import build_house
from bot.digest.charts import Charts
from bot.digest.report import Reporter
from bot.digest.tables import as_csv, as_xlsx
from conversations.digest import Digests
from conversations.figures import Figures
from conversations.store.opening import open_store
from conversations.store.sql import SqlStore
from tests.bench.figures import CHUNK, LONG_SIZES, MONDAY, SIZES, WEEKS, rows_of
from tests.bench.table import show
from tests.faults.postgres import durable_server

HEAD = ["store", "cases", "in the week", "figures s", "figures again s", "pictures s", "tables s"]
CASE = """INSERT INTO cases
    (workspace, id, channel, thread, asker, started_at, programme, edition, waits_for, touched_at)
    VALUES ('T1', :id, 'C1', :id, :asker, :started_at, 'unknown', '2026-11', :waits_for, :made_at)"""
ANSWER = """INSERT INTO answers (workspace, case_id, seq, card, choice, "by", at, unsure)
    VALUES ('T1', :id, :seq, :card, '{"shortcut": ["unsure"]}', :asker, :started_at, :unsure)"""
RECEIPT = """INSERT INTO receipts
    (workspace, case_id, number, body, made_at, verdict, data_class, service, items, to_do)
    VALUES ('T1', :id, 1, :body, :made_at, :verdict, 'open', :service, :items, ' keep_record  local_model ')"""
TICK = "INSERT INTO ticks (workspace, case_id, measure, at) VALUES ('T1', :id, 'keep_record', :made_at)"
CARDS = ("openness", "duties", "service", "partners", "content")
Row = Mapping[str, str | int]


def _rows(begin: int, size: int) -> Iterator[Row]:
    for number, row in enumerate(rows_of(begin, size), begin):
        waits_for = CARDS[number % 5] if number % 4 == 0 else ""
        yield {**row, "items": f" {1 + number % 5}:unconfirmed ", "waits_for": waits_for}


def _fill(store: SqlStore, size: int) -> None:
    for begin in range(0, size, CHUNK):
        rows = list(_rows(begin, size))
        finished = [row for row in rows if not row["waits_for"]]
        answers = [
            {**row, "seq": seq, "card": card, "unsure": int(seq < 2)} for row in rows for seq, card in enumerate(CARDS)
        ]
        with store.transaction():
            for statement, given in ((CASE, rows), (ANSWER, answers), (RECEIPT, finished), (TICK, finished)):
                wanted = [name for name in given[0] if f":{name}" in statement]
                store.run_many(statement, [{name: row[name] for name in wanted} for row in given])


def _measure(kind: str, store: SqlStore, size: int) -> list[object]:
    _fill(store, size)
    if kind == "PostgreSQL":
        store.run("ANALYZE")
    house, zone = build_house(), ZoneInfo("Asia/Tokyo")
    now = MONDAY + timedelta(weeks=WEEKS - 10)
    digests = Digests(store, Figures(store, lambda _: zone), house.library, lambda: now)
    week = digests.figures.week_of("T1", now - timedelta(weeks=1))
    waited = []
    for _ in range(2):
        start = time.perf_counter()
        digest = digests.of("T1", week)
        waited.append(time.perf_counter() - start)
    report = Reporter(house.phrases, house.views, house.books.current()).report(digest, "ja")
    charts, start = Charts(house.phrases), time.perf_counter()
    charts.trend(report)
    charts.week(report)
    drawn = time.perf_counter()
    as_csv(house.phrases, report)
    as_xlsx(report)
    written = time.perf_counter()
    return [kind, f"{size:,}", digest.headline["started"].text, *waited, drawn - start, written - drawn]


def run() -> None:
    """Print how long a digest takes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, durable_server() as server:
        for size in LONG_SIZES if "--long" in sys.argv else SIZES:
            for kind, where in (("SQLite", str(Path(folder) / f"{size}.db")), ("PostgreSQL", server.fresh())):
                with closing(open_store(where)) as store:
                    rows.append(_measure(kind, store, size))
    show("Digest of one week of one workspace", HEAD, rows)
