"""The contract of every store, and what the SQLite one promises on its file."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest

from conversations.errors import StoreError
from conversations.models import Answer, Case, Place
from conversations.store.migrations import MIGRATIONS
from conversations.store.protocol import Notice, Posted, Store
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import ASKER, NOW, PLACE, case, pick

THREADS = 8
EMPTY = replace(case(programme="yes", brand="chatgpt"), edition="2027-04")
TOLD = (
    Answer("openness", pick(status="paper_evidence agreement"), ASKER, NOW),
    Answer("duties", pick(bound="personal", unsure=""), ASKER, NOW + timedelta(seconds=1, microseconds=7)),
    Answer("openness", pick(shortcut="unsure"), "U2", NOW + timedelta(days=1)),
)
COLUMNS = {
    "cases": {
        *("workspace", "id", "channel", "thread", "asker", "started_at"),
        *("programme", "brand", "edition", "whole_list", "waits_for", "touched_at"),
    },
    "answers": {"workspace", "case_id", "seq", "card", "choice", "by", "at", "unsure"},
    "posted": {"workspace", "case_id", "name", "message", "state"},
    "seen": {"workspace", "key"},
    "installations": {"workspace", "sealed", "enterprise"},
    "receipts": {
        *("workspace", "case_id", "number", "body", "made_at", "verdict", "data_class", "service", "items", "to_do"),
    },
    "notices": {"workspace", "key", "case_id", "kind", "details", "queued_at", "sent_at"},
    "jobs": {
        *("id", "workspace", "key", "lane", "kind", "details", "at"),
        *("stage", "due_at", "attempts", "error", "done_at"),
    },
    "letters": {
        *("id", "workspace", "case_id", "name", "state", "lane", "channel", "thread", "body", "key", "at"),
        *("is_update", "stage", "leased", "due_at", "attempts", "error"),
        *("file", "file_id", "uploaded"),
    },
    "ticks": {"workspace", "case_id", "measure", "at"},
    "opinions": {"workspace", "case_id", "kind", "reason", "at"},
    "confirmations": {
        *("workspace", "case_id", "id", "fact", "part", "capacity", "person", "asked_by", "asked_at", "value", "by"),
        *("answered_at", "until", "ends_at", "claimed", "ended", "ended_at", "words"),
    },
    "delegations": {"workspace", "person", "delegate", "until", "ends_at"},
    "channels": {"workspace", "channel", "free_at"},
    "preferences": {"workspace", "person", "language"},
    "figures": {"workspace", "week", "figure", "name", "number"},
    "desk_cases": {
        *("workspace", "case_id", "about", "state", "urgency", "asker", "channel", "thread", "holder", "office"),
        *("opened_at", "since", "answered_at", "ended_at", "alarmed", "posted_in", "due_at"),
    },
    "desk_events": {"workspace", "case_id", "number", "at", "by", "kind", "codes", "words"},
    "desk_posts": {"workspace", "name", "message", "state"},
    "rulings": {
        *(
            "workspace",
            "case_id",
            "number",
            "at",
            "by",
            "verdict",
            "judged",
            "rules_key",
            "passages",
            "office",
            "reason",
        ),
    },
    "drafts": {
        *("workspace", "case_id", "at", "facts", "data_class", "judged", "rules", "expected", "reason", "state", "by"),
        "comment",
    },
    "closed_weeks": {"workspace", "week", "at", "figures"},
    "subscriptions": {"workspace", "person", "wanted"},
}
"""Ids, codes and time stamps; `words`, `reason` and `comment` are written for the record, on a form that says so."""


NOTICE = Notice("T1", "c1:2027-04", "c1", "new_edition", {"edition": "2027-04", "verdict": "confirm_first"}, NOW)


class StoppedError(Exception):
    """Something went wrong in the middle."""


@contextmanager
def opened(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as store:
        yield store


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def fill(store: Store) -> None:
    store.add_case(EMPTY)
    for answer in TOLD:
        store.add_answer("T1", "c1", answer)


def test_a_case_comes_back_as_it_was(store: Store) -> None:
    fill(store)
    assert store.case("T1", "c1") == store.case_at(PLACE) == replace(EMPTY, answers=TOLD)


def test_what_is_not_there_is_none(store: Store) -> None:
    fill(store)
    assert store.case("T1", "c2") is None
    assert store.case_at(replace(PLACE, thread="1")) is None
    assert store.case_at(replace(PLACE, channel="C2")) is None
    assert store.posted("T1", "c1") == {}


def test_a_case_without_brand_and_programme(store: Store) -> None:
    store.add_case(case())
    assert store.case("T1", "c1") == case()


def test_posted_messages_are_remembered_and_replaced(store: Store) -> None:
    fill(store)
    store.set_posted("T1", "c1", "verdict", Posted("1.1", "a"))
    store.set_posted("T1", "c1", "card", Posted("1.2", "a"))
    store.set_posted("T1", "c1", "card", Posted("1.3", "b"))
    assert store.posted("T1", "c1") == {"verdict": Posted("1.1", "a"), "card": Posted("1.3", "b")}


def test_workspaces_with_the_same_ids_see_nothing_of_each_other(store: Store) -> None:
    fill(store)
    other = replace(EMPTY, place=replace(PLACE, workspace="T2"), asker="U9", programme="no")
    store.add_case(other)
    store.add_answer("T2", "c1", TOLD[1])
    store.set_posted("T2", "c1", "card", Posted("9", "z"))
    assert store.case("T2", "c1") == store.case_at(other.place) == replace(other, answers=TOLD[1:2])
    assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD)
    assert store.posted("T1", "c1") == {}
    assert [store.first_time("T1", "k"), store.first_time("T2", "k")] == [True, True]
    store.add_receipt("T2", "c1", "{}")
    store.want_whole_list("T2", "c1")
    assert (store.receipts("T1", "c1"), store.receipts("T2", "c1")) == ((), ("{}",))
    assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD)
    assert [store.queue_notice(notice) for notice in (NOTICE, replace(NOTICE, workspace="T2"))] == [True, True]
    store.notice_sent("T2", NOTICE.key, NOW)
    assert store.waiting_notices() == (NOTICE,)


def test_the_first_time_is_once(store: Store) -> None:
    assert [store.first_time("T1", key) for key in ("a", "a", "b", "a")] == [True, False, True, False]


def test_the_same_id_or_place_twice_is_refused(store: Store) -> None:
    fill(store)
    for again in (replace(EMPTY, place=Place("T1", "C2", "2")), replace(EMPTY, id="c2")):
        with pytest.raises(Exception, match=r"(?i)unique"):
            store.add_case(again)
    assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD)


def test_an_answer_or_receipt_to_no_case_is_refused(store: Store) -> None:
    fill(store)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        store.add_answer("T2", "c1", TOLD[0])
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        store.add_receipt("T2", "c1", "{}")


def test_the_whole_list_is_wanted_once_it_is_said(store: Store) -> None:
    fill(store)
    for _ in range(2):
        store.want_whole_list("T1", "c1")
        assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD, whole_list=True)
    store.add_case(replace(EMPTY, id="c2", place=replace(PLACE, thread="2"), whole_list=True))
    assert store.case("T1", "c2") == replace(EMPTY, id="c2", place=replace(PLACE, thread="2"), whole_list=True)


def test_receipts_come_back_as_they_were_oldest_first(store: Store) -> None:
    fill(store)
    bodies = tuple(f'{{"number": {number}, "ja": "確認"}}' for number in range(12))
    for body in bodies:
        store.add_receipt("T1", "c1", body)
    assert store.receipts("T1", "c1") == bodies
    assert store.receipts("T1", "c2") == ()


def started(workspace: str, case_id: str, days: int) -> Case:
    return replace(case(), id=case_id, place=Place(workspace, "C1", case_id), started_at=NOW + timedelta(days=days))


def test_every_case_of_every_workspace_comes_in_order_with_its_answers(store: Store) -> None:
    assert list(store.cases()) == []
    wanted = [started("T1", "b", 0), started("T1", "c", 0), started("T1", "a", 1), started("T2", "a", 0)]
    for each in reversed(wanted):
        store.add_case(each)
    store.add_answer("T1", "c", TOLD[1])
    store.add_answer("T2", "a", TOLD[0])
    wanted[1] = replace(wanted[1], answers=TOLD[1:2])
    wanted[3] = replace(wanted[3], answers=TOLD[:1])
    assert list(store.cases()) == wanted


def test_while_going_through_the_cases_they_can_be_written_to(store: Store) -> None:
    for number in range(3):
        store.add_case(started("T1", f"c{number}", number))
    for each in store.cases():
        store.add_receipt("T1", each.id, f'{{"case": "{each.id}"}}')
        store.add_case(started("T1", f"{each.id}-again", 9))
    assert [store.receipts("T1", f"c{number}") for number in range(3)] == [
        (f'{{"case": "c{number}"}}',) for number in range(3)
    ]


def test_a_notice_waits_until_it_is_sent_and_its_key_is_used_once_ever(store: Store) -> None:
    later = replace(NOTICE, key="k2", case_id="", queued_at=NOW + timedelta(seconds=1))
    assert [store.queue_notice(each) for each in (later, NOTICE, replace(NOTICE, kind="other"))] == [True, True, False]
    assert store.waiting_notices() == (NOTICE, later)
    for _ in range(2):
        store.notice_sent("T1", NOTICE.key, NOW)
        assert store.waiting_notices() == (later,)
    assert not store.queue_notice(NOTICE)
    assert store.waiting_notices() == (later,)


def test_one_thread_of_many_queues_the_notice(store: Store) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(lambda _: store.queue_notice(NOTICE), range(THREADS * 4))) == 1
    assert store.waiting_notices() == (NOTICE,)


def test_an_exception_takes_everything_back(store: Store) -> None:
    fill(store)
    with pytest.raises(StoppedError), store.transaction():
        store.add_case(replace(EMPTY, id="c2", place=replace(PLACE, thread="2")))
        store.add_answer("T1", "c1", TOLD[0])
        store.set_posted("T1", "c1", "card", Posted("1", "a"))
        assert store.first_time("T1", "k")
        store.add_receipt("T1", "c1", "{}")
        store.want_whole_list("T1", "c1")
        assert store.queue_notice(NOTICE)
        raise StoppedError
    assert store.case("T1", "c2") is None
    assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD)
    assert store.posted("T1", "c1") == {}
    assert (store.receipts("T1", "c1"), store.waiting_notices()) == ((), ())
    assert store.first_time("T1", "k")
    assert store.queue_notice(NOTICE)


def test_a_transaction_inside_another_belongs_to_it(store: Store) -> None:
    store.add_case(EMPTY)
    with pytest.raises(StoppedError), store.transaction():
        with store.transaction():
            store.add_answer("T1", "c1", TOLD[0])
        raise StoppedError
    assert store.case("T1", "c1") == EMPTY
    with store.transaction(), store.transaction():
        store.add_answer("T1", "c1", TOLD[0])
    assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD[:1])


def test_inside_a_transaction_its_own_writes_are_seen(store: Store) -> None:
    with store.transaction():
        fill(store)
        assert store.case("T1", "c1") == replace(EMPTY, answers=TOLD)


def write_at_once(stores: list[Store], each: int) -> None:
    """Let every thread write numbered answers, all starting together."""
    together = Barrier(len(stores))

    def write(writer: int) -> None:
        together.wait()
        for number in range(each):
            stores[writer].add_answer("T1", "c1", Answer("openness", pick(status=f"w{writer} n{number}"), ASKER, NOW))

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(write, range(len(stores))))


def test_threads_lose_no_answer_and_keep_each_their_order(store: Store) -> None:
    store.add_case(EMPTY)
    write_at_once([store] * THREADS, 10)
    kept = store.case("T1", "c1")
    assert kept is not None
    told = [answer.choice["status"] for answer in kept.answers]
    assert sorted(told) == sorted((f"w{w}", f"n{n}") for w in range(THREADS) for n in range(10))
    for writer in range(THREADS):
        assert [number for name, number in told if name == f"w{writer}"] == [f"n{n}" for n in range(10)]


def test_no_writer_comes_between_reading_and_writing(store: Store) -> None:
    store.add_case(EMPTY)
    together = Barrier(THREADS)

    def only_once(_: int) -> bool:
        together.wait()
        with store.transaction():
            before = store.case("T1", "c1")
            assert before is not None
            if not before.answers:
                store.add_answer("T1", "c1", TOLD[0])
            return not before.answers

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(only_once, range(THREADS))) == [False] * (THREADS - 1) + [True]


def test_one_thread_of_many_is_the_first(store: Store) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(lambda _: store.first_time("T1", "event"), range(THREADS * 4))) == 1


def test_several_stores_on_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    with opened(path) as one, opened(path) as two:
        one.add_case(EMPTY)
        write_at_once([one, two] * 3, 10)
    assert read(path, "select seq from answers order by seq") == [(number,) for number in range(60)]


def test_a_restart_sees_everything_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with opened(path) as before, opened(path) as running:
        fill(before)
        before.set_posted("T1", "c1", "card", Posted("1", "a"))
        before.first_time("T1", "k")
        before.add_receipt("T1", "c1", "{}")
        before.queue_notice(NOTICE)
        assert running.case("T1", "c1") == replace(EMPTY, answers=TOLD)
    with opened(path) as after:
        assert after.case("T1", "c1") == replace(EMPTY, answers=TOLD)
        assert after.posted("T1", "c1") == {"card": Posted("1", "a")}
        assert not after.first_time("T1", "k")
        assert (after.receipts("T1", "c1"), after.waiting_notices()) == (("{}",), (NOTICE,))


def test_opening_again_migrates_only_once(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    for _ in range(3):
        with opened(path):
            assert read(path, "pragma user_version") == [(len(MIGRATIONS),)]


@pytest.mark.parametrize(
    ("step", "released"),
    [
        (0, "2761fa0c74b5bc97b84f0b07fcb72edd31d5dba9ba73ae5f71bf8e6015f0e6a1"),
        (1, "5b074eefa620ce4036084787ec1ed7e1912ca312b08872869d4e359159610189"),
        (2, "4eb94e87eba5a7196bda0ab1c0e791b1fa09ed2c4ed662861574d09cd2224ef3"),
        (3, "1e905a078eefa337cce4e4cb5c9a2e174e9565ebac5eaa8cf6c6198ae40bd590"),
        (4, "f6ccde43d31fe49fa82b626f0a25c07a8c0949ca36107730a66ddcbb1ada17a6"),
    ],
)
def test_a_released_step_is_as_it_was(step: int, released: str) -> None:
    assert sha256("\0".join(MIGRATIONS[step]).encode()).hexdigest() == released


def tables_of(path: Path) -> dict[str, set[object]]:
    """Return every table with its columns."""
    wanted = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    tables = [str(name) for (name,) in read(path, wanted)]
    return {each: {name for (name,) in read(path, f"select name from pragma_table_info('{each}')")} for each in tables}


def open_at_once(path: Path) -> list[bool]:
    """Open and close the file from every thread at once; return who could."""
    together = Barrier(THREADS)

    def could_open(_: int) -> bool:
        together.wait()
        with suppress(StoreError), opened(path):
            return True
        return False

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(could_open, range(THREADS)))


def test_many_may_open_the_file_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "kept.db"):
        assert open_at_once(tmp_path / "kept.db") == [True] * THREADS


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    assert all(all(open_at_once(tmp_path / f"new{number}.db")) for number in range(10))


def test_the_file_is_written_ahead_and_fully_synced(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with opened(path) as store:
        assert read(path, "pragma journal_mode") == [("wal",)]
        for pragma, value in (("synchronous", 2), ("foreign_keys", 1)):
            assert next(iter(store._db.query(f"pragma {pragma}")))[pragma] == value


@pytest.mark.parametrize("where", ["a folder", "no such folder/x.db", "words.txt"])
def test_a_path_that_cannot_be_used_is_a_clear_error(tmp_path: Path, where: str) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "words.txt").write_text("These words are no database.\n" * 100)
    with pytest.raises(StoreError, match="cannot be used: ") as refused:
        SqliteStore(tmp_path / where)
    assert str(tmp_path / where) in str(refused.value)


def test_a_file_of_a_newer_version_keeps_its_version(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    with opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    with suppress(StoreError), opened(path):
        pass
    assert read(path, "pragma user_version") == [(99,)]


def test_the_tables_have_no_column_for_words(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with opened(path):
        assert tables_of(path) == COLUMNS
