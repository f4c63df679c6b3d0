"""The documents name every command and every setting there is."""

import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def variables() -> list[str]:
    prefix = Settings.model_config["env_prefix"]
    fields = Settings.model_fields.items()
    return [str(field.validation_alias or f"{prefix}{name}".upper()) for name, field in fields]


@pytest.fixture(scope="module")
def words() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in DOCUMENTS)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_documented(words: str, command: str) -> None:
    assert re.search(rf"\bkakunin {command}\b", words)


@pytest.mark.parametrize("variable", variables())
def test_every_setting_is_documented(words: str, variable: str) -> None:
    assert re.search(rf"\b{variable}\b", words)


def test_no_command_or_setting_is_documented_that_is_not_there(words: str) -> None:
    commands = set(re.findall(r"^\| `kakunin (\w+)", words, re.MULTILINE))
    assert commands <= set(main.commands)
    of_tests = {"KAKUNIN_PICTURES", "KAKUNIN_FUZZ"}
    assert set(re.findall(r"\b(?:KAKUNIN|SLACK)_[A-Z_]+\b", words)) <= {*variables(), *of_tests}


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_every_link_inside_the_project_leads_somewhere(file: Path) -> None:
    links = LINK.findall(file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
