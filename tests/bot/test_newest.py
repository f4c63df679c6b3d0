"""The newest blocks: sent where a workspace takes them, told by older ones where it refuses them, and nothing fails."""

from collections.abc import Iterator

import pytest

from tests.bot.driver import Office, Researcher
from tests.bot.test_whole_list import REFUSED, REST, answers, listed, wants_the_whole_list


@pytest.fixture
def refusing(office: Office) -> Iterator[Office]:
    office.workspace.refuses = frozenset({"data_table"})
    yield office
    office.workspace.refuses = frozenset()
    store = office.tools.conversations.store
    store.run("DELETE FROM seen WHERE key LIKE 'older_blocks:%'")  # type: ignore[attr-defined]


def filled(person: Researcher) -> Researcher:
    person.asks()
    answers(person, REFUSED)
    wants_the_whole_list(person)
    answers(person, REST)
    return person


def kinds(person: Researcher) -> set[str]:
    return {block["type"] for block in person.from_bot()[-1]["blocks"]}


def test_the_checklist_is_a_table(alex: Researcher) -> None:
    filled(alex)
    message = alex.from_bot()[-1]
    (table,) = (block for block in message["blocks"] if block["type"] == "data_table")
    assert [row[0]["text"] for row in table["rows"][1:]] == list("①②③④⑤⑥⑦")
    assert table["caption"]
    assert message["text"]
    assert len(listed(alex)) == 7


def test_where_a_table_is_refused_lines_come_and_that_is_remembered(
    refusing: Office, alex: Researcher, hanako: Researcher
) -> None:
    dead = refusing.tools.conversations.store.backlog().dead  # of whoever worked there before
    filled(alex)
    assert "data_table" not in kinds(alex)
    assert len(listed(alex)) == 7
    assert [fault for fault in refusing.take_refusals() if "data_table" in fault] != []
    filled(hanako)
    assert "data_table" not in kinds(hanako)
    assert refusing.take_refusals() == []
    assert refusing.tools.conversations.store.backlog().dead == dead


def test_it_is_tried_again_in_another_month(refusing: Office, alex: Researcher) -> None:
    filled(alex)
    assert len(refusing.take_refusals()) == 1
    refusing.workspace.refuses = frozenset()
    refusing.later(32 * 24 * 3600)
    later = refusing.newcomer("en-US")
    filled(later)
    assert "data_table" in kinds(later)


def test_blocks_that_are_wrong_in_another_way_are_still_given_up(
    office: Office, alex: Researcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.workspace.refuses = frozenset({"data_table", "context"})
    alex.asks()
    office.workspace.refuses = frozenset()
    assert office.take_refusals() != []
    assert office.take_complaints() != []
    assert not office.tools.conversations.store.is_known("T0PLAY", f"older_blocks:{office.tools.clock():%Y-%m}")
