"""Answers on what the guideline leaves to others: sound data, and faults that name file, topic and remedy."""

from pathlib import Path

import pytest

from knowledge.errors import DataError
from knowledge.loader import load_knowledge
from knowledge.redirects import load_redirects

SOUND = """[[redirect]]
id = "prices"
office = "it"
answer = { ja = "分かりません。", en = "I do not know." }
"""


def test_the_shipped_answers_quote_passages_that_are_there() -> None:
    passages = load_knowledge().passages
    quoted = {redirect.passage for redirect in load_redirects().values()} - {None}
    assert quoted
    assert quoted <= passages.keys()


def test_the_shipped_answers_are_short() -> None:
    for redirect in load_redirects().values():
        assert (len(redirect.answer.ja), len(redirect.answer.en)) < (100, 220), redirect.id


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"it"', '"libary"', "prices: office: 'libary' is not known, did you mean 'library'?"),
        ("office =", "ofice =", "unknown key 'ofice', did you mean 'office'?"),
        ("[[redirect]]", "[[redirects]]", "unknown key 'redirects', did you mean 'redirect'?"),
        ("answer =", "check = 1\nanswer =", "prices: check"),
        (SOUND, SOUND * 2, "prices: this id is used twice"),
    ],
)
def test_a_fault_is_named_with_its_remedy(tmp_path: Path, before: str, after: str, told: str) -> None:
    (tmp_path / "redirects.toml").write_text(SOUND.replace(before, after), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        load_redirects(tmp_path)
    assert "redirects.toml: " in str(refused.value)
    assert told in str(refused.value)
