"""Environment → settings: defaults, every variable, and every fault in plain words, all at once."""

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, load_settings, missing
from conversations.models import Place


@pytest.fixture(autouse=True)
def bare_environment() -> Iterator[None]:
    """No variable of ours, whatever the machine has set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith(("KAKUNIN_", "SLACK_"))]:
            patch.delenv(name)
        yield


def given(patch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        patch.setenv(name, value)
    return load_settings()


def test_everything_has_a_default_but_the_tokens() -> None:
    settings = load_settings()
    assert (settings.mode, settings.host, settings.port, settings.store) == ("socket", "127.0.0.1", 3000, "kakunin.db")
    assert (settings.programme, dict(settings.programme_by_channel)) == ("unknown", {})
    assert settings.slack_api == "https://slack.com/api/"
    assert (settings.bot_token, settings.app_token, settings.signing_secret) == ("", "", "")
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 9178)  # loopback: figures are for the operator
    assert (settings.log, settings.log_level) == ("text", "info")
    assert (settings.stop_seconds, settings.socket_alert_seconds, settings.socket_exit_seconds) == (20, 60, 300)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch,
        KAKUNIN_MODE="http",
        KAKUNIN_HOST="0.0.0.0",
        KAKUNIN_PORT="8080",
        KAKUNIN_STORE="/tmp/a.db",
        KAKUNIN_OVERLAY="/tmp/overlay",
        KAKUNIN_KEEP_DAYS="30",
        KAKUNIN_REMIND_AFTER="3",
        KAKUNIN_TIME_ZONE="Europe/Berlin",
        KAKUNIN_PSEUDONYM_KEY="k",
        KAKUNIN_ROUND_SECONDS="0.5",
        KAKUNIN_LEASE_SECONDS="9",
        KAKUNIN_POST_SECONDS="0",
        KAKUNIN_POST_BURST="7",
        KAKUNIN_PROGRAMME="yes",
        KAKUNIN_PROGRAMME_BY_CHANNEL='{"C1": "no"}',
        KAKUNIN_SLACK_API="http://127.0.0.1:1/api/",
        KAKUNIN_HEALTH_HOST="0.0.0.0",
        KAKUNIN_HEALTH_PORT="9",
        KAKUNIN_LOG="json",
        KAKUNIN_LOG_LEVEL="warning",
        KAKUNIN_STOP_SECONDS="3",
        KAKUNIN_SOCKET_ALERT_SECONDS="4",
        KAKUNIN_SOCKET_EXIT_SECONDS="5",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_SIGNING_SECRET="s",
        SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET="c",
        KAKUNIN_TOKEN_KEY="k",
        KAKUNIN_ON_UNINSTALL="delete",
        KAKUNIN_OVERLAYS="/tmp/overlays",
    )
    assert settings.model_dump() == {
        "mode": "http",
        "host": "0.0.0.0",
        "port": 8080,
        "store": "/tmp/a.db",
        "overlay": Path("/tmp/overlay"),
        "keep_days": 30,
        "remind_after": 3,
        "time_zone": ZoneInfo("Europe/Berlin"),
        "pseudonym_key": "k",
        "round_seconds": 0.5,
        "lease_seconds": 9,
        "post_seconds": 0,
        "post_burst": 7,
        "programme": "yes",
        "programme_by_channel": {"C1": "no"},
        "slack_api": "http://127.0.0.1:1/api/",
        "health_host": "0.0.0.0",
        "health_port": 9,
        "log": "json",
        "log_level": "warning",
        "stop_seconds": 3,
        "socket_alert_seconds": 4,
        "socket_exit_seconds": 5,
        "bot_token": "xoxb-1",
        "app_token": "xapp-1",
        "signing_secret": "s",
        "client_id": "1.2",
        "client_secret": "c",
        "token_key": "k",
        "on_uninstall": "delete",
        "overlays": Path("/tmp/overlays"),
    }


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAKUNIN_PORT", "1")
    assert load_settings(port=2).port == 2


def test_the_channel_s_word_goes_before_the_workspace_s(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, KAKUNIN_PROGRAMME="yes", KAKUNIN_PROGRAMME_BY_CHANNEL='{"C1": "no"}')
    assert settings.programme_at(Place("T", "C1", "1")) == "no"
    assert settings.programme_at(Place("T", "C2", "1")) == "yes"


def test_the_institution_s_word_goes_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, KAKUNIN_PROGRAMME="yes", KAKUNIN_PROGRAMME_BY_CHANNEL='{"C1": "yes"}')
    places = [Place("T", channel, "1") for channel in ("C1", "C2")]
    assert [settings.programme_at(place, "no") for place in places] == ["yes", "no"]


def test_settings_cannot_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAKUNIN_PORT", "abc"),
        ("KAKUNIN_PORT", "70000"),
        ("KAKUNIN_PORT", "-1"),
        ("KAKUNIN_PORT", ""),
        ("KAKUNIN_MODE", "foo"),
        ("KAKUNIN_TIME_ZONE", "Asia/Tokio"),
        ("KAKUNIN_LOG", "xml"),
        ("KAKUNIN_ON_UNINSTALL", "perhaps"),
        ("KAKUNIN_LOG_LEVEL", "loud"),
        ("KAKUNIN_STOP_SECONDS", "0"),
        ("KAKUNIN_PROGRAMME", "maybe"),
        ("KAKUNIN_PROGRAMME_BY_CHANNEL", "C1=yes"),
        ("KAKUNIN_PROGRAMME_BY_CHANNEL", '["C1"]'),
        ("KAKUNIN_PROGRAMME_BY_CHANNEL", '{"C1": "maybe"}'),
    ],
)
def test_a_malformed_setting_is_named_in_plain_words(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        given(monkeypatch, **{name: value})
    assert name in str(caught.value)
    assert "validation error" not in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        given(monkeypatch, KAKUNIN_PORT="abc", KAKUNIN_MODE="foo", KAKUNIN_PROGRAMME="maybe")
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "KAKUNIN_MODE",
        "KAKUNIN_PORT",
        "KAKUNIN_PROGRAMME",
    ]


MANY = {"mode": "http", "client_id": "1.2", "client_secret": "c", "token_key": "k", "signing_secret": "s"}
BOTH = {"bot_token": "xoxb-1", "app_token": "xapp-1"}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"mode": "http"}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"bot_token": "xapp-1", "app_token": "xoxb-1"}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        (BOTH, []),
        ({**BOTH, "mode": "http"}, ["SLACK_SIGNING_SECRET"]),
        ({"mode": "http", "bot_token": "xoxb-1", "signing_secret": "s"}, []),
        ({**MANY}, []),
        ({**MANY, "mode": "socket"}, ["KAKUNIN_MODE"]),
        ({**MANY, "signing_secret": ""}, ["SLACK_SIGNING_SECRET"]),
        ({**MANY, "client_id": ""}, ["SLACK_CLIENT_ID"]),
        ({**MANY, "client_secret": "", "token_key": ""}, ["SLACK_CLIENT_SECRET", "KAKUNIN_TOKEN_KEY"]),
        ({"mode": "http", "token_key": "k"}, ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"]),
    ],
)
def test_what_is_missing_is_told_with_where_to_find_it(values: dict[str, str], named: list[str]) -> None:
    told = missing(load_settings(**values))
    assert [line.split()[0] for line in told] == named
    assert all("api.slack.com/apps" in line or line.startswith("KAKUNIN_") for line in told)
    assert not any("xoxb-1" in line or "xapp-1" in line for line in told)  # a token is never shown
