"""The wire: signatures, repeated and unknown payloads, and the server itself."""

import json
import logging
import socket
import threading
import time
from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from bot.playground import payloads
from bot.playground.server import SECRET
from bot.playground.slack import Reply
from bot.playground.workspace import BOT, BOT_ID, Message
from bot.serving import http_server, running
from tests.bot.driver import MENTION, Office, Researcher

HOUR = 3600


def post(url: str, body: str, headers: Mapping[str, str]) -> Reply:
    try:
        with urlopen(Request(url, body.encode(), dict(headers)), timeout=30) as answer:
            return Reply(answer.status, answer.read().decode())
    except HTTPError as error:
        with error:
            return Reply(error.code, error.read().decode())


def mention(office: Office, person: Researcher) -> payloads.Payload:
    """Return the event of a mention that the bot has not heard of yet."""
    person.channel = person.room
    message = office.workspace.post(person.room, {"user": person.id, "text": f"{MENTION} may I?", "team": "T0PLAY"})
    person.thread = message["ts"]
    return {**message, "type": "app_mention", "channel": person.room, "event_ts": message["ts"]}


def test_a_server_serves_and_stops() -> None:
    flask = Flask("hello")

    @flask.get("/")
    def hello() -> str:
        return "hello"

    with running(http_server(flask, "127.0.0.1", 0)) as url, urlopen(url, timeout=30) as answer:
        assert (answer.status, answer.read()) == (200, b"hello")
    with pytest.raises(URLError):
        urlopen(url, timeout=30)
    assert not [thread for thread in threading.enumerate() if thread.name == "http" and not thread.daemon]


@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket"
)  # cheroot leaves the one that failed to the collector
def test_a_port_in_use_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            http_server(Flask("late"), "127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("secret", "age", "drop"),
    [
        ("not-the-secret", 0, ()),
        (SECRET, HOUR, ()),
        (SECRET, -HOUR, ()),
        (SECRET, 0, ("X-Slack-Signature",)),
        (SECRET, 0, ("X-Slack-Request-Timestamp",)),
        (SECRET, 0, ("X-Slack-Signature", "X-Slack-Request-Timestamp")),
    ],
)
def test_a_request_that_slack_did_not_sign_now_is_turned_away(
    secret: str,
    age: int,
    drop: tuple[str, ...],
    office: Office,
    alex: Researcher,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "kakunin.slack")
    body, kind = payloads.encode_event(payloads.event(office.workspace, mention(office, alex)))
    headers = payloads.signed(secret, body, kind, int(time.time()) - age)
    for name in drop:
        del headers[name]
    assert post(office.slack.bot_url, body, headers).status == 401
    office.settle()
    assert alex.from_bot() == []
    told = [record.getMessage() for record in caplog.records if record.name == "kakunin.slack"]
    assert told == ["refused: unsigned"]


def test_a_changed_body_is_turned_away(office: Office, alex: Researcher) -> None:
    body, kind = payloads.encode_event(payloads.event(office.workspace, mention(office, alex)))
    headers = payloads.signed(SECRET, body, kind, int(time.time()))
    assert post(office.slack.bot_url, body + " ", headers).status == 401
    office.settle()
    assert alex.from_bot() == []


BODIES = ["", "{", "null", "[]", "7", '"text"', "payload=%7B", "payload=", "a=b&a=c", "\x00é", "[" * 100_000]
BODIES += ['{"a":' * 50_000, "payload=" + "[" * 100_000, "9" * 10_000, '{"type": "event_callback", "event": 7}']


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_says_nothing_does_no_harm_signed_or_not(
    kind: str, body: str, office: Office, alex: Researcher
) -> None:
    signed = payloads.signed(SECRET, body, kind, int(time.time()))
    assert post(office.slack.bot_url, body, signed).status < 500
    assert post(office.slack.bot_url, body, {"Content-Type": kind}).status in (400, 401)
    office.settle()
    assert alex.asks().asked == ["openness"]


def test_an_event_delivered_again_is_handled_once(office: Office, alex: Researcher) -> None:
    event = payloads.encode_event(payloads.event(office.workspace, mention(office, alex)))
    for _ in range(3):
        assert office.send(event).status == 200
    assert len(alex.from_bot()) == 2


def test_an_event_delivered_many_times_at_once_is_handled_once(office: Office, alex: Researcher) -> None:
    event = payloads.encode_event(payloads.event(office.workspace, mention(office, alex)))
    assert office.send_at_once([event] * 8) == [200] * 8
    assert len(alex.from_bot()) == 2


def test_two_mentions_at_once_in_one_thread_start_one_case(office: Office, alex: Researcher) -> None:
    inner = mention(office, alex)
    events = [payloads.encode_event(payloads.event(office.workspace, inner)) for _ in range(4)]
    assert office.send_at_once(events) == [200] * 4
    assert len(alex.cards()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": BOT_ID, "user": BOT},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"subtype": "message_changed", "message": {"text": "may I?"}, "previous_message": {"text": "hm"}},
        {"subtype": "message_deleted", "previous_message": {"text": "may I?"}},
        {"subtype": "channel_join"},
        {"type": "reaction_added"},
        {"type": "something_new"},
    ],
)
def test_what_asks_nothing_is_acknowledged_and_left_alone(change: Message, office: Office, alex: Researcher) -> None:
    message = office.workspace.post(alex.direct, {"user": alex.id, "text": "may I upload it?", "team": "T0PLAY"})
    alex.channel, alex.thread = alex.direct, message["ts"]
    inner = {**message, "channel": alex.direct, "channel_type": "im", "event_ts": message["ts"], **change}
    assert office.send_event(inner).status == 200
    assert alex.from_bot() == []


def test_a_mention_by_another_bot_is_left_alone(office: Office, alex: Researcher) -> None:
    inner = {**mention(office, alex), "subtype": "bot_message", "bot_id": "B0OTHER"}
    del inner["user"]
    assert office.send_event(inner).status == 200
    office.take_refusals()
    assert alex.from_bot() == []


def test_an_edited_mention_does_not_ask_twice(office: Office, alex: Researcher) -> None:
    alex.asks()
    message = office.workspace.find(alex.room, alex.thread)
    assert message is not None
    edited = {"type": "message", "subtype": "message_changed", "message": {**message, "edited": {"user": alex.id}}}
    office.send_event({**edited, "ts": message["ts"], "channel": alex.room, "channel_type": "channel"})
    assert len(alex.from_bot()) == 2


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [{"action_id": "nobody.knows", "block_id": "b", "type": "button"}]},
        {"type": "shortcut", "callback_id": "nobody_knows"},
        {"type": "message_action", "callback_id": "nobody_knows", "message": {}, "channel": {"id": "C0LAB"}},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "nobody_knows", "state": {"values": {}}}},
        {"type": "view_closed", "view": {"type": "modal", "callback_id": "change_answer"}},
        {"type": "block_suggestion", "action_id": "nobody_knows", "block_id": "b", "value": "x"},
        {"type": "something_new"},
    ],
)
def test_an_interaction_nobody_listens_to_is_acknowledged(
    payload: payloads.Payload, office: Office, alex: Researcher
) -> None:
    people = {"user": {"id": alex.id, "team_id": "T0PLAY"}, "team": {"id": "T0PLAY"}, "trigger_id": "1.T0PLAY"}
    assert office.send_interaction({**people, **payload}).status == 200


def test_a_command_nobody_listens_to_is_acknowledged(office: Office, alex: Researcher) -> None:
    fields = payloads.command(
        office.workspace, office.workspace.people[alex.id], office.workspace.channels[alex.room], "", ""
    )
    assert office.send(payloads.encode_form({**fields, "command": "/other"})).status == 200
    assert alex.everything() == []


def test_slack_may_check_the_address(office: Office) -> None:
    challenge = {"type": "url_verification", "challenge": "say this", "token": "x"}
    reply = office.send(payloads.encode_event(challenge))
    assert (reply.status, json.loads(reply.body)["challenge"]) == (200, "say this")
