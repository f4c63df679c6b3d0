"""Clicks that cannot be taken: careless, late, doubled, foreign or made up; and payloads spoiled by chance."""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Mapping

import pytest

from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM
from conversations.errors import NoSuchCase
from tests.bench.table import show
from tests.bot.driver import Office, Researcher
from tests.bot.effects import Held, held, private_notes
from tests.bot.spoiling import HEAD, Sample, encoded, fresh, garbled, other_samples, samples, spoil, tampered

PAYLOADS = int(os.environ.get("KAKUNIN_FUZZ", "300"))
"""How many spoiled payloads are sent; the long form takes 50000."""
EACH = min(20, PAYLOADS // 34 + 1)
"""So many of each of the kinds, some 34, then somebody new sends the next ones."""


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


@pytest.mark.parametrize(
    "value", ["", "|", "x", "x|", "|x", "x|y|z", "0" * 16, "\x00|\x00", "'; DROP TABLE cases; --|"]
)
@pytest.mark.parametrize("button", ["card.next", "card.shortcut:public", "card.change", "verdict.reasons"])
def test_a_made_up_reference_gets_a_note(value: str, button: str, office: Office, alex: Researcher) -> None:
    alex.asks()
    sent = tampered(alex.payload("card.next", alex.cards()[0]), value=value, action_id=button)
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
    office.send_interaction(tampered(alex.payload("card.next", alex.cards()[0]), action_id=button))
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
    sent = alex.payload("card.shortcut:unsure", alex.cards()[0], {"use": ["prompt"]})
    (select,) = sent["state"]["values"]["service"]
    picked = {"type": "static_select", "selected_option": {"value": "nonsense"}}
    sent["state"]["values"]["service"][select] = picked
    sent["actions"] = [{**sent["actions"][0], **picked, "block_id": "service", "action_id": select}]
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


REFERENCE = re.compile(r"(?:reference|参照番号) ([0-9a-f]{8})")
NOWHERE = "kakunin.alert: a message was given up: (thread_not_found|channel_not_found)"
NO_ADDRESS = "slack_sdk.webhook.client: Failed to send a request to Slack API server"
FORESEEN = re.compile(rf"{NOWHERE}|{NO_ADDRESS}|kakunin\.slack: reference [0-9a-f]{{8}}: \w+ at ")


class Spoiler:
    """Sends spoiled payloads and counts what comes of them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._chance = random.Random(20261122)
        witness, finished = office.newcomer("en-US").asks(), office.newcomer("ja-JP")
        finished.asks().answers("openness", "public").answers("duties", "none")
        self._others: tuple[str, ...] = ()
        for bystander in (witness, finished):
            case = bystander.standing().case.id
            self._others += (case, f"{case}|openness", bystander.room, bystander.thread)
        self._witness = witness
        self.counted: dict[str, Counter[str]] = {}

    def send(self, sample: Sample, number: int) -> None:
        """Send so many spoiled copies of the sample, and check that nothing came of it but what it may bring."""
        office, counted = self._office, self.counted.setdefault(sample.name, Counter())
        before, noted = held(office), {id(note) for note in private_notes(office)}
        for _ in range(number):
            body, kind = encoded(sample.form, spoil(fresh(office, sample), self._others, self._chance))
            counted[_status(office.slack.send(garbled(body, self._chance), kind).status)] += 1
        office.settle()
        counted["sent"] += number
        after = held(office)
        self._nobody_else(before, after, sample)
        counted["answers taken"] += self._answers(before, after, sample)
        counted["cases begun"] += len(after.keys() - before.keys())
        self._notes([note for note in private_notes(office) if id(note) not in noted], sample, counted)
        self._verdict(sample.person)

    def _nobody_else(self, before: Mapping[str, Held], after: Mapping[str, Held], sample: Sample) -> None:
        """Everybody else's cases are as they were; what is new is the sender's, and empty."""
        for case, was in before.items():
            assert was.row["asker"] == sample.person.id or after[case] == was, sample.name
        for case in after.keys() - before.keys():
            assert after[case].row["asker"] == sample.person.id, sample.name
            assert not after[case].answers
            assert not after[case].more["receipts"]

    def _answers(self, before: Mapping[str, Held], after: Mapping[str, Held], sample: Sample) -> int:
        """Nothing is answered but what the sender really chose, and nothing is taken back; returns how often."""
        taken = 0
        for case in before.keys() & after.keys():
            was, now = before[case].answers, after[case].answers
            if after[case].row["asker"]:  # else it was deleted by whoever asked
                assert now[: len(was)] == was
                assert (
                    before[case].more["receipts"] == after[case].more["receipts"][: len(before[case].more["receipts"])]
                )
            for card, choice, by in now[len(was) :]:
                assert ((card, choice) in sample.brings, by) == (True, sample.person.id), sample.name
                taken += 1
        return taken

    def _notes(self, notes: list[Payload], sample: Sample, counted: Counter[str]) -> None:
        """Only the sender is told anything, in words of ours, and each reference is in the log, once."""
        complaints = self._office.take_complaints()
        assert [line for line in complaints if not FORESEEN.match(line)] == []
        logged = [number for line in complaints for number in REFERENCE.findall(line)]
        told = [number for note in notes for number in REFERENCE.findall(note["text"])]
        assert [note["text"] for note in notes if note["only_for"] != sample.person.id] == []
        assert len(logged) == len(set(logged))
        assert sorted(told) == sorted(set(told))
        assert set(told) <= set(logged)
        counted["private notes"] += len(notes)
        counted["with a reference"] += len(told)

    def _verdict(self, person: Researcher) -> None:
        """The verdict that a thread shows is that of the answers in it."""
        try:
            evaluation = person.standing().evaluation
        except NoSuchCase:
            return
        assert person.verdicts() == ([evaluation.verdict] if evaluation else [])

    def goes_on(self) -> None:
        """Whoever had a question open when it all began still gets the verdict of their own answers."""
        self._witness.answers("openness", "public").answers("duties", "none")
        assert (self._witness.verdicts(), self._witness.notes()) == (["allowed"], [])


def _status(code: int) -> str:
    return "5xx" if code >= 500 else str(code)


def test_spoiled_payloads_crash_nothing_and_touch_nobody_else(office: Office) -> None:
    spoiler, left, start = Spoiler(office), PAYLOADS, time.monotonic()
    while left:
        for sample in (*samples(office), *other_samples(office)):
            spoiler.send(sample, number := min(EACH, left))
            left -= number
    office.take_refusals()
    spoiler.goes_on()
    counted = spoiler.counted
    assert sum(found["sent"] for found in counted.values()) == PAYLOADS
    assert {status for found in counted.values() for status in found} <= {*HEAD}
    assert [name for name, found in counted.items() if found["5xx"]] == []
    rows = [[name, *(f"{found[column]:,}" for column in HEAD[1:])] for name, found in counted.items()]
    show(f"Spoiled payloads, {time.monotonic() - start:.0f} s", HEAD, rows)
