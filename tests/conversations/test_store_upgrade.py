"""Every store, opened by this version, after any earlier version wrote it; and when several open it at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from conversations.errors import StoreError
from conversations.store.migrations import MIGRATIONS
from conversations.store.protocol import Backlog, Job, Posted
from conversations.store.sql import SqlStore
from tests.conversations.builders import ASKER, NOW, PLACE
from tests.conversations.test_store import EMPTY, NOTICE, TOLD

THREADS = 8
Another = Callable[[], SqlStore]

pytestmark = pytest.mark.parametrize("kind", ["sqlite file", "postgresql"])


@pytest.fixture
def write_schema(another: Another, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Writes a store as the version that knew so many steps did."""

    def write(steps: int) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("conversations.store.sql.MIGRATIONS", MIGRATIONS[:steps])
            with closing(another()) as store:
                if steps:
                    fill(store)

    return write


def fill(store: SqlStore) -> None:
    """Write a case, its answers, a posted message and a key, in columns that every schema has."""
    store.run(
        """INSERT INTO cases (workspace, id, channel, thread, asker, started_at, programme, brand)
        VALUES ('T1', 'c1', :channel, :thread, :asker, :at, 'yes', 'chatgpt')""",
        channel=PLACE.channel,
        thread=PLACE.thread,
        asker=ASKER,
        at=NOW.isoformat(),
    )
    for seq, told in enumerate(TOLD):
        store.run(
            """INSERT INTO answers (workspace, case_id, seq, card, choice, "by", at)
            VALUES ('T1', 'c1', :seq, :card, :choice, :by, :at)""",
            seq=seq,
            card=told.card,
            choice=json.dumps(told.choice),
            by=told.by,
            at=told.at.isoformat(),
        )
    store.run("INSERT INTO posted (workspace, case_id, name, message, state) VALUES ('T1', 'c1', 'card', '1', 'a')")
    store.run("INSERT INTO seen (workspace, key) VALUES ('T1', 'k')")


def fill_receipts(store: SqlStore, made_at: str) -> None:
    """Write receipts as they were before anything of them stood in columns."""
    result = {"verdict": "confirm_first", "data_class": "closed"}
    for number, service in enumerate(("chatgpt_free", None), 1):
        body = json.dumps({"made_at": made_at, "service": service, "result": result})
        store.run(
            "INSERT INTO receipts (workspace, case_id, number, body) VALUES ('T1', 'c1', :number, :body)",
            number=number,
            body=body,
        )


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS) + 1))
def test_a_store_of_an_earlier_schema_keeps_what_it_holds(
    another: Another, write_schema: Callable[[int], None], steps: int
) -> None:
    write_schema(steps)
    with closing(another()) as store:
        kept = replace(EMPTY, answers=TOLD, edition="2026-11", whole_list=False)
        assert store.case("T1", "c1") == store.case_at(PLACE) == kept
        assert list(store.cases()) == [kept]
        assert store.posted("T1", "c1") == {"card": Posted("1", "a")}
        assert not store.first_time("T1", "k")
        store.add_receipt("T1", "c1", "{}")
        assert store.queue_notice(NOTICE)
        assert store.put_jobs([Job("T1", "k", "l", "talk", {}, NOW)])[0]
        assert store.backlog() == Backlog(1, NOW, 0, None, 0)
    with closing(another()) as again:
        assert again.receipts("T1", "c1") == ("{}",)


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(microseconds=7), NOW + timedelta(microseconds=120000)])
def test_receipts_of_an_earlier_schema_are_counted_and_listed(
    another: Another, write_schema: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    write_schema(3)
    with monkeypatch.context() as patched:
        patched.setattr("conversations.store.sql.MIGRATIONS", MIGRATIONS[:3])
        with closing(another()) as store:
            fill_receipts(store, at.isoformat())
    with closing(another()) as store:
        (listed,) = store.cases_of("T1", ASKER, 10).cases
        assert (listed.finished_at, listed.verdict, listed.data_class, listed.service) == (
            at,
            "confirm_first",
            "closed",
            None,
        )
        assert store.figures("T1", "w", at, at + timedelta(microseconds=1))["service", "chatgpt_free"] == 1


@pytest.mark.parametrize("steps", range(len(MIGRATIONS) + 1))
def test_many_may_open_a_store_of_any_schema_at_once(
    another: Another, write_schema: Callable[[int], None], steps: int
) -> None:
    write_schema(steps)
    together = Barrier(THREADS)

    def opened(_: int) -> int:
        together.wait()
        with closing(another()) as store:
            return len(list(store.cases()))

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(opened, range(THREADS))) == [min(steps, 1)] * THREADS


def test_a_store_of_a_newer_version_is_refused_and_stays_as_it_is(
    another: Another, write_schema: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_schema(len(MIGRATIONS))
    monkeypatch.setattr("conversations.store.sql.MIGRATIONS", MIGRATIONS[:1])
    for _ in range(2):
        with pytest.raises(StoreError, match="newer version; update Kakunin"):
            another()


def test_what_holds_nothing_but_a_half_taken_step_is_not_left_behind(
    another: Another, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (*MIGRATIONS[:-1], (*MIGRATIONS[-1], "CREATE TABLE cases (again TEXT)"))
    with monkeypatch.context() as patched:
        patched.setattr("conversations.store.sql.MIGRATIONS", broken)
        with pytest.raises(StoreError, match="cases"):
            another()
    with closing(another()) as store:
        assert list(store.cases()) == []
