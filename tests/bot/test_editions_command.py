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
from conversations.library import Library
from conversations.models import Case, Place
from conversations.service import Conversations
from conversations.store.sqlite import SqliteStore
from tests.conversations.builders import ASKER, NOW, PLACE, pick
from tests.planting import plant

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
TODAY = "2026-11"
DRAFT = '\n[[edition]]\nid = "later"\neffective_from = {day}\nnote = {{ ja = "改訂", en = "revised" }}\n'
FREE = dict.fromkeys(("personal_information", "export_controlled", "other_restriction"), "no")
OWN_RULE = """
[[table.rule]]
id = "verdict.own"
when = { use = "training", already_public = ["no", "unknown"] }
then = "allowed"
cites = ["check.5"]
because = { ja = "仮", en = "x" }
"""
OWN_SCENARIO = """
[[scenario]]
id = "own.scenario"
situation = { ja = "仮", en = "x" }
facts = { use = "training", already_public = "no" }
expect = { data_class = "careful", verdict = "confirm_first", rules = ["verdict.own"] }
"""
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
    conversations = Conversations(kept, Library(Books()), clock=lambda: NOW)
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
    expect(installed, "allowed_with_conditions")


def expect(installed: Path, verdict: str) -> None:
    """Let the scenarios expect this instead of `allowed`."""
    for file in (installed / "rules" / "scenarios").iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('verdict = "allowed"\n', f'verdict = "{verdict}"\n'), encoding="utf-8")


def judged(installed: Path) -> tuple[str, str]:
    told = json.loads(kakunin(installed, "evaluate", given=PUBLIC)[1])
    return told["edition"], told["verdict"]


@pytest.mark.long
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
    assert "2 to be put in words, 0 to be delivered" in kakunin(installed, "outbox", "--store", store)[1]
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


def test_what_is_in_force_is_what_was_published(installed: Path) -> None:
    """The working files of a published edition may differ by mistake: nobody is judged by them."""
    plant(installed / "rules" / "tables" / "verdict.toml", 'then = "allowed"\n', 'then = "do_not_upload"\n')
    assert judged(installed) == (TODAY, "allowed")
    copy = installed / "copy"
    for package in ("knowledge", "rules", "conversations"):
        shutil.copytree(installed / package, copy / package)
    assert "allowed → do_not_upload" in kakunin(installed, "edition", "diff", TODAY, str(copy))[1]


def test_the_working_files_are_checked_before_they_are_sealed(installed: Path) -> None:
    revise(installed, "2027-04-01")
    expect(installed, "allowed")
    plant(installed / "rules" / "scenarios" / "published.toml", '"allowed_with_conditions"', '"allowed"')
    for command in (["check"], ["edition", "publish"]):
        status, _, fault = kakunin(installed, *command)
        assert status == 1
        assert "verdict: expected allowed, got allowed_with_conditions" in fault
    assert [file.name for file in (installed / "rules" / "editions").iterdir()] == [f"{TODAY}.zip"]


def test_a_card_at_fault_is_not_published(installed: Path) -> None:
    revise(installed, "2027-04-01")
    plant(installed / "conversations" / "cards.toml", 'novelty = "yes"', 'noveltey = "yes"')
    status, _, fault = kakunin(installed, "edition", "publish")
    assert status == 1
    assert "'noveltey'" in fault


def test_a_draft_is_checked_beside_what_is_in_force(installed: Path) -> None:
    revise(installed, "2027-04-01")
    with (installed / "rules" / "tables" / "verdict.toml").open("a", encoding="utf-8") as file:
        file.write(OWN_RULE)
    with (installed / "rules" / "scenarios" / "published.toml").open("a", encoding="utf-8") as file:
        file.write(OWN_SCENARIO)
    status, told, fault = kakunin(installed, "check")
    assert (status, "working files: edition later" in told, f"edition in force: {TODAY}" in told) == (0, True, True), (
        fault
    )
    status, told, fault = kakunin(installed, "show", "own.scenario", "verdict.public")
    assert status == 0, fault
    assert '"then": "allowed"' in told, "of what is in force"
    assert judged(installed) == (TODAY, "allowed")
    (installed / "rules" / "editions" / f"{TODAY}.zip").write_bytes(b"PK")
    status, _, fault = kakunin(installed, "check")
    assert (status, "is damaged" in fault) == (1, True)


def test_a_sealed_file_that_is_damaged_is_told(installed: Path) -> None:
    revise(installed, "2027-04-01")
    sealed = installed / "rules" / "editions" / f"{TODAY}.zip"
    whole = sealed.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole[:200] + b"\0" * 300 + whole[500:]):
        sealed.write_bytes(damaged)
        status, _, fault = kakunin(installed, "evaluate", given=PUBLIC)
        assert (status, "Traceback" in fault) == (1, False)
        assert f"{TODAY}.zip: file: is damaged" in fault


@pytest.mark.parametrize("name", ["../later", "a b", "", ".hidden", "x" * 65, "後"])
def test_an_id_that_is_no_file_name_is_refused(installed: Path, name: str) -> None:
    with (installed / "rules" / "editions.toml").open("a", encoding="utf-8") as file:
        file.write(DRAFT.replace('"later"', f'"{name}"').format(day="2027-04-01"))
    status, _, fault = kakunin(installed, "edition", "list")
    assert status == 1
    assert f"editions.toml: {name}: id: " in fault


@pytest.mark.parametrize(("old", "new"), [("2026-12", TODAY), (TODAY, "2026-12"), ("2026-1l", "2026-1l")])
def test_an_edition_that_there_is_not_is_told(installed: Path, store: str, old: str, new: str) -> None:
    for more in ([], ["--notify"]):
        status, told, fault = kakunin(installed, "edition", "impact", old, new, "--store", store, *more)
        assert (status, told) == (1, "")
        assert "2026-1" in fault


def test_a_case_that_cannot_be_judged_is_counted(installed: Path, store: str) -> None:
    kept = SqliteStore(store)
    kept.add_case(Case("lost", Place("T9", "C1", "9"), ASKER, NOW, edition="2025-01"))
    kept.close()
    status, told, fault = kakunin(installed, "edition", "impact", "2025-01", TODAY, "--store", store)
    assert status == 0, fault
    assert told.splitlines() == [
        f"1 cases of 2025-01 under {TODAY}: 0 unchanged, 0 changed, 0 needs a new answer, 1 cannot be judged",
        "  lost: cannot be judged",
    ]


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for command in (["receipts"], ["edition", "impact", TODAY, TODAY]):
        status, told, fault = kakunin(ROOT, *command, "--store", str(tmp_path / "none.db"))
        assert (status, told) == (1, "")
        assert "there is no store" in fault
    assert not (tmp_path / "none.db").exists()


def test_the_group_lists_its_commands() -> None:
    group = main.commands["edition"]
    assert sorted(getattr(group, "commands", {})) == ["diff", "impact", "list", "publish"]
