"""HTTP for the Bolt app and the playground: Flask for the routes, cheroot for the sockets."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cheroot.wsgi import Server
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response

THREADS = 40
PATH = "/slack/events"


def slack_endpoint(app: App) -> Flask:
    """Return the WSGI application that takes Slack's requests at /slack/events."""
    flask = Flask("kakunin")

    @flask.post(PATH)
    def events() -> Response | tuple[str, int]:
        try:
            incoming = to_bolt_request(request)
        except (ValueError, TypeError, AttributeError, KeyError):  # Bolt reads the body before it checks who sent it
            return "the body cannot be read", 400
        return to_flask_response(app.dispatch(incoming))

    return flask


def http_server(flask: Flask, host: str, port: int) -> Server:
    """Return a prepared server; its real port is in `bind_addr`. Raises OSError if the port is taken."""
    server = Server((host, port), flask, numthreads=THREADS, server_name="kakunin")
    server.prepare()
    return server


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
