"""The line to Slack, in Socket Mode or over HTTP: opening it, seeing whether it is up, and closing it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.serving import bound, http_server, repeated, running, slack_endpoint
from bot.settings import Settings
from bot.watchdog import Watchdog

SOCKET_WORKERS = 32
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Line:
    """An open line. `up`: whether it can be counted on; `connected`: the web socket right now, None without one."""

    where: str
    fault: str
    up: Callable[[], bool]
    connected: Callable[[], bool | None]


@contextmanager
def over_http(app: App, settings: Settings, refused: Callable[[str], None]) -> Iterator[Line]:
    """Listen for Slack's requests while inside; those being answered at the end are finished."""
    pages = slack_endpoint(app, refused)
    server = bound(
        lambda: http_server(pages, settings.host, settings.port, stop_seconds=settings.stop_seconds),
        f"{settings.host}:{settings.port}",
        "KAKUNIN_PORT",
    )
    with running(server) as url:
        yield Line(f"{url}/slack/events", "HTTP is not listening", lambda: server.ready, lambda: None)


@contextmanager
def over_socket(app: App, settings: Settings, give_up: Callable[[], None]) -> Iterator[Line]:
    """Hold a web socket to Slack while inside, and watch it."""
    handler = SocketModeHandler(app, settings.app_token, web_client=app.client, concurrency=SOCKET_WORKERS)
    watchdog = Watchdog(handler.client, settings.socket_alert_seconds, settings.socket_exit_seconds, give_up)
    try:
        handler.connect()  # type: ignore[no-untyped-call]
        watchdog.look()
        with repeated(watchdog.look, LOOK_SECONDS):
            fault = "Socket Mode is not connected"
            yield Line("Socket Mode", fault, lambda: watchdog.connected, handler.client.is_connected)
    finally:
        _leave(handler)


def _leave(handler: SocketModeHandler) -> None:
    """Take no more envelopes, let what was taken be acknowledged, then disconnect. Slack sends the others again."""
    handler.client.closed = True
    handler.client.message_processor.shutdown()  # type: ignore[no-untyped-call]
    handler.client.message_workers.shutdown()
    handler.close()  # type: ignore[no-untyped-call]
