"""A thread that cannot be written to any more, and people of another organisation in a shared channel."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.playground import payloads
from bot.playground.workspace import Channel
from conversations.errors import NoSuchCase
from tests.bot.driver import MENTION, Office, Researcher


def closed(office: Office, person: Researcher, change: Callable[[Channel], Channel]) -> None:
    with office.workspace.changed:
        channels = office.workspace.channels
        office.workspace.channels = {**channels, person.channel: change(channels[person.channel])}


@pytest.mark.parametrize(
    "change",
    [lambda channel: replace(channel, archived=True), lambda channel: replace(channel, bot_is_in=False)],
    ids=["archived", "the bot was removed"],
)
def test_the_case_goes_on_in_a_direct_message(
    office: Office, alex: Researcher, change: Callable[[Channel], Channel]
) -> None:
    alex.asks()
    sent = alex.payload("card.shortcut:public", alex.cards()[0])
    case = alex.standing().case.id
    closed(office, alex, change)
    office.send_interaction(sent)
    office.take_refusals()
    (root,) = [m for m in office.workspace.messages[alex.direct] if "thread_ts" not in m]
    alex.channel, alex.thread = alex.direct, root["ts"]
    assert alex.standing().case.id == case
    assert alex.choices() == {"openness": {"shortcut": ["public"]}}
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    assert alex.answered("openness") is not None
    assert case not in {letter.case_id for letter in office.tools.conversations.store.dead_letters()}


def test_a_person_of_another_organisation_gets_a_private_note_and_no_case(
    office: Office, alex: Researcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kakunin.slack")
    message = office.workspace.post(alex.room, {"user": alex.id, "text": f"{MENTION} may I?", "team": "T0OTHER"})
    office.send_event({**message, "type": "app_mention", "channel": alex.room, "user_team": "T0OTHER"})
    alex.channel, alex.thread = alex.room, message["ts"]
    assert alex.notes() == ["stranger"]
    assert alex.from_bot() == []
    with pytest.raises(NoSuchCase):
        alex.standing()
    assert [record.getMessage() for record in caplog.records] == ["refused: stranger"]


def test_a_stranger_s_button_opens_no_thread(office: Office, alex: Researcher) -> None:
    alex.commands("help")
    (note,) = alex.everything()
    alex.channel = alex.room
    sent = alex.payload("start", note)
    office.send_interaction({**sent, "user": {**sent["user"], "team_id": "T0OTHER"}})
    assert alex.notes() == ["help", "stranger"]
    assert [message for message in alex.everything() if not message.get("ephemeral")] == []


def test_a_colleague_of_the_same_workspace_is_no_stranger(office: Office, alex: Researcher) -> None:
    message = office.workspace.post(alex.room, {"user": alex.id, "text": f"{MENTION} may I?", "team": "T0PLAY"})
    office.send_event({**message, "type": "app_mention", "channel": alex.room, "user_team": "T0PLAY"})
    alex.channel, alex.thread = alex.room, message["ts"]
    assert alex.asked == ["openness"]
    assert payloads.elements(alex.cards()[0]["blocks"])
