"""A worker that is held up longer than its lease leaves the letter to whoever took it up."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.workspace import TEAM
from conversations.store.protocol import Posted
from tests.bot.driver import Researcher
from tests.bot.test_uploads import LEASE, TEXT, Rig, happens, letter

LAST_LOOK = ("keep_letter", 1, False)


@pytest.fixture
def rig(alex: Researcher, tmp_path: Path) -> Rig:
    asking = alex.asks()
    return Rig(asking, tmp_path / "aside.db", asking.office._clients[1])


def shown(person: Researcher) -> list[str]:
    return [message["text"] for message in person.from_bot()]


def test_a_message_is_posted_by_the_second_alone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(rig.opened()) as store, closing(rig.opened()) as other:
        store.put_letter(replace(letter(rig.person, case_id=""), file=None))
        happens(store, monkeypatch, LAST_LOOK, lambda: rig.carry(other, LEASE))
        rig.carry(store)
        assert store.backlog().letters == 0
    assert shown(rig.person).count(TEXT) == 1


def test_an_old_state_does_not_come_over_a_newer_one(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    old = replace(letter(rig.person, update=True), file=None)
    with closing(rig.opened()) as store, closing(rig.opened()) as other:
        store.add_case(rig.person.standing().case)
        store.set_posted(TEAM, old.case_id, old.name, Posted(rig.person.from_bot()[-1]["ts"], ""))
        store.put_letter(old)

        def overtakes() -> None:
            assert rig.carry(other, LEASE)
            other.put_letter(replace(old, state="newer", body={"text": "newer"}))
            assert rig.carry(other, LEASE)

        happens(store, monkeypatch, LAST_LOOK, overtakes)
        rig.carry(store)
    assert shown(rig.person)[-1] == "newer"


def test_a_worker_that_is_in_time_posts(rig: Rig) -> None:
    with closing(rig.opened()) as store:
        store.put_letter(replace(letter(rig.person, case_id=""), file=None))
        assert rig.carry(store)
        assert store.backlog().letters == 0
    assert shown(rig.person).count(TEXT) == 1
