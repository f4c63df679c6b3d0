"""`kakunin verify` as it is typed: proofs with times, a counterexample in plain words, the extra by name."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot import verify as command
from knowledge.models import Knowledge
from rules.editions import load_rulebook
from rules.loader import load_rules
from rules.verify.proofs import STATEMENTS, prove
from tests.bot.test_cli import kakunin, told
from tests.planting import copy_data, plant
from tests.rules.faults import VERDICT

LINE = re.compile(r"^proved +\d+\.\d\d s  ([a-z ]+): ", re.MULTILINE)


@pytest.mark.long
def test_every_proof_is_printed_with_its_time(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "verify", "--witnesses")
    text = done.stdout.decode("utf-8")
    assert (told(done), done.returncode) == ("", 0)
    assert LINE.findall(text) == [statement.id for statement in STATEMENTS]
    assert "    verdict.item_7_not_met: leader_approval = no\n" in text
    assert re.search(r"^[\d,]+ answer combinations, \d+\.\d s: all proved$", text, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


def test_a_counterexample_is_told_in_plain_words(
    tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = copy_data("rules", tmp_path / "rules")
    plant(data / VERDICT, ', data_location = "abroad" }', " }")
    broken, book = load_rules(knowledge, data), load_rulebook()
    monkeypatch.setattr(command, "load_working", lambda overlay: replace(book, national=broken, overlay=overlay))
    monkeypatch.setattr(command, "prove", lambda space: prove(space, STATEMENTS[:4]))
    assert command.verify_rules(witnesses=False) == 1
    text = capsys.readouterr().out
    assert "the page gives the verdict confirm_first, the tables do not" in text
    assert "smallest counterexample (whatever is not named is unknown):" in text
    assert "  • whether it is export-controlled (export_controlled): yes\n" in text
    assert "then the tables say do_not_upload (class closed, " in text
    assert text.splitlines()[-1].endswith(": 1 not proved")


def test_the_missing_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "z3.py").write_text('raise ModuleNotFoundError("No module named \'z3\'", name="z3")', encoding="utf-8")
    done = kakunin(tmp_path, "verify", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "pip install 'kakunin[verify]'" in told(done)
    assert done.stdout == b""
