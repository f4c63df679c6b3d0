"""The revision that docs/editions.md walks through, done: the blocks are appended to a copy of the data."""

import re
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
    for name, text in blocks():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")
    return folder


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
