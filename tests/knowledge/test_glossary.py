"""The glossary: which terms a card offers, what an institution adds, and what is refused."""

from pathlib import Path

import pytest

from conversations.book import open_working
from knowledge.errors import DataError
from knowledge.glossary import GENERAL, load_glossary

CARDS = {"duties", "content"}
TERM = """
[[term]]
id = "%s"
name = { ja = "言葉", en = "word" }
meaning = { ja = "意味", en = "meaning" }
source = "example.ac.jp"
as_of = 2026-11-22
"""
CARD = """
[[card]]
id = "%s"
terms = [%s]
"""


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "glossary.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return written(tmp_path / "shipped", TERM % "export" + TERM % "novelty" + CARD % ("duties", '"export", "novelty"'))


def test_every_card_explains_something_in_both_languages() -> None:
    book = open_working()
    assert book.glossary.keys() == {card.id for card in book.interview.cards}
    for terms in book.glossary.values():
        for term in terms:
            assert term.meaning.ja != term.meaning.en
            assert term.source == GENERAL or "." in term.source or "個人情報保護委員会" in term.source


def test_terms_come_in_the_order_of_the_card(shipped: Path) -> None:
    found = load_glossary(CARDS, folder=shipped)
    assert {card: [term.id for term in terms] for card, terms in found.items()} == {"duties": ["export", "novelty"]}


def test_an_institution_adds_terms_after_the_others_and_to_further_cards(shipped: Path, tmp_path: Path) -> None:
    own = TERM % "plan" + CARD % ("duties", '"plan", "export"') + CARD % ("content", '"novelty"')
    found = load_glossary(CARDS, written(tmp_path / "own", own), shipped)
    told = {card: [term.id for term in terms] for card, terms in found.items()}
    assert told == {"duties": ["export", "novelty", "plan"], "content": ["novelty"]}


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        (CARD % ("dutys", '"export"'), "glossary.toml: dutys: there is no card with this id, did you mean 'duties'?"),
        (CARD % ("duties", '"exprt"'), "glossary.toml: duties: unknown term 'exprt', did you mean 'export'?"),
        (TERM % "export", "glossary.toml: export: a term with this id is there already; choose another id"),
        (TERM % "plan", "glossary.toml: plan: no [[card]] offers this term, so nobody would read it"),
        (CARD % ("duties", ""), "glossary.toml: duties: terms: needs at least one entry"),
        (TERM.replace("source", "sources") % "plan", "unknown key 'sources', did you mean 'source'?"),
        ("[[trm]]\nid = 'x'", "glossary.toml: file: unknown key 'trm', did you mean 'term'?"),
    ],
)
def test_what_cannot_be_right_is_refused(own: str, fault: str, shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_glossary(CARDS, written(tmp_path / "own", own), shipped)
    assert fault in str(caught.value)
