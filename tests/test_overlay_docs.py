"""The overlay that docs/overlays.md builds up, block by block, is one that loads and does what the page says."""

import re
from pathlib import Path

import pytest

from bot.cli import main
from conversations.book import Book, open_book
from knowledge.errors import DataError
from knowledge.institution import FILES
from rules.lawful import breaches
from rules.overlay import with_policies
from rules.policies import load_policies
from rules.vocabulary import parse_facts
from tests.planting import plant

PAGE = Path(__file__).parents[1] / "docs" / "overlays.md"
BLOCK = re.compile(r"<!-- file: (\S+) -->\n```(?:toml|md)\n(.*?)```", re.DOTALL)


def blocks() -> dict[str, str]:
    return dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def assembled(folder: Path) -> Path:
    for name, text in blocks().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assembled(tmp_path_factory.mktemp("overlay"))


@pytest.fixture(scope="module")
def book(overlay: Path) -> Book:
    return open_book(None, overlay)


def verdict(book: Book, service: str, **facts: str) -> str:
    return book.evaluator.evaluate(parse_facts(book.rulebook.rulebase, facts, service)).verdict


def test_every_block_is_used_and_every_file_has_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(blocks()) == len(BLOCK.findall(page)) == page.count("```toml") + page.count("```md")
    assert blocks().keys() == {*FILES, "passages/policy.toml", "sources/policy.ja.md"}


def test_it_adds_what_the_page_says(book: Book) -> None:
    institution = book.knowledge.institution
    assert institution
    assert institution.contact("desk")
    assert institution.roles.of("officers") == ("S0OFFICE",)
    assert book.knowledge.services["kakuu_ai"].facts["data_location"].institution
    contracted = book.knowledge.services["chatgpt_enterprise"].facts["purpose_limited"]
    assert (contracted.value, contracted.verified, contracted.institution) == ("yes", True, True)
    assert book.interview.cards[-1].id == "kakuu_ethics"


def test_its_rules_do_what_the_page_says(book: Book) -> None:
    public = {
        "already_public": "yes",
        "personal_information": "no",
        "export_controlled": "no",
        "other_restriction": "no",
    }
    assert verdict(book, "deepl_free", **public) == "do_not_upload"
    assert verdict(book, "deepseek_web", **public) == "do_not_upload"
    assert verdict(book, "deepseek_api", **public) == "allowed"
    assert verdict(book, "deepl_pro", **public) == "allowed"


def test_its_lawful_rules_need_no_permission_and_the_ban_does(overlay: Path, book: Book) -> None:
    for policy in load_policies(book.knowledge, overlay):
        alone = with_policies(book.rulebook.national, book.knowledge, overlay, [policy])
        assert bool(list(breaches(alone))) == policy.institution_policy, policy.id


def test_the_page_tells_true_about_what_is_refused(tmp_path: Path) -> None:
    folder = assembled(tmp_path)
    plant(folder / "rules.toml", "institution_policy = true", "")
    with pytest.raises(DataError, match=r"kakuu\.banned\.deepl_free: is not proportionate"):
        open_book(None, folder)
    plant(folder / "rules.toml", 'service = "deepl_free"', 'use = "prompt"')
    with pytest.raises(DataError, match=r"kakuu\.banned\.deepl_free: is not monotone"):
        open_book(None, folder)


def test_the_commands_of_the_page_are_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in set(re.findall(r"^kakunin (\w+)", page, re.MULTILINE)):
        assert name in main.commands
    for name in ("play", "check"):
        assert any(option.name == "overlay" for option in main.commands[name].params)
