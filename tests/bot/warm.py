"""The command in a process of its own, forked from one that has imported it already.

Starting Python and importing takes most of a run. A run that asks something of the interpreter itself (PYTHON…), or
that is to find another copy of the command, needs a start of its own.
"""

import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST = 1 << 20
NUMBER_OF_STREAMS = 3
IMPORTED = ("bot.app", "bot.terminal", "bot.checkup", "bot.passages", "bot.editions", "bot.explain", "bot.understand")


class Warm:
    """One waiting process; it ends with the one that started it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.bot.warm", str(theirs.fileno())], cwd=ROOT, pass_fds=[theirs.fileno()]
            )
        self._line, self._lock = ours, threading.Lock()

    def run(
        self, folder: Path, words: tuple[str, ...], sent: bytes, environment: dict[str, str], patience: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command to its end. Raises TimeoutError."""
        with self._lock, ExitStack() as stack:
            given, out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(NUMBER_OF_STREAMS))
            given.write(sent)
            given.seek(0)
            asked = json.dumps({"folder": str(folder), "words": words, "environment": environment}).encode()
            socket.send_fds(self._line, [asked], [given.fileno(), out.fileno(), err.fileno()])
            self._line.settimeout(patience)
            status = os.waitstatus_to_exitcode(int(self._line.recv(64)))
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(["kakunin", *words], status, out.read(), err.read())


@lru_cache(1)
def warm() -> Warm:
    """Return the process that waits for this one."""
    return Warm()


def _become(asked: dict[str, Any], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (
        open(0, encoding="utf-8", errors="surrogateescape", closefd=False),  # noqa: SIM115 - lives to the end
        open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False),  # noqa: SIM115 - likewise
        open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False),  # noqa: SIM115 - likewise
    )
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.path[0] = asked["folder"]
    sys.argv = ["kakunin", *asked["words"]]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def main(number: str) -> None:
    """Fork for each request; a forked process runs it and ends as the command does."""
    for name in IMPORTED:
        __import__(name)
    line = socket.socket(fileno=int(number))
    while True:
        asked, streams, _, _ = socket.recv_fds(line, LONGEST, NUMBER_OF_STREAMS)
        if not asked:
            return None
        if (child := os.fork()) == 0:
            line.close()
            return _become(json.loads(asked), streams)
        for stream in streams:
            os.close(stream)
        line.send(str(os.waitpid(child, 0)[1]).encode())


if __name__ == "__main__":
    main(sys.argv[1])
