"""`kakunin serve`: the bot on Slack, in Socket Mode or over HTTP, with its health pages, until it is told to stop."""

import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from importlib.metadata import version
from pathlib import Path

import click
from slack_bolt import App
from slack_sdk.web import SlackResponse

from bot.app import House, build_app, build_house, build_tools
from bot.checkup import look_at_slack
from bot.ending import Ending, end_within
from bot.foreman import Foreman, at_hand
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


def serve_until_stopped() -> int:
    """Serve until interrupted or terminated; returns 1 at once if something needed is missing."""
    ending, settings = Ending(), load_settings()
    log_as(settings)
    look = look_at_slack(settings)
    if not look.ready:
        click.echo("kakunin: put that right, then start again. The README says how to connect a workspace.", err=True)
        return 1
    with ExitStack() as stack:
        readiness, line = _start(
            build_house(settings.overlay, settings.overlays), settings, look.identity, ending, stack
        )
        log.info("Kakunin is listening: %s. Stop with Ctrl-C.", line.where)
        ending.wait()
        log.info("stopping: nothing new is taken, running work may take %.0f s", settings.stop_seconds)
        readiness.close()
        end_within(settings.stop_seconds, ending.status)
    log.info("stopped")
    return ending.status


def _start(
    house: House, settings: Settings, identity: SlackResponse | None, ending: Ending, stack: ExitStack
) -> tuple[Readiness, Line]:
    """Start everything; the stack ends it in reverse: first the line, then running work, at last the store."""
    metrics, readiness = Counted(), Readiness()
    stack.enter_context(counted_alerts(metrics.alerted))
    store = open_store(settings.store)
    stack.callback(store.close)
    with store.transaction():  # raises StoreError for one that may only be read
        pass
    stack.enter_context(_health_pages(readiness, metrics, settings))
    foreman = Foreman(metrics)
    stack.enter_context(at_hand(foreman, settings.stop_seconds))
    tools = build_tools(house, store, settings, metrics)
    app = build_app(tools, settings, foreman.wake, identity)
    stack.callback(app.listener_runner.listener_executor.shutdown)
    stack.enter_context(repeated(lambda: _keep_up(house), settings.round_seconds))
    line = stack.enter_context(_line(app, tools.guard.refused, settings, ending))
    stack.enter_context(repeated(ClockWatch().look, LOOK_SECONDS))
    readiness.open(*_checks(house, store, line, foreman))
    metrics.also(_standing(house, store, settings, line, readiness))
    return readiness, line


def _keep_up(house: House) -> None:
    """Read the overlays anew that changed; what follows from that for stored cases is the workshop's business."""
    house.library.refresh()


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


def _checks(house: House, store: Store, line: Line, foreman: Foreman) -> tuple[Check, ...]:
    answers = Timely(lambda: store.case("", "") is None, STORE_SECONDS)
    about = Timely(lambda: _about(house), STORE_SECONDS)
    return (
        ("the store does not answer", lambda: answers() is True),
        ("the data cannot be used", lambda: about() is not None),
        ("the workshop is not at work", lambda: foreman.ready),
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
