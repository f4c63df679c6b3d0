"""Home and the assistant's pane in a real Chromium, by mouse and by keyboard, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.app import House
from bot.playground.server import Playground
from tests.bot.browser import CHROMIUM, DESKTOP, PHONE, USERS, Visitor, visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]
DIRECT = {language: f"D{user[1:]}" for language, user in USERS.items()}
WORDS = {"ja": "このデータを ChatGPT に入れてもいい？", "en": "May I put these data into ChatGPT?"}


@pytest.fixture(params=[("ja", DESKTOP), ("en", PHONE)], ids=["ja desktop", "en phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser, house: House, running: Playground) -> Iterator[Visitor]:
    """A person in their direct message with the bot."""
    language, size = request.param
    with visiting(browser, house, language, size) as arrived:
        arrived.arrive(running.url, DIRECT[language])
        yield arrived


def test_home_shows_my_checks_and_leads_back_to_them(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_test_id("tab-home").click()
    home = page.get_by_test_id("home")
    expect(home.get_by_text(visitor.say("home.no_case"))).to_be_visible()
    home.get_by_role("button", name=visitor.say("note.start")).click()
    expect(home.get_by_text(visitor.say("home.open"))).to_be_visible()
    home.get_by_role("link", name=visitor.say("home.resume")).click()
    visitor.wait_for_question(1)
    visitor.press(visitor.label("openness", "", "undecided"))
    visitor.wait_for_question(2)


def test_a_language_is_chosen_on_home_and_a_check_deleted(visitor: Visitor, house: House) -> None:
    page = visitor.page
    visitor.write(WORDS[visitor.language])
    visitor.wait_for_question(1)
    if page.get_by_test_id("thread-back").is_visible():
        page.get_by_test_id("thread-back").click()
    page.get_by_test_id("tab-home").click()
    home = page.get_by_test_id("home")
    other = {"ja": "en", "en": "ja"}[visitor.language]
    home.locator("select").select_option(other)
    expect(home.get_by_text(house.phrases.label(other, "note.language_taken"))).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    home.get_by_role("button", name=house.phrases.label(other, "home.delete"), exact=True).click()
    expect(home.get_by_text(house.phrases.label(other, "home.no_case"))).to_be_visible()


def test_the_assistants_pane_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_test_id("tab-messages").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("tab-assistant")).to_be_focused()
    prompt = page.get_by_test_id("prompt").first
    expect(prompt).to_have_text(visitor.say("entry.prompt_first"))
    prompt.focus()
    page.keyboard.press("Enter")
    pane = page.get_by_test_id("pane")
    expect(pane.get_by_text({"ja": "質問 1", "en": "Question 1 ("}[visitor.language])).to_be_visible()
    expect(pane.get_by_role("heading").first).to_contain_text("ChatGPT")
    expect(page.get_by_test_id("prompt")).to_have_count(0)


def test_a_message_is_checked_from_its_menu(visitor: Visitor, running: Playground) -> None:
    page, language = visitor.page, visitor.language
    visitor.arrive(running.url, "C0QUIET")
    visitor.write(WORDS[language])
    message = page.locator("#list .message").last
    message.hover()
    message.get_by_role(
        "button", name={"ja": "このメッセージのメニュー", "en": "More for this message"}[language]
    ).click()
    page.get_by_role("menuitem", name="Check this message").click()
    visitor.arrive(running.url, DIRECT[language])
    page.get_by_test_id("replies").click()
    visitor.wait_for_question(1)
