"""Overlay folders for tests: copies of the shipped example, and small ones of one's own."""

import shutil
from pathlib import Path

import pytest

from bot.example import EXAMPLE

INSTITUTION = 'id = "own"\nname = { ja = "架空", en = "Own" }\n'


def example(target: Path) -> Path:
    """Copy the worked example to `target` and return it."""
    shutil.copytree(EXAMPLE, target)
    return target


def folder(target: Path, *, institution: str = INSTITUTION, **files: str) -> Path:
    """Write an overlay with these files (`rules="…"` is rules.toml) and return it."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "institution.toml").write_text(institution, encoding="utf-8")
    for name, text in files.items():
        (target / f"{name}.toml").write_text(text, encoding="utf-8")
    return target


def floor(name: str, when: str, then: str, *, measures: str = '"another_service"', more: str = "") -> str:
    """Return a rule that cites the guideline and names what to do."""
    because = f'because = {{ ja = "仮", en = "For a test." }}\nmeasures = [{measures}]'
    return f'[[rule]]\nid = "{name}"\nwhen = {{ {when} }}\nthen = "{then}"\ncites = ["check.1"]\n{because}\n{more}\n'


def fact(name: str, values: str = '["yes", "no"]', *, more: str = 'safe = "yes"') -> str:
    """Return a fact of one's own."""
    return f'[[fact]]\nid = "{name}"\nvalues = {values}\nlabel = {{ ja = "仮", en = "x" }}\n{more}\n'


def card(name: str, of: str, *, more: str = "") -> str:
    """Return a card that asks for a fact with yes and no."""
    text = '{ ja = "仮", en = "x" }'
    options = ", ".join(f'{{ id = "{v}", label = {text}, sets = {{ {of} = "{v}" }} }}' for v in ("yes", "no"))
    part = f'[[card.part]]\nid = "it"\nkind = "one"\nlabel = {text}\noption = [{options}]\n'
    return f'[[card]]\nid = "{name}"\ntopic = {text}\nquestion = {text}\nhelp = {text}\n{more}\n{part}'


def insert(file: Path, text: str) -> None:
    """Add text at the end of a file, which may be new."""
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.write_text(f"{before}\n{text}\n", encoding="utf-8")


def alerts(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged as an alert; on newer Pythons it is also told that durable-rules is not there."""
    return [record.getMessage() for record in caplog.records if record.name == "kakunin.alert"]
