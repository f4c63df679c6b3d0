"""The HTTP server's limits: what is too large is turned away, and who is slow keeps nobody waiting."""

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from flask import Flask, request

from bot.serving import BODY_BYTES, HEADER_BYTES, THREADS, bound, http_server, running
from bot.settings import SettingsError
from tests.bot.test_http import post

MARKER = "sekretmarker4711"


@pytest.fixture
def url() -> Iterator[str]:
    """A server that tells how much it was sent."""
    flask = Flask("echo")

    @flask.post("/")
    def length() -> str:
        return str(len(request.get_data()))

    with running(http_server(flask, "127.0.0.1", 0)) as address:
        yield address


def say(url: str, *parts: bytes, answer: bool = True) -> bytes:
    """Send the parts as they are and return the first line of the answer."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as line:
        for part in parts:
            line.sendall(part)
        return line.makefile("rb").readline().strip() if answer else b""


def test_a_body_at_the_limit_is_taken_and_one_above_is_too_large(url: str) -> None:
    assert post(url, "x" * BODY_BYTES, {}).body == str(BODY_BYTES)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1)
    assert say(url, head) == b"HTTP/1.1 413 Request Entity Too Large"


def test_a_body_in_pieces_without_a_length_is_not_read(url: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"%x\r\n" % 1000 + b"x" * 1000 + b"\r\n"
    said = say(url, head, piece, b"0\r\n\r\n")
    assert said.split()[1] in {b"200", b"400", b"411", b"413"}
    assert post(url, "still here", {}).status == 200


def test_headers_above_the_limit_are_too_large(url: str) -> None:
    assert say(url, b"POST / HTTP/1.1\r\nX: " + b"x" * HEADER_BYTES + b"\r\n\r\n").split()[1] == b"413"


def test_slow_clients_do_not_keep_others_waiting(url: str) -> None:
    where = urlsplit(url)
    with ExitStack() as stack:
        for _ in range(THREADS // 2):
            slow = stack.enter_context(socket.create_connection((where.hostname or "", where.port or 0), timeout=30))
            slow.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\nX-Slow: ")
        assert [post(url, "x", {}).body for _ in range(5)] == ["1"] * 5


def test_trouble_with_a_connection_is_logged_without_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    server = http_server(Flask("quiet"), "127.0.0.1", 0)
    with running(server) as url:
        post(url, "", {})
        server.error_log(f"ValueError('{MARKER}')", level=logging.ERROR, traceback=True)
        server.error_log(MARKER + " was said")
    assert [r.getMessage() for r in caplog.records if r.name == "kakunin.http"][:1] == [
        "trouble with a connection: ValueError"
    ]
    assert MARKER not in caplog.text


def test_an_address_that_cannot_be_used_names_its_setting() -> None:
    def taken() -> None:
        raise OSError

    with pytest.raises(SettingsError, match="KAKUNIN_PORT"):
        bound(taken, "127.0.0.1:1", "KAKUNIN_PORT")  # type: ignore[arg-type]
