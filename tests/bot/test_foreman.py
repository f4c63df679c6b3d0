"""The workshop is another process: it counts over there and here, and a new one comes where one ended."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from bot import foreman as module
from bot.foreman import Foreman, at_hand
from bot.metrics import Counted

PATIENCE = 30.0
TELLS = """
import os, sys
print('["ready"]', flush=True)
print('["job", "answer", "done", 0.5]', flush=True)
while woken := os.read(0, 100):
    for _ in woken:
        print('["letter", "sent"]', flush=True)
print('["verdict", "allowed"]', flush=True)
"""


def workshop(program: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Foreman, Counted]:
    monkeypatch.setattr(module, "WORKSHOP", (sys.executable, "-c", program))
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.05)
    counted = Counted()
    return Foreman(counted), counted


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_is_woken_and_what_it_tells_is_counted_to_its_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    foreman, counted = workshop(TELLS, monkeypatch)
    with at_hand(foreman, PATIENCE):
        until(lambda: foreman.ready)
        foreman.wake()
        until(lambda: 'kakunin_letters_total{outcome="sent"} 1.0' in counted.page().decode())
    page = counted.page().decode()
    assert 'kakunin_jobs_total{kind="answer",outcome="done"} 1.0' in page
    assert 'kakunin_verdicts_total{verdict="allowed"} 1.0' in page
    assert not foreman.ready


def test_one_that_ends_is_told_of_and_started_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    foreman, _ = workshop(TELLS, monkeypatch)
    with at_hand(foreman, PATIENCE):
        until(lambda: foreman.ready)
        first = foreman._process
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        until(lambda: foreman._process is not first and foreman.ready)
    told = [record for record in caplog.records if record.name == "kakunin.alert"]
    assert [(record.levelno, record.module) for record in told] == [(logging.ERROR, "foreman")]


def test_one_that_does_not_come_to_its_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    foreman, _ = workshop("import time\nprint('[\"ready\"]', flush=True)\ntime.sleep(1000)", monkeypatch)
    with at_hand(foreman, 0.2):
        until(lambda: foreman.ready)
    assert foreman._process is not None
    assert foreman._process.returncode == -signal.SIGKILL


def test_waking_one_that_is_gone_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    foreman, _ = workshop(TELLS, monkeypatch)
    foreman.wake()
    with at_hand(foreman, PATIENCE):
        until(lambda: foreman.ready)
    foreman.wake()
