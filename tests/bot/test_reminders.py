"""One reminder of an unfinished check, on a working day, with the question under it; then it rests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import House
from bot.playground.workspace import Message
from bot.reminders import Reminders, working_days_before
from bot.settings import load_settings
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = 24 * 3600


@pytest.mark.parametrize(
    ("now", "days", "before"),
    [
        ("2026-11-26T10:00", 2, "2026-11-24T10:00"),
        ("2026-11-24T10:00", 2, "2026-11-20T10:00"),
        ("2026-11-23T10:00", 1, "2026-11-20T10:00"),
        ("2026-11-28T10:00", 2, "2026-11-26T10:00"),
        ("2026-11-27T23:30", 5, "2026-11-20T23:30"),
        ("2026-11-26T10:00", 20, "2026-10-29T10:00"),
    ],
)
def test_working_days_leave_out_weekends(now: str, days: int, before: str) -> None:
    at, expected = (datetime.fromisoformat(text).replace(tzinfo=TOKYO) for text in (now, before))
    assert working_days_before(at.astimezone(UTC), days, TOKYO) == expected


@pytest.fixture
def quiet(house: House, tmp_path: Path) -> Iterator[Office]:
    """A playground of its own, at a time that is a Monday morning in Tokyo."""
    with opened(house, str(tmp_path / "kakunin.db")) as office:
        now = office.tools.clock()
        monday = now.astimezone(TOKYO).replace(hour=9) + timedelta(days=7 - now.astimezone(TOKYO).weekday())
        office.later((monday - now).total_seconds())
        yield office
        office.settle()
        assert (office.take_refusals(), office.take_complaints()) == ([], [])


def waits(office: Office, days: float) -> None:
    office.later(days * DAY)
    office.rounds()


def reminders(person: Researcher) -> list[Message]:
    return [message for message in person.from_bot() if message["text"].startswith(f"<@{person.id}>")]


def test_an_unfinished_check_is_reminded_of_once_with_its_question(quiet: Office) -> None:
    alex = quiet.newcomer("en-US")
    alex.asks().answers("openness", "undecided")
    waits(quiet, 1.9)
    assert reminders(alex) == []
    waits(quiet, 0.2)
    (reminder,) = reminders(alex)
    assert alex.from_bot()[-2:] == [reminder, alex.cards("duties")[0]]
    for _ in range(20):
        waits(quiet, 1)
    assert reminders(alex) == [reminder]
    alex.answers("duties", "none")
    waits(quiet, 5)
    assert reminders(alex) == [reminder]


def test_it_speaks_the_asker_s_language(quiet: Office) -> None:
    hanako = quiet.newcomer("ja-JP")
    hanako.asks_directly("データを入力していい？")
    waits(quiet, 3)
    (reminder,) = reminders(hanako)
    assert "途中" in reminder["text"]


def test_weekends_count_for_nothing(quiet: Office) -> None:
    quiet.later(4 * DAY)
    alex = quiet.newcomer("en-US")
    alex.asks().answers("openness", "undecided")  # on a Friday
    for _ in range(3):
        waits(quiet, 1)
        assert reminders(alex) == []
    waits(quiet, 1.1)
    assert len(reminders(alex)) == 1


def test_a_check_that_moved_on_or_has_nobody_is_left_alone(quiet: Office) -> None:
    finished, active, left, gone = (quiet.newcomer("en-US") for _ in range(4))
    finished.asks().answers("openness", "public").answers("duties", "none")
    for person in (active, left, gone):
        person.asks().answers("openness", "undecided")
    quiet.tools.conversations.store.forget(quiet.workspace.team, left.id, lambda *_: "2026-W47")
    quiet.later(1.5 * DAY)
    active.answers("duties", "none")
    quiet.workspace.people[gone.id] = replace(quiet.workspace.people[gone.id], deleted=True)
    waits(quiet, 1)
    assert [reminders(person) for person in (finished, active, left, gone)] == [[], [], [], []]
    quiet.workspace.people[gone.id] = replace(quiet.workspace.people[gone.id], deleted=False)
    waits(quiet, 1)
    assert [len(reminders(person)) for person in (finished, active, left, gone)] == [0, 1, 0, 0]


def test_what_was_left_for_long_is_not_brought_up_again(quiet: Office) -> None:
    alex = quiet.newcomer("en-US")
    alex.asks().answers("openness", "undecided")
    waits(quiet, 40)
    assert reminders(alex) == []


def test_while_slack_is_away_it_waits(quiet: Office) -> None:
    alex = quiet.newcomer("en-US")
    alex.asks().answers("openness", "undecided")
    with quiet.unreachable_slack():
        waits(quiet, 2.1)
        assert reminders(alex) == []
    waits(quiet, 0.1)
    assert len(reminders(alex)) == 1
    assert quiet.take_complaints()


def test_with_0_nobody_is_reminded(quiet: Office) -> None:
    alex = quiet.newcomer("en-US")
    alex.asks().answers("openness", "undecided")
    later = quiet.tools.clock() + timedelta(days=2, hours=1)
    Reminders(quiet.works, load_settings(remind_after=0)).queue(later)
    quiet.settle()
    assert reminders(alex) == []
    Reminders(quiet.works, load_settings(remind_after=1)).queue(later)
    quiet.settle()
    assert len(reminders(alex)) == 1
