"""The health pages over real HTTP: alive, ready or why not, figures; and what hangs does not hang them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

from bot.health import Readiness, Timely, health_app
from bot.metrics import Counted
from bot.serving import http_server, running


@contextmanager
def pages(readiness: Readiness, metrics: Counted | None = None) -> Iterator[str]:
    with running(http_server(health_app(readiness, metrics or Counted()), "127.0.0.1", 0, 2)) as url:
        yield url


def read(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_process_that_starts_is_alive_but_not_ready() -> None:
    with pages(Readiness()) as url:
        assert read(f"{url}/healthz") == (200, "alive\n")
        assert read(f"{url}/readyz") == (503, "starting or stopping\n")


def test_ready_while_every_check_holds_and_the_first_fault_is_told() -> None:
    readiness, well = Readiness(), {"store": True, "line": True}
    readiness.open(("no store", lambda: well["store"]), ("no line", lambda: well["line"]))
    with pages(readiness) as url:
        assert read(f"{url}/readyz") == (200, "ready\n")
        well["line"] = False
        assert read(f"{url}/readyz") == (503, "no line\n")
        well["store"] = False
        assert read(f"{url}/readyz") == (503, "no store\n")
        well.update(store=True, line=True)
        assert read(f"{url}/readyz") == (200, "ready\n")
        readiness.close()
        assert read(f"{url}/readyz") == (503, "starting or stopping\n")
        assert read(f"{url}/healthz") == (200, "alive\n")


def test_figures_are_in_prometheus_s_format_and_nothing_else_is_there() -> None:
    metrics = Counted()
    metrics.case_started()
    with pages(Readiness(), metrics) as url, urlopen(f"{url}/metrics", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert b"\nkakunin_cases_started_total 1.0\n" in answer.read()
        assert read(f"{url}/")[0] == 404


def test_what_hangs_is_asked_once_and_answers_again_when_it_can() -> None:
    free, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        free.wait(30)
        return "here"

    answers = Timely(ask, 0.05)
    assert [answers(), answers(), answers()] == [None, None, None]
    assert len(asked) == 1
    free.set()
    deadline = time.monotonic() + 30
    while answers() != "here":
        assert time.monotonic() < deadline


def test_what_fails_has_no_answer() -> None:
    assert Timely(lambda: 1 // 0, 5)() is None
    assert Timely(lambda: "yes", 5)() == "yes"
