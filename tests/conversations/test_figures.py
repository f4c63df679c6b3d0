"""Weekly figures: what is counted in which week, that removing cases changes none, and that no table is read whole."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.book import Books
from conversations.figures import Figures, WeeklyFigures, monday_of
from conversations.library import Library
from conversations.models import Answer, Place
from conversations.service import Conversations
from conversations.store.protocol import Store
from conversations.store.sql import SqlStore
from conversations.store.sqlite import SqliteStore
from knowledge.errors import KakuninError
from rules.models import VERDICTS
from tests.conversations.builders import ASKER, NOW, PLACE, case, pick

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 16, tzinfo=TOKYO).astimezone(UTC)
WEEK, NEXT = "2026-W47", "2026-W48"
WEEKS = ("2026-W45", "2026-W46", WEEK, NEXT, "2026-W49")
NOTHING: tuple[int, int] = (0, 0)


@pytest.fixture
def figures(store: Store) -> Figures:
    return Figures(store, lambda _: TOKYO)


def start(store: Store, name: str, at: datetime, workspace: str = "T1", asker: str = ASKER) -> None:
    store.add_case(replace(case(), id=name, place=Place(workspace, "C1", name), started_at=at, asker=asker))


def judge(store: Store, name: str, at: datetime, workspace: str = "T1", **told: str | None) -> None:
    """Write a receipt with what is counted of one."""
    result = {"verdict": told.get("verdict", "allowed"), "data_class": told.get("data_class", "open")}
    body = {"made_at": at.isoformat(), "service": told.get("service"), "result": result}
    store.add_receipt(workspace, name, json.dumps(body))


def counted(figures: Figures, week: str = WEEK, workspace: str = "T1") -> tuple[int, int]:
    found = figures.of(workspace, week)
    return found.started, found.finished


def test_a_case_counts_in_the_week_of_its_start_and_in_that_of_its_first_verdict(
    store: Store, figures: Figures
) -> None:
    start(store, "a", MONDAY + timedelta(days=6))
    assert (counted(figures), counted(figures, NEXT)) == ((1, 0), NOTHING)
    judge(store, "a", MONDAY + timedelta(days=8), verdict="confirm_first", data_class="closed", service="chatgpt_free")
    judge(store, "a", MONDAY + timedelta(days=9), verdict="allowed")
    expected = WeeklyFigures(NEXT, date(2026, 11, 23), 0, {"confirm_first": 1}, {"closed": 1}, {"chatgpt_free": 1}, {})
    assert figures.of("T1", NEXT) == expected
    assert counted(figures) == (1, 0)


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (MONDAY - timedelta(microseconds=1), "2026-W46"),
        (MONDAY, WEEK),
        (MONDAY + timedelta(days=7) - timedelta(microseconds=1), WEEK),
        (MONDAY + timedelta(days=7), NEXT),
    ],
)
def test_a_week_is_from_monday_to_sunday_in_its_zone(store: Store, figures: Figures, at: datetime, week: str) -> None:
    start(store, "a", at)
    judge(store, "a", at)
    assert figures.week_of("T1", at) == week
    assert {name: counted(figures, name) for name in WEEKS} == {
        name: (1, 1) if name == week else NOTHING for name in WEEKS
    }


def test_a_zone_that_sets_its_clocks_back_has_an_hour_more(store: Store) -> None:
    berlin = Figures(store, lambda _: ZoneInfo("Europe/Berlin"))
    start(store, "a", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
    start(store, "b", datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    assert [counted(berlin, week) for week in ("2026-W43", "2026-W44")] == [(1, 0), (1, 0)]


def test_a_workspace_counts_its_own_cases_alone(store: Store, figures: Figures) -> None:
    for workspace in ("T1", "T2"):
        start(store, "a", MONDAY, workspace)
    judge(store, "a", MONDAY, "T2")
    assert (counted(figures), counted(figures, workspace="T2")) == ((1, 0), (1, 1))
    figures.purge(MONDAY + timedelta(days=1))
    assert (counted(figures), counted(figures, workspace="T2")) == ((1, 0), (1, 1))


@pytest.mark.parametrize("week", ["", "2026-47", "2026-W00", "2026-W54", "2026-W1x", "W47"])
def test_what_names_no_week_is_told(figures: Figures, week: str) -> None:
    with pytest.raises(KakuninError, match="2026-W47"):
        figures.of("T1", week)


def test_a_year_of_53_weeks() -> None:
    assert monday_of("2026-W53") == date(2026, 12, 28)


def everything(figures: Figures) -> list[WeeklyFigures]:
    return [figures.of(workspace, week) for workspace in ("T1", "T2") for week in WEEKS]


def scatter(store: Store, rng: random.Random) -> None:
    """Write cases of all kinds over some weeks: open, judged once, judged again, touched late, of two workspaces."""
    for number in range(40):
        workspace, name = rng.choice(("T1", "T2")), f"c{number}"
        at = MONDAY + timedelta(seconds=rng.randrange(-10, 14) * 86400 + rng.randrange(86400))
        start(store, name, at, workspace, rng.choice(("U1", "U2")))
        for _ in range(rng.randrange(3)):
            at += timedelta(seconds=rng.randrange(3 * 86400), microseconds=rng.randrange(2))
            store.add_answer(workspace, name, Answer("openness", pick(shortcut="public"), ASKER, at))
            told = {"verdict": rng.choice(VERDICTS), "data_class": rng.choice(("open", "closed"))}
            judge(store, name, at, workspace, **told, service=rng.choice((None, "chatgpt_free", "other")))


@pytest.mark.parametrize("seed", range(4))
def test_removing_cases_changes_no_figure(store: Store, figures: Figures, seed: int) -> None:
    rng = random.Random(seed)
    scatter(store, rng)
    before = everything(figures)
    assert sum(each.started for each in before) == 40
    gone, rounds = 0, sorted(rng.randrange(-10, 20) for _ in range(4))
    for days in rounds:
        gone += figures.purge(MONDAY + timedelta(days=days))
        assert everything(figures) == before
        held = store.forget("T1", "U1", figures.week_of)
        gone += held.unfinished
        assert everything(figures) == before
    assert len(list(store.cases())) == 40 - gone
    gone += figures.purge(MONDAY + timedelta(days=60))
    assert (gone, list(store.cases()), everything(figures)) == (40, [], before)


def test_what_is_left_names_no_person_and_no_case(store: SqlStore, figures: Figures) -> None:
    start(store, "a", MONDAY)
    judge(store, "a", MONDAY, service="chatgpt_free")
    figures.purge(MONDAY + timedelta(days=1))
    rows = store.run("SELECT * FROM figures ORDER BY figure")
    assert [tuple(row.values()) for row in rows] == [
        ("T1", WEEK, "data_class", "open", 1),
        ("T1", WEEK, "service", "chatgpt_free", 1),
        ("T1", WEEK, "started", "", 1),
        ("T1", WEEK, "verdict", "allowed", 1),
    ]


def test_words_that_were_not_understood_count_by_class_in_their_week(store: Store, figures: Figures) -> None:
    figures.count_unplaced("T1", MONDAY, {"latin": 2, "kanji": 1})
    figures.count_unplaced("T1", MONDAY + timedelta(days=6), {"kanji": 4})
    figures.count_unplaced("T1", MONDAY + timedelta(days=7), {"kanji": 8})
    figures.count_unplaced("T2", MONDAY, {"kanji": 16})
    figures.count_unplaced("T1", MONDAY, {})
    assert [*figures.of("T1", WEEK).unplaced.items()] == [("kanji", 5), ("latin", 2)]
    assert (figures.of("T1", NEXT).unplaced, figures.of("T2", WEEK).unplaced) == ({"kanji": 8}, {"kanji": 16})
    assert counted(figures) == NOTHING


def test_several_that_count_words_at_once_lose_none(store: Store, figures: Figures) -> None:
    def count(number: int) -> None:
        with store.transaction():
            figures.count_unplaced("T1", MONDAY, dict.fromkeys("abc" if number % 2 else "cba", 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(20)))
    assert figures.of("T1", WEEK).unplaced == dict.fromkeys("abc", 20)


def test_several_that_remove_at_once_count_each_case_once(store: Store, figures: Figures) -> None:
    scatter(store, random.Random("several"))
    before = everything(figures)
    with ThreadPoolExecutor(4) as pool:
        gone = sum(pool.map(figures.purge, [MONDAY + timedelta(days=60)] * 4))
    assert (gone, everything(figures)) == (40, before)


def test_an_interview_is_counted_by_its_receipt(store: Store, books: Books) -> None:
    conversations = Conversations(store, Library(books), clock=lambda: NOW)
    standing = conversations.start(PLACE, ASKER)
    for card, chosen in (("openness", "public"), ("duties", "none")):
        standing = conversations.answer("T1", standing.case.id, card, pick(shortcut=chosen), ASKER)
    figures = Figures(store, lambda _: TOKYO)
    assert standing.evaluation is not None
    found = figures.of("T1", figures.week_of("T1", NOW))
    assert (found.started, found.verdicts) == (1, {"allowed": 1})
    assert (found.data_classes, found.services) == ({standing.evaluation.data_class: 1}, {"": 1})


def test_no_table_is_read_whole(planned: Callable[[Callable[[SqliteStore], object]], list[str]]) -> None:
    plan = planned(lambda store: Figures(store, lambda _: TOKYO).of("T1", WEEK))
    tables = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
    assert [step for step in tables if step.startswith("SCAN") and step not in {"SCAN given", "SCAN counted"}] == []
    assert any("receipts_made (workspace=? AND made_at>? AND made_at<?)" in step for step in tables)
    assert any("cases_started (workspace=? AND started_at>? AND started_at<?)" in step for step in tables)
