"""`kakunin check` and `kakunin serve` with many workspaces: what is missing, and the real processes at work."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from bot.playground.workspace import Message
from bot.settings import load_settings
from conversations.errors import MissingExtra
from conversations.store.opening import open_store
from tests.bot.directory import CLIENT_ID, CLIENT_SECRET, SECRET, Directory, workspace
from tests.bot.driver import QUESTION
from tests.bot.running_bot import Bot
from tests.bot.socket_stand_in import PATIENCE, SocketStandIn
from tests.bot.tenants import KEY, Visited, overlay
from tests.bot.test_cli import kakunin, told
from tests.bot.test_socket_mode import serving, variables

ONE, TWO = "T0ONE", "T0TWO"
MANY = {
    "KAKUNIN_MODE": "http",
    "KAKUNIN_PORT": "0",
    "KAKUNIN_HEALTH_PORT": "0",
    "SLACK_SIGNING_SECRET": SECRET,
    "SLACK_CLIENT_ID": CLIENT_ID,
    "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "KAKUNIN_TOKEN_KEY": KEY,
}


@pytest.fixture
def directory() -> Directory:
    return Directory(workspace(ONE), workspace(TWO))


@pytest.fixture
def many(directory: Directory) -> Iterator[dict[str, str]]:
    with directory.open() as address:
        yield {**MANY, "KAKUNIN_SLACK_API": address}


def test_everything_ready_without_a_bot_token(many: dict[str, str], tmp_path: Path) -> None:
    done = kakunin(tmp_path, "check", "--slack", **many)
    assert (told(done), done.returncode) == ("", 0)
    assert done.stdout.decode().splitlines()[-1] == "Slack: ready (http mode, many workspaces)"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_CLIENT_ID", "9.9", "SLACK_CLIENT_ID is not accepted. Copy it again from Basic Information"),
        ("SLACK_CLIENT_SECRET", "wrong-secret", "SLACK_CLIENT_SECRET is not accepted. Copy it again"),
        ("SLACK_CLIENT_ID", "", "SLACK_CLIENT_ID is not set"),
        ("KAKUNIN_TOKEN_KEY", "short-key", "KAKUNIN_TOKEN_KEY: this is no key. Make one: python"),
        ("KAKUNIN_MODE", "socket", "KAKUNIN_MODE should be http"),
    ],
)
@pytest.mark.parametrize("words", [["check", "--slack"], ["serve"]])
def test_what_is_wrong_is_told(
    many: dict[str, str], tmp_path: Path, words: list[str], name: str, value: str, said: str
) -> None:
    done = kakunin(tmp_path, *words, **{**many, name: value})
    assert done.returncode == 1
    assert said in told(done)
    assert not value or value == "socket" or value not in told(done)


def test_without_the_extra_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.app import keys_of  # noqa: PLC0415 - before the library is hidden

    monkeypatch.delitem(sys.modules, "bot.oauth.keys", raising=False)
    monkeypatch.delitem(sys.modules, "cryptography.fernet", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kakunin\[oauth\]'"):
        keys_of(load_settings(token_key=KEY))


def until(found: Callable[[], list[Message]]) -> list[Message]:
    deadline = time.monotonic() + PATIENCE
    while not (seen := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return seen


def asks(directory: Directory, team: str) -> Callable[[], list[Message]]:
    """Let somebody ask; returns what shows the bot's answers in the thread."""
    slack = directory.slacks[team]
    asked = slack.say("U0ALEX", "C0LAB", f"<@{slack.workspace.bot}> {QUESTION}")
    return lambda: [m for m in slack.workspace.messages["C0LAB"] if m.get("thread_ts") == asked["ts"]]


@pytest.mark.long
def test_both_processes_serve_whoever_installed_it(directory: Directory, many: dict[str, str], tmp_path: Path) -> None:
    overlay(tmp_path / "overlays" / ONE)
    with serving(tmp_path, **many, KAKUNIN_OVERLAYS=str(tmp_path / "overlays")) as process:
        bot = Bot(process)
        bot.readiness(200)
        url = bot.where.rstrip(".").removesuffix("/slack/events")
        for team, slack in directory.slacks.items():
            slack.bot_url = f"{url}/slack/events"
            seen = Visited(f"{url}/slack/install")
            back = directory.allow(seen.headers["Location"], team)
            cookie = seen.headers["Set-Cookie"].partition(";")[0]
            assert Visited(f"{url}/slack/oauth_redirect?{back}", cookie).status == 200
            until(asks(directory, team))
        directory.remove(ONE)
        store = open_store(str(tmp_path / "kakunin.db"))
        until(lambda: [{}] * (len(store.installations()) == 1))
        store.close()
        left = asks(directory, ONE)
        until(asks(directory, TWO))
        assert left() == []
        assert bot.end() == 0
    assert directory.refusals == []


@pytest.mark.long
def test_slack_is_asked_once_who_the_bot_is(tmp_path: Path) -> None:
    with SocketStandIn().open() as stand_in:
        http = {"KAKUNIN_MODE": "http", "KAKUNIN_PORT": "0", "SLACK_SIGNING_SECRET": "unused"}
        with serving(tmp_path, **variables(stand_in), **http) as process:
            bot = Bot(process)
            bot.readiness(200)
            slack = stand_in.slack
            slack.bot_url = bot.where.rstrip(".")
            for text in ("help", "help"):
                assert slack.command("U0ALEX", "C0LAB", text).status == 200
            assert bot.end() == 0
        assert [name for name, _ in slack.api.calls].count("auth.test") == 1


# --- the overlays of workspaces, by command


@pytest.mark.long
def test_check_names_the_workspace_of_a_fault_and_what_the_others_add(tmp_path: Path) -> None:
    folder = tmp_path / "overlays"
    for team in (ONE, TWO):
        overlay(folder / team, suspended='["chatgpt_free"]')
    done = kakunin(tmp_path, "check", KAKUNIN_OVERLAYS=str(folder))
    assert (done.returncode, told(done)) == (0, "")
    assert [line for line in done.stdout.decode().splitlines() if line.endswith("suspended: chatgpt_free")] == [
        f"{team}: suspended: chatgpt_free" for team in (ONE, TWO)
    ]
    overlay(folder / TWO, suspended='["chatgpt_fre"]')
    done = kakunin(tmp_path, "check", "--overlays", str(folder))
    assert (done.returncode, "T0TWO/institution.toml" in told(done)) == (1, True)
    rmtree(folder / TWO)
    overlay(folder / "kakuu")
    done = kakunin(tmp_path, "check", "--overlays", str(folder))
    assert (done.returncode, "no folder named by a workspace's id" in told(done)) == (1, True)
