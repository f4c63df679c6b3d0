"""Something unforeseen fails: whoever it befalls gets a reference, wherever they came from, and the log has it, too."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.playground import payloads
from conversations.errors import StoreError
from tests.bot.driver import Office, Researcher
from tests.bot.effects import held
from tests.bot.spoiling import encoded, tampered

SECRET = "sekretmarker4711"
REFERENCE = re.compile(r"reference ([0-9a-f]{8})")
Does = Callable[[Researcher], object]


def fails(*_: object, **__: object) -> Any:
    raise ZeroDivisionError(SECRET)


def begun(person: Researcher) -> Researcher:
    return person.asks()


def finished(person: Researcher) -> Researcher:
    return person.asks().answers("openness", "public").answers("duties", "none")


def changing(person: Researcher) -> Researcher:
    finished(person).changes("openness")
    return person


def newly(person: Researcher) -> Researcher:
    return person


def presses(action: str) -> Does:
    return lambda person: person.presses(action, on=person.from_bot()[-1])


ENTRIES: dict[str, tuple[Does, str, Does]] = {
    "mention": (newly, "start", lambda person: person.asks()),
    "mention, read": (newly, "library.heard_by", lambda person: person.asks()),
    "direct message": (newly, "start", lambda person: person.asks_directly()),
    "what is held, by message": (newly, "store.holdings", lambda person: person.asks_directly("data")),
    "file": (begun, "store.put_letter", lambda person: person.replies("", file="a.csv")),
    "command": (newly, "start", lambda person: person.commands("May I upload our data?")),
    "command, alone": (newly, "start", lambda person: person.commands("")),
    "command for what is held": (newly, "store.holdings", lambda person: person.commands("data")),
    "click: start": (lambda person: person.asks(""), "start", presses("start")),
    "click: answer": (begun, "answer", presses("card.shortcut:public")),
    "click: answer, read": (begun, "library.heard_by", presses("card.shortcut:public")),
    "click: change": (finished, "standing", lambda person: person.presses_change("openness")),
    "click: reasons": (finished, "insight", presses("verdict.reasons")),
    "click: other services": (finished, "other_services", presses("services.compare")),
    "click: opinion": (finished, "judge_verdict", presses("opinion:helpful")),
    "click: to do": (finished, "marks", presses("measure.all")),
    "click: whole list": (finished, "want_whole_list", presses("verdict.whole_list")),
    "submission, handled": (changing, "change", lambda person: person.submits(shortcut=["undecided"])),
}
"""What was done before, what fails of the use cases, and how somebody comes upon it."""


def told(person: Researcher) -> list[str]:
    """Return the references in the private notes to the person."""
    texts = [m["text"] for m in person.everything() if m.get("only_for") == person.id]
    return [number for text in texts for number in REFERENCE.findall(text)]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the references in the log, where they are a field of their own, too."""
    found = [record for record in caplog.records if hasattr(record, "reference")]
    assert all(record.levelno == logging.ERROR and record.reference in record.getMessage() for record in found)
    return [record.reference for record in found]


@pytest.fixture
def plant(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a method of the use cases fail, or of what they work with."""

    def planted(path: str, how: Callable[..., Any] = fails) -> None:
        *parts, name = path.split(".")
        where: Any = office.tools.conversations
        for part in parts:
            where = getattr(where, part)
        monkeypatch.setattr(where, name, how)

    return planted


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_gives_a_reference_that_is_in_the_log_without_content(
    entry: str,
    office: Office,
    alex: Researcher,
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    prepare, planted, does = ENTRIES[entry]
    prepare(alex)
    before = held(office)
    plant(planted)
    does(alex)
    office.settle()
    monkeypatch.undo()
    (number,) = told(alex)
    assert (alex.notes(), logged(caplog)) == (["trouble"], [number])
    assert "ZeroDivisionError at " in caplog.text
    assert SECRET not in caplog.text
    assert held(office) == before
    assert office.tools.conversations.store.backlog().jobs == 0
    office.take_complaints()


@pytest.mark.parametrize(
    ("planted", "how"),
    [("standing", fails), ("library.heard_by", fails), ("store.run_all", fails), ("store.run_all", None)],
)
def test_a_submission_shows_the_reference_inside_the_modal(
    planted: str,
    how: Callable[..., Any] | None,
    office: Office,
    alex: Researcher,
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise StoreError(SECRET)

    alex.asks().answers("openness", "undecided").changes("openness")
    before = held(office)
    plant(planted, how or full)
    reply = office.send_interaction(alex.submission({"shortcut": ["unsure"]}))
    monkeypatch.undo()
    ((block, text),) = json.loads(reply.body)["errors"].items()
    assert block in {block["block_id"] for block in alex.view["blocks"]}
    assert REFERENCE.findall(text) == logged(caplog)
    assert SECRET not in caplog.text
    assert (held(office), alex.notes()) == (before, [])
    assert len(office.take_complaints()) == 1
    assert alex.submits(shortcut=["unsure"]) == {}
    assert alex.choices()["openness"] == {"shortcut": ["unsure"]}


@pytest.mark.parametrize("planted", ["standing", "library.heard_by", "store.run_all"])
def test_a_change_that_cannot_be_applied_shows_the_reference_in_its_place(
    planted: str,
    office: Office,
    alex: Researcher,
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    changing(alex).proposes(shortcut=["undecided"])
    before = held(office)
    plant(planted)
    alex.applies()
    monkeypatch.undo()
    assert alex.view["callback_id"] == "told"
    text = alex.view["blocks"][0]["text"]["text"]
    assert office.name_of(text) == ("en", "trouble")
    assert REFERENCE.findall(text) == logged(caplog)
    assert (held(office), alex.notes()) == (before, [])
    assert len(office.take_complaints()) == 1


@pytest.mark.parametrize(
    "change",
    [{"actions": [{}]}, {"actions": []}, {"state": {"values": 7}}, {"container": 7, "actions": None}],
    ids=repr,
)
def test_a_click_that_cannot_be_read_gives_a_reference(
    change: dict[str, Any], office: Office, alex: Researcher, caplog: pytest.LogCaptureFixture
) -> None:
    alex.asks()
    before = held(office)
    sent = {**alex.payload("card.next", alex.cards()[0]), **change}
    if change == {"actions": [{}]}:
        sent["actions"] = [{"type": "button", "block_id": "buttons", "action_id": "card.next"}]
    reply = office.send_interaction(sent)
    assert held(office) == before
    if reply.status == 200:
        assert alex.notes() == ["trouble"]
        assert told(alex) == logged(caplog)
    else:  # Bolt itself could make nothing of it
        assert (reply.status, alex.notes()) == (400, [])
        office.take_refusals()
    office.take_complaints()


def test_a_mention_that_cannot_be_read_gives_a_reference(
    office: Office, alex: Researcher, caplog: pytest.LogCaptureFixture
) -> None:
    message = office.workspace.post(alex.room, {"user": alex.id, "text": SECRET, "team": "T0PLAY"})
    event = payloads.event(office.workspace, {**message, "type": "app_mention", "channel": alex.room})
    del event["event_id"]
    office.send(encoded("event", event))
    assert (alex.notes(), told(alex)) == (["trouble"], logged(caplog))
    assert SECRET not in caplog.text
    assert len(office.take_complaints()) == 1


def test_what_only_opens_a_modal_and_cannot_be_read_gives_a_reference(
    office: Office, alex: Researcher, caplog: pytest.LogCaptureFixture
) -> None:
    finished(alex)
    sent = tampered(alex.payload("verdict.reasons", alex.from_bot()[-1]))
    office.send_interaction({**sent, "container": ["C"], "message": SECRET})
    assert (alex.notes(), told(alex)) == (["trouble"], logged(caplog))
    assert SECRET not in caplog.text
    assert len(office.take_complaints()) == 1


def test_a_letter_that_fails_whatever_is_done_is_given_up_in_the_end(
    office: Office, alex: Researcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alex.asks()
    monkeypatch.setattr(office.tools.post, "once", fails)
    alex.presses("card.shortcut:public")
    for _ in range(12):
        office.later()
    monkeypatch.undo()
    store = office.tools.conversations.store
    (dead,) = [letter for letter in store.dead_letters() if letter.case_id == alex.standing().case.id]
    assert (dead.error, dead.name) == ("ZeroDivisionError", "card:duties")
    assert SECRET not in caplog.text
    assert any("given up" in line for line in office.take_complaints())
    assert store.retry_letter(dead.id)
    office.later()
    assert alex.asked == ["duties"]
