"""The clock of the bot put back by an hour while letters are paced, and one process killed right after."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.table import show
from tests.faults.bots import bots
from tests.faults.examine import NONE_OF, examine
from tests.faults.interviews import Crowd
from tests.faults.stand_in import ground
from tests.postgres import postgres_server

STEP_SECONDS = -3600
PATIENCE = 20.0
HEAD = ["store", "interviews", "acknowledged answers", "seconds after the step", *NONE_OF]


def stepped(folder: Path, store: str, interviews: int) -> Mapping[str, object]:
    """Put the clock back when a third of the interviews is over, and count at the end."""
    clock = folder / "clock"
    clock.write_text("0")
    paced = {"KAKUNIN_POST_SECONDS": "0.2", "KAKUNIN_POST_BURST": "2"}
    with ground() as slack, bots(store, slack, 2, settings={"FAULTS_CLOCK": str(clock), **paced}) as running:
        for bot in running.members:
            bot.ready()
        crowd = Crowd(slack, running)
        crowd.patience = PATIENCE
        with crowd.interviewing(interviews):
            crowd.has_ended(interviews // 3)
            clock.write_text(str(STEP_SECONDS))
            begun = time.monotonic()
            running.kill(running.members[0])
        seconds = time.monotonic() - begun
        return {**examine(store, crowd), "seconds after the step": seconds}


def run(*, long: bool) -> None:
    """Print the counts for both stores."""
    interviews = 30 if long else 6
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        for kind, store in (("SQLite", str(Path(folder) / "clock.db")), ("PostgreSQL", server.fresh())):
            found = stepped(Path(folder), store, interviews)
            rows.append([kind, *(found[name] for name in HEAD[1:])])
    show(f"The clock put back by {-STEP_SECONDS} s", HEAD, rows)
