"""The user guide says in both languages what there is: buttons by their words, examples that work, and pictures."""

import re
from pathlib import Path

import pytest

from bot.app import House
from bot.manifest import manifest
from bot.playground.workspace import TEAM
from bot.spoken import COMMON, NATIVE
from rules.models import VERDICTS
from tests.bot.driver import Office
from tests.bot.guide_pictures import SHOTS, picture
from tests.bot.office_pictures import SHOTS as OFFICES
from tests.bot.office_pictures import picture as office_picture

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = pytest.mark.parametrize("language", [NATIVE, COMMON])
NAMED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
"""What stands between single stars is what the bot says, word for word."""
ASKED = {
    NATIVE: re.compile(r"「([^」]*(?:？|しまった|いますか))」"),
    COMMON: re.compile(r"“([^”]*[?.])”|`(what do[^`]*)`"),
}
KINDS = {"case", "guideline", "holdings", "incident"}
LARGEST = 150_000
"""Bytes of a picture."""


def guide(language: str) -> str:
    return (DOCS / f"guide.{language}.md").read_text(encoding="utf-8")


def said(house: House, language: str) -> set[str]:
    """Labels of the bot, options of its cards, and shortcuts."""
    phrases = house.phrases
    labels = {phrases.label(language, name) for name in phrases.names(language) if _is_plain(house, language, name)}
    shortcuts = {option.label.say(language) for card in house.interview.cards for option in card.shortcuts}
    number = phrases.label(language, "question.number", number=1, at_most=8)
    home = {NATIVE: "ホーム", COMMON: "Home"}[language]  # Slack's own tab
    return {*labels, *shortcuts, number, home, *(each["name"] for each in manifest()["features"]["shortcuts"])}


def _is_plain(house: House, language: str, name: str) -> bool:
    try:
        house.phrases.label(language, name)
    except Exception:  # noqa: BLE001 - a phrase with values is no button
        return False
    return True


@LANGUAGES
def test_what_it_names_is_what_the_bot_says(house: House, language: str) -> None:
    named = set(NAMED.findall(guide(language)))
    assert len(named) > 30
    assert named - said(house, language) == set()


@LANGUAGES
def test_what_it_proposes_to_write_is_understood(open_office: Office, language: str) -> None:
    found = ASKED[language].findall(guide(language))
    texts = ["".join(each) for each in found]
    kinds = {open_office.tools.reader(TEAM).read(text).kind for text in texts}
    assert kinds == KINDS, texts


@LANGUAGES
def test_help_proposes_a_question_that_is_understood(open_office: Office, language: str) -> None:
    told = open_office.tools.phrases.say(language, "note.help")
    (example,) = re.findall({NATIVE: r"「([^」]*？|[^」]*の)」のように", COMMON: r"“([^”]*\?)”"}[language], told)
    assert open_office.tools.reader(TEAM).read(example).kind == "guideline"


@LANGUAGES
def test_every_picture_is_there_small_and_described(language: str) -> None:
    shown = re.findall(r'<img src="images/([^"]+)" width="300" alt="([^"]+)">', guide(language))
    assert {name for name, _ in shown} == {picture(shot, language) for shot in SHOTS}
    for name, alt in shown:
        assert 20 < (DOCS / "images" / name).stat().st_size < LARGEST
        assert len(alt) > 20


def test_every_picture_of_the_other_guides_is_there_small_and_described() -> None:
    guides = [path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")]
    shown = [found for text in guides for found in re.findall(r"^!\[(.*)\]\(images/(office-.*)\)$", text, re.MULTILINE)]
    assert {name for _, name in shown} == {office_picture(shot, lang) for shot in OFFICES for lang in (NATIVE, COMMON)}
    for alt, name in shown:
        assert 20 < (DOCS / "images" / name).stat().st_size < LARGEST
        assert len(alt) > 20


def test_both_languages_have_the_same_parts() -> None:
    shapes = [re.findall(r"^(#+ |- |\d\. |\| |<img)", guide(language), re.MULTILINE) for language in (NATIVE, COMMON)]
    assert shapes[0] == shapes[1]


@LANGUAGES
def test_every_verdict_is_named_by_its_symbol_and_words(house: House, language: str) -> None:
    say = house.phrases.label
    told = [f"{say(language, f'verdict.symbol_{name}')} {say(language, f'verdict.{name}')}" for name in VERDICTS]
    _, _, *rows = re.findall(r"^\| ([^|]+) \|", guide(language), re.MULTILINE)
    assert rows == told
