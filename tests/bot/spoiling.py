"""Payloads of every kind, spoiled on their way: what is dropped, replaced, renamed or cut short in them, by chance."""

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.playground import happenings, payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM, Channel, Message, Person
from tests.bot.driver import MENTION, Office, Researcher

JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "x", "x" * 10_000, "x" * 100_000, "\x00", "\x1b[31m\r\n\x7f", "\ud800",
    "\u202e", "<@U0KAKUNIN>", "<!channel>", "<https://evil.example|here>", "{{ 7*7 }}", "'; DROP TABLE cases; --",
    [], {}, [None], [[]], {"a": {}}, [{}] * 1000, "[" * 50_000,
)  # fmt: skip

NAMING = ("value", "case", "thread_ts", "channel_id")
"""Keys of what names a case."""
HEAD = ["payload", "sent", "200", "400", "5xx", "private notes", "with a reference", "answers taken", "cases begun"]
"""What is counted of each kind."""


@dataclass(frozen=True)
class Sample:
    """A sound payload of a kind, who sends it, and the answers that it may bring about as (card, choice)."""

    name: str
    form: str
    person: Researcher
    payload: Payload
    brings: tuple[tuple[str, dict[str, list[str]]], ...] = ()


def samples(office: Office) -> Iterator[Sample]:
    """Yield a payload of every kind that begins or answers a check, each of a person who never was here before."""
    yield from _said(office)
    yield from _typed(office)
    yield from _clicked_on_a_card(office)
    yield from _clicked_on_a_verdict(office)
    yield from _changed(office)


def other_samples(office: Office) -> Iterator[Sample]:
    """Yield a payload of each other way in, and of what is done with a case elsewhere than on its cards."""
    yield from _by_other_ways(office)
    yield from _on_home(office)


def _by_other_ways(office: Office) -> Iterator[Sample]:
    workspace = office.workspace
    for name in ("shortcut", "shortcut of a message"):
        person = office.newcomer("en-US").says("May I use Claude?")
        who, room = workspace.people[person.id], workspace.channels[person.room]
        if name == "shortcut":
            sent = happenings.shortcut(workspace, who, "check")
        else:
            sent = happenings.message_action(workspace, who, room, person.first_message(), "check_message")
        yield Sample(name, "interaction", person, sent)
    for name in ("message edited", "message deleted", "reaction", "home opened", "pane opened"):
        person = office.newcomer("en-US").asks()
        who, room = workspace.people[person.id], workspace.channels[person.room]
        message, stamp = person.first_message(), workspace.stamp()
        yield Sample(
            name, "event", person, payloads.event(workspace, _happened(name, person, who, room, message, stamp))
        )


def _happened(name: str, person: Researcher, who: Person, room: Channel, message: Message, stamp: str) -> Payload:
    match name:
        case "message edited":
            return happenings.message_changed(room, message, {**message, "text": "x"}, stamp)
        case "message deleted":
            return happenings.message_deleted(room, message, stamp)
        case "reaction":
            return happenings.reaction_added(who, room, message, "mag", stamp)
        case "home opened":
            return happenings.app_home_opened(who, person.direct, "home", None, stamp)
        case _:
            return _pane(who, person, stamp)


def _pane(who: Person, person: Researcher, stamp: str) -> Payload:
    thread = person.office.gestures.open_pane(person.id)
    return happenings.assistant_thread("assistant_thread_started", who, person.direct, thread, {}, stamp)


def _on_home(office: Office) -> Iterator[Sample]:
    for button in ("case.copy", "case.delete", "case.direct", "case.again", "case.hand", "case.take"):
        person = office.newcomer("en-US").asks()
        brings: tuple[tuple[str, dict[str, list[str]]], ...] = (("again", {}),) if button == "case.again" else ()
        sent, case = person.payload("case.direct", person.from_bot()[0]), person.standing().case.id
        value = json.dumps({"case": case}) if button == "case.again" else case
        sample = tampered(sent, action_id=button, value=value)
        yield Sample(f"click: {button}", "interaction", person, sample, brings)


def _changed(office: Office) -> Iterator[Sample]:
    changer = office.newcomer("en-US").asks().answers("openness", "undecided")
    changer.changes("openness")
    change = changer.submission({"shortcut": ["unsure"]})
    yield Sample("submission", "interaction", changer, change, (("openness", {"shortcut": ["unsure"]}),))
    changer = _finished(office)
    changer.changes("openness")
    changer.proposes(shortcut=["undecided"])
    applied = changer.submission()
    yield Sample("submission, applied", "interaction", changer, applied, (("openness", {"shortcut": ["undecided"]}),))
    changer = _finished(office)
    sent = changer.payload("verdict.reasons", changer.from_bot()[-1])
    yield Sample("click: summary", "interaction", changer, tampered(sent, action_id="answers.summary"))
    changer = _finished(office)
    sent = changer.payload("verdict.reasons", changer.from_bot()[-1])
    started = tampered(sent, action_id="answers.start_over")
    yield Sample("click: start over", "interaction", changer, started, (("again", {}),))


def _finished(office: Office) -> Researcher:
    return office.newcomer("en-US").asks().answers("openness", "public").answers("duties", "none")


def _said(office: Office) -> Iterator[Sample]:
    for name in ("mention", "direct message", "file in a thread", "mention by a stranger"):
        person = office.newcomer("ja-JP")
        direct = name == "direct message"
        channel = person.direct if direct else person.room
        thread = person.asks().thread if name == "file in a thread" else ""
        files = {"files": [{"id": "F1", "name": "results.csv"}]} if thread else {}
        said = {"user": person.id, "text": f"{MENTION} may I?", "team": TEAM, **files}
        message = office.workspace.post(channel, {**said, **({"thread_ts": thread} if thread else {})})
        inner = {
            **message,
            "channel": channel,
            "event_ts": message["ts"],
            "channel_type": "im" if direct else "channel",
        }
        if name.startswith("mention"):
            theirs = "T0OTHER" if name.endswith("stranger") else TEAM
            inner |= {"type": "app_mention", "user_team": theirs, "team": theirs}
        elif thread:
            inner |= {"text": "here", "subtype": "file_share"}
        yield Sample(name, "event", person, payloads.event(office.workspace, inner))


def _typed(office: Office) -> Iterator[Sample]:
    for text in ("may I?", "help", "data"):
        person = office.newcomer("en-US")
        who, room = office.workspace.people[person.id], office.workspace.channels[person.room]
        answer = f"R{office.workspace.number()}"
        office.slack._responses[answer] = (person.room, person.id)
        fields = payloads.command(office.workspace, who, room, text, f"{office.slack.response_base}/{answer}")
        yield Sample(f"command: {text}", "command", person, fields)


def _clicked_on_a_card(office: Office) -> Iterator[Sample]:
    ticked, pressed = {"status": ["agreement"]}, {"shortcut": ["undecided"]}
    for name, button, choice in (("next", "card.next", ticked), ("shortcut", "card.shortcut:undecided", pressed)):
        person = office.newcomer("en-US").asks()
        payload = person.payload(button, person.cards()[0], ticked if name == "next" else None)
        yield Sample(f"click: {name}", "interaction", person, payload, (("openness", choice),))
    person = office.newcomer("en-US").asks()
    picked = tampered(person.payload("card.next", person.cards()[0]), action_id="card.pick:status:agreement")
    yield Sample("click: pick", "interaction", person, picked, (("openness", ticked),))
    meant = office.newcomer("en-US").asks()
    value = f"{meant.standing().case.id}|openness|{json.dumps(ticked)}"
    sent = tampered(meant.payload("card.next", meant.cards()[0]), action_id="card.meant:0", value=value)
    yield Sample("click: meant", "interaction", meant, sent, (("openness", ticked),))
    starter = office.newcomer("en-US").asks("")
    yield Sample("click: start", "interaction", starter, starter.payload("start", starter.from_bot()[0]))


def _clicked_on_a_verdict(office: Office) -> Iterator[Sample]:
    behind = ("verdict.reasons", "services.compare", "verdict.whole_list", "measure.all", "object.verdict")
    for button in ("card.change", *behind, "opinion:helpful", "person.forget"):
        person = _finished(office)
        shown = person.from_bot()[1 if button == "card.change" else -1]
        on_card = button in ("card.change", "object.verdict", "opinion:helpful")
        name = button if on_card else "verdict.reasons"
        yield Sample(f"click: {button}", "interaction", person, tampered(person.payload(name, shown), action_id=button))
    person = _finished(office)
    yield Sample("click: menu", "interaction", person, person.payload("services.compare", person.from_bot()[-1]))


def tampered(payload: Payload, **action: str) -> Payload:
    """Return the click with other values in its action."""
    return {**payload, "actions": [{**payload["actions"][0], **action}]}


def fresh(office: Office, sample: Sample) -> Payload:
    """Return the payload as if it had been sent just now: nothing in it was seen before."""
    sent, number = copy.deepcopy(sample.payload), office.workspace.number()
    if sample.form == "event":
        return {**sent, "event_id": f"EvSpoiled{number}"}
    if "actions" in sent:
        sent["actions"][0]["action_ts"] = f"{number}.0"
    elif "view" in sent:
        sent["view"]["id"] = f"V{number}"
    return {**sent, "trigger_id": office.workspace.trigger(sample.person.id)}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from places(held, (*path, key))


def spoil(payload: Payload, others: tuple[str, ...], chance: random.Random) -> Payload:
    """Return the payload with one to three values dropped, renamed, or replaced by junk or by what is others'."""
    spoiled, junk = copy.deepcopy(payload), (*JUNK, *others)
    for _ in range(chance.randint(1, 3)):
        anywhere = list(places(spoiled)) or [("type",)]
        telling = [at for at in anywhere if at[-1] in (*NAMING, "private_metadata") and "blocks" not in at]
        *path, last = chance.choice(telling if telling and chance.random() < 0.3 else anywhere)
        inside: Any = spoiled
        for key in path:
            inside = inside[key]
        what = chance.random()
        if last in NAMING and what < 0.5:
            inside[last] = chance.choice(others)
        elif last == "private_metadata" and inside.get(last) and what < 0.8:
            inside[last] = _spoiled_text(inside[last], others, chance)
        elif what < 0.3:
            inside.pop(last, None) if isinstance(inside, dict) else inside.pop(last)
        elif what < 0.4 and isinstance(inside, dict) and last in inside:
            inside[str(chance.choice(junk))[:10_000]] = inside.pop(last)
        else:
            inside[last] = copy.deepcopy(chance.choice(junk))
    return spoiled


def _spoiled_text(text: str, others: tuple[str, ...], chance: random.Random) -> str:
    """JSON inside a text is spoiled as well."""
    try:
        return json.dumps(spoil(json.loads(text), others, chance))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "{"


def encoded(form: str, payload: Payload) -> tuple[str, str]:
    """Return body and content type of a payload, whatever it holds."""
    if form == "event":
        return json.dumps(payload), "application/json"
    if form == "command":
        told = {key: str(value) for key, value in payload.items()}
        return payloads.encode_form({_sent(key): _sent(value) for key, value in told.items()})
    return payloads.encode_form({"payload": json.dumps(payload)})


def _sent(text: str) -> str:
    return text.encode(errors="replace").decode()


def garbled(body: str, chance: random.Random) -> str:
    """Return one body of twenty cut short, or with something put in; the others as they are."""
    place, what = chance.randrange(len(body) + 1), chance.random()
    return body if what > 0.05 else body[:place] if what > 0.02 else f"{body[:place]}\x00%ZZ{{{body[place:]}"
