"""The revision that docs/editions.md walks through, done: the blocks are appended to a copy of the data."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.loader import load_knowledge
from rules.editions import load_rulebook
from rules.evaluator import make_evaluator
from rules.revision import compare
from rules.scenarios import load_scenarios, run, run_all
from tests.planting import copy_data

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"<!-- append to: (\S+) -->\n```toml\n(.*?)```", re.DOTALL)
EDITION = "2027-04"


def blocks() -> Iterator[tuple[str, str]]:
    yield from BLOCK.findall((ROOT / "docs" / "editions.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draft")
    for room in ("knowledge", "rules", "conversations"):
        copy_data(room, folder / room)
    return written(folder)


def written(folder: Path) -> Path:
    for name, text in blocks():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of its own with the draft in it."""
    folder = tmp_path_factory.mktemp("installed")
    for package in ("bot", "knowledge", "rules", "conversations"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return written(folder)


def kakunin(folder: Path, *words: str) -> tuple[int, str]:
    line = [sys.executable, "-m", "bot", *words]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KAKUNIN_", "SLACK_"))}
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, env=clean, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_every_toml_block_of_the_page_is_used() -> None:
    page = (ROOT / "docs" / "editions.md").read_text(encoding="utf-8")
    assert len(list(blocks())) == page.count("```toml") == 3


def test_the_revision_loads_and_its_scenario_comes_out_as_expected(draft: Path) -> None:
    book = load_rulebook(str(draft))
    assert book.edition.id == EDITION
    scenarios = load_scenarios(book.rulebase, book.knowledge, draft / "rules" / "scenarios")
    run_all(make_evaluator(book.rulebase), scenarios)
    before = load_rulebook("2026-11")
    mine = scenarios["open_data.trained_on_before_publication"]
    evaluator = make_evaluator(before.rulebase)
    assert "verdict: expected confirm_first, got allowed_with_conditions" in run(evaluator, mine)


def test_the_difference_is_the_rule(draft: Path) -> None:
    old, new = load_rulebook("2026-11"), load_rulebook(str(draft))
    revision = compare(old.knowledge, old.rulebase, new.knowledge, new.rulebase)
    assert [(move.before, move.after) for move in revision.moves] == [("allowed_with_conditions", "confirm_first")]
    assert revision.rules.added == ("verdict.training_on_open_data",)
    assert revision.moves[0].example["use"] == "training"
    assert load_knowledge(draft / "knowledge") == old.knowledge


def test_the_command_tells_it(draft: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "edition", "diff"]
    done = subprocess.run([*command, "2026-11", str(draft)], capture_output=True, cwd=tmp_path, check=False, text=True)
    assert done.returncode == 1, done.stderr
    assert "allowed_with_conditions → confirm_first" in done.stdout
    same = subprocess.run([*command, "2026-11", "2026-11"], capture_output=True, cwd=tmp_path, check=False, text=True)
    assert (same.returncode, same.stderr) == (0, "")


def steps() -> list[str]:
    """The commands of the page that are run on the draft as it stands."""
    page = (ROOT / "docs" / "editions.md").read_text(encoding="utf-8")
    block = re.search(r"\*\*Check and prove\*\*.*?```sh\n(.*?)```", page, re.DOTALL)
    assert block
    return [line.split("#")[0].strip() for line in block[1].splitlines()]


def test_step_4_names_three_commands() -> None:
    assert steps() == ["kakunin check", "kakunin verify", "kakunin mutants"]


def test_check_takes_the_draft_and_says_that_it_is_not_in_force(installed: Path) -> None:
    status, told = kakunin(installed, *steps()[0].split()[1:])
    assert status == 0, told
    assert "124 scenarios" in told
    assert f"working files: edition {EDITION}, which is not in force" in told
    assert "edition in force: 2026-11" in told


@pytest.mark.long
def test_verify_proves_the_draft_and_finds_what_the_page_says(installed: Path) -> None:
    pytest.importorskip("z3")
    status, told = kakunin(installed, *steps()[1].split()[1:])
    assert (status, told.splitlines()[-1].endswith(": 4 not proved")) == (1, True), told
    assert sum(line.startswith("not proved") for line in told.splitlines()) == 4
    assert "smallest counterexample" in told


@pytest.mark.long
def test_mutants_names_the_slips_that_the_page_says(installed: Path) -> None:
    status, told = kakunin(installed, *steps()[2].split()[1:])
    assert status == 0, told
    survivors = told.partition("Survivors (no scenario notices them): ")[2].splitlines()
    assert survivors[0] == "3"
    assert all(line.startswith("  verdict.training_on_open_data: ") for line in survivors[1:4])


@pytest.mark.long
def test_publishing_checks_and_seals_it(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed, tmp_path / "copy")
    status, told = kakunin(tmp_path / "copy", "edition", "publish")
    assert status == 0, told
    status, told = kakunin(tmp_path / "copy", "check")
    assert status == 0, told
    assert kakunin(tmp_path / "copy", "edition", "diff", EDITION, "2026-11")[0] == 1
