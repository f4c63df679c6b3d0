"""Slack answering badly, late or not at all, and delivering twice and out of order."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.bench.table import show
from tests.faults.bots import bots
from tests.faults.examine import NONE_OF, examine
from tests.faults.interviews import Crowd
from tests.faults.stand_in import FAULTS, ground
from tests.postgres import postgres_server

TWICE = 0.3
HEAD = ["store", "interviews", *FAULTS, "delivered twice", "acknowledged answers", "messages", *NONE_OF]
HEAD += ["letters given up"]


def stormy(store: str, interviews: int, at_once: int) -> Mapping[str, int]:
    """Lead so many interviews over a Slack that fails, and count afterwards."""
    with ground() as slack, bots(store, slack) as running:
        running.members[0].ready()
        slack.faults = FAULTS
        crowd = Crowd(slack, running, TWICE)
        crowd.interview(interviews, at_once)
        return {
            "letters given up": 0,
            **examine(store, crowd),
            **slack.injected,
            "delivered twice": crowd.delivered_twice,
        }


def run(*, long: bool) -> None:
    """Print the counts for both stores."""
    interviews = 1000 if long else 10
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        for kind, store in (("SQLite", str(Path(folder) / "slack.db")), ("PostgreSQL", server.fresh())):
            found = stormy(store, interviews, 40)
            rows.append([kind, *(found.get(name, 0) for name in HEAD[1:])])
            print(rows[-1], file=sys.stderr)
    show(f"Slack failing during {interviews} interviews", HEAD, rows)
