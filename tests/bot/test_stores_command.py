"""`store copy`, `backup` and `restore`: everything arrives, nothing is overwritten by accident."""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.stores import copy_everything, restore_backup, write_backup
from conversations.errors import StoreError
from conversations.models import Confirmation, Delegation, Opinion
from conversations.store.copying import TABLES, tallies
from conversations.store.migrations import MIGRATIONS
from conversations.store.opening import open_store
from conversations.store.protocol import Job, Letter, Notice, Posted, Store
from tests.conversations.builders import NOW, PLACE, answer, case, pick
from tests.conversations.desk_rows import fill_desk
from tests.postgres import PostgresServer, postgres_server

LEASE = timedelta(seconds=60)
KINDS = ("file", "database")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> "Places":
    return Places(tmp_path, request)


class Places:
    """Names fresh stores of a kind."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self._folder = folder
        self._request = request
        self._made = 0

    def __call__(self, kind: str) -> str:
        self._made += 1
        if kind == "file":
            return str(self._folder / f"store{self._made}.db")
        server: PostgresServer = self._request.getfixturevalue("server")
        return server.fresh()


def fill(store: Store) -> None:
    """Write something into every table; more than a page of some."""
    for number in range(3):
        store.add_case(replace(case(brand="確認"), id=f"c{number}", place=replace(PLACE, thread=f"{number}")))
        store.add_answer("T1", f"c{number}", answer(("openness", pick(status="a b"))))
        store.add_receipt("T1", f"c{number}", json.dumps({"number": number}))
    store.set_posted("T1", "c0", "card", Posted("1.1", "a"))
    store.queue_notice(Notice("T1", "k", "c1", "new_edition", {"edition": "x"}, NOW))
    store.set_ticks("T1", "c0", ["keep_record"], ["keep_record"], NOW)
    store.set_opinion("T1", "c0", Opinion("wrong", "other"), NOW)
    fill_desk(store, "T1", "c0")
    store.add_confirmation("T1", "c0", Confirmation("a1", "leader_approval", "leader", "U2", "U1", NOW))
    store.first_time("T1", "seen")
    store.put_installation("T1", "sealed")
    store.prefer("T1", "U1", "ja")
    store.delegate("T1", Delegation("U2", "U3", NOW.date(), NOW))
    store.subscribe("T1", "U1", wanted=False)
    store.close_week("T1", "2026-W46", {("started", ""): 3}, NOW)
    store.add_case(replace(case(), id="gone", place=replace(PLACE, thread="gone"), started_at=NOW - timedelta(days=1)))
    assert store.purge_cases(NOW, lambda *_: "2026-W47") == 1
    with store.transaction():
        for number in range(520):
            store.put_jobs([Job("T1", f"k{number}", f"l{number}", "answer", {"n": number}, NOW)])
        for number in range(3):
            store.put_letter(Letter("T1", "c0", f"p{number}", "s", "l", "C1", "1", {"text": "確認"}, f"k{number}", NOW))
    for _ in range(3):
        job = store.claim_job(NOW, LEASE)
        assert job
        store.job_done(job)
    assert store.claim_letter(NOW, LEASE, LEASE, 5)


def filled(where: str) -> str:
    with closing(open_store(where)) as store:
        fill(store)
    return where


def content(where: str) -> object:
    with closing(open_store(where)) as store:
        return tallies(store.run)


def fill_again(where: str) -> None:
    """Write behind what was copied: numbers go on where they were."""
    with closing(open_store(where)) as store:
        assert store.put_jobs([Job("T1", "another", "another", "answer", {}, NOW)])[0]
        assert not store.put_jobs([Job("T1", "k7", "another", "answer", {}, NOW)])[0]
        numbers = [row["id"] for row in store.run("SELECT id FROM jobs ORDER BY id")]
        assert numbers == sorted(set(numbers))
        taken = store.claim_job(NOW, LEASE)
        assert taken is not None
        assert taken.key == "k3"


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_a_copy_holds_the_same_and_says_so(
    place: Places, capsys: pytest.CaptureFixture[str], source: str, target: str
) -> None:
    before, after = filled(place(source)), place(target)
    assert copy_everything(before, after) == 0
    assert content(before) == content(after)
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == list(TABLES)
    assert all(re.fullmatch(r"\w+ +\d+ rows  sha256 [0-9a-f]{64}", line) for line in told)
    assert "jobs            520 rows" in told[9]
    fill_again(after)


def test_what_stands_in_any_table_changes_its_hash(place: Places) -> None:
    where = filled(place("file"))
    before = content(where)
    assert isinstance(before, dict)
    assert all(tally.rows for tally in before.values())
    with closing(open_store(where)) as store:
        store.set_posted("T1", "c0", "card", Posted("1.1", "b"))
    after = content(where)
    assert isinstance(after, dict)
    assert [name for name in TABLES if before[name] != after[name]] == ["posted"]


@pytest.mark.parametrize("target", KINDS)
def test_nothing_is_copied_into_a_store_that_holds_something(place: Places, target: str) -> None:
    before, after = filled(place("file")), place(target)
    with closing(open_store(after)) as store:
        store.first_time("T1", "mine")
    held = content(after)
    with pytest.raises(StoreError, match="not empty"):
        copy_everything(before, after)
    assert content(after) == held


def test_a_copy_that_does_not_arrive_leaves_nothing_behind(place: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = filled(place("file")), place("file")
    with closing(open_store(after)) as store:
        store.run("CREATE TRIGGER fault AFTER INSERT ON seen BEGIN UPDATE answers SET card = 'other'; END")
    with pytest.raises(StoreError, match="answers did not arrive"):
        copy_everything(before, after)
    with closing(open_store(after)) as store:
        assert list(store.cases()) == []


def test_a_store_that_is_not_there_is_not_made(place: Places, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        copy_everything(place("file"), place("file"))
    with pytest.raises(StoreError, match="there is no store"):
        write_backup(place("file"), tmp_path / "backup")
    with pytest.raises(StoreError, match="there is no backup"):
        restore_backup(place("file"), tmp_path / "backup", replace=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_a_backup_brings_everything_back(place: Places, tmp_path: Path, source: str, target: str) -> None:
    before, after, file = filled(place(source)), place(target), tmp_path / "backup.db"
    assert write_backup(before, file) == 0
    assert [each.name for each in tmp_path.glob("backup*")] == ["backup.db"]
    kept = file.read_bytes()
    for _ in range(2):
        assert restore_backup(after, file, replace=True) == 0
        assert content(after) == content(before)
        for old in tmp_path.glob("*.before"):
            old.unlink()
    fill_again(after)
    assert file.read_bytes() == kept


def test_a_backup_can_be_made_while_the_store_is_written_to(place: Places, tmp_path: Path) -> None:
    where = filled(place("file"))
    with closing(open_store(where)) as running, running.transaction():
        running.first_time("T1", "not yet")
        write_backup(where, tmp_path / "backup.db")
    restore_backup(place("file"), tmp_path / "backup.db", replace=False)
    assert content(where) != content(str(tmp_path / "store2.db"))


def test_what_is_no_store_is_no_backup_either(tmp_path: Path) -> None:
    (tmp_path / "words.db").write_text("These words are no database.\n" * 100)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE other (id)")
    for name in ("words.db", "other.db"):
        with pytest.raises(StoreError, match=r"is no store|cannot be copied"):
            write_backup(str(tmp_path / name), tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


def test_a_backup_overwrites_nothing(place: Places, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        write_backup(filled(place("file")), tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "mine"


@pytest.mark.parametrize("target", KINDS)
def test_restoring_replaces_only_when_told_and_keeps_the_old(place: Places, tmp_path: Path, target: str) -> None:
    file, after = tmp_path / "backup.db", place(target)
    write_backup(filled(place("file")), file)
    with closing(open_store(after)) as store:
        store.first_time("T1", "mine")
    held = content(after)
    with pytest.raises(StoreError, match=r"not empty; --replace"):
        restore_backup(after, file, replace=False)
    assert content(after) == held
    restore_backup(after, file, replace=True)
    assert content(after) != held
    (old,) = tmp_path.glob("*.before")
    assert content(str(old)) == held


def test_a_store_in_use_is_not_replaced(place: Places, tmp_path: Path) -> None:
    file, where = tmp_path / "backup.db", filled(place("file"))
    write_backup(where, file)
    with closing(open_store(where)), pytest.raises(StoreError, match="in use"):
        restore_backup(where, file, replace=True)
    assert restore_backup(where, file, replace=True) == 0


def test_a_damaged_store_can_be_replaced_and_is_kept_as_it_is(place: Places, tmp_path: Path) -> None:
    file, where = tmp_path / "backup.db", filled(place("file"))
    write_backup(where, file)
    held = content(where)
    Path(where).write_bytes(b"damaged" * 1000)
    restore_backup(where, file, replace=True)
    assert content(where) == held
    assert Path(f"{where}.before").read_bytes() == b"damaged" * 1000


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE answers SET card = 'other' WHERE case_id = 'c1'", r"damaged \(answers\)"),
        ("DELETE FROM receipts WHERE case_id = 'c1'", r"damaged \(receipts\)"),
        ("UPDATE backup_tallies SET rows = 1 WHERE name = 'jobs'", r"damaged \(jobs\)"),
        ("DROP TABLE seen", "cannot be read as a backup"),
        ("DROP TABLE backup_tallies", "is no backup"),
        ("PRAGMA user_version = 99", "newer version"),
    ],
)
@pytest.mark.parametrize("target", KINDS)
def test_a_damaged_backup_replaces_nothing(
    place: Places, tmp_path: Path, target: str, statement: str, told: str
) -> None:
    file, after = tmp_path / "backup.db", place(target)
    write_backup(filled(place("file")), file)
    change(file, statement)
    with closing(open_store(after)) as store:
        store.first_time("T1", "mine")
    held, files = content(after), sorted(tmp_path.iterdir())
    with pytest.raises(StoreError, match=told):
        restore_backup(after, file, replace=True)
    assert content(after) == held
    assert sorted(tmp_path.iterdir()) == files


def test_a_broken_page_of_a_backup_is_noticed(place: Places, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    write_backup(filled(place("file")), file)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2 :] = b"\0" * (len(whole) - len(whole) // 2)
    file.write_bytes(whole)
    with pytest.raises(StoreError, match=r"damaged|cannot be"):
        restore_backup(place("file"), file, replace=False)


def test_a_backup_of_an_earlier_schema_is_brought_up_to_date(
    place: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, after = tmp_path / "backup.db", place("file")
    write_backup(filled(place("file")), file)
    later = ("ALTER TABLE seen ADD COLUMN since TEXT NOT NULL DEFAULT ''",)
    monkeypatch.setattr("conversations.store.sql.MIGRATIONS", (*MIGRATIONS, later))
    restore_backup(after, file, replace=False)
    with closing(open_store(after)) as store:
        assert store.run("SELECT since FROM seen") == [{"since": ""}]


def test_without_the_extra_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("psycopg", "psycopg_pool"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "conversations.store.postgres", raising=False)
    with pytest.raises(StoreError, match=r"pip install 'kakunin\[postgres\]'"):
        open_store("postgresql://nobody@/nothing")


def test_the_page_on_stores_distributes_every_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "deploy" / "stores.md").read_text(encoding="utf-8")
    assert re.findall(r"create_distributed_table\('(\w+)', 'workspace'", page) == list(TABLES)
