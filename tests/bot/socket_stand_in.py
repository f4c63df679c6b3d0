"""Slack's side of Socket Mode: apps.connections.open, a web socket that sends envelopes, and the acks."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, jsonify, request
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.manifest import scopes
from bot.playground.server import web_app
from bot.playground.slack import Slack
from bot.serving import http_server, running

BOT_TOKEN, APP_TOKEN = "xoxb-stand-in", "xapp-stand-in"
PATIENCE = 30.0

Envelope = dict[str, Any]


class SocketStandIn:
    """One workspace over a web socket. `granted`: the scopes told with every answer."""

    def __init__(self) -> None:
        self.slack = Slack(BOT_TOKEN, "unused")
        self.granted = sorted(scopes())
        self.address = ""
        self.socket_address = ""
        self._connections: queue.Queue[ServerConnection] = queue.Queue()
        self._acks: queue.Queue[Envelope] = queue.Queue()

    def wait_for_connection(self) -> ServerConnection:
        """Return the next connection, greeted as Slack does."""
        connection = self._connections.get(timeout=PATIENCE)
        connection.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}}))
        return connection

    def send(self, connection: ServerConnection, kind: str, payload: Envelope) -> Envelope:
        """Send an envelope and return the ack."""
        name = f"envelope-{self.slack.workspace.number()}"
        wrapped = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": True}
        connection.send(json.dumps(wrapped))
        ack = self._acks.get(timeout=PATIENCE)
        assert ack["envelope_id"] == name
        return ack

    def wait_for_post(self, channel: str) -> dict[str, Any]:
        """Return the arguments of the first message posted to the channel."""
        workspace, version = self.slack.workspace, 0
        for _ in range(100):
            for called, arguments in list(self.slack.api.calls):
                if called == "chat.postMessage" and arguments["channel"] == channel:
                    return arguments
            version = workspace.wait(version, PATIENCE / 100)
        raise AssertionError(f"nothing was posted: {[name for name, _ in self.slack.api.calls]}")

    def _talk(self, connection: ServerConnection) -> None:
        self._connections.put(connection)
        try:
            for text in connection:
                self._acks.put(json.loads(text))
        except ConnectionClosed:
            return  # the bot closed its end without a farewell

    @contextmanager
    def open(self) -> Iterator["SocketStandIn"]:
        """Serve the Web API and the web socket on loopback ports."""
        flask = web_app(self.slack)

        @flask.post("/api/apps.connections.open")
        def connections() -> Response:
            if request.headers.get("Authorization") != f"Bearer {APP_TOKEN}":
                return jsonify(ok=False, error="invalid_auth")
            return jsonify(ok=True, url=self.socket_address)

        @flask.post("/api/auth.test")
        def auth_test() -> Response:  # slack_sdk says it is JSON and sends nothing; Slack takes that as no arguments
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return jsonify(self.slack.api.call("auth.test", token, {}))

        @flask.after_request
        def tell_scopes(response: Response) -> Response:
            response.headers["x-oauth-scopes"] = ",".join(self.granted)
            return response

        with _web_socket(self._talk) as self.socket_address, running(http_server(flask, "127.0.0.1", 0)) as url:
            self.address = f"{url}/api/"
            yield self


@contextmanager
def _web_socket(talk: Any) -> Iterator[str]:
    server: Server = serve(talk, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, name="web socket")
    thread.start()
    try:
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()
