"""`kakunin serve`: the bot on Slack, in Socket Mode or over HTTP, with its health pages, until it is told to stop."""

import logging
import os
import shutil
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from importlib.metadata import version
from pathlib import Path

import click
from slack_bolt import App

from bot.app import House, build_all, build_house
from bot.checkup import check_slack
from bot.courier import Courier, at_work
from bot.health import STORE_SECONDS, Check, Readiness, Timely, health_app
from bot.line import LOOK_SECONDS, Line, over_http, over_socket
from bot.logs import counted_alerts, log_as
from bot.metrics import Counted, Standing
from bot.serving import bound, http_server, repeated, running
from bot.settings import Settings, load_settings
from bot.watchdog import ClockWatch
from conversations.store.opening import open_store
from conversations.store.protocol import Store

log = logging.getLogger("kakunin.serve")

HEALTH_THREADS = 4
GRACE_SECONDS = 3.0
"""For closing the store after the time for running work is over."""
GAVE_UP = 1


class Ending:
    """How and when the process ends: asked to (0), or because it gave up (1)."""

    def __init__(self) -> None:
        """Listen to the signals from now on, also while the bot is still starting."""
        self.status = 0
        self._told = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._told.set())

    def give_up(self) -> None:
        """End with an error, so that a supervisor starts the bot anew."""
        self.status = GAVE_UP
        self._told.set()

    def wait(self) -> None:
        """Return when the process is to end."""
        self._told.wait()

    def within(self, seconds: float) -> None:
        """End after so long, whatever still runs."""
        cut = threading.Timer(seconds, self._cut, (seconds,))
        cut.daemon = True
        cut.start()

    def _cut(self, seconds: float) -> None:
        log.warning("some work was not finished in %.0f s; what is in the store is taken up at the next start", seconds)
        logging.shutdown()
        os._exit(self.status)


def serve_until_stopped() -> int:
    """Serve until interrupted or terminated; returns 1 at once if something needed is missing."""
    ending, settings = Ending(), load_settings()
    log_as(settings)
    if check_slack():
        click.echo("kakunin: put that right, then start again. The README says how to connect a workspace.", err=True)
        return 1
    with ExitStack() as stack:
        readiness, line = _start(build_house(settings.overlay), settings, ending, stack)
        log.info("Kakunin is listening: %s. Stop with Ctrl-C.", line.where)
        ending.wait()
        log.info("stopping: nothing new is taken, running work may take %.0f s", settings.stop_seconds)
        readiness.close()
        ending.within(settings.stop_seconds + GRACE_SECONDS)
    log.info("stopped")
    return ending.status


def _start(house: House, settings: Settings, ending: Ending, stack: ExitStack) -> tuple[Readiness, Line]:
    """Start everything; the stack ends it in reverse: first the line, then running work, at last the store."""
    metrics, readiness = Counted(), Readiness()
    stack.enter_context(counted_alerts(metrics.alerted))
    store = open_store(settings.store)
    stack.callback(store.close)
    stack.enter_context(_health_pages(readiness, metrics, settings))
    app, works = build_all(house, store, settings, metrics)
    stack.enter_context(at_work(works, Courier(works, settings.keep_days), settings))
    stack.callback(app.listener_runner.listener_executor.shutdown)
    line = stack.enter_context(_line(app, works.tools.guard.refused, settings, ending))
    stack.enter_context(repeated(ClockWatch().look, LOOK_SECONDS))
    readiness.open(*_checks(house, store, line))
    metrics.also(_standing(house, store, settings, line, readiness))
    return readiness, line


def _health_pages(readiness: Readiness, metrics: Counted, settings: Settings) -> AbstractContextManager[str]:
    host, port = settings.health_host, settings.health_port
    pages = health_app(readiness, metrics)
    server = bound(lambda: http_server(pages, host, port, HEALTH_THREADS), f"{host}:{port}", "KAKUNIN_HEALTH_PORT")
    log.info("health pages: http://%s:%d/readyz", *server.bind_addr[:2])
    return running(server)


def _line(app: App, refused: Callable[[str], None], settings: Settings, ending: Ending) -> AbstractContextManager[Line]:
    if settings.mode == "http":
        return over_http(app, settings, refused)
    return over_socket(app, settings, ending.give_up)


def _checks(house: House, store: Store, line: Line) -> tuple[Check, ...]:
    answers = Timely(lambda: store.case("", "") is None, STORE_SECONDS)
    about = Timely(lambda: _about(house), STORE_SECONDS)
    return (
        ("the store does not answer", lambda: answers() is True),
        ("the data cannot be used", lambda: about() is not None),
        (line.fault, line.up),
    )


def _standing(house: House, store: Store, settings: Settings, line: Line, readiness: Readiness) -> Standing:
    return Standing(
        about=Timely(lambda: _about(house), STORE_SECONDS),
        ready=lambda: bool(readiness),
        backlog=Timely(store.backlog, STORE_SECONDS),
        connected=line.connected,
        free_bytes=lambda: _free_bytes(settings.store),
    )


def _about(house: House) -> Mapping[str, str]:
    book = house.books.current()
    return {"version": version("kakunin"), "edition": book.edition, "engine": book.evaluator.engine_name}


def _free_bytes(store: str) -> int | None:
    """Return the room left where the SQLite file is; None for any other store."""
    folder = Path(store).absolute().parent
    return shutil.disk_usage(folder).free if store != ":memory:" and folder.is_dir() else None
