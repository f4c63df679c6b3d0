"""What the PostgreSQL store promises beyond the contract: who waits for whom, and a server that goes away."""

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import psycopg
import pytest

from conversations.errors import StoreError
from conversations.models import Place
from conversations.store.copying import TABLES
from conversations.store.postgres import PostgresStore, shown
from conversations.store.protocol import Job, Letter
from tests.conversations.builders import NOW, PLACE, answer, case, pick
from tests.postgres import PostgresServer

LEASE = timedelta(seconds=60)
SOON, WAITED = 5, 0.2
ANSWER = answer(("openness", pick(status="a")))


@pytest.fixture
def kind() -> str:
    return "postgresql"


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def other(number: int) -> Place:
    return replace(PLACE, thread=str(number))


def fill(store: PostgresStore) -> None:
    for number in range(3):
        store.add_case(replace(case(), id=f"c{number}", place=other(number)))
    for number in range(3):
        store.put_jobs([Job("T1", f"k{number}", f"l{number}", "answer", {}, NOW)])
        store.put_letter(Letter("T1", f"c{number}", "card", "s", f"l{number}", "C1", "1", {}, f"k{number}", NOW))


def test_a_transaction_keeps_only_writers_of_its_own_case_waiting(
    store: PostgresStore, aside: ThreadPoolExecutor
) -> None:
    fill(store)
    with store.transaction():
        assert store.case("T1", "c1") is not None
        waits: Future[None] = aside.submit(store.add_answer, "T1", "c1", ANSWER)
        aside.submit(store.add_answer, "T1", "c2", ANSWER).result(SOON)
        assert aside.submit(store.put_jobs, [Job("T1", "new", "l1", "answer", {}, NOW)]).result(SOON)[0]
        assert aside.submit(store.case, "T1", "c1").result(SOON) == replace(case(), id="c1", place=other(1))
        with pytest.raises(TimeoutError):
            waits.result(WAITED)
        store.add_answer("T1", "c1", replace(ANSWER, by="U0"))
    waits.result(SOON)
    written = store.case("T1", "c1")
    assert written is not None
    assert [each.by for each in written.answers] == ["U0", ANSWER.by]


def test_claims_wait_for_no_transaction(store: PostgresStore, aside: ThreadPoolExecutor) -> None:
    fill(store)
    taken = store.claim_job(NOW, LEASE)
    assert taken is not None
    with store.transaction():
        store.case("T1", "c0")
        store.put_letter(Letter("T1", "c0", "card", "s2", "l0", "C1", "1", {}, "k", NOW))
        store.put_jobs([Job("T1", "new", "l1", "answer", {}, NOW)])
        store.job_done(taken)
        jobs = [aside.submit(store.claim_job, NOW, LEASE).result(SOON) for _ in range(3)]
        assert [job and job.key for job in jobs] == ["k1", "k2", None]
        letters = [aside.submit(store.claim_letter, NOW, LEASE, timedelta(seconds=1), 5).result(SOON) for _ in range(3)]
        assert [letter and letter.case_id for letter in letters] == ["c1", "c2", None]


def test_a_case_is_started_once_at_a_place(store: PostgresStore, aside: ThreadPoolExecutor) -> None:
    def start(name: str) -> str:
        with store.transaction():
            found = store.case_at(PLACE)
            if found is None:
                store.add_case(replace(case(), id=name))
            return found.id if found else name

    names = list(aside.map(start, [f"c{number}" for number in range(8)]))
    assert len(set(names)) == 1


def test_a_transaction_sees_what_was_written_until_it_asked_for_the_case(
    store: PostgresStore, aside: ThreadPoolExecutor
) -> None:
    fill(store)
    begun, go_on = Event(), Event()

    def late() -> int:
        with store.transaction():
            store.backlog()
            begun.set()
            go_on.wait(SOON)
            read = store.case("T1", "c1")
            return len(read.answers) if read else -1

    reading = aside.submit(late)
    assert begun.wait(SOON)
    store.add_answer("T1", "c1", ANSWER)
    go_on.set()
    assert reading.result(SOON) == 1


def test_a_connection_that_was_cut_is_replaced(store: PostgresStore, where: str) -> None:
    fill(store)
    with psycopg.connect(where, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert store.case("T1", "c1") is not None


def test_a_connection_that_is_cut_in_the_middle_takes_everything_back(store: PostgresStore, where: str) -> None:
    fill(store)
    with pytest.raises(StoreError, match="cannot be used"), store.transaction():
        store.add_answer("T1", "c1", ANSWER)
        with psycopg.connect(where, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        store.add_answer("T1", "c1", ANSWER)
    read = store.case("T1", "c1")
    assert read is not None
    assert read.answers == ()


def test_while_the_server_is_away_every_call_fails_and_then_works_again(
    store: PostgresStore, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    assert store._pool is not None
    monkeypatch.setattr(store._pool, "timeout", 0.3)
    server.stop()
    try:
        for act in (
            store.backlog,
            lambda: store.put_jobs([Job("T1", "k9", "l", "answer", {}, NOW)])[0],
            store.dead_letters,
        ):
            with pytest.raises(StoreError, match="cannot be used"):
                act()
        with pytest.raises(StoreError), store.transaction():
            pass
    finally:
        server.start()
    monkeypatch.setattr(store._pool, "timeout", SOON)
    assert store.put_jobs([Job("T1", "k9", "l", "answer", {}, NOW)])[0]
    assert store.backlog().jobs == 4


@pytest.mark.parametrize("where_to", ["postgresql://me:secret@localhost:1/x", "postgresql://me:secret@[broken/x"])
def test_an_address_that_cannot_be_used_is_a_clear_error_without_the_password(where_to: str) -> None:
    with pytest.raises(StoreError, match="cannot be used: ") as refused:
        PostgresStore(where_to)
    assert "secret" not in str(refused.value)
    assert "me@" in str(refused.value)


def test_an_address_is_shown_without_what_is_secret() -> None:
    assert shown("postgresql://me:se:cret@db:5432/kakunin?password=x") == "postgresql://me@db:5432/kakunin"


def test_a_closed_store_says_so(where: str) -> None:
    store = PostgresStore(where)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.backlog()


def test_text_is_ordered_byte_by_byte_whatever_the_database_speaks(store: PostgresStore) -> None:
    rows = store.run(
        """SELECT DISTINCT collation_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = 'cases'"""
    )
    assert {row["collation_name"] for row in rows} == {None, "C"}


def test_every_key_contains_the_workspace_so_that_tables_can_be_distributed_by_it(store: PostgresStore) -> None:
    rows = store.run("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()")
    unique = [row for row in rows if "UNIQUE" in row["indexdef"]]
    assert {row["tablename"] for row in unique} == set(TABLES)
    assert [row["indexdef"] for row in unique if not re.search(r"\(workspace[,)]", row["indexdef"])] == []
