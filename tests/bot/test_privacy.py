"""What people write stays with Slack: not in the store, not in the log, not in what the bot says."""

import json
import logging
from contextlib import closing
from pathlib import Path

import pytest

from conversations.store.sqlite import SqliteStore
from tests.bot.driver import MENTION, Office, Researcher
from tests.bot.effects import dump

MARKER = "sekretmarker4711"
ASKED = f"may I upload {MARKER} to ChatGPT?"


def converse(person: Researcher) -> None:
    """Use every way in, with the marker wherever a person can write."""
    person.commands(ASKED)
    person.commands(MARKER)
    person.asks_directly(MARKER)
    person.asks_directly(ASKED).replies(MARKER).replies("", file=f"{MARKER}.csv")
    person.says(f"{MENTION} {ASKED}", file=f"{MARKER}.csv")
    person.replies(f"{MENTION} {MARKER}").replies(MARKER)
    person.answers("openness", "undecided").answers("duties", bound=["personal"]).answers("clearance", "refused")
    assert person.verdicts() == ["do_not_upload"]
    person.changes("openness")
    person.submits(shortcut=["public"])


def test_words_are_neither_kept_nor_logged_nor_echoed(
    filed_office: tuple[Office, Path], caplog: pytest.LogCaptureFixture
) -> None:
    office, file = filed_office
    caplog.set_level(logging.DEBUG)
    person = office.newcomer("en-US")
    converse(person)
    tables = dump(file)
    assert {"cases", "answers", "posted", "jobs"} <= tables.keys()
    assert all(tables[name] for name in ("cases", "answers", "posted", "jobs"))
    assert MARKER not in repr(tables)
    for beside in file.parent.iterdir():
        assert MARKER.encode() not in beside.read_bytes()
    assert caplog.records
    ours = [record for record in caplog.records if record.name.startswith("kakunin")]
    assert not [record for record in ours if MARKER in record.getMessage() or MARKER in str(record.exc_text)]
    assert MARKER not in json.dumps(office.slack.api.calls)


def test_a_failure_does_not_put_words_into_the_log(
    filed_office: tuple[Office, Path], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, file = filed_office
    caplog.set_level(logging.DEBUG, "kakunin")

    def fails(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(office.tools.reader("T0PLAY"), "read", fails)
    person = office.newcomer("en-US").asks(ASKED)
    assert person.notes() == ["trouble"]
    assert len(office.take_complaints()) == 1
    assert MARKER not in caplog.text
    assert MARKER not in repr(dump(file))
    assert MARKER not in json.dumps(office.slack.api.calls)


def test_the_store_holds_codes_only(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US")
    person.asks(ASKED).answers("openness", "undecided")
    ((workspace, case, _, card, choice, by, _, _),) = dump(file)["answers"]
    assert (workspace, case, card, by) == ("T0PLAY", person.standing().case.id, "openness", person.id)
    assert json.loads(str(choice)) == {"shortcut": ["undecided"]}


def test_words_put_into_a_click_are_not_kept(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US").asks()
    sent = person.payload("card.next", person.cards()[0])
    sent["state"]["values"] = {MARKER: {"choice": {"selected_options": [{"value": MARKER}]}}, "status": {}}
    office.send_interaction(sent)
    sent = person.payload("card.shortcut:public", person.cards()[0])
    sent["actions"][0]["action_id"] = f"card.shortcut:{MARKER}"
    office.send_interaction(sent)
    office.send_interaction({**sent, "actions": [{**sent["actions"][0], "value": f"{MARKER}|{MARKER}"}]})
    assert MARKER not in repr(dump(file))
    assert person.asked == ["openness"]
    assert MARKER not in json.dumps([call for call in office.slack.api.calls if call[0] != "users.info"])


def test_a_case_outlives_the_bot(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US").asks().answers("openness", "public")
    with closing(SqliteStore(file)) as store:
        case = store.case_at(person.standing().case.place)
    assert case == person.standing().case
    assert [answer.card for answer in case.answers] == ["openness"]
