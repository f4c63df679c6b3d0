"""HTTP for the Bolt app, the health pages and the playground: Flask for the routes, cheroot for the sockets."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import ceil

from cheroot.server import HTTPConnection
from cheroot.wsgi import Server
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response

from bot.listeners.guard import where_it_failed
from bot.oauth.flow import InstallFlow
from bot.settings import SettingsError

THREADS = 40
WAITING = 128
"""Connections that may wait to be accepted."""
BODY_BYTES, HEADER_BYTES = 1_000_000, 32_768
"""More is answered with 413. Slack's largest payloads, of modals, stay below 250 kB."""
SILENCE_SECONDS = 5
"""A connection that says nothing for so long is closed. Slack itself waits for three seconds."""
PATH = "/slack/events"
UNSIGNED = 401
"""What Bolt answers to who is not Slack."""

log = logging.getLogger("kakunin.http")


class Connection(HTTPConnection):
    """Gives up what a client that has gone did not take; cheroot leaves it to the garbage collector to fail at that."""

    def close(self) -> None:
        """Close the file that is written to as well."""
        with suppress(OSError, ValueError):
            self.wfile.close()
        super().close()


class QuietServer(Server):
    """Logs what goes wrong with a connection without its content."""

    ConnectionClass = Connection

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: FBT001, FBT002 - cheroot's signature
        """Log which kind of message it was; the message itself may quote what was sent."""
        kind = str(msg).partition("(")[0] if traceback else "connection"
        log.log(level, "trouble with a connection: %s", kind if kind.isidentifier() else "socket error")


def slack_endpoint(app: App, refused: Callable[[str], None] = lambda _: None) -> Flask:
    """Return the WSGI application that takes Slack's requests at /slack/events, and installations where they are.

    It tells `refused` of requests that Slack did not sign.
    """
    flask = Flask("kakunin")
    if isinstance(app.oauth_flow, InstallFlow):
        _install_routes(flask, app.oauth_flow)

    @flask.post(PATH)
    def events() -> Response | tuple[str, int]:
        try:
            answer = app.dispatch(to_bolt_request(request))
        except Exception as error:  # noqa: BLE001 - Bolt looks into a body before it checks who sent it
            log.warning("a payload could not be read: %s", where_it_failed(error))
            refused("unreadable")
            return "the payload cannot be read", 400
        if answer.status == UNSIGNED:
            refused("unsigned")
        return to_flask_response(answer)

    return flask


def _install_routes(flask: Flask, flow: InstallFlow) -> None:
    """Where a person begins, and where Slack sends them back to."""
    steps = {flow.install_path: flow.handle_installation, flow.redirect_uri_path: flow.handle_callback}

    def step() -> Response | tuple[str, int]:
        try:
            incoming = to_bolt_request(request)
        except ValueError:  # an address that is no UTF-8
            return "the address cannot be read", 400
        return to_flask_response(steps[request.path](incoming))

    for path in steps:
        flask.add_url_rule(path, view_func=step, methods=["GET"])


def http_server(flask: Flask, host: str, port: int, threads: int = THREADS, stop_seconds: float = 5) -> Server:
    """Return a prepared server; its real port is in `bind_addr`. Raises OSError if the port is taken."""
    server = QuietServer(
        (host, port),
        flask,
        numthreads=threads,
        server_name="kakunin",
        request_queue_size=WAITING,
        timeout=SILENCE_SECONDS,
        shutdown_timeout=ceil(stop_seconds),
    )
    server.max_request_body_size, server.max_request_header_size = BODY_BYTES, HEADER_BYTES
    server.prepare()
    return server


def bound(prepare: Callable[[], Server], address: str, variable: str) -> Server:
    """Return what `prepare` does. Raises SettingsError naming the variable if the address cannot be used."""
    try:
        return prepare()
    except OSError as error:
        raise SettingsError(f"{address} cannot be used, perhaps it is taken: set {variable}") from error


@contextmanager
def running(server: Server) -> Iterator[str]:
    """Serve in a thread while inside; gives the address as http://host:port."""
    thread = threading.Thread(target=server.serve, name="http", daemon=True)
    thread.start()
    host, port = server.bind_addr[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()
        thread.join()


@contextmanager
def repeated(act: Callable[[], None], seconds: float) -> Iterator[None]:
    """Do `act` again and again in a thread while inside, so many seconds apart."""
    stopped = threading.Event()

    def loop() -> None:
        while not stopped.wait(seconds):
            act()

    thread = threading.Thread(target=loop, name="round", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
