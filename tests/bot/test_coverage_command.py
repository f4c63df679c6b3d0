"""`coverage` and `draw` in real processes, in an empty folder without settings."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.coverage import complain, report
from knowledge.coverage import load_reasons
from knowledge.models import Knowledge
from knowledge.sentences import load_sentences
from rules.coverage import cover
from rules.models import RuleBase
from tests.bot.test_cli import kakunin, told


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[bytes]:
    return kakunin(tmp_path_factory.mktemp("empty"), "coverage", "--lang", "ja")


def test_every_sentence_is_printed_and_settled(done: subprocess.CompletedProcess[bytes], knowledge: Knowledge) -> None:
    out = done.stdout.decode("utf-8")
    sentences = load_sentences(knowledge)
    assert (done.returncode, told(done)) == (0, "")
    assert [sentence.text for sentence in sentences if sentence.text not in out] == []
    assert f"\n{len(sentences)} 文: " in out
    assert out.rstrip().endswith("どちらでもないもの 0")
    assert [word for word in ("sentences", "encoded", "passages (", "rules (", "because") if word in out] == []


def test_passages_rules_and_reasons_are_printed(
    done: subprocess.CompletedProcess[bytes], knowledge: Knowledge, rulebase: RuleBase
) -> None:
    out = done.stdout.decode("utf-8")
    reasons = load_reasons(knowledge)
    cited = {passage for rule in rulebase.rules.values() for passage in rule.cites}
    words = set(out.split())
    assert set(knowledge.passages) | {rule.id for rule in rulebase.rules.values()} <= words
    assert cited.isdisjoint(reasons)
    assert "     事例（" in out
    for reason in reasons.values():
        assert f"ルールにしていない理由: {reason.because.ja}" in out


def test_a_sentence_that_is_neither_is_told_with_status_1(
    knowledge: Knowledge, rulebase: RuleBase, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = {name: reason for name, reason in load_reasons(knowledge).items() if name != "closed.sharing"}
    covered = cover(load_sentences(knowledge), rulebase, reasons, {})
    assert list(report(covered, "en"))[-1].endswith("1 neither")
    assert complain(covered) == 1
    assert "not_encoded.toml: closed.sharing: no rule cites this passage" in capsys.readouterr().err


def test_both_pictures_are_written_and_named(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "draw", "--out", "new/folder")
    assert (done.returncode, told(done)) == (0, "")
    names = [Path("new/folder/rules.svg"), Path("new/folder/rules.dot")]
    assert [Path(line) for line in done.stdout.decode().splitlines()] == names
    assert ET.parse(tmp_path / names[0]).getroot().tag.endswith("svg")
    assert (tmp_path / names[1]).read_text(encoding="utf-8").startswith("digraph")


def test_a_folder_that_cannot_be_made_is_told_with_status_1(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = kakunin(tmp_path, "draw", "--out", "file/pictures")
    assert done.returncode == 1
    assert told(done)


@pytest.mark.parametrize("words", [["draw"], ["coverage", "--lang", "fr"]])
def test_wrong_usage_is_told_with_status_2(tmp_path: Path, words: list[str]) -> None:
    assert kakunin(tmp_path, *words).returncode == 2
