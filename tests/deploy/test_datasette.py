"""Every query that is shipped for Datasette runs on a store that the app wrote, and shows no person."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from conversations.book import Books
from conversations.library import Library
from conversations.models import Opinion
from conversations.service import Conversations
from conversations.store.copying import TABLES
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import ASKER, PLACE, pick

METADATA = Path(__file__).parents[2] / "docs" / "deploy" / "datasette" / "metadata.json"
DATABASE = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["kakunin"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("datasette") / "kakunin.db"
    with closing(SqliteStore(file)) as store:
        conversations = Conversations(store, Library(Books()))
        case = conversations.start(PLACE, ASKER).case
        conversations.answer("T1", case.id, "openness", pick(shortcut="public"), ASKER)
        conversations.answer("T1", case.id, "duties", pick(shortcut="none"), ASKER)
        conversations.judge_verdict("T1", case.id, Opinion("helpful"), ASKER)
        conversations.change("T1", case.id, "openness", pick(shortcut="unsure"), ASKER)
    return file


@pytest.mark.parametrize("name", DATABASE["queries"])
def test_a_query_runs_and_names_nobody(file: Path, name: str) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        (case,) = connection.execute("SELECT id FROM cases").fetchone()
        cursor = connection.execute(DATABASE["queries"][name]["sql"], {"case_id": case})
        rows = cursor.fetchall()
    assert cursor.description
    assert ASKER not in str(rows)
    assert rows or name in {"unfinished", "changed_verdicts", "open_items"}


def test_tables_that_are_hidden_are_there() -> None:
    assert DATABASE["tables"].keys() <= TABLES.keys()
