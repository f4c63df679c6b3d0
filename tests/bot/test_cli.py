"""The command line in real processes: help, wrong usage, and `show`, in an empty folder without settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.bot.warm import warm

PATIENCE = 120
ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "PYTHONPATH", "HOME")


def environment(**more: str) -> dict[str, str]:
    """Return an environment without any setting of ours and without a language."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | more


def kakunin(folder: Path, *words: str, given: bytes | str = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in `folder`; `more` is what the environment holds besides."""
    sent = given.encode() if isinstance(given, str) else given
    if not (folder / "bot").exists() and not any(name.startswith("PYTHON") for name in more):
        return warm().run(folder, words, sent, environment(**more), PATIENCE)
    line = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        line, input=sent, capture_output=True, cwd=folder, env=environment(**more), timeout=PATIENCE, check=False
    )


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what was said on standard error, but that durable-rules is missing here; never a traceback."""
    text = done.stderr.decode("utf-8")
    assert "Traceback" not in text
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("WARNING kakunin.rules"))


def records(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]  # bytes: a line ends at \n and nowhere else


def test_help_names_every_command_and_what_it_does(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "--help")
    text = done.stdout.decode("utf-8")
    assert done.returncode == 0
    for name, command in main.commands.items():
        assert f"  {name} " in text
        assert command.help
    assert {"play", "serve", "ask", "check", "show", "evaluate"} <= set(main.commands)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_of_its_own(tmp_path: Path, name: str) -> None:
    done = kakunin(tmp_path, name, "-h")
    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: ")
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, b"kakunin,")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evalute"], "Did you mean 'evaluate'?"),
        (["chek", "--slack"], "Did you mean 'check'?"),
        (["xyzzy"], "There are: "),
        (["evaluate", "--jsonl"], "No such option"),
        (["--verbose"], "No such option"),
        (["evaluate", "file.jsonl"], "unexpected extra argument"),
        (["ask", "--lang", "fr"], "'fr' is not one of"),
        (["play", "--port", "70000"], "70000"),
        (["play", "--port", "abc"], "'abc'"),
        (["show"], "Missing argument"),
    ],
)
def test_wrong_usage_is_told_with_status_2(tmp_path: Path, words: list[str], said: str) -> None:
    done = kakunin(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in told(done)


@pytest.mark.parametrize("module", ["tests.bench", "tests.faults"])
def test_what_measures_and_breaks_has_help_too(module: str) -> None:
    for word, status in (("--help", 0), ("nonsense", 2)):
        done = subprocess.run([sys.executable, "-m", module, word], capture_output=True, cwd=ROOT, check=False)
        assert (done.returncode, "Traceback" in told(done)) == (status, False)
        assert b"Usage: python -m " in (done.stderr if status else done.stdout)


def test_no_command_shows_what_there_is_with_status_2(tmp_path: Path) -> None:
    done = kakunin(tmp_path)
    assert done.returncode == 2
    assert "evaluate" in told(done) + done.stdout.decode("utf-8")


SHOWN = {
    "rule": {"id", "target", "line", "when", "then", "cites", "because", "reading"},
    "passage": {"id", "source", "section", "ja", "en", "en_status"},
    "measure": {"id", "label", "detail", "passages"},
    "service": {"id", "brand", "kind", "name", "plan", "aliases", "facts"},
}


@pytest.fixture(scope="module")
def some_ids(knowledge: Any, rulebase: Any) -> dict[str, str]:
    known = {"rule": rulebase.rules, "passage": knowledge.passages}
    known |= {"measure": knowledge.measures, "service": knowledge.services}
    return {kind: next(iter(things)) for kind, things in known.items()}


def test_show_prints_a_line_for_each_kind_with_all_its_fields(tmp_path: Path, some_ids: dict[str, str]) -> None:
    done = kakunin(tmp_path, "show", *some_ids.values())
    assert (done.returncode, told(done)) == (0, "")
    shown = records(done)
    assert [record["id"] for record in shown] == list(some_ids.values())
    assert [record["record"] for record in shown[:3]] == ["rule", "passage", "measure"]
    for kind, record in zip(some_ids, shown, strict=True):
        assert SHOWN[kind] <= record.keys()


def test_show_tells_an_unknown_id_with_the_nearest_and_prints_the_others(
    tmp_path: Path, some_ids: dict[str, str]
) -> None:
    done = kakunin(tmp_path, "show", "chatgpt_edo", some_ids["rule"], "確認")
    assert done.returncode == 1
    assert [record["id"] for record in records(done)] == [some_ids["rule"]]
    said = told(done)
    assert "'chatgpt_edo', did you mean 'chatgpt_edu'?" in said
    assert "'確認'" in said


def test_show_writes_utf_8_under_any_locale(tmp_path: Path, some_ids: dict[str, str], knowledge: Any) -> None:
    done = kakunin(tmp_path, "show", some_ids["passage"], LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert records(done)[0]["ja"] == knowledge.passages[some_ids["passage"]].ja


def test_show_lists_the_values_of_a_condition_in_order(tmp_path: Path, rulebase: Any) -> None:
    ids = [rule.id for rule in rulebase.rules.values() if any(len(values) > 2 for values in rule.when.values())]
    for seed in ("0", "1", "2"):
        done = kakunin(tmp_path, "show", *ids, PYTHONHASHSEED=seed)
        for record in records(done):
            assert all(values == sorted(values) for values in record["when"].values())
