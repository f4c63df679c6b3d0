"""A third language is a folder of templates and nothing else: the bot is copied, the folder put beside the others."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_ALONE = re.compile(r"(\{[{%].*?[}%]\}|:[a-z_]+:)", re.DOTALL)
"""Expressions of the templates, and names of emoji."""

CONVERSATION = """
import json, sys
from click.testing import CliRunner
from bot.app import build_house
from bot.cli import main
from bot.ids import Action
from tests.bot.conftest import opened

with opened(build_house(), sys.argv[1]) as office:
    loud = office.newcomer("xx-XX")
    loud.asks().answers("openness", "public").answers("duties", "none")
    assert loud.verdicts() == ["allowed"]
    said = [message["text"] for message in loud.from_bot()]
    office.speaks(loud, "fr-FR")
    loud.opens_home().acts_on_home(Action.LANGUAGE, chosen=["xx"])
    home = json.dumps(loud.home, ensure_ascii=False)
    faults = [*office.take_refusals(), *office.take_complaints()]
asked = CliRunner().invoke(main, ["ask", "--help"])
print(json.dumps({"said": said, "home": home, "faults": faults, "asked": asked.output}))
"""


def capitals(template: str) -> str:
    """The same template in another language: everything it says in capitals."""
    return "".join(part if LEFT_ALONE.fullmatch(part) else part.upper() for part in LEFT_ALONE.split(template))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the bot said to somebody of that language."""
    there = tmp_path_factory.mktemp("loud")
    shutil.copytree(ROOT / "bot", there / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manifest.json", there)
    templates = there / "bot" / "templates"
    (templates / "xx").mkdir()
    for file in (templates / "en").iterdir():
        (templates / "xx" / file.name).write_text(capitals(file.read_text(encoding="utf-8")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CONVERSATION, str(there / "kakunin.db")],
        env={**os.environ, "PYTHONPATH": f"{there}{os.pathsep}{ROOT}"},
        cwd=there,  # whose modules come first
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_a_conversation_is_held_in_it_and_slack_refuses_nothing(told: dict[str, str]) -> None:
    assert not told["faults"]
    assert "PLEASE DO NOT SEND THE DATA THEMSELVES" in " ".join(told["said"]), "the bot's own words"
    assert "How open is everything" in " ".join(told["said"]), "the data are in Japanese and English: English is read"


def test_it_can_be_chosen_on_home_under_its_own_name(told: dict[str, str]) -> None:
    assert '"ENGLISH"' in told["home"]
    assert "START A CHECK" in told["home"]


def test_the_terminal_offers_it(told: dict[str, str]) -> None:
    assert "[ja|en|xx]" in told["asked"]
