"""Clicks a second and how long each waits for its ack, beside a bare Bolt app that only acks; all are processes.

Every click is the first answer in a case of its own; what follows from it is done and carried to Slack meanwhile.
`python -m tests.bench.load slack|bare` is a process of this bench.
"""

import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from bot.app import build_house
from bot.manifest import scopes
from bot.playground import payloads
from bot.playground.server import SECRET
from bot.playground.workspace import TEAM, Channel, Person, Workspace
from bot.serving import PATH, http_server, running, slack_endpoint
from conversations.models import Place
from conversations.service import Conversations
from conversations.store.opening import open_store
from tests.bench.acks import bare_app
from tests.bench.table import percentile, show
from tests.faults.bots import ROOT, Encoded, bots
from tests.faults.postgres import durable_server
from tests.faults.stand_in import Ground, Quiet

CLIENTS = {1: 200, 8: 400, 32: 400}
"""Clicks by the number of those who click at the same time, each as soon as the last click was acknowledged."""

PACED, PAUSE = 200, 0.05
SLOW_SECONDS, SLOW_CLICKS = 0.8, 80
HEAD = ["clients", "app", "clicks a second", "share of the bare app", "p50 ms", "p99 ms", "unacknowledged"]
SLOW_HEAD = ["store", "clicks", "unacknowledged", "p50 ms", "p99 ms", "worst ms"]
SLACK_NICE = 19
"""The stand-in comes last: Slack has a machine of its own."""
LIMIT_SECONDS = 3.0
"""Slack shows an error when it has waited for so long."""


@dataclass(frozen=True)
class App:
    """What is clicked at, and the clicks still to be made."""

    name: str
    port: int
    store: str
    clicks: Iterator[Encoded]


def _click(port: int, clicks: Sequence[Encoded], pause: float) -> list[float]:
    """Click one after the other; an unacknowledged click counts as infinitely late."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    waited = []
    for body, content_type in clicks:
        headers = payloads.signed(SECRET, body, content_type, int(time.time()))
        start = time.perf_counter()
        try:
            connection.request("POST", PATH, body.encode(), headers)
            answer = connection.getresponse()
            answer.read()
            waited.append(time.perf_counter() - start if answer.status == 200 else float("inf"))
        except (OSError, http.client.HTTPException):
            connection.close()
            waited.append(float("inf"))
        time.sleep(pause)
    connection.close()
    return waited


def _at_once(app: App, clients: int, count: int, pause: float = 0.0) -> tuple[float, list[float]]:
    """Let so many clients click; returns clicks a second and how long each waited."""
    shares = [list(itertools.islice(app.clicks, count // clients)) for _ in range(clients)]
    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        waited = [each for found in pool.map(lambda share: _click(app.port, share, pause), shares) for each in found]
    return len(waited) / (time.perf_counter() - start), waited


def _drain(app: App) -> None:
    if not app.store:
        return
    with closing(open_store(app.store)) as store:
        while (left := store.backlog()) and (left.jobs or left.letters):
            time.sleep(0.2)


def _cases(store: str, count: int) -> list[Encoded]:
    """Start so many cases, and return a click on the first card of each."""
    workspace, found = Workspace(), []
    with closing(open_store(store)) as opened:
        conversations = Conversations(opened, build_house().library)
        for number in range(count):
            person, channel = Person(f"U{number:06d}", "somebody", "en-US"), Channel(f"C{number:06d}", "room")
            place = Place(TEAM, channel.id, f"1700000000.{number:06d}")
            current = (standing := conversations.start(place, person.id, "chatgpt")).progress.current
            assert current is not None
            value = f"{standing.case.id}|{current.card.id}"
            action = {"block_id": "buttons", "action_id": "card.shortcut:unsure", "type": "button", "value": value}
            message = {"type": "message", "ts": f"1700000001.{number:06d}", "thread_ts": place.thread, "blocks": []}
            sent = payloads.block_actions(workspace, person, channel, message, action, {})
            found.append(payloads.encode_interaction(sent))
    return found


@contextmanager
def _process(what: str, *options: str) -> Iterator[int]:
    """Run a process of this bench while inside; gives its port."""
    command = [sys.executable, "-m", "tests.bench.load", what, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def _bot(name: str, store: str, slack: int, clicks: int) -> Iterator[App]:
    found = _cases(store, clicks)
    ground = Ground()
    ground.address = f"http://127.0.0.1:{slack}/api/"
    with bots(store, ground, settings={"KAKUNIN_LEASE_SECONDS": "60"}) as members:
        members.members[0].ready()
        yield App(name, members.members[0].port, store, iter(found))


def run() -> None:
    """Print both tables: clicks as fast as they go, and clicks while Slack takes its time."""
    with tempfile.TemporaryDirectory() as folder, durable_server() as server:
        _side_by_side(str(Path(folder) / "load.db"), server.fresh())
        _slow_work(str(Path(folder) / "slow.db"), server.fresh())


def _side_by_side(file: str, address: str) -> None:
    count = PACED + sum(CLIENTS.values())
    with ExitStack() as stack:
        slack = stack.enter_context(_process("slack", "0"))
        bare = stack.enter_context(_process("bare", f"http://127.0.0.1:{slack}/api/"))
        spare = iter(_cases(":memory:", count))
        apps = [
            App("bare Bolt app", bare, "", spare),
            stack.enter_context(_bot("Kakunin, SQLite", file, slack, count)),
            stack.enter_context(_bot("Kakunin, PostgreSQL", address, slack, count)),
        ]
        rows = []
        for clients, clicks, pause in ((1, PACED, PAUSE), *((each, CLIENTS[each], 0.0) for each in CLIENTS)):
            base = 0.0
            for app in apps:
                rate, waited = _at_once(app, clients, clicks, pause)
                _drain(app)
                base = base or rate
                told = f"{clients}, a click each {1000 * pause:.0f} ms" if pause else str(clients)
                lost = sum(each > LIMIT_SECONDS for each in waited)
                print(f"{told}: {app.name}: {rate:.0f} clicks a second", file=sys.stderr)
                rows.append(
                    [told, app.name, rate, rate / base, percentile(waited, 0.5), percentile(waited, 0.99), lost]
                )
    show("Clicks and their acks", HEAD, rows)


def _slow_work(file: str, address: str) -> None:
    rows = []
    with _process("slack", str(SLOW_SECONDS)) as slack:
        for name, store in (("SQLite", file), ("PostgreSQL", address)):
            with _bot(name, store, slack, SLOW_CLICKS) as app:
                _, waited = _at_once(app, 8, SLOW_CLICKS, PAUSE)
            lost = sum(each > LIMIT_SECONDS for each in waited)
            rows.append(
                [name, len(waited), lost, percentile(waited, 0.5), percentile(waited, 0.99), 1000 * max(waited)]
            )
    title = f"Clicks of 8 clients while every call to Slack takes {SLOW_SECONDS} s"
    show(title, SLOW_HEAD, rows)


class _Slack(BaseHTTPRequestHandler):
    """Agrees with everything, after a while."""

    protocol_version = "HTTP/1.1"
    delay = 0.0
    numbers = itertools.count(1)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.delay)
        answer = {"ok": True, "ts": f"1700000002.{next(self.numbers):06d}", "user": {"locale": "en-US"}, "messages": []}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("x-oauth-scopes", ",".join(sorted(scopes())))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of the standard library
        """Keep quiet."""


def _serve(what: str, options: Sequence[str]) -> None:
    if what == "slack":
        _Slack.delay = float(options[0])
        os.nice(SLACK_NICE)
        server = Quiet(("127.0.0.1", 0), _Slack)
        print(server.server_address[1], flush=True)
        server.serve_forever()
    with running(http_server(slack_endpoint(bare_app(options[0])), "127.0.0.1", 0)) as url:
        print(url.rpartition(":")[2], flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
