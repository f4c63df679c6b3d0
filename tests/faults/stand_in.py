"""Slack's side for processes: the strict stand-in behind a server that can answer badly, late or not at all."""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from bot.manifest import scopes
from bot.playground.server import SECRET, TOKEN
from bot.playground.slack import Slack
from bot.playground.workspace import Channel, Person

HANG_SECONDS = 2.5
"""Longer than the bots of these tests wait for an answer."""

SCOPES = ",".join(sorted(scopes()))

FAULTS = {"429": 0.03, "500": 0.03, "hang": 0.01, "drop": 0.03}
"""How many of the calls go wrong, by kind."""


class Ground:
    """One workspace in memory; `faults` says which share of the calls goes wrong in which way."""

    def __init__(self, faults: Mapping[str, float] | None = None) -> None:
        self.slack = Slack(TOKEN, SECRET)
        self.workspace = self.slack.workspace
        self.faults: Mapping[str, float] = {}
        self.wanted = faults or {}
        self.injected: Counter[str] = Counter()
        self.address = ""
        self._random = random.Random(2026)
        self._lock = threading.Lock()
        self._people = 0

    def newcomer(self) -> tuple[Person, Channel]:
        """Return a person and a channel that only they use."""
        with self._lock:
            self._people += 1
            number = self._people
        person = Person(f"U{number:06d}", f"person {number}", ("ja-JP", "en-US")[number % 2])
        room, direct = Channel(f"C{number:06d}", f"room-{number}"), Channel(f"D{number:06d}", "Kakunin", person.id)
        with self.workspace.changed:
            self.workspace.people[person.id] = person
            self.workspace.channels.update({room.id: room, direct.id: direct})
        return person, room

    def fault(self) -> tuple[str, bool]:
        """Return what goes wrong with a call, or nothing, and whether it is carried out all the same."""
        with self._lock:
            drawn, done = self._random.random(), self._random.random() < 0.5
            for kind, share in self.faults.items():
                if drawn < share:
                    self.injected[kind] += 1
                    return kind, done
                drawn -= share
        return "", True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ground: Ground

    def do_POST(self) -> None:
        """Answer one call of the Web API."""
        method, arguments = self.path.rpartition("/")[2], self._arguments()
        token = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        kind, done = self.ground.fault()
        if kind == "429":
            self._answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
            return
        found = self.ground.slack.api.call(method, token, arguments) if done else {}
        self.ground.slack.api.calls.clear()
        if kind == "500":
            self._answer(500, {"ok": False, "error": "internal_error"})
        elif kind:
            time.sleep(HANG_SECONDS if kind == "hang" else 0)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(200, found)

    def _arguments(self) -> Mapping[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body or b"{}"))
        return dict(parse_qsl(body.decode()))

    def _answer(self, status: int, answer: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "x-oauth-scopes": SCOPES, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of the standard library
        """Keep quiet."""


class Quiet(ThreadingHTTPServer):
    """A server that tells nothing of connections that are gone."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that was killed, or that waits no longer, is nothing to tell."""


@contextmanager
def ground(faults: Mapping[str, float] | None = None) -> Iterator[Ground]:
    """Serve a workspace while inside; faults begin when they are set."""
    made = Ground(faults)
    server = Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"ground": made}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
