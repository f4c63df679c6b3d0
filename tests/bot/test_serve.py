"""`kakunin serve` as a real process: health pages, a lost connection, and a stop that finishes or leaves work."""

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground import payloads
from tests.bot.running_bot import ROOM, Bot, ask, held
from tests.bot.socket_stand_in import PATIENCE, SocketStandIn
from tests.bot.test_cli import kakunin, told
from tests.bot.test_health import read
from tests.bot.test_http import post
from tests.bot.test_socket_mode import serving, variables

SECRET = "not the real one"


@pytest.fixture
def stand_in() -> Iterator[SocketStandIn]:
    with SocketStandIn().open() as standing:
        yield standing


def test_health_pages_and_lines_of_json_in_socket_mode(stand_in: SocketStandIn, tmp_path: Path) -> None:
    with serving(tmp_path, **variables(stand_in), KAKUNIN_LOG="json") as process:
        bot = Bot(process)
        assert read(f"{bot.health}/healthz") == (200, "alive\n")
        assert bot.readiness(200) == "ready\n"
        figures = bot.figures()
        assert bot.end() == 0
    assert re.search(r'^kakunin_build_info\{.*edition="\d{4}-\d\d".*\} 1.0$', figures, re.MULTILINE)
    for gauge in ("kakunin_ready 1.0", "kakunin_socket_connected 1.0", "kakunin_outbox_letters 0.0"):
        assert f"\n{gauge}\n" in figures
    assert "kakunin_store_free_bytes" in figures
    assert [json.loads(line)["message"] for line in bot.lines][-1] == "stopped"


@pytest.mark.long
def test_a_connection_that_is_lost_and_found_is_seen_in_readiness(stand_in: SocketStandIn, tmp_path: Path) -> None:
    with serving(tmp_path, **variables(stand_in), KAKUNIN_SOCKET_ALERT_SECONDS="1") as process:
        connection = stand_in.wait_for_connection()
        bot = Bot(process)
        bot.readiness(200)
        address, stand_in.socket_address = stand_in.socket_address, "ws://127.0.0.1:1"
        connection.close()
        assert bot.readiness(503) == "Socket Mode is not connected\n"
        assert "\nkakunin_socket_connected 0.0\n" in bot.figures()
        stand_in.socket_address = address
        assert bot.readiness(200) == "ready\n"
        assert 'kakunin_alerts_total{alert="socket_disconnected"} 1.0' in bot.figures()
        ask(stand_in, stand_in.wait_for_connection())
        assert bot.end() == 0


@pytest.mark.long
def test_a_connection_that_stays_lost_ends_the_process_with_an_error(stand_in: SocketStandIn, tmp_path: Path) -> None:
    soon = {"KAKUNIN_SOCKET_ALERT_SECONDS": "1", "KAKUNIN_SOCKET_EXIT_SECONDS": "3"}
    with serving(tmp_path, **variables(stand_in), **soon) as process:
        connection = stand_in.wait_for_connection()
        bot = Bot(process)
        stand_in.socket_address = "ws://127.0.0.1:1"
        connection.close()
        assert bot.end(None) == 1
    assert "given up" in "".join(bot.lines)


@pytest.mark.long
def test_a_stop_lets_what_runs_finish(stand_in: SocketStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    came, free = held(stand_in, monkeypatch, lambda call, *arguments: call(*arguments))
    with serving(tmp_path, **variables(stand_in)) as process:
        connection = stand_in.wait_for_connection()
        bot = Bot(process)
        ask(stand_in, connection)
        assert came.wait(PATIENCE)
        process.send_signal(signal.SIGTERM)
        bot.until("(stopping): nothing new is taken")
        assert bot.readiness(503) == "starting or stopping\n"
        free.set()
        assert bot.end(None) == 0
    assert bot.lines[-1].endswith("stopped\n")
    assert stand_in.slack.workspace.messages[ROOM]


@pytest.mark.long
def test_what_does_not_finish_in_time_is_taken_up_at_the_next_start(
    stand_in: SocketStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, free = held(stand_in, monkeypatch, lambda *_: {"ok": False, "error": "fatal_error"})
    soon = {**variables(stand_in), "KAKUNIN_STOP_SECONDS": "1", "KAKUNIN_LEASE_SECONDS": "1"}
    with serving(tmp_path, **soon) as process:
        connection = stand_in.wait_for_connection()
        bot = Bot(process)
        ask(stand_in, connection)
        assert came.wait(PATIENCE)
        assert bot.end() == 0
        assert "taken up at the next start" in "".join(bot.lines)
    free.set()
    assert not stand_in.slack.workspace.messages.get(ROOM)
    with serving(tmp_path, **soon) as process:
        bot = Bot(process)
        stand_in.wait_for_post(ROOM)
        assert bot.end() == 0


def test_over_http_it_is_ready_and_answers_what_slack_signed(stand_in: SocketStandIn, tmp_path: Path) -> None:
    http = {"KAKUNIN_MODE": "http", "KAKUNIN_PORT": "0", "SLACK_SIGNING_SECRET": SECRET}
    with serving(tmp_path, **variables(stand_in), **http) as process:
        bot = Bot(process)
        bot.readiness(200)
        assert "kakunin_socket_connected" not in bot.figures()
        workspace = stand_in.slack.workspace
        person, room = workspace.people["U0ALEX"], workspace.channels[ROOM]
        body, kind = payloads.encode_form(payloads.command(workspace, person, room, "", "http://127.0.0.1:9/"))
        url = bot.where.rstrip(".")
        assert post(url, body, payloads.signed(SECRET, body, kind, int(time.time()))).status == 200
        assert post(url, body, payloads.signed("wrong", body, kind, int(time.time()))).status == 401
        stand_in.wait_for_post(ROOM)
        assert 'kakunin_refusals_total{code="unsigned"} 1.0' in bot.figures()
        assert bot.end(signal.SIGINT) == 0


def test_a_health_port_in_use_is_told_in_plain_words(stand_in: SocketStandIn, tmp_path: Path) -> None:
    taken = stand_in.address.split(":")[2].partition("/")[0]
    done = kakunin(tmp_path, "serve", **variables(stand_in) | {"KAKUNIN_HEALTH_PORT": taken})
    assert done.returncode == 1
    assert "KAKUNIN_HEALTH_PORT" in told(done)
