"""`check`, `serve` and `play` before anything works: what is missing or wrong is told in plain words."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.checkup import check_working
from bot.manifest import scopes
from bot.playground.server import web_app
from bot.playground.slack import Slack
from bot.serving import http_server, running
from knowledge.errors import DataError
from knowledge.offices import load_matters
from knowledge.redirects import load_redirects
from rules.engine import available
from tests.bot.socket_stand_in import APP_TOKEN, BOT_TOKEN, SocketStandIn
from tests.bot.test_cli import kakunin, told

TOKENS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[SocketStandIn]:
    with SocketStandIn().open() as standing:
        yield standing


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ('passage = "principle.contract"', "prices: unknown passage 'principle.contract', did you mean"),
        ('known = { other_restrictions = "yes" }', "prices: unknown fact 'other_restrictions', did you mean"),
        ('known = { other_restriction = "true" }', "prices: other_restriction: unknown value 'true'"),
    ],
)
def test_an_answer_that_names_what_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str, told: str
) -> None:
    answer = '[[redirect]]\nid = "prices"\noffice = "it"\nanswer = { ja = "はい。", en = "Yes." }\n'
    (tmp_path / "redirects.toml").write_text(answer + planted, encoding="utf-8")
    monkeypatch.setattr("bot.checkup.load_redirects", lambda: load_redirects(tmp_path))
    with pytest.raises(DataError) as refused:
        check_working()
    assert f"redirects.toml: {told}" in str(refused.value)


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ('fact = "company_secrets"', "a: unknown fact 'company_secrets', did you mean 'company_secret'?"),
        ('fact = "company_secret"\nvalues = ["yess"]', "a: unknown value 'yess', did you mean 'yes'?"),
    ],
)
def test_an_office_that_answers_for_what_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str, told: str
) -> None:
    (tmp_path / "offices.toml").write_text(f'[[matter]]\nid = "a"\noffice = "desk"\n{planted}', encoding="utf-8")
    monkeypatch.setattr("bot.checkup.load_matters", lambda: load_matters(folder=tmp_path))
    with pytest.raises(DataError) as refused:
        check_working()
    assert f"offices.toml: {told}" in str(refused.value)


def test_all_data_is_sound_in_an_empty_folder(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "check")
    out = done.stdout.decode()
    told(done)
    assert done.returncode == 0
    assert ": sound" in out
    assert "edition in force: " in out
    assert f"engine: {'durable_rules' if available() else 'interpreter'}" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"KAKUNIN_MODE": "http"}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
    ],
)
@pytest.mark.parametrize("words", [["check", "--slack"], ["serve"]])
def test_each_missing_token_is_named(tmp_path: Path, words: list[str], more: dict[str, str], named: list[str]) -> None:
    done = kakunin(tmp_path, *words, **more)
    said = told(done)
    assert done.returncode == 1
    assert [line.split()[1] for line in said.splitlines() if line.startswith("•")] == named
    assert ("README" in said) == (words == ["serve"])
    assert list(tmp_path.iterdir()) == []


def test_everything_ready(stand_in: SocketStandIn, tmp_path: Path) -> None:
    done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=stand_in.address, **TOKENS)
    assert (told(done), done.returncode) == ("", 0)
    assert done.stdout.decode().splitlines()[-1] == "Slack: ready (socket mode)"


def test_an_address_without_its_last_slash_is_taken(stand_in: SocketStandIn, tmp_path: Path) -> None:
    done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=stand_in.address.rstrip("/"), **TOKENS)
    assert (told(done), done.returncode) == ("", 0)


def test_a_wrong_bot_token_is_named_and_not_shown(stand_in: SocketStandIn, tmp_path: Path) -> None:
    wrong = {**TOKENS, "SLACK_BOT_TOKEN": "xoxb-wrong"}
    for words in (["check", "--slack"], ["serve"]):
        done = kakunin(tmp_path, *words, KAKUNIN_SLACK_API=stand_in.address, **wrong)
        said = told(done)
        assert done.returncode == 1
        assert "SLACK_BOT_TOKEN is not accepted" in said
        assert "xoxb-wrong" not in said


def test_each_scope_not_granted_is_named(tmp_path: Path) -> None:
    standing = SocketStandIn()
    standing.granted = ["chat:write", "commands"]
    with standing.open():
        done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=standing.address, **TOKENS)
    said = told(done)
    assert done.returncode == 1
    assert [line.split()[3] for line in said.splitlines() if line.startswith("•")] == sorted(
        scopes() - set(standing.granted)
    )


def test_an_answer_without_scopes_is_told(tmp_path: Path) -> None:
    with running(http_server(web_app(Slack(BOT_TOKEN, "unused")), "127.0.0.1", 0)) as url:
        done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=f"{url}/api/", **TOKENS)
    assert done.returncode == 1
    assert all(scope in told(done) for scope in scopes())


def test_an_address_that_cannot_be_reached_is_named(tmp_path: Path, closed_port: int) -> None:
    address = f"http://127.0.0.1:{closed_port}/api/"
    done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=address, **TOKENS)
    assert done.returncode == 1
    assert f"{address} cannot be reached" in told(done)


@pytest.mark.parametrize("path", ["/play/", "/nothing/", "/play/static/"])
def test_an_address_where_no_slack_answers_is_told(tmp_path: Path, stand_in: SocketStandIn, path: str) -> None:
    """A proxy's page, a 404: an answer, but none of Slack's."""
    address = stand_in.address.replace("/api/", path)
    done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=address, **TOKENS)
    said = told(done)
    assert done.returncode == 1
    assert "•" in said


@pytest.mark.parametrize("address", ["slack.com/api/", "", "ftp://127.0.0.1/"])
def test_an_address_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    done = kakunin(tmp_path, "check", "--slack", KAKUNIN_SLACK_API=address, **TOKENS)
    assert done.returncode == 1
    assert "KAKUNIN_SLACK_API" in told(done)


@pytest.mark.parametrize("words", [["serve"], ["check", "--slack"], ["play", "--port", "0"]])
def test_malformed_settings_are_named_all_at_once(tmp_path: Path, words: list[str]) -> None:
    done = kakunin(tmp_path, *words, KAKUNIN_MODE="foo", KAKUNIN_PROGRAMME="perhaps")
    said = told(done)
    assert done.returncode == 1
    assert "KAKUNIN_MODE" in said
    assert "KAKUNIN_PROGRAMME" in said


@pytest.mark.parametrize("words", [["serve"], ["check", "--slack"]])
@pytest.mark.parametrize(
    ("name", "value"), [("KAKUNIN_PORT", "abc"), ("KAKUNIN_MODE", "foo"), ("KAKUNIN_PROGRAMME_BY_CHANNEL", "C1=yes")]
)
def test_a_malformed_setting_is_named(tmp_path: Path, words: list[str], name: str, value: str) -> None:
    done = kakunin(tmp_path, *words, **{name: value})
    assert done.returncode == 1
    assert name in told(done)


def test_play_on_a_busy_port_says_so(tmp_path: Path, taken_port: int) -> None:
    done = kakunin(tmp_path, "play", "--port", str(taken_port), "--store", ":memory:")
    said = told(done)
    assert done.returncode == 1
    assert str(taken_port) in said
    assert "--port" in said


@pytest.mark.parametrize("store", ["no/such/folder/play.db", "."])
def test_play_with_a_store_that_cannot_be_used_says_so(tmp_path: Path, store: str) -> None:
    done = kakunin(tmp_path, "play", "--port", "0", "--store", store)
    said = told(done)
    assert done.returncode == 1
    assert f"the store {store} cannot be used" in said


def test_play_with_a_file_that_is_no_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database at all " * 100, encoding="utf-8")
    done = kakunin(tmp_path, "play", "--port", "0", "--store", "notes.txt")
    assert done.returncode == 1
    assert "the store notes.txt cannot be used" in told(done)
