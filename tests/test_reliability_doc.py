"""docs/reliability.md and the figures kept beside it say the same, in the form that the commands print."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import BENCHES
from tests.bench.figures import HEAD as FIGURES
from tests.bench.growth import HEAD as GROWTH
from tests.bench.load import HEAD as LOAD
from tests.bench.load import SLOW_HEAD
from tests.bot.spoiling import HEAD as SPOILED
from tests.faults import clock, disk, kill, postgres, slack
from tests.faults.__main__ import FAULTS

DOCS = Path(__file__).parents[1] / "docs"
HEADS = {
    "kill": kill.HEAD,
    "slack": slack.HEAD,
    "disk": disk.HEAD,
    "clock": clock.HEAD,
    "postgres": postgres.HEAD,
    "load": LOAD,
    "slow": SLOW_HEAD,
    "growth": GROWTH,
    "figures": FIGURES,
    "spoiled": SPOILED,
}
TABLES: Mapping[str, Mapping[str, Any]] = tomllib.loads((DOCS / "figures.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return [_bare(line) for line in (DOCS / "reliability.md").read_text(encoding="utf-8").splitlines()]


def _bare(line: str) -> str:
    return " | ".join(cell.strip() for cell in line.strip("| ").split("|")) if line.startswith("|") else line


@pytest.mark.parametrize("name", TABLES)
def test_the_document_shows_the_table_as_it_was_kept(lines: list[str], name: str) -> None:
    table = TABLES[name]
    begin = lines.index(" | ".join(table["head"]))
    rows = [" | ".join(row) for row in table["rows"]]
    assert lines[begin + 2 : begin + 2 + len(rows) + 1] == [*rows, ""]


@pytest.mark.parametrize("name", TABLES)
def test_the_table_has_the_form_that_its_command_prints(name: str) -> None:
    table = TABLES[name]
    assert table["head"] == HEADS[name]
    assert {len(row) for row in table["rows"]} == {len(table["head"])}


@pytest.mark.parametrize("name", TABLES)
def test_the_document_names_a_command_that_is_there(lines: list[str], name: str) -> None:
    command = TABLES[name]["command"]
    assert f"`{command}`" in "\n".join(lines)
    if "pytest" in command:
        file, wanted = command.split()[-3], command.split()[-1]
        assert re.search(rf"^def test_{wanted}", (DOCS.parent / file).read_text(encoding="utf-8"), re.MULTILINE)
        return
    _, _, module, what, *_ = command.split()
    assert what in {"tests.faults": [*FAULTS], "tests.bench": [*BENCHES]}[module]
