"""`kakunin desk`: the queue in a table, and all of it for a program, without anybody's id."""

import csv
import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from conversations.desk import State
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import NOW
from tests.conversations.desk_rows import at_desk

KEY = "0123456789abcdef" * 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "kakunin.db"
    with closing(SqliteStore(file)) as store:
        for case in (
            at_desk("low", priority="low", since=NOW - timedelta(days=9)),
            at_desk("high", priority="high", holder="U9", state=State.CLAIMED, office="ethics"),
            at_desk("done", state=State.CLOSED, ended_at=NOW),
            at_desk("other", workspace="T2"),
        ):
            store.put_desk_case(case, None)
    return file


def desk(file: Path, *more: str, key: str = KEY) -> Result:
    environment = {"KAKUNIN_PSEUDONYM_KEY": key} if key else {}
    return CliRunner().invoke(main, ["desk", "--store", str(file), *more], env=environment)


def test_the_table_shows_what_waits_most_urgent_first(file: Path) -> None:
    lines = desk(file, key="").stdout.splitlines()
    assert lines[0].split()[:4] == ["case", "about", "priority", "state"]
    assert [line.split()[0] for line in lines[1:-1]] == ["high", "low", "other"]
    assert lines[1].split()[2:6] == ["high", "claimed", "ethics", "U9"]
    assert lines[-1] == "3 of 3"
    assert desk(file, "--page", "2", key="").stdout.splitlines()[1:] == ["0 of 3"]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (["--state", "closed"], ["done"]),
        (["--office", "ethics"], ["high"]),
        (["--holder", "U9"], ["high"]),
        (["--holder", "U8"], []),
    ],
)
def test_it_shows_only_what_is_asked_for(file: Path, more: list[str], found: list[str]) -> None:
    assert [json.loads(line)["case"] for line in desk(file, "--json", *more).stdout.splitlines()] == found


def test_what_is_exported_names_nobody(file: Path) -> None:
    told = json.loads(desk(file, "--json").stdout.splitlines()[0])
    assert told["holder"].startswith("p-")
    assert (told["case"], told["since"], told["first_answer"]) == ("high", NOW.isoformat(timespec="seconds"), None)
    rows = list(csv.DictReader(desk(file, "--csv").stdout.splitlines()))
    assert [(row["case"], row["holder"]) for row in rows] == [("high", told["holder"]), ("low", ""), ("other", "")]
    assert "KAKUNIN_PSEUDONYM_KEY is not set" in desk(file, "--json", key="").stderr
