"""A `kakunin serve` process under watch: its lines, its health pages, its end; and Slack calls that are held."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from websockets.sync.server import ServerConnection

from bot.playground import payloads
from tests.bot.socket_stand_in import PATIENCE, SocketStandIn
from tests.bot.test_health import read

ROOM = "C0LAB"


class Bot:
    """A running process: its lines on standard error, and its health pages."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.health = self.until(r"health pages: (http://[\d.:]+)/readyz")
        self.where = self.until(r"is listening: (\S+)")

    def until(self, pattern: str) -> str:
        """Return the group of the next line that matches."""
        assert self.process.stderr
        while line := self.process.stderr.readline().decode():
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("".join(self.lines))

    def readiness(self, wanted: int) -> str:
        """Return what /readyz says once it answers with this status."""
        deadline = time.monotonic() + PATIENCE
        while (found := read(f"{self.health}/readyz"))[0] != wanted:
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found[1]

    def figures(self) -> str:
        return read(f"{self.health}/metrics")[1]

    def end(self, number: signal.Signals | None = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        if number:
            self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=PATIENCE)
        self.lines += rest.decode().splitlines(keepends=True)
        assert "Traceback" not in "".join(self.lines)
        return self.process.returncode


def ask(stand_in: SocketStandIn, connection: ServerConnection) -> None:
    """Type /kakunin in the room, with an ack."""
    workspace = stand_in.slack.workspace
    person, room = workspace.people["U0ALEX"], workspace.channels[ROOM]
    stand_in.send(connection, "slash_commands", payloads.command(workspace, person, room, "", "http://127.0.0.1:9/"))


def held(stand_in: SocketStandIn, monkeypatch: pytest.MonkeyPatch, then: Callable[..., Any]) -> tuple[Any, Any]:
    """Hold calls that post a message until freed, then do `then`; gives what is set when one came, and the free."""
    came, free, call = threading.Event(), threading.Event(), stand_in.slack.api.call

    def slow(method: str, token: str, arguments: Mapping[str, Any]) -> Any:
        if method != "chat.postMessage" or free.is_set():
            return call(method, token, arguments)
        came.set()
        free.wait(PATIENCE)
        return then(call, method, token, arguments)

    monkeypatch.setattr(stand_in.slack.api, "call", slow)
    return came, free
