"""`kakunin cases`: what it tells of each case, of which days, and that no person or place can be read in it."""

import csv
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from conversations.models import Answer, Opinion, Place
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import case, pick
from tests.conversations.test_figures import judge

KEY = "0123456789abcdef" * 4
BEFORE = datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC)
MIDNIGHT = BEFORE + timedelta(seconds=1)
"""In Japan, where days begin unless something else is set."""
ASKERS = ("U0HANAKO", "W0ALEX", "U0KENJI")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "kakunin.db"
    with closing(SqliteStore(file)) as store:
        for number, at in enumerate((BEFORE, MIDNIGHT, MIDNIGHT + timedelta(days=1))):
            name, place = f"c{number}", Place("T0LAB", f"C0ROOM{number}", f"17000000{number}.000100")
            store.add_case(
                replace(case(), id=name, place=place, asker=ASKERS[number], started_at=at, edition="2026-11")
            )
            store.add_answer("T0LAB", name, Answer("openness", pick(shortcut="public"), ASKERS[number], at))
        at = MIDNIGHT + timedelta(minutes=5)
        judge(store, "c1", at, "T0LAB", verdict="confirm_first", data_class="closed", service="chatgpt_free")
        judge(store, "c2", at, "T0LAB")
        store.set_opinion("T0LAB", "c1", Opinion("wrong", "too_strict"), at)
        store.set_opinion("T0LAB", "c2", Opinion("helpful"), at)
        store.forget("T0LAB", ASKERS[2], lambda *_: "2026-W47")
    return file


def run(file: Path, *options: str, **settings: str) -> Result:
    return CliRunner().invoke(main, ["cases", "--store", str(file), *options], env=settings)


def told(file: Path, *options: str, **settings: str) -> list[dict[str, Any]]:
    result = run(file, *options, KAKUNIN_PSEUDONYM_KEY=KEY, **settings)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_case_is_told_by_codes_and_times(file: Path) -> None:
    lines = {line["case"]: line for line in told(file)}
    assert lines.keys() == {"c0", "c1", "c2"}
    asker = lines["c1"].pop("asker")
    assert asker.startswith("p-")
    assert lines["c1"] == {
        "workspace": "T0LAB",
        "case": "c1",
        "started": "2026-11-20T15:00:00+00:00",
        "finished": "2026-11-20T15:05:00+00:00",
        "edition": "2026-11",
        "service": "chatgpt_free",
        "data_class": "closed",
        "verdict": "confirm_first",
        "answers": 1,
        "opinion": "wrong",
        "objection": "too_strict",
    }
    assert [(lines[name]["opinion"], lines[name]["objection"]) for name in ("c0", "c2")] == [
        (None, None),
        ("helpful", None),
    ]
    assert (lines["c0"]["finished"], lines["c0"]["verdict"], lines["c2"]["asker"]) == (None, None, None)
    assert lines["c0"]["asker"] not in {asker, None}
    assert told(file) == told(file)


@pytest.mark.parametrize(
    ("options", "zone", "expected"),
    [
        (["--from", "2026-11-21"], "Asia/Tokyo", ["c1", "c2"]),
        (["--to", "2026-11-20"], "Asia/Tokyo", ["c0"]),
        (["--from", "2026-11-21", "--to", "2026-11-21"], "Asia/Tokyo", ["c1"]),
        (["--from", "2026-11-20", "--to", "2026-11-20"], "UTC", ["c0", "c1"]),
        (["--from", "2026-11-23"], "Asia/Tokyo", []),
        (["--from", "0001-01-01", "--to", "9999-12-31"], "Asia/Tokyo", ["c0", "c1", "c2"]),
    ],
)
def test_days_begin_in_the_set_time_zone_and_both_ends_belong(
    file: Path, options: list[str], zone: str, expected: list[str]
) -> None:
    assert [line["case"] for line in told(file, *options, KAKUNIN_TIME_ZONE=zone)] == expected


def test_no_person_and_no_place_can_be_read_in_it(file: Path) -> None:
    result = run(file, KAKUNIN_PSEUDONYM_KEY=KEY)
    assert result.exit_code == 0
    with closing(SqliteStore(file)) as store:
        held = {(each.asker, each.place.channel, each.place.thread) for each in store.cases()}
    hidden = {word for each in held for word in each if word and word != "c2"} | {*ASKERS, KEY}
    assert {"U0HANAKO", "C0ROOM0", "170000000.000100"} <= hidden
    assert [word for word in hidden if word.casefold() in result.output.casefold()] == []


def test_as_csv_it_tells_the_same(file: Path) -> None:
    result = run(file, "--format", "csv", KAKUNIN_PSEUDONYM_KEY=KEY)
    assert result.exit_code == 0
    rows = list(csv.DictReader(result.stdout.splitlines()))
    expected = [{name: "" if value is None else str(value) for name, value in line.items()} for line in told(file)]
    assert rows == expected


def test_the_receipts_of_a_period_need_no_key_as_they_name_nobody(file: Path) -> None:
    result = run(file, "--format", "receipts", "--until", "2026-11-21")
    assert result.exit_code == 0
    with closing(SqliteStore(file)) as store:
        assert tuple(result.stdout.splitlines()) == store.receipts("T0LAB", "c1")


@pytest.mark.parametrize("key", ["", "short"])
def test_without_a_key_it_says_how_to_make_one(file: Path, key: str) -> None:
    result = run(file, KAKUNIN_PSEUDONYM_KEY=key)
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'python -c "import secrets; print(secrets.token_hex(32))"' in result.stderr


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = run(tmp_path / "nothing.db", KAKUNIN_PSEUDONYM_KEY=KEY)
    assert result.exit_code == 1
    assert "there is no store" in result.stderr


def test_what_is_no_day_is_wrong_usage(file: Path) -> None:
    assert run(file, "--from", "2026-W47").exit_code == 2
