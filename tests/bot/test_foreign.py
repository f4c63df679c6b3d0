"""What is not theirs to do: requests sent before or signed by nobody, and cases of other people and workspaces."""

import copy
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.server import SECRET
from bot.playground.slack import Reply
from tests.bot.driver import Office, Researcher
from tests.bot.effects import held
from tests.bot.spoiling import Sample, encoded, fresh, samples, tampered

OTHER = "T0OTHER"
TOO_OLD = 310
SHOWN_AGAIN = ("command: help", "command: data")
"""A private note to whoever typed; nothing is kept to tell it by."""


@pytest.fixture
def sound(office: Office) -> list[Sample]:
    """A sound payload of every kind."""
    return list(samples(office))


def post(office: Office, body: str, headers: dict[str, str]) -> Reply:
    try:
        with urlopen(Request(office.slack.bot_url, body.encode(), headers), timeout=30) as answer:
            reply = Reply(answer.status, answer.read().decode())
    except HTTPError as error:
        with error:
            reply = Reply(error.code, error.read().decode())
    office.settle()
    return reply


def seen(office: Office, person: Researcher) -> Any:
    """Return everything that the person can see, and everything that is stored on cases."""
    return copy.deepcopy((person.everything(), office.workspace.views.get(person.id), held(office)))


def test_what_slack_did_not_sign_just_now_has_no_effect(office: Office, sound: list[Sample]) -> None:
    now = int(time.time())
    for sample in sound:
        body, kind = encoded(sample.form, sample.payload)
        signed = payloads.signed(SECRET, body, kind, now)
        before = seen(office, sample.person)
        for forged in (
            payloads.signed("not-the-secret", body, kind, now),
            payloads.signed(SECRET, f"{body} ", kind, now),
            payloads.signed(SECRET, body, kind, now - TOO_OLD),
            payloads.signed(SECRET, body, kind, now + TOO_OLD),
            {**signed, "X-Slack-Request-Timestamp": str(now - 1)},
            {**signed, "X-Slack-Request-Timestamp": ""},
            {**signed, "X-Slack-Signature": "v0="},
            {"Content-Type": kind},
        ):
            assert post(office, body, forged).status in (400, 401), sample.name
        assert seen(office, sample.person) == before, sample.name


def test_the_very_same_request_has_no_second_effect(office: Office, sound: list[Sample]) -> None:
    for sample in sound:
        body, kind = encoded(sample.form, fresh(office, sample))
        headers = payloads.signed(SECRET, body, kind, int(time.time()))
        before = seen(office, sample.person)
        first = post(office, body, headers)
        after = seen(office, sample.person)
        assert after != before, sample.name
        for _ in range(3):
            assert post(office, body, headers).status == first.status == 200
        *noted, _, kept = seen(office, sample.person)
        assert kept == after[-1], sample.name
        assert sample.name in SHOWN_AGAIN or seen(office, sample.person) == after, sample.name
        assert noted
    assert set(office.take_refusals()) == {"views.open: exchanged_trigger_id"}


def elsewhere(payload: Payload) -> Payload:
    """Return the interaction as if the same person had done it in another workspace."""
    moved = {**payload, "team": {"id": OTHER, "domain": "other"}, "user": {**payload["user"], "team_id": OTHER}}
    view = {**moved.get("view", {}), "team_id": OTHER, "app_installed_team_id": OTHER}
    return {**moved, "view": view} if "view" in moved else moved


def about(payload: Payload, case: str) -> Payload:
    """Return the interaction with the id of another case in place of its own."""
    if "view" in payload:
        kept = {**json.loads(payload["view"]["private_metadata"]), "case": case}
        return {**payload, "view": {**payload["view"], "private_metadata": json.dumps(kept)}}
    action = payload["actions"][0]
    if "selected_option" in action:
        entry = str(action["selected_option"]["value"]).partition("|")[0]
        picked = {**action, "selected_option": {**action["selected_option"], "value": f"{entry}|{case}"}}
        return {**payload, "actions": [picked]}
    _, bar, card = action["value"].partition("|")
    return tampered(payload, value=f"{case}{bar}{card}")


def refusals(office: Office, sample: Sample, payload: Payload) -> list[str]:
    """Send it; return the names of what the person is told, in private or inside the modal."""
    noted = len(sample.person.notes())
    reply = office.send_interaction(fresh(office, replace(sample, payload=payload)))
    answer = json.loads(reply.body or "{}")
    inside = [
        *answer.get("errors", {}).values(),
        *(b["text"]["text"] for b in answer.get("view", {}).get("blocks", [])),
    ]
    return [*sample.person.notes()[noted:], *(office.name_of(text)[1] for text in inside)]


def on_a_case(sample: Sample) -> bool:
    return sample.form == "interaction" and sample.name not in ("click: start", "click: person.forget")


def test_nobody_can_read_or_act_on_a_case_of_another_workspace(office: Office, sound: list[Sample]) -> None:
    for sample in filter(on_a_case, sound):
        office.workspace.views.pop(sample.person.id, None)
        before = held(office)
        assert refusals(office, sample, elsewhere(sample.payload)) == ["no_such_case"], sample.name
        assert (held(office), sample.person.id in office.workspace.views) == (before, False), sample.name


def test_nobody_can_read_or_act_on_somebody_elses_case(office: Office, sound: list[Sample], hanako: Researcher) -> None:
    hanako.asks().answers("openness", "public")
    opened, hanako.thread = hanako.standing().case.id, ""
    hanako.asks().answers("openness", "public").answers("duties", "none")
    finished = hanako.standing().case.id
    shown = hanako.everything()
    for sample in filter(on_a_case, sound):
        for case in (opened, finished):
            office.workspace.views.pop(sample.person.id, None)
            before = held(office)
            reads = sample.name.endswith((".reasons", ".compare", ".all", "object.verdict", "click: menu"))
            expected = "no_such_case" if reads else "not_your_case"
            assert refusals(office, sample, about(sample.payload, case)) == [expected], sample.name
            assert (held(office), sample.person.id in office.workspace.views) == (before, False), sample.name
    assert hanako.everything() == shown


def test_deleting_and_asking_what_is_held_end_at_the_workspace(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    before = held(office)
    forget = tampered(alex.payload("verdict.reasons", alex.from_bot()[-1]), action_id="person.forget")
    office.send_interaction(elsewhere(forget))
    person, room = office.workspace.people[alex.id], office.workspace.channels[alex.room]
    fields = payloads.command(office.workspace, person, room, "data", f"{office.slack.response_base}/none")
    office.slack._responses["none"] = (alex.room, alex.id)
    office.send(payloads.encode_form({**fields, "team_id": OTHER}))
    assert (held(office), alex.notes()) == (before, ["forgotten", "nothing_held"])


def test_talk_of_another_workspace_in_a_thread_of_the_same_name_begins_a_case_of_its_own(
    office: Office, alex: Researcher
) -> None:
    alex.asks().answers("openness", "public")
    before, case = held(office), alex.standing().case
    message = office.workspace.find(alex.channel, alex.thread)
    assert message is not None
    inner = {**message, "type": "app_mention", "channel": alex.channel, "team": OTHER, "event_ts": message["ts"]}
    office.send_event(inner, team_id=OTHER, authorizations=[{"team_id": OTHER, "user_id": "U0KAKUNIN"}])
    after = held(office)
    assert {name: after[name] for name in before} == before
    (begun,) = after.keys() - before.keys()
    assert (after[begun].row["workspace"], after[begun].answers) == (OTHER, [])
    assert alex.standing().case == case


ODD = [
    "x" * 10_000,
    "\x00",
    "\x1b[31m\r\n\x7f\x85",
    "\ud800",
    "\u202e\u2066",
    "<!channel>",
    "{{ 7*7 }}",
    "a|b|c",
    " ",
    "確認",
]
Put = Callable[[Payload, str], Payload]


def in_state(payload: Payload, state: Payload) -> Payload:
    return {**tampered(payload, action_id="card.next"), "state": {"values": state}}


PUT: dict[str, Put] = {
    "case": lambda sent, odd: tampered(sent, value=f"{odd}|openness"),
    "card": lambda sent, odd: tampered(sent, value=f"{sent['actions'][0]['value'].partition('|')[0]}|{odd}"),
    "reference": lambda sent, odd: tampered(sent, value=odd),
    "shortcut": lambda sent, odd: tampered(sent, action_id=f"card.shortcut:{odd}"),
    "picked part": lambda sent, odd: tampered(sent, action_id=f"card.pick:{odd}:agreement"),
    "picked option": lambda sent, odd: tampered(sent, action_id=f"card.pick:status:{odd}"),
    "ticked part": lambda sent, odd: in_state(sent, {odd: {"choice": {"selected_option": {"value": "agreement"}}}}),
    "ticked option": lambda sent, odd: in_state(sent, {"status": {"choice": {"selected_option": {"value": odd}}}}),
    "input": lambda sent, odd: in_state(sent, {"status": {odd: {"selected_option": {"value": "agreement"}}}}),
}
"""What a value of a click may be put in place of; none of them leaves an answer."""


@pytest.mark.parametrize("name", PUT)
def test_odd_values_in_a_click_are_no_answer_and_leave_no_trace(name: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    before, sent = held(office), alex.payload("card.shortcut:public", alex.cards()[0])
    for number, odd in enumerate(ODD):
        changed = tampered(PUT[name](sent, odd), action_ts=f"{number}.5")
        assert office.send(encoded("interaction", changed)).status == 200
    assert held(office) == before
    assert (alex.asked, len(alex.notes())) == (["openness"], len(ODD))
    assert set(alex.notes()) <= {"no_such_case", "unknown_option", "empty", "old_card"}
    kept = json.dumps(office.tools.conversations.store.run("SELECT * FROM jobs"), ensure_ascii=False)  # type: ignore[attr-defined]
    assert not [odd for odd in ODD[:-2] if odd in kept]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_values_that_name_nothing_of_ours_change_nothing_about_a_click(
    odd: str, office: Office, alex: Researcher
) -> None:
    alex.asks()
    sent = tampered(alex.payload("card.shortcut:public", alex.cards()[0]), block_id=odd, type=odd)
    sent |= {"team": {**sent["team"], "domain": odd}, "user": {**sent["user"], "username": odd, "name": odd}}
    sent |= {"channel": {**sent["channel"], "name": odd}, "response_url": odd}
    assert office.send(encoded("interaction", sent)).status == 200
    assert (alex.asked, alex.choices(), alex.notes()) == (["duties"], {"openness": {"shortcut": ["public"]}}, [])


def who_or_where(sent: Payload, odd: Any) -> list[Payload]:
    return [
        {**sent, "user": {**sent["user"], "id": odd}},
        {
            **sent,
            "team": {**sent["team"], "id": odd},
            "user": {**sent["user"], "team_id": odd},
            "message": {**sent["message"], "team": odd},
        },
        {**sent, "container": {**sent["container"], "channel_id": odd}},
        {**sent, "message": {**sent["message"], "thread_ts": odd}},
    ]


@pytest.mark.parametrize("odd", [*ODD, "C0LAB>", "1.5 ", "u0alex", 7, ["C0LAB"], {"a": 1}], ids=repr)
def test_what_stands_in_place_of_a_person_or_a_place_gets_nowhere(odd: Any, office: Office, alex: Researcher) -> None:
    alex.asks()
    before, sent = held(office), alex.payload("card.shortcut:public", alex.cards()[0])
    for number, changed in enumerate(who_or_where(sent, odd)):
        office.slack.send(*encoded("interaction", tampered(changed, action_ts=f"{number}.5")))
    office.settle()
    assert (held(office), alex.asked) == (before, ["openness"])
    assert set(alex.notes()) <= {"trouble"}
    office.take_refusals()
    told = office.take_complaints()
    assert len(told) == 4 or not isinstance(odd, str), "each is turned away at the door"
