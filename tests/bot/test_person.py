"""“What do you hold on me?” and “delete it”: by command and by message, for oneself alone."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.errors import NoSuchCase
from conversations.service import utc_now
from tests.bot.driver import Office, Researcher
from tests.bot.effects import dump


def rows(file: Path) -> str:
    return repr({name: found for name, found in dump(file).items() if name != "jobs"})


def deletes(person: Researcher) -> None:
    """Ask what is held, and press the button."""
    person.commands("data")
    note = [message for message in person.everything() if message.get("only_for") == person.id][-1]
    person.channel = note.get("channel", person.room)
    person.presses("person.forget", on=note)


@pytest.mark.parametrize("words", ["data", "保存データ", "delete", "削除して"])
def test_nothing_is_held_on_somebody_new(words: str, alex: Researcher) -> None:
    alex.commands(words)
    assert alex.notes() == ["nothing_held"]
    note = next(m for m in alex.everything() if m.get("only_for") == alex.id)
    assert "person.forget" not in json.dumps(note["blocks"])


def test_a_direct_message_tells_as_well(alex: Researcher) -> None:
    alex.asks_directly("What do you hold on me?")
    assert alex.notes() == ["nothing_held"]
    alex.asks()
    alex.asks_directly("What do you hold on me?")
    assert alex.notes() == ["nothing_held", "holdings"]


def test_what_is_deleted_is_gone_and_receipts_stay_without_the_person(
    filed_office: tuple[Office, Path],
) -> None:
    office, file = filed_office
    person, other = office.newcomer("en-US"), office.newcomer("en-US")
    person.asks().answers("openness", "public").answers("duties", "none")
    finished = person.standing().case
    person.asks().answers("openness", "public")
    unfinished = person.standing().case
    other.asks().answers("openness", "public")
    deletes(person)
    assert person.notes()[-1] == "forgotten"
    assert person.id not in rows(file)
    assert other.id in rows(file)
    store = office.tools.conversations.store
    assert store.case(unfinished.place.workspace, unfinished.id) is None
    kept = store.case(finished.place.workspace, finished.id)
    assert kept is not None
    assert (kept.asker, kept.place.channel) == ("", "")
    assert len(store.receipts(finished.place.workspace, finished.id)) == 1
    assert store.holdings(finished.place.workspace, person.id).finished == 0
    with pytest.raises(NoSuchCase):
        office.tools.conversations.owned(finished.place.workspace, finished.id, person.id)


def test_what_nobody_touched_for_long_is_removed(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US")
    person.asks().answers("openness", "public").answers("duties", "none")
    finished, store = person.standing().case, office.tools.conversations.store
    figures = office.tools.figures
    week = figures.week_of(finished.place.workspace, utc_now())
    before = figures.of(finished.place.workspace, week)
    assert figures.purge(utc_now() - timedelta(days=1)) == 0
    assert figures.purge(utc_now() + timedelta(days=1)) == 1
    assert (list(store.cases()), before.started) == ([], 1)
    assert person.id not in rows(file)
    assert finished.id not in rows(file)
    assert figures.of(finished.place.workspace, week) == before
