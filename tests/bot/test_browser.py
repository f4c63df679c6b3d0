"""The playground's page in a real Chromium: from a question to a verdict, and what goes wrong on the way."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.app import House
from bot.playground.server import Playground
from bot.playground.workspace import TEAM
from conversations.service import utc_now
from conversations.store.protocol import File, Letter
from tests.bot.browser import (
    CHROMIUM,
    DESKTOP,
    PHONE,
    USERS,
    Visitor,
    visiting,
    write_readme_pictures,
)
from tests.bot.guide_pictures import write_guide_pictures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]


PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 30L40 0" stroke="red"/></svg>'


LOOKS = [
    pytest.param(
        language,
        size,
        dark,
        id=f"{language}-{name}-{'dark' if dark else 'light'}",
        marks=[] if (language, name, dark) in (("ja", "phone", True), ("en", "desktop", False)) else [pytest.mark.long],
    )
    for language in ("ja", "en")
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone"))
    for dark in (False, True)
]
"""Every look; two that have nothing in common stand for them in the ordinary suite."""


@pytest.fixture
def visitor(browser: Browser, house: House, running: Playground) -> Iterator[Visitor]:
    """An English-speaking person at a desktop who has just asked."""
    with visiting(browser, house, "en") as arrived:
        arrived.arrive(running.url)
        arrived.ask()
        yield arrived
        expect(arrived.page.get_by_test_id("refused")).to_be_hidden()
    assert running.slack.workspace.refusals == []


@pytest.mark.parametrize(("language", "size", "dark"), LOOKS)
def test_from_a_question_to_a_verdict(
    browser: Browser,
    house: House,
    running: Playground,
    tmp_path: Path,
    language: str,
    size: tuple[int, int],
    dark: bool,
) -> None:
    with visiting(browser, house, language, size, dark=dark) as visitor:
        visitor.arrive(running.url)
        visitor.ask()
        visitor.page.screenshot(path=tmp_path / "question.png")
        visitor.answer_all()
        word = house.views.verdicts.insights.word("confirm_first", language)
        expect(visitor.verdict.locator(".block-header")).to_have_text(word)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], "the page scrolls sideways"
        visitor.page.screenshot(path=tmp_path / "verdict.png")
        visitor.press(visitor.say("verdict.all_reasons"))
        modal = visitor.page.get_by_test_id("modal")
        expect(modal.locator("h2")).to_have_text(visitor.say("verdict.reasons_title"))
        expect(modal.get_by_test_id("modal-submit")).to_be_hidden()
        visitor.page.screenshot(path=tmp_path / "reasons.png")
        modal.get_by_test_id("modal-close").click()
        expect(modal).to_have_count(0)
        expect(visitor.page.get_by_test_id("refused")).to_be_hidden()
    assert running.slack.workspace.refusals == []


def test_an_answer_changed_in_the_modal_changes_the_verdict(visitor: Visitor, house: House, tmp_path: Path) -> None:
    visitor.answer_all()
    question = next(card for card in house.interview.cards if card.id == "clearance").question.en
    answered = visitor.thread.locator(".message").filter(has_text=question)
    answered.get_by_role("button", name=visitor.say("question.change")).click()
    modal = visitor.page.get_by_test_id("modal")
    expect(modal.get_by_label(visitor.label("clearance", "personal", "permitted"))).to_be_checked()
    modal.get_by_label(visitor.label("clearance", "personal", "refused")).check()
    visitor.page.screenshot(path=tmp_path / "change.png")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.locator("h2")).to_have_text(visitor.say("edit.apply_title"))
    expect(modal.get_by_role("alert")).to_be_hidden()
    visitor.page.screenshot(path=tmp_path / "preview.png")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    refusal = house.views.verdicts.insights.word("do_not_upload", "en")
    expect(visitor.verdict.locator(".block-header")).to_have_text(refusal)
    expect(answered).to_contain_text(visitor.label("clearance", "personal", "refused"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_and_the_summary_on_a_phone(
    browser: Browser, house: House, running: Playground, tmp_path: Path, language: str
) -> None:
    with visiting(browser, house, language, PHONE) as visitor:
        visitor.arrive(running.url)
        visitor.ask()
        visitor.press(visitor.label("openness", "", "undecided"))
        visitor.wait_for_question(2)
        visitor.page.screenshot(path=tmp_path / "card.png")
        modal, more = visitor.page.get_by_test_id("modal"), visitor.thread.locator(".blocks button.overflow").last
        for entry, title in (("why", "why"), ("terms", "terms"), ("desk", "desk")):
            more.click()
            visitor.page.get_by_role("menuitem", name=visitor.say(f"help.{entry}"), exact=True).click()
            expect(modal.locator("h2")).to_have_text(visitor.say(f"help.{title}"))
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], "the page scrolls sideways"
            visitor.page.screenshot(path=tmp_path / f"{entry}.png")
            modal.get_by_test_id("modal-close").click()
            expect(modal).to_have_count(0)
        more.click()
        visitor.page.get_by_role("menuitem", name=visitor.say("help.answers"), exact=True).click()
        visitor.page.screenshot(path=tmp_path / "summary.png")
        modal.get_by_role("button", name=visitor.say("question.change"), exact=True).click()
        expect(modal.locator("h2")).to_have_text(visitor.say("question.change_title"))
        modal.get_by_label(visitor.label("openness", "", "unsure")).check()
        modal.get_by_test_id("modal-submit").click()
        expect(modal).to_have_count(0)
        change = visitor.page.get_by_role("button", name=visitor.say("question.change"), exact=True)
        answered = visitor.thread.locator(".message").filter(has=change)
        expect(answered).to_contain_text(visitor.label("openness", "", "unsure"))
        expect(visitor.page.get_by_test_id("refused")).to_be_hidden()
    assert running.slack.workspace.refusals == []


def test_a_change_that_contradicts_itself_is_told_inside_the_modal(visitor: Visitor) -> None:
    visitor.press(visitor.label("openness", "", "undecided"))
    visitor.wait_for_question(2)
    visitor.press(visitor.say("question.change"))
    modal = visitor.page.get_by_test_id("modal")
    for option in ("decided_open", "decided_closed"):
        modal.get_by_label(visitor.label("openness", "status", option)).check()
    modal.get_by_test_id("modal-submit").click()
    expect(modal.locator(".field-error:visible")).to_have_text(visitor.say("note.contradiction"))
    modal.get_by_test_id("modal-close").click()
    expect(modal).to_have_count(0)


def test_next_with_nothing_chosen_is_told_only_to_who_pressed_it(visitor: Visitor, tmp_path: Path) -> None:
    visitor.press(visitor.say("question.next"))
    note = visitor.private_notes()
    expect(note).to_contain_text("Only visible to you")
    expect(note).to_contain_text(visitor.say("note.empty"))
    visitor.page.screenshot(path=tmp_path / "note.png")

    visitor.page.locator(f"[data-user-id={USERS['ja']}]").click()
    visitor.page.get_by_test_id("replies").click()
    thread = visitor.thread.locator(".message")
    expect(thread.first).to_be_visible()
    expect(visitor.private_notes()).to_have_count(0)
    assert visitor.say("note.empty") not in (visitor.thread.text_content() or "")

    visitor.press(visitor.say("question.next"))  # the other person's card, written in the asker's language
    expect(visitor.private_notes()).to_contain_text("あなただけに表示されています")
    expect(visitor.private_notes()).to_contain_text("質問した本人だけ")


def test_a_double_click_is_one_answer(visitor: Visitor) -> None:
    name = visitor.label("openness", "", "undecided")
    visitor.thread.get_by_role("button", name=name, exact=True).dblclick()
    visitor.wait_for_question(2)
    visitor.press(visitor.label("duties", "", "none"))
    visitor.wait_for_question(3)
    expect(visitor.thread.get_by_text("Question 2", exact=True)).to_have_count(0)
    expect(visitor.private_notes()).to_have_count(0)
    expect(visitor.thread.get_by_role("button", name=visitor.say("question.change"))).to_have_count(2)


def test_a_reload_keeps_the_thread(visitor: Visitor) -> None:
    visitor.press(visitor.label("openness", "", "undecided"))
    visitor.wait_for_question(2)
    visitor.page.reload()
    visitor.wait_for_question(2)
    expect(visitor.thread.get_by_role("button", name=visitor.say("question.change"))).to_have_count(1)
    visitor.press(visitor.label("duties", "", "none"))
    visitor.wait_for_question(3)


def test_the_command_where_kakunin_is_not_goes_to_the_direct_message(
    browser: Browser, house: House, running: Playground
) -> None:
    with visiting(browser, house, "ja") as visitor:
        visitor.arrive(running.url, "C0QUIET")
        visitor.write("/kakunin ChatGPT に入れてもいい？")
        visitor.page.get_by_test_id("im").click()
        expect(visitor.page.get_by_text("DM で確認を始めました")).to_be_visible()
        visitor.page.get_by_test_id("replies").click()
        visitor.wait_for_question(1)
    assert running.slack.workspace.refusals == ["chat.postMessage: not_in_channel"]


def test_files_of_the_bot_are_shown_in_their_thread(visitor: Visitor, running: Playground) -> None:
    (root,) = [m for m in running.slack.workspace.messages["C0GENERAL"] if "thread_ts" not in m]
    store = running.works.tools.conversations.store
    for file in (File("line.svg", "Line", "a rising line", PICTURE), File("w.csv", "Counts of the week", "", b"a,b")):
        lane = f"C0GENERAL:{root['ts']}"
        where = {"lane": lane, "channel": "C0GENERAL", "thread": root["ts"], "key": file.name, "at": utc_now()}
        store.put_letter(Letter(TEAM, "", file.name, "file", body={"text": file.title}, file=file, **where))
    running.works.wake()
    picture = visitor.page.get_by_alt_text("a rising line")
    expect(picture).to_have_js_property("naturalWidth", 40)
    expect(visitor.page.locator(".file")).to_have_text("Counts of the weekDownload")


def test_a_phone_goes_back_from_the_thread_to_the_channel(browser: Browser, house: House, running: Playground) -> None:
    with visiting(browser, house, "en", PHONE) as visitor:
        visitor.arrive(running.url)
        visitor.ask()
        visitor.page.get_by_test_id("thread-back").click()
        expect(visitor.thread).to_be_hidden()
        visitor.page.get_by_test_id("replies").click()
        visitor.wait_for_question(1)


PICTURES = os.environ.get("KAKUNIN_PICTURES")  # read now: conftest clears the settings before a test
if PICTURES:

    def test_pictures_are_written(browser: Browser, house: House, running: Playground) -> None:
        write_guide_pictures(browser, house, running, Path(PICTURES or ""))  # on whose Home is no other check
        write_readme_pictures(browser, house, running, Path(PICTURES or ""))
