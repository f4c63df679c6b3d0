"""Clicks that cannot be taken: careless, late, doubled, foreign or made up; and a Slack that fails half-way."""

import copy
import json
import os
import random
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM
from conversations.models import Case, Place
from conversations.store.protocol import Posted
from conversations.store.sqlite import SqliteStore
from tests.bot.driver import MENTION, Office, Researcher

PAYLOADS = int(os.environ.get("KAKUNIN_FUZZ", "300"))
"""How many spoiled payloads are sent; the long form takes 50000."""


class Failing:
    """Makes calls of one Web API method fail for a while; everything else works as it does."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self._call = office.slack.api.call
        self._answers: dict[str, list[Any]] = {}
        self.failed: list[str] = []
        monkeypatch.setattr(office.slack.api, "call", self.call)

    def next(self, method: str, *answers: Any) -> None:
        """Let the next calls of the method fail: an error code, or a response."""
        self._answers.setdefault(method, []).extend(answers)

    def call(self, method: str, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        waiting = self._answers.get(method)
        if not waiting:
            return self._call(method, token, arguments)
        self.failed.append(method)
        answer = waiting.pop(0)
        if isinstance(answer, str):
            return {"ok": False, "error": answer}
        raise HTTPException(response=answer)


def next_post_arrives_unheard(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Slack post the next message and answer as if it had not."""
    arrives = office.slack.api._methods["chat.postMessage"][1]

    def arrives_unheard(arguments: Mapping[str, Any]) -> dict[str, Any]:
        monkeypatch.undo()
        arrives(arguments)
        raise HTTPException(response=broken())

    methods = {**office.slack.api._methods, "chat.postMessage": ("chat:write", arrives_unheard)}
    monkeypatch.setattr(office.slack.api, "_methods", methods)


def broken() -> Response:
    return Response("<html>oops</html>", 500, mimetype="text/html")


def limited() -> Response:
    return Response('{"ok": false, "error": "ratelimited"}', 429, {"Retry-After": "1"}, mimetype="application/json")


@pytest.fixture
def failing(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Failing]:
    yield Failing(office, monkeypatch)
    office.take_complaints()


@pytest.mark.parametrize(
    ("card", "state", "note"),
    [
        ("duties", {}, "empty"),
        ("duties", {"bound": ["personal"], "unsure": ["personal"]}, "contradiction"),
    ],
)
def test_what_cannot_be_taken_leaves_the_card_open(
    card: str, state: dict[str, list[str]], note: str, alex: Researcher
) -> None:
    alex.asks().answers("openness", "public")
    shown = [dict(m) for m in alex.from_bot()]
    alex.presses("card.next", state)
    assert alex.notes() == [note]
    assert alex.from_bot() == shown
    alex.answers(card, "none")
    assert alex.verdicts() == ["allowed"]


def test_a_shortcut_pressed_with_a_tick_is_a_contradiction(alex: Researcher) -> None:
    alex.asks().answers("openness", "public")
    alex.presses("card.shortcut:none", {"bound": ["personal"]})
    assert (alex.notes(), alex.asked) == (["contradiction"], ["duties"])


def test_a_shortcut_may_be_pressed_with_what_was_ticked_beforehand(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    alex.answers("service", service=["chatgpt_free"], use=["prompt"])
    alex.answers("safeguards", "unsure")
    assert alex.notes() == []
    assert alex.choices()["safeguards"] == {"shortcut": ["unsure"]}


def test_a_double_click_answers_once(office: Office, alex: Researcher) -> None:
    alex.asks()
    office.send_at_once([payloads.encode_interaction(alex.payload("card.shortcut:undecided", alex.cards()[0]))] * 8)
    assert [a.card for a in alex.standing().case.answers] == ["openness"]
    assert (alex.asked, len(alex.from_bot())) == (["duties"], 3)
    assert alex.notes() == []


def test_a_double_click_at_the_end_shows_one_verdict(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "public")
    office.send_at_once([payloads.encode_interaction(alex.payload("card.shortcut:none", alex.cards()[0]))] * 8)
    assert (alex.verdicts(), len(alex.from_bot())) == (["allowed"], 4)


def test_two_different_clicks_at_once_leave_one_answer(office: Office, alex: Researcher) -> None:
    alex.asks()
    card = alex.cards()[0]
    sent = [alex.payload(f"card.shortcut:{name}", card) for name in ("public", "undecided")]
    office.send_at_once([payloads.encode_interaction(payload) for payload in sent])
    assert len(alex.standing().case.answers) == 1
    assert (alex.notes(), alex.asked) == (["old_card"], ["duties"])


def test_an_old_card_does_not_take_another_answer(office: Office, alex: Researcher) -> None:
    alex.asks()
    stale = alex.payload("card.shortcut:undecided", alex.cards()[0])
    alex.answers("openness", "public")
    office.send_interaction(stale)
    assert alex.notes() == ["old_card"]
    assert alex.choices() == {"openness": {"shortcut": ["public"]}}


def tamper(payload: Payload, **action: str) -> Payload:
    return {**payload, "actions": [{**payload["actions"][0], **action}]}


@pytest.mark.parametrize(
    "value", ["", "|", "x", "x|", "|x", "x|y|z", "0" * 16, "\x00|\x00", "'; DROP TABLE cases; --|"]
)
@pytest.mark.parametrize("button", ["card.next", "card.shortcut:public", "card.change", "verdict.reasons"])
def test_a_made_up_reference_gets_a_note(value: str, button: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    sent = tamper(alex.payload("card.next", alex.cards()[0]), value=value, action_id=button)
    assert office.send_interaction(sent).status == 200
    assert alex.notes() == ["no_such_case"]
    assert alex.choices() == {}


@pytest.mark.parametrize(
    ("button", "note"),
    [
        ("card.shortcut:nonsense", "unknown_option"),
        ("card.shortcut:none", "unknown_option"),
        ("card.shortcut:", "empty"),
        ("card.shortcut", "empty"),
        ("card.pick:status:nonsense", "unknown_option"),
        ("card.pick:nonsense:nonsense", "unknown_option"),
        ("card.pick:status", "empty"),
        ("card.next:more", "empty"),
    ],
)
def test_a_made_up_choice_gets_a_note(button: str, note: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    office.send_interaction(tamper(alex.payload("card.next", alex.cards()[0]), action_id=button))
    assert (alex.notes(), alex.choices(), alex.asked) == ([note], {}, ["openness"])


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"status": {"choice": {"selected_options": [{"value": "nonsense"}]}}}, "unknown_option"),
        ({"nonsense": {"choice": {"selected_options": [{"value": "nonsense"}]}}}, "unknown_option"),
        ({"shortcut": {"choice": {"selected_option": {"value": "public"}}}}, "empty"),
        ({"status": {"choice": {"selected_options": None}}}, "empty"),
        ({"status": {}}, "empty"),
        ({}, "empty"),
    ],
)
def test_made_up_ticks_get_a_note(values: Payload, note: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    office.send_interaction({**alex.payload("card.next", alex.cards()[0]), "state": {"values": values}})
    assert (alex.notes(), alex.choices(), alex.asked) == ([note], {}, ["openness"])


def test_an_unknown_service_is_not_taken(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    sent = alex.payload("card.next", alex.cards()[0], {"use": ["prompt"]})
    sent["state"]["values"]["service"]["choice"]["selected_option"] = {"value": "nonsense"}
    office.send_interaction(sent)
    assert (alex.notes(), alex.asked) == (["unknown_option"], ["service"])


def test_somebody_elses_click_is_turned_away(alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hanako.looks_at(alex).presses("card.shortcut:public")
    assert hanako.noted() == [("ja", "not_your_case")]
    assert (alex.notes(), alex.asked, alex.choices()) == ([], ["openness"], {})


def test_a_case_belongs_to_its_workspace(office: Office, alex: Researcher) -> None:
    alex.asks()
    sent = alex.payload("card.shortcut:public", alex.cards()[0])
    sent = {**sent, "team": {"id": "T0OTHER"}, "user": {**sent["user"], "team_id": "T0OTHER"}}
    office.send_interaction(sent)
    assert (alex.notes(), alex.choices()) == (["no_such_case"], {})
    assert TEAM != "T0OTHER"


@pytest.mark.parametrize("which", [0, 1])
def test_a_message_that_somebody_deleted_does_not_stop_the_interview(
    which: int, office: Office, alex: Researcher
) -> None:
    alex.asks()
    gone = alex.from_bot()[which]
    sent = alex.payload("card.shortcut:public", alex.cards()[0])
    office.workspace.messages[alex.channel].remove(gone)
    office.send_interaction(sent)
    assert alex.choices() == {"openness": {"shortcut": ["public"]}}
    assert alex.asked == ["duties"]
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    assert office.take_refusals() == (["chat.update: message_not_found"] if which == 1 else [])


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage"])
@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_an_answer_outlives_a_failing_slack(method: str, answer: Any, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next(method, answer)
    alex.presses("card.shortcut:public")
    assert failing.failed == [method]
    assert alex.choices() == {"openness": {"shortcut": ["public"]}}
    alex.office.later()
    assert alex.notes() == []
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    assert alex.answered("openness") is not None


def test_what_a_failing_slack_did_not_show_comes_later_and_once(failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postMessage", "internal_error")
    sent = alex.payload("card.shortcut:public", alex.cards()[0])
    alex.office.send_interaction(sent)
    assert alex.asked == []
    alex.office.send_interaction(sent)
    alex.office.later()
    assert alex.asked == ["duties"]
    assert len(alex.cards("duties")) == 1


def test_a_message_that_slack_refuses_is_given_up_and_may_be_sent_again(failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postMessage", "msg_too_long")
    alex.presses("card.shortcut:public")
    alex.office.later()
    assert alex.asked == []
    store = alex.office.tools.conversations.store
    (dead,) = store.dead_letters()
    assert (dead.error, dead.name) == ("msg_too_long", "card:duties")
    assert store.retry_letter(dead.id)
    alex.office.later()
    assert alex.asked == ["duties"]


def test_a_message_that_arrived_without_an_answer_is_not_posted_again(
    failing: Failing, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    alex.asks()
    next_post_arrives_unheard(alex.office, monkeypatch)
    alex.presses("card.shortcut:public")
    alex.office.later()
    assert len(alex.cards("duties")) == 1
    alex.answers("duties", "none")
    assert alex.verdicts() == ["allowed"]


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage", "users.info"])
def test_a_call_is_tried_again_when_slack_asks_to_slow_down(method: str, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next(method, limited())
    alex.answers("openness", "public")
    assert failing.failed == [method]
    alex.office.later(1.1)
    assert (alex.notes(), alex.asked) == ([], ["duties"])


@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_a_language_that_cannot_be_read_stops_nothing(answer: Any, failing: Failing, hanako: Researcher) -> None:
    failing.next("users.info", answer)
    hanako.asks("データを入力していい？")
    assert hanako.asked == ["openness"]


@pytest.mark.parametrize("answer", ["internal_error", broken()])
def test_a_note_that_cannot_be_shown_stops_nothing(answer: Any, failing: Failing, alex: Researcher) -> None:
    alex.asks()
    failing.next("chat.postEphemeral", answer)
    alex.presses("card.next")
    assert alex.notes() == []
    alex.answers("openness", "public")
    assert alex.asked == ["duties"]


def test_a_beginning_that_failed_is_made_good_later(failing: Failing, alex: Researcher) -> None:
    failing.next("chat.postMessage", "internal_error")
    alex.asks()
    assert alex.asked == []
    alex.office.later()
    assert (alex.notes(), alex.asked) == ([], ["openness"])
    assert len(alex.from_bot()) == 2


def test_a_thread_whose_root_arrived_without_an_answer_is_opened_once(
    failing: Failing, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_post_arrives_unheard(alex.office, monkeypatch)
    alex.commands("May I upload our data?")
    alex.office.later()
    roots = [m for m in alex.office.workspace.messages[alex.room] if "thread_ts" not in m]
    assert len(roots) == 1
    alex.channel, alex.thread = alex.room, roots[0]["ts"]
    assert alex.asked == ["openness"]


def test_a_modal_that_cannot_be_opened_gets_a_note(failing: Failing, alex: Researcher) -> None:
    alex.asks().answers("openness", "public")
    failing.next("views.open", "expired_trigger_id")
    alex.presses_change("openness")
    assert alex.notes() == ["trouble"]
    assert not alex.has_view
    alex.changes("openness")
    assert alex.submits(shortcut=["undecided"]) == {}


def test_a_store_in_memory_stands_many_threads() -> None:
    with closing(SqliteStore(":memory:")) as store:
        cases = [Case(f"c{n}", Place(TEAM, "C", str(n)), "U", datetime(2026, 11, 22, tzinfo=UTC)) for n in range(8)]
        for case in cases:
            store.add_case(case)

        def works(case: Case) -> list[Case | None]:
            found = []
            for number in range(600):
                found.append(store.case(TEAM, case.id))
                store.posted(TEAM, case.id)
                if number % 10 == 0:
                    store.set_posted(TEAM, case.id, "intro", Posted("1.0", "intro"))
            return found

        with ThreadPoolExecutor(len(cases)) as pool:
            for case, found in zip(cases, pool.map(works, cases), strict=True):
                assert found == [case] * 600


JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "x", "x" * 100_000, "\x00", "\ud800", "<@U0KAKUNIN>", [], {}, [None], [[]], {"a": {}},
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from places(held, (*path, key))


def spoil(payload: Payload, chance: random.Random) -> Payload:
    """Return the payload with one to three values dropped or replaced by junk."""
    spoiled = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 3)):
        *path, last = chance.choice(list(places(spoiled)) or [("type",)])
        inside: Any = spoiled
        for key in path:
            inside = inside[key]
        if chance.random() < 0.3:
            del inside[last]
        else:
            inside[last] = copy.deepcopy(chance.choice(JUNK))
    return spoiled


def true_payloads(office: Office, alex: Researcher, hanako: Researcher) -> list[tuple[str, Payload]]:
    """Return one payload of every kind that the bot listens to."""
    alex.asks().answers("openness", "public").answers("duties", "none")
    alex.changes("openness")
    finished = alex.from_bot()
    hanako.asks("ChatGPTにデータを入力していい？")
    card, person, room = hanako.cards()[0], office.workspace.people[alex.id], office.workspace.channels[alex.room]
    said = {"type": "message", "ts": "1.5", "user": alex.id, "team": TEAM, "event_ts": "1.5", "files": [{"id": "F1"}]}
    events = [
        {**said, "type": "app_mention", "text": f"{MENTION} may I?", "channel": alex.room},
        {**said, "text": "may I?", "channel": alex.direct, "channel_type": "im"},
        {**said, "text": "here", "channel": alex.room, "channel_type": "channel", "thread_ts": alex.thread},
    ]
    interactions = [
        alex.submission({"shortcut": ["undecided"]}),
        alex.payload("card.change", finished[1]),
        alex.payload("verdict.reasons", finished[-1]),
        hanako.payload("card.next", card, {"status": ["agreement"]}),
        hanako.payload("card.shortcut:undecided", card),
        tamper(hanako.payload("card.next", card), action_id="card.pick:all:all"),
        tamper(hanako.payload("card.next", card), action_id="start"),
    ]
    typed = payloads.command(office.workspace, person, room, "may I?", f"{office.slack.response_base}/none")
    return [
        *(("event", payloads.event(office.workspace, inner)) for inner in events),
        *(("interaction", payload) for payload in interactions),
        ("command", typed),
    ]


def encoded(kind: str, payload: Payload) -> tuple[str, str]:
    if kind == "event":
        return json.dumps(payload), "application/json"
    if kind == "command":
        return payloads.encode_form({key: str(value).encode(errors="replace") for key, value in payload.items()})
    return payloads.encode_form({"payload": json.dumps(payload)})


def test_spoiled_payloads_never_make_a_listener_raise(office: Office, alex: Researcher, hanako: Researcher) -> None:
    kinds = true_payloads(office, alex, hanako)
    chance = random.Random(20261122)
    for number in range(PAYLOADS):
        kind, payload = chance.choice(kinds)
        fresh = {**payload, "event_id": f"EvSpoiled{number}"} if kind == "event" else payload
        office.slack.send(*encoded(kind, spoil(fresh, chance)))
    office.settle()
    office.take_refusals()
    complaints = office.take_complaints()
    alex.asks().answers("openness", "public").answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    raised = re.compile(r"internal function|Exception on .* (bot/(listeners|views)|conversations|rules)/")
    assert [complaint for complaint in complaints if raised.search(complaint)] == []


def test_an_unreachable_slack_makes_no_listener_raise(office: Office, alex: Researcher) -> None:
    alex.asks()
    with office.unreachable_slack():
        alex.presses("card.shortcut:public")
    complaints = office.take_complaints()
    office.later()
    assert alex.asked == ["duties"]
    assert [c for c in complaints if "internal function" in c] == []
