"""`passages` in a real process, in an empty folder: words, section and meaning, or that the guideline does not say."""

from pathlib import Path

import pytest

from bot.cli import main
from knowledge.models import Knowledge
from tests.bot.test_cli import kakunin, records, told

QUESTION, UNSAID = "リスクゼロを求めるべき?", "今日の天気は？"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_passages_are_printed_word_for_word(tmp_path: Path, knowledge: Knowledge, language: str) -> None:
    done = kakunin(tmp_path, "passages", QUESTION, "--lang", language)
    out = done.stdout.decode("utf-8")
    assert (done.returncode, told(done)) == (0, "")
    for name in ("framework.proportionate", "principle.proportionate"):
        passage, means = knowledge.passages[name], knowledge.asked_as[name].means
        assert means
        assert passage.ja in out
        assert f"\n{passage.en} " in out
        assert f"{passage.section} [{name}]" in out
        assert means.say(language) in out
    assert ("unofficial rendering" in out, "非公式の訳" in out) == (language == "en", language == "ja")
    assert list(tmp_path.iterdir()) == []


def test_a_question_in_english_finds_the_same_passage(tmp_path: Path) -> None:
    done = kakunin(tmp_path, "passages", "should we aim for zero risk?", "--json")
    assert records(done)[0]["id"] == "framework.proportionate"


def test_as_json_there_is_a_line_for_each_passage(tmp_path: Path, knowledge: Knowledge) -> None:
    done = kakunin(tmp_path, "passages", QUESTION, "--json", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    found = records(done)
    assert (done.returncode, told(done)) == (0, "")
    assert 1 <= len(found) <= 3
    for record in found:
        passage, asked = knowledge.passages[record["id"]], knowledge.asked_as[record["id"]]
        assert {**record, **passage.model_dump()} == record
        assert record["title"] == knowledge.sources[passage.source].title
        assert record["means"] == (asked.means.model_dump() if asked.means else None)


@pytest.mark.parametrize(("language", "word"), [("ja", "見つかりませんでした"), ("en", "does not say")])
def test_where_nothing_fits_it_is_said_and_that_is_an_answer(tmp_path: Path, language: str, word: str) -> None:
    done = kakunin(tmp_path, "passages", UNSAID, "--lang", language)
    assert (done.returncode, told(done)) == (0, "")
    assert word in done.stdout.decode("utf-8")
    assert (kakunin(tmp_path, "passages", UNSAID, "--json").stdout) == b""


@pytest.mark.parametrize("question", ["", "x" * 40_000, '" OR NEAR(', "😀", "-\x07"])
def test_no_question_ends_in_an_error(tmp_path: Path, question: str) -> None:
    done = kakunin(tmp_path, "passages", "--", question)
    assert (done.returncode, told(done)) == (0, "")
    assert b"does not say" in done.stdout


def test_the_passages_of_an_institution_are_found_under_its_overlay(tmp_path: Path) -> None:
    words = ["passages", "翻訳に使えるサービスはどれ？", "--json"]
    assert records(kakunin(tmp_path, *words, "--overlay", "example"))[0]["id"] == "kakuu.policy.translation"
    assert records(kakunin(tmp_path, *words)) == []


@pytest.mark.parametrize("words", [[], ["a", "b"], ["a", "--lang", "fr"]])
def test_wrong_usage_is_told_with_status_2(tmp_path: Path, words: list[str]) -> None:
    done = kakunin(tmp_path, "passages", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "passages" in main.commands
