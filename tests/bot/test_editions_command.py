"""`kakunin edition` and `kakunin receipts` in an installation of their own: a revision from draft to told owners."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from conversations.book import Books
from conversations.service import Conversations
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import ASKER, NOW, PLACE, pick
from tests.planting import plant

ROOT = Path(__file__).parents[2]
TODAY = "2026-11"
DRAFT = '\n[[edition]]\nid = "later"\neffective_from = {day}\nnote = {{ ja = "改訂", en = "revised" }}\n'
FREE = dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no")
PUBLIC = json.dumps({"id": 1, "facts": {"already_public": "yes", **FREE}})


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the packages, so that publishing writes nowhere else."""
    for package in ("bot", "knowledge", "rules", "conversations"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with one finished case: all public, nothing to keep."""
    path = tmp_path / "cases.db"
    kept = SqliteStore(path)
    conversations = Conversations(kept, Books(), clock=lambda: NOW)
    case = conversations.start(PLACE, ASKER).case
    conversations.answer(PLACE.workspace, case.id, "openness", pick(shortcut="public"), ASKER)
    conversations.answer(PLACE.workspace, case.id, "duties", pick(shortcut="none"), ASKER)
    kept.close()
    return str(path)


def kakunin(folder: Path, *words: str, given: str = "") -> tuple[int, str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KAKUNIN_", "SLACK_"))}
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, env=clean, check=False)
    return done.returncode, done.stdout, done.stderr


def revise(installed: Path, day: str) -> None:
    with (installed / "rules" / "editions.toml").open("a", encoding="utf-8") as file:
        file.write(DRAFT.format(day=day))
    verdicts = installed / "rules" / "tables" / "verdict.toml"
    plant(verdicts, 'then = "allowed"\n', 'then = "allowed_with_conditions"\n')


def judged(installed: Path) -> tuple[str, str]:
    told = json.loads(kakunin(installed, "evaluate", given=PUBLIC)[1])
    return told["edition"], told["verdict"]


def test_a_revision_from_draft_to_told_owners(installed: Path, store: str) -> None:
    receipts = kakunin(installed, "receipts", "--store", store)[1]
    (installed / "receipts.jsonl").write_text(receipts, encoding="utf-8")
    revise(installed, "2026-11-22")
    assert "draft" in kakunin(installed, "edition", "list")[1].splitlines()[1]
    assert judged(installed) == (TODAY, "allowed"), "a draft is not in force"
    status, told, _ = kakunin(installed, "edition", "diff", TODAY, "later")
    assert status == 1
    assert "allowed → allowed_with_conditions" in told
    status, told, _ = kakunin(installed, "edition", "impact", TODAY, "later", "--store", store)
    assert status == 0
    assert "1 cases of 2026-11 under later: 0 unchanged, 1 changed, 0 needs a new answer" in told
    status, _, fault = kakunin(installed, "edition", "impact", TODAY, "later", "--store", store, "--notify")
    assert status == 1
    assert "not published" in fault

    assert kakunin(installed, "edition", "publish")[0] == 0
    assert judged(installed) == ("later", "allowed_with_conditions")
    assert kakunin(installed, "replay", "receipts.jsonl")[:2] == (0, "same\n"), "by its own, sealed edition"
    queued = [kakunin(installed, "edition", "impact", TODAY, "later", "--store", store, "--notify")[1] for _ in "12"]
    assert [told.splitlines()[-1].split()[0] for told in queued] == ["2", "0"], "once each"
    lines = kakunin(installed, "receipts", "--store", store)[1].splitlines()
    assert [json.loads(line)["edition"]["id"] for line in lines] == [TODAY, "later"]
    assert lines[0] == receipts.strip(), "nothing is relabelled"


def test_an_edition_of_the_future_waits_for_its_day(installed: Path) -> None:
    revise(installed, "2999-01-01")
    assert kakunin(installed, "edition", "publish")[0] == 0
    assert judged(installed) == (TODAY, "allowed")


def test_a_published_edition_stays_as_it_is(installed: Path) -> None:
    status, _, fault = kakunin(installed, "edition", "publish")
    assert status == 1
    assert "is published and stays as it is" in fault
    plant(installed / "rules" / "tables" / "verdict.toml", '"check.1"', '"check.2"')
    status, _, fault = kakunin(installed, "check")
    assert status == 1
    assert "tables changed since it was published" in fault


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for command in (["receipts"], ["edition", "impact", TODAY, TODAY]):
        status, told, fault = kakunin(ROOT, *command, "--store", str(tmp_path / "none.db"))
        assert (status, told) == (1, "")
        assert "there is no store" in fault
    assert not (tmp_path / "none.db").exists()


def test_the_group_lists_its_commands() -> None:
    group = main.commands["edition"]
    assert sorted(getattr(group, "commands", {})) == ["diff", "impact", "list", "publish"]
