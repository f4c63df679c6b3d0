"""`kakunin serve` in Socket Mode, as a real process against a stand-in: hello, envelopes, acks, and a clean end."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.playground import payloads
from bot.playground.workspace import BOT
from tests.bot.socket_stand_in import APP_TOKEN, BOT_TOKEN, PATIENCE, SocketStandIn
from tests.bot.test_cli import environment, kakunin, told


@pytest.fixture
def stand_in() -> Iterator[SocketStandIn]:
    with SocketStandIn().open() as standing:
        yield standing


def variables(stand_in: SocketStandIn, app_token: str = APP_TOKEN) -> dict[str, str]:
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": app_token}
    return {**tokens, "KAKUNIN_SLACK_API": stand_in.address, "KAKUNIN_HEALTH_PORT": "0"}


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process; killed at the end, or when it hangs."""
    line = [sys.executable, "-m", "bot", "serve"]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdout=pipe, stderr=pipe, cwd=folder, env=environment(**more)) as process:
        watch = threading.Timer(2 * PATIENCE, process.kill)
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()
            process.kill()


def wait_until_listening(process: subprocess.Popen[bytes]) -> None:
    assert process.stderr
    said = b""
    while line := process.stderr.readline():
        said += line
        if b"is listening: Socket Mode" in line:
            return
    raise AssertionError(said.decode())


def test_a_mention_and_a_command_are_acknowledged_and_answered_and_sigterm_ends_it(
    stand_in: SocketStandIn, tmp_path: Path
) -> None:
    workspace = stand_in.slack.workspace
    alex, general = workspace.people["U0ALEX"], workspace.channels["C0GENERAL"]
    with serving(tmp_path, **variables(stand_in)) as process:
        connection = stand_in.wait_for_connection()
        wait_until_listening(process)

        message = workspace.post(general.id, {"user": alex.id, "text": f"<@{BOT}> May I put it into ChatGPT?"})
        mention = {**message, "type": "app_mention", "channel": general.id, "event_ts": message["ts"]}
        stand_in.send(connection, "events_api", payloads.event(workspace, mention))
        assert stand_in.wait_for_post(general.id)["thread_ts"] == message["ts"]

        lab = workspace.channels["C0LAB"]
        command = payloads.command(workspace, alex, lab, "ChatGPT", "http://127.0.0.1:9/never")
        stand_in.send(connection, "slash_commands", command)
        assert "thread_ts" not in stand_in.wait_for_post(lab.id)

        process.send_signal(signal.SIGTERM)
        out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert out == b"Slack: ready (socket mode)\n"
    assert workspace.refusals == []
    assert (tmp_path / "kakunin.db").is_file()


@pytest.mark.long
def test_an_interrupt_ends_it_and_a_new_connection_is_made_when_slack_asks(
    stand_in: SocketStandIn, tmp_path: Path
) -> None:
    workspace = stand_in.slack.workspace
    with serving(tmp_path, **variables(stand_in)) as process:
        first = stand_in.wait_for_connection()
        wait_until_listening(process)
        first.send('{"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}')
        second = stand_in.wait_for_connection()
        kenji = workspace.people["U0KENJI"]
        command = payloads.command(workspace, kenji, workspace.channels["C0LAB"], "", "http://127.0.0.1:9/never")
        stand_in.send(second, "slash_commands", command)
        assert "U0KENJI" in stand_in.wait_for_post("C0LAB")["text"]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said


def test_a_wrong_app_token_is_told_in_plain_words(stand_in: SocketStandIn, tmp_path: Path) -> None:
    done = kakunin(tmp_path, "serve", **variables(stand_in, "xapp-wrong"))
    said = told(done)
    assert done.returncode == 1
    assert "SLACK_APP_TOKEN" in said
    assert "xapp-wrong" not in said


def test_a_store_that_cannot_be_used_is_told_in_plain_words(stand_in: SocketStandIn, tmp_path: Path) -> None:
    done = kakunin(tmp_path, "serve", KAKUNIN_STORE="no/such/folder/kakunin.db", **variables(stand_in))
    assert "no/such/folder/kakunin.db" in told(done)
    assert done.returncode == 1
