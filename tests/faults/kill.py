"""kill -9 at random moments, while people are interviewed: on both stores, with one and with three processes."""

import random
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import show
from tests.faults.bots import Bots, bots
from tests.faults.examine import NONE_OF, examine
from tests.faults.interviews import Crowd
from tests.faults.stand_in import ground
from tests.postgres import postgres_server

UP_SECONDS = (0.05, 3.0)
"""How long it is at least and at most until the next kill of a bot that listens."""
EARLY = 0.2
"""How often one is killed whose workshop is not at work yet; always, and on a busy machine none ever would be."""

HEAD = ["store", "processes", "interviews", "kills", "acknowledged answers", "requests repeated", "messages", *NONE_OF]


def killed(store: str, processes: int, interviews: int) -> Mapping[str, int]:
    """Kill processes while so many interviews are led, and count afterwards."""
    with ground() as slack, bots(store, slack, processes) as running:
        for bot in running.members:
            bot.ready()
        crowd = Crowd(slack, running)
        with _killing(running):
            crowd.interview(interviews)
        for bot in running.members:
            bot.ready()
        return {**examine(store, crowd), "kills": running.kills, "letters given up": 0, "processes": processes}


@contextmanager
def _killing(running: Bots) -> Iterator[None]:
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(random.uniform(*UP_SECONDS)):
            early = random.random() < EARLY
            up = [bot for bot in running.members if bot.listening and (bot.at_work or early)]
            if up:
                running.kill(random.choice(up))

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run(*, long: bool) -> None:
    """Print the counts for both stores, one and three processes."""
    interviews = 200 if long else 10
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        for processes in (1, 3):
            for kind, store in (("SQLite", str(Path(folder) / f"kill{processes}.db")), ("PostgreSQL", server.fresh())):
                found = killed(store, processes, interviews)
                rows.append([kind, processes, *(found[name] for name in HEAD[2:])])
                print(rows[-1], file=sys.stderr)
    show(f"kill -9 during {interviews} interviews", HEAD, rows)
