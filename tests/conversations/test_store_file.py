"""A SQLite file in trouble, and processes that write to one file in turns."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from conversations.errors import StoreError
from conversations.store.sqlite import SqliteStore
from conversations.store.turns import Turns
from tests.conversations.builders import PLACE, case
from tests.conversations.test_store_queue import job

SOON = 30


def in_a_thread(act: object) -> list[object]:
    """Call it in a thread that never used the store; returns what it raised, or None."""
    found: list[object] = []

    def call() -> None:
        try:
            found.append(act())  # type: ignore[operator]
        except StoreError as error:
            found.append(error.reason)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(SOON)
    return found


def test_a_thread_that_could_only_read_writes_once_it_may(tmp_path: Path) -> None:
    file = tmp_path / "kakunin.db"
    with closing(SqliteStore(file)) as store:
        connect = store._connect
        store.__dict__["_connect"] = lambda: _reading_only(store, file)

        def twice() -> list[object]:
            with pytest.raises(StoreError) as refused:
                store.put_jobs([job("a")])
            store.__dict__["_connect"] = connect
            return [refused.value.reason, store.put_jobs([job("a")])]

        assert in_a_thread(twice) == [["it may only be read", (True,)]]


def _reading_only(store: SqliteStore, file: Path) -> object:
    """Connect as SQLite does by itself where the file may not be written."""
    database = SqliteStore._connect(store)
    database.conn.execute("PRAGMA query_only = 1")
    return database


@pytest.mark.parametrize(
    ("content", "reason"), [(b"no store at all, but long enough to be looked at" * 40, "it is no store, or damaged")]
)
def test_what_is_wrong_with_a_file_is_told_in_words(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "kakunin.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=reason) as told:
        SqliteStore(file)
    assert told.value.reason == reason


WRITER = """
import sys
from conversations.store.turns import Turns
with Turns(sys.argv[1]).own():
    print("mine", flush=True)
    sys.stdin.readline()
"""


def test_a_writer_waits_while_it_is_another_process_s_turn(tmp_path: Path) -> None:
    file = tmp_path / "kakunin.db"
    with closing(SqliteStore(file)) as store:
        line = [sys.executable, "-c", WRITER, str(file)]
        with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout
            assert other.stdin
            assert other.stdout.readline() == b"mine\n"
            writer = threading.Thread(target=store.add_case, args=(case(),))
            writer.start()
            writer.join(0.2)
            assert writer.is_alive()
            assert store.case(PLACE.workspace, "c1") is None
            other.kill()  # it lets go of its turn without a word
            writer.join(SOON)
        assert store.case(PLACE.workspace, "c1") is not None


def test_turns_come_one_after_the_other(tmp_path: Path) -> None:
    inside, most = 0, 0

    def take() -> None:
        nonlocal inside, most
        turns = Turns(str(tmp_path / "x"))
        for _ in range(20):
            with turns.own():
                inside += 1
                most = max(most, inside)
                inside -= 1
        turns.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert most == 1
