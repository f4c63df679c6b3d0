"""PostgreSQL killed with all its processes and started again, while people answer."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests import postgres
from tests.bench.table import show
from tests.faults.bots import bots, children, end_at_once
from tests.faults.disk import said
from tests.faults.examine import NONE_OF, examine
from tests.faults.interviews import Crowd
from tests.faults.stand_in import ground
from tests.postgres import PostgresServer, postgres_server

DOWN_SECONDS, UP_SECONDS = 7.0, 3.0
HEAD = ["interviews", "server kills", "acknowledged answers", "requests repeated", "said", *NONE_OF]


@contextmanager
def durable_server() -> Iterator[PostgresServer]:
    """Run a server that keeps what it has committed, as it does by default; those of other tests are faster."""
    with patch.object(postgres, "FAST", ("max_connections=100",)), postgres_server() as server:
        yield server


def kill_server(server: PostgresServer) -> None:
    """Kill every process of the server, so that none can write anything any more."""
    parent = int((server._folder / "data" / "postmaster.pid").read_text().split()[0])
    doomed = [parent, *children(parent)]
    for process in doomed:
        end_at_once(process)
    while any(Path(f"/proc/{process}").exists() for process in doomed):
        time.sleep(0.01)


def killed_server(server: PostgresServer, interviews: int, kills: int) -> Mapping[str, object]:
    """Kill the server so many times while so many interviews are led, and count afterwards."""
    store = server.fresh()
    with ground() as slack, bots(store, slack, 2) as running:
        for bot in running.members:
            bot.ready()
        crowd = Crowd(slack, running)
        with crowd.interviewing(interviews, 12):
            for _ in range(kills):
                time.sleep(UP_SECONDS)
                kill_server(server)
                time.sleep(DOWN_SECONDS)
                server.start()
        found = examine(store, crowd)
        return {**found, "server kills": kills, "said": said(running.lines())}


def run(*, long: bool) -> None:
    """Print the counts."""
    interviews, kills = (200, 5) if long else (40, 1)
    with durable_server() as server:
        found = killed_server(server, interviews, kills)
    show("PostgreSQL killed and started again", HEAD, [[found[name] for name in HEAD]])
