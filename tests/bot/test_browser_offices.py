"""The desk, an approver and an officer in a real Chromium: one journey each, and nothing that keeps somebody out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.app import House
from bot.playground.server import Playground
from tests.bot.browser import CHROMIUM, DESKTOP, PHONE, USERS, Visitor, visiting
from tests.bot.offices import DESK, EMMA, KENJI, MIKA, asks_to_confirm, card, goes_to, institute, is_refused
from tests.bot.test_browser_access import barriers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]
ALEX = USERS["en"]


@pytest.fixture(scope="module")
def kakuu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Playground]]:
    with institute(tmp_path_factory.mktemp("offices") / "overlay", "en") as started:
        yield started


@pytest.fixture
def visitor(browser: Browser, kakuu: tuple[House, Playground]) -> Iterator[Visitor]:
    """Alex, to whom a use of personal data was refused."""
    house, running = kakuu
    with visiting(browser, house, "en") as arrived:
        arrived.arrive(running.url)
        is_refused(arrived)
        yield arrived
        expect(arrived.page.get_by_test_id("refused")).to_be_hidden()
    assert running.slack.workspace.refusals == []


def submits(modal: Locator) -> None:
    modal.get_by_test_id("modal-submit").click()


def test_a_case_at_the_desk_from_the_button_to_the_ruling(visitor: Visitor, kakuu: tuple[House, Playground]) -> None:
    house, running = kakuu
    page, modal = visitor.page, visitor.page.get_by_test_id("modal")
    visitor.press(visitor.say("desk.ask"))
    expect(visitor.private_notes()).to_contain_text("I asked AI help desk")
    goes_to(visitor, running, KENJI, DESK)
    expect(card(visitor)).to_contain_text(house.phrases.label("en", "desk.state_open"))
    assert barriers(visitor) == [], "a card of the desk"
    card(visitor).get_by_role("button", name=visitor.say("desk.claim")).dblclick()
    expect(card(visitor)).to_contain_text(visitor.say("desk.state_claimed"))
    card(visitor).get_by_role("button", name=visitor.say("desk.reply")).click()
    modal.locator("textarea").fill("   ")
    submits(modal)
    expect(modal).to_contain_text(house.phrases.label("ja", "note.no_words"))
    assert barriers(visitor) == [], "a reply with a fault"
    modal.locator("textarea").fill("We look into it.")
    submits(modal)
    expect(modal).to_have_count(0)
    card(visitor).get_by_role("button", name=visitor.say("desk.rule")).click()
    modal.locator("select").first.select_option("confirm_first")
    modal.locator("textarea").fill("The privacy office agreed.")
    modal.get_by_role("button", name=house.phrases.label("ja", "question.choose")).click()
    modal.locator(".pick-option").first.click()
    page.keyboard.press("Escape")
    assert barriers(visitor) == [], "a ruling"
    submits(modal)
    expect(modal).to_contain_text(house.phrases.label("ja", "note.ruling_office"))
    modal.locator("select").last.select_option("privacy")
    submits(modal)
    expect(card(visitor)).to_contain_text(visitor.say("desk.state_decided"))
    goes_to(visitor, running, KENJI, tab="home")
    expect(page.get_by_test_id("home")).to_contain_text(house.phrases.label("ja", "desk.queue"))
    assert barriers(visitor) == [], "Home of a desk member"
    goes_to(visitor, running, ALEX, "C0GENERAL")
    page.get_by_test_id("replies").last.click()
    expect(visitor.thread).to_contain_text("We look into it.")
    expect(visitor.verdict).to_contain_text("The privacy office agreed.")


def test_an_approver_confirms_and_takes_it_back(visitor: Visitor, kakuu: tuple[House, Playground]) -> None:
    _, running = kakuu
    page, modal = visitor.page, visitor.page.get_by_test_id("modal")
    visitor.press(visitor.say("approval.open"))
    expect(modal).to_be_visible()
    assert barriers(visitor) == [], "asking somebody to confirm"
    asks_to_confirm(visitor, EMMA)
    expect(visitor.private_notes()).to_contain_text(visitor.say("note.asked"))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    goes_to(visitor, running, EMMA)
    request = page.locator("#list .message").filter(has=page.get_by_role("button", name=visitor.say("approval.yes")))
    expect(request).to_contain_text("(personal information)")
    assert barriers(visitor) == [], "what an approver is sent"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], "the page scrolls sideways"
    request.get_by_role("button", name=visitor.say("approval.yes"), exact=True).click()
    modal.locator("input[type=date]").fill("2020-01-01")
    submits(modal)
    expect(modal).to_contain_text(visitor.say("note.day_over"))
    assert barriers(visitor) == [], "an answer with a fault"
    modal.locator("input[type=date]").fill("2099-12-31")
    submits(modal)
    expect(modal).to_have_count(0)
    goes_to(visitor, running, EMMA, tab="home")
    home = page.get_by_test_id("home")
    page.once("dialog", lambda dialog: dialog.accept())
    home.get_by_role("button", name=visitor.say("approval.withdraw"), exact=True).click()
    expect(home).to_contain_text(visitor.say("approval.is_withdrawn"))


def test_an_officer_looks_at_the_running_week(browser: Browser, kakuu: tuple[House, Playground]) -> None:
    house, running = kakuu
    with visiting(browser, house, "ja", DESKTOP) as visitor:
        goes_to(visitor, running, MIKA, tab="home")
        home, modal = visitor.page.get_by_test_id("home"), visitor.page.get_by_test_id("modal")
        expect(home).to_contain_text(visitor.say("digest.resend"))
        assert barriers(visitor) == [], "Home of an officer"
        home.locator("select").first.select_option(index=1)
        expect(modal).to_contain_text(visitor.say("digest.running"))
        assert barriers(visitor) == [], "a preview of the digest"
