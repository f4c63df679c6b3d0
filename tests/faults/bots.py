"""Bots as processes on one store: started, killed, started again; and what Slack sends them, until one takes it."""

import http.client
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.playground import payloads
from bot.playground.server import SECRET, TOKEN
from bot.serving import PATH
from tests.faults.stand_in import Ground

ROOT = Path(__file__).parents[2]
START_SECONDS, TAKE_SECONDS, ANSWER_SECONDS = 60.0, 180.0, 3.0
LEASE_SECONDS = 3
"""Longer than a bot of these tests may take over one letter."""

WORKSHOP_ALONE = 0.3
"""How often a kill hits only the process behind the door."""

Encoded = tuple[str, str]


def children(process: int) -> list[int]:
    """Return the processes that any thread of this one has started."""
    found: list[int] = []
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, listed.read_text().split())
    return found


def end_at_once(process: int) -> None:
    """Kill a process that may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


class Bot:
    """One process at a time on one port."""

    def __init__(self, environment: Mapping[str, str], prefix: Sequence[str], limit: int) -> None:
        self.port = _free_port()
        self.lines: list[str] = []
        self.limit = limit
        self._environment = {**environment, "KAKUNIN_PORT": str(self.port)}
        self._prefix = prefix
        self._listening = threading.Event()
        self.at_work = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; `limit` is the largest file it may write, in bytes, 0 for any."""
        self._listening.clear()
        command = [*self._prefix, sys.executable, "-m", "tests.faults.bot_process", "serve"]
        self.process = subprocess.Popen(
            command, env=self._environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if self.limit:
            self.limits(self.limit)
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def limits(self, size: int) -> None:
        """Let no file grow beyond this size, as on a full disk; -1 lifts the limit."""
        self.limit = max(size, 0)
        if self.process is not None:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, -1))

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr
        with process.stderr as lines:
            for line in lines:
                self.lines.append(line.decode(errors="replace"))
                if b"is listening" in line and process is self.process:
                    self._listening.set()
                if b"the workshop is at work" in line and process is self.process:
                    self.at_work = True

    @property
    def listening(self) -> bool:
        """Whether it takes requests."""
        return self._listening.is_set()

    def ready(self) -> None:
        """Return once it listens."""
        until = time.monotonic() + START_SECONDS
        while not self._listening.wait(0.1):
            running = self.process is not None and self.process.poll() is None
            assert running, "".join(self.lines[-20:])
            assert time.monotonic() < until, "it does not listen"

    def kill(self) -> None:
        """End it and its workshop at once, either first, with no chance to finish anything."""
        self._listening.clear()
        self.at_work = False
        if self.process is not None:
            doomed = [self.process.pid, *self._workshops()]
            random.shuffle(doomed)
            for process in doomed:
                end_at_once(process)
            self.process.wait()

    def kill_workshop(self) -> None:
        """End the workshop alone, at once."""
        self.at_work = False
        for process in self._workshops():
            end_at_once(process)

    def _workshops(self) -> list[int]:
        return children(self.process.pid) if self.process is not None else []

    def ends(self) -> int:
        """Wait until it ends by itself, and return its status."""
        assert self.process is not None
        return self.process.wait(START_SECONDS)


class Bots:
    """All bots on one store. What Slack sends goes to any of them, again and again until one acknowledges it."""

    def __init__(self, members: Sequence[Bot]) -> None:
        self.members = members
        self.kills = 0
        self.repeated = 0
        self._lock = threading.Lock()

    def post(self, request: Encoded, repeat: int = 0) -> int:
        """Send a signed request to one of those that listen; returns the status, 0 where nobody answered in time."""
        up = [bot for bot in self.members if bot.listening] or self.members
        body, content_type = request
        headers = payloads.signed(SECRET, body, content_type, int(time.time()))
        if repeat:
            headers |= {"X-Slack-Retry-Num": str(repeat), "X-Slack-Retry-Reason": "http_timeout"}
        connection = http.client.HTTPConnection("127.0.0.1", random.choice(up).port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", PATH, body.encode(), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status

    def take(self, request: Encoded, again: Encoded | None = None) -> None:
        """Send a request until it is acknowledged; `again` is what is sent instead from the second time on."""
        until, repeat = time.monotonic() + TAKE_SECONDS, 0
        while self.post(request, repeat) != 200:
            assert time.monotonic() < until, "a request was never acknowledged"
            repeat, request = repeat + 1, again or request
            with self._lock:
                self.repeated += 1
            time.sleep(random.uniform(0.02, 0.3))

    def kill(self, bot: Bot) -> None:
        """Kill one and start it again, or only its workshop, which it starts again by itself."""
        self.kills += 1
        if random.random() < WORKSHOP_ALONE:
            bot.kill_workshop()
            return
        bot.kill()
        bot.start()

    def lines(self) -> list[str]:
        """Return what all of them have logged."""
        return [line for bot in self.members for line in bot.lines]


@contextmanager
def bots(
    store: str,
    ground: Ground,
    count: int = 1,
    prefix: Sequence[str] = (),
    limit: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Bots]:
    """Run so many bots on the store while inside. `settings`: what to set beside or instead of the usual."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAKUNIN_", "SLACK_"))}
    environment = {
        **kept,
        "KAKUNIN_MODE": "http",
        "KAKUNIN_STORE": store,
        "KAKUNIN_SLACK_API": ground.address,
        "KAKUNIN_HEALTH_PORT": "0",
        "KAKUNIN_POST_SECONDS": "0",
        "KAKUNIN_LEASE_SECONDS": str(LEASE_SECONDS),
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        **(settings or {}),
    }
    made = Bots([Bot(environment, prefix, limit) for _ in range(count)])
    try:
        for bot in made.members:
            bot.start()
        yield made
    finally:
        for bot in made.members:
            bot.kill()


def _free_port() -> int:
    """Return a port below those that outgoing connections take, so that it is still free after a kill."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
