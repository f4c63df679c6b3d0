"""`kakunin serve`: the bot on Slack, in Socket Mode or over HTTP."""

import logging
import signal
import threading
from contextlib import ExitStack

import click
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import build_app, build_house, build_tools, open_store
from bot.checkup import check_slack
from bot.courier import Courier
from bot.serving import http_server, repeated, running, slack_endpoint
from bot.settings import Settings, SettingsError, load_settings

log = logging.getLogger("kakunin")

SOCKET_WORKERS = 32


def serve_until_stopped() -> int:
    """Serve until interrupted or terminated; returns 1 at once if something needed is missing."""
    stopped = _told_to_stop()
    settings = load_settings()
    if check_slack():
        click.echo("kakunin: put that right, then start again. The README says how to connect a workspace.", err=True)
        return 1
    house = build_house(settings.overlay)
    with ExitStack() as stack:
        store = open_store(settings)
        stack.callback(store.close)
        tools = build_tools(house, store, settings)
        app = build_app(tools, settings)
        stack.enter_context(repeated(Courier(tools, app.client).go_round, settings.round_seconds))
        where = _connect(app, settings, stack)
        click.echo(f"Kakunin is listening: {where}. Stop with Ctrl-C.", err=True)
        stopped.wait()
    return 0


def _connect(app: App, settings: Settings, stack: ExitStack) -> str:
    if settings.mode == "http":
        try:
            server = http_server(slack_endpoint(app), settings.host, settings.port)
        except OSError as error:
            raise SettingsError(
                f"{settings.host}:{settings.port} cannot be used, perhaps it is taken: set KAKUNIN_PORT"
            ) from error
        return stack.enter_context(running(server)) + "/slack/events"
    handler = SocketModeHandler(app, settings.app_token, web_client=app.client, concurrency=SOCKET_WORKERS)
    handler.connect()  # type: ignore[no-untyped-call]
    stack.callback(handler.close)
    return "Socket Mode"


def _told_to_stop() -> threading.Event:
    """Return what is set when the process is interrupted or terminated, also while it is still starting."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
