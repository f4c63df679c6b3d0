"""Shortcuts: from anywhere and from a message, always into a direct message with whoever used them."""

import json
from pathlib import Path

import pytest

from bot.playground import happenings, payloads
from bot.playground.slack import Impossible
from tests.bot.driver import Office, Researcher
from tests.bot.effects import dump

WORDS = "Our survey data are already published. May I put them into Claude?"


@pytest.mark.parametrize(("locale", "word"), [("ja-JP", "さんの確認です"), ("en-US", "A check for")])
def test_a_shortcut_from_anywhere_opens_a_direct_message(locale: str, word: str, office: Office) -> None:
    person = office.newcomer(locale)
    before = {m["ts"] for m in person.everything()}
    office.gestures.shortcut(person.id, "check")
    office.settle()
    person._follow(before)
    assert (person.channel, person.asked) == (person.direct, ["openness"])
    assert word in person.first_message()["text"]
    assert person.standing().case.asker == person.id


def test_a_shortcut_used_twice_at_once_starts_one_case(office: Office, alex: Researcher) -> None:
    person = office.workspace.people[alex.id]
    sent = payloads.encode_interaction(happenings.shortcut(office.workspace, person, "check"))
    office.send_at_once([sent] * 6)
    assert [m.get("thread_ts") for m in alex.everything()].count(None) == 1


@pytest.mark.parametrize("room", ["C0GENERAL", "C0QUIET"])
def test_a_message_is_checked_by_whoever_wants_to_not_by_its_author(
    room: str, office: Office, alex: Researcher, hanako: Researcher
) -> None:
    """Also in a channel where the bot is not: nothing is written there."""
    written = office.slack.say(hanako.id, room, WORDS)
    office.settle()
    there = len(office.workspace.messages[room])
    office.gestures.message_shortcut(alex.id, room, written["ts"], "check_message")
    office.settle()
    alex._follow(set())
    assert (alex.channel, alex.asked) == (alex.direct, ["reading"])
    case = alex.standing().case
    assert (case.asker, case.brand) == (alex.id, "claude")
    assert "already_public" in alex.standing().progress.read.facts
    assert len(office.workspace.messages[room]) == there
    assert [m for m in hanako.everything() if m.get("only_for") == hanako.id] == []


def test_its_words_are_stored_nowhere(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US")
    written = office.slack.say(person.id, person.room, f"{WORDS} Murasaki-Shikibu-9")
    office.gestures.message_shortcut(person.id, person.room, written["ts"], "check_message")
    office.settle()
    stored = repr(dump(file))
    assert "Murasaki" not in stored
    assert "survey" not in stored


def test_a_person_of_another_organisation_is_turned_away(office: Office, alex: Researcher) -> None:
    sent = happenings.shortcut(office.workspace, office.workspace.people[alex.id], "check")
    sent = {**sent, "user": {**sent["user"], "team_id": "T0OTHER"}}
    office.send_interaction(sent)
    (told,) = alex.everything()
    assert office.name_of(told["text"]) == ("en", "stranger")


def test_a_shortcut_that_is_not_in_the_manifest_cannot_be_used(office: Office, alex: Researcher) -> None:
    with pytest.raises(Impossible, match="no such shortcut"):
        office.gestures.shortcut(alex.id, "nonsense")
    assert "nonsense" not in json.dumps(alex.everything())
