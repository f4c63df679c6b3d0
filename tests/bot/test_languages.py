"""A person's locale is asked of Slack once in a while, not at every click."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.languages import Languages
from bot.playground.workspace import TEAM
from tests.bot.driver import Office, Researcher


def asked(office: Office, since: int) -> list[Mapping[str, Any]]:
    return [arguments for method, arguments in office.slack.api.calls[since:] if method == "users.info"]


def test_it_is_asked_once_for_each_person(office: Office, hanako: Researcher, alex: Researcher) -> None:
    languages, client, since = (
        Languages(office.tools.conversations.store),
        office._clients[0],
        len(office.slack.api.calls),
    )
    for _ in range(3):
        assert [languages.of(client, TEAM, person.id) for person in (hanako, alex)] == ["ja", "en"]
    assert sorted(each["user"] for each in asked(office, since)) == sorted([hanako.id, alex.id])


def test_what_could_not_be_read_is_asked_again(
    office: Office, hanako: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages, client = Languages(office.tools.conversations.store), office._clients[0]
    with monkeypatch.context() as patch:
        patch.setattr(office.slack.api, "call", lambda *_: {"ok": False, "error": "fatal_error"})
        assert languages.of(client, TEAM, hanako.id) == "en"
    assert languages.of(client, TEAM, hanako.id) == "ja"
