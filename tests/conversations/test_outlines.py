"""Cases in outline, from every store: a person's own for a list, and all of a time for an export."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from conversations.models import Answer, Place
from conversations.service import MOST_SHOWN, Conversations
from conversations.store.protocol import Outline, OwnCases, Store
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import ASKER, NOW, PLACE, pick
from tests.conversations.test_figures import judge, start

Planned = Callable[[Callable[[SqliteStore], object]], list[str]]
DAY = timedelta(days=1)


def fill(store: Store) -> None:
    """Four cases of one person, two of them judged; one of another person and one of another workspace."""
    for number, name in enumerate(("old", "judged", "open", "again")):
        start(store, name, NOW + number * DAY)
    start(store, "theirs", NOW, asker="U2")
    start(store, "old", NOW, "T2")
    judge(store, "judged", NOW + 2 * DAY, verdict="do_not_upload", data_class="closed", service="deepseek_web")
    judge(store, "again", NOW + 4 * DAY, verdict="allowed")
    judge(store, "again", NOW + 5 * DAY, verdict="confirm_first", data_class="careful", service="other")
    store.add_answer("T1", "again", Answer("openness", pick(shortcut="public"), ASKER, NOW))
    store.add_answer("T1", "again", Answer("openness", pick(shortcut="unsure"), ASKER, NOW))


def ids(own: OwnCases) -> list[str]:
    return [each.id for each in own.cases]


def test_open_cases_come_first_and_then_the_newest(store: Store) -> None:
    fill(store)
    own = store.cases_of("T1", ASKER, 10)
    assert (ids(own), own.more_open, own.more_finished) == (["open", "old", "again", "judged"], 0, 0)


@pytest.mark.parametrize(
    ("limit", "more_open", "more_finished"), [(1, 1, 2), (2, 0, 2), (3, 0, 1), (4, 0, 0), (5, 0, 0)]
)
def test_what_is_left_out_is_counted(store: Store, limit: int, more_open: int, more_finished: int) -> None:
    fill(store)
    own = store.cases_of("T1", ASKER, limit)
    assert ids(own) == ["open", "old", "again", "judged"][:limit]
    assert (own.more_open, own.more_finished) == (more_open, more_finished)


def test_a_person_sees_their_own_in_their_workspace_alone(store: Store) -> None:
    fill(store)
    assert ids(store.cases_of("T1", "U2", 10)) == ["theirs"]
    assert [each.place.workspace for each in store.cases_of("T2", ASKER, 10).cases] == ["T2"]
    assert store.cases_of("T3", ASKER, 10) == store.cases_of("T1", "U9", 10) == OwnCases((), 0, 0)


def test_an_outline_tells_the_first_time_and_the_last_verdict(store: Store) -> None:
    fill(store)
    listed = {each.id: each for each in store.cases_of("T1", ASKER, 10).cases}
    assert listed["again"] == Outline(
        id="again",
        place=Place("T1", "C1", "again"),
        asker=ASKER,
        started_at=NOW + 3 * DAY,
        brand=None,
        edition="",
        finished_at=NOW + 4 * DAY,
        verdict="confirm_first",
        data_class="careful",
        service="other",
        answers=2,
    )
    opened = listed["open"]
    assert (opened.finished_at, opened.verdict, opened.service, opened.answers) == (None, None, None, 0)


def test_what_was_unlinked_is_nobodys(store: Store) -> None:
    fill(store)
    store.forget("T1", ASKER, lambda *_: "2026-W47")
    assert store.cases_of("T1", ASKER, 10) == OwnCases((), 0, 0)
    kept = [each for each in store.outlines(NOW, NOW + 9 * DAY) if each.place.workspace == "T1"]
    assert [(each.id, each.asker, each.place.channel) for each in kept] == [
        ("theirs", "U2", "C1"),
        ("judged", "", ""),
        ("again", "", ""),
    ]


def test_one_s_own_cases_are_asked_for_by_the_use_case(conversations: Conversations) -> None:
    for number in range(MOST_SHOWN + 2):
        conversations.start(Place("T1", "C1", f"{number}"), ASKER)
    conversations.start(PLACE, "U2")
    own = conversations.mine("T1", ASKER)
    assert (len(own.cases), own.more_open, own.more_finished) == (MOST_SHOWN, 2, 0)


def test_the_cases_of_a_time_come_in_order_without_the_end(store: Store) -> None:
    fill(store)
    found = [(each.place.workspace, each.id) for each in store.outlines(NOW, NOW + 2 * DAY)]
    assert found == [("T1", "old"), ("T1", "theirs"), ("T1", "judged"), ("T2", "old")]
    assert list(store.outlines(NOW + 9 * DAY, NOW + 10 * DAY)) == []


def test_many_cases_come_page_by_page_each_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.store.outlines.PAGE", 3)
    for number in range(10):
        start(store, f"c{number:02}", NOW, f"T{number % 2}")
    assert sorted(each.id for each in store.outlines(NOW, NOW + DAY)) == [f"c{number:02}" for number in range(10)]


def test_no_table_is_read_whole_for_one_s_own_cases(planned: Planned) -> None:
    plan = planned(lambda store: store.cases_of("T1", ASKER, 10))
    assert any("SEARCH cases USING INDEX cases_asker (workspace=? AND asker=?)" in step for step in plan)
    tables = ("cases", "receipts", "answers", "opening", "latest")
    assert [step for step in plan if step.startswith(tuple(f"SCAN {table}" for table in tables))] == []


def left(store: Store, since: timedelta, until: timedelta) -> list[tuple[str, str]]:
    return list(store.left_open(NOW + since, NOW + until, "remind:"))


def test_what_is_left_open_has_an_asker_no_verdict_and_rest(store: Store) -> None:
    fill(store)
    everything = [("T1", "old"), ("T1", "theirs"), ("T1", "open"), ("T2", "old")]
    assert left(store, -DAY, 9 * DAY) == everything
    store.add_answer("T1", "old", Answer("openness", pick(shortcut="unsure"), ASKER, NOW + 3 * DAY))
    assert left(store, -DAY, 3 * DAY) == everything
    assert left(store, -DAY, 3 * DAY - timedelta(microseconds=1)) == everything[1:]
    assert left(store, timedelta(0), timedelta(0)) == [("T1", "theirs"), ("T2", "old")]
    assert left(store, DAY, 9 * DAY) == [("T1", "open")]


def test_what_was_told_once_is_not_left_open(store: Store) -> None:
    fill(store)
    assert store.first_time("T1", "remind:old")
    assert store.first_time("T2", "remind:theirs")
    assert left(store, -DAY, 9 * DAY) == [("T1", "theirs"), ("T1", "open"), ("T2", "old")]
    store.forget("T1", "U2", lambda *_: "2026-W47")
    assert left(store, -DAY, 9 * DAY) == [("T1", "open"), ("T2", "old")]
