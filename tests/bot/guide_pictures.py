"""The pictures of the user guide, taken of a check on a telephone in each language."""

from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, expect

from bot.app import House
from bot.playground.server import Playground
from tests.bot.browser import PHONE, QUESTIONS, USERS, Visitor, visiting

SHOTS = ("card", "help", "verdict", "change", "record", "home")
"""The names of the pictures, in the order of the guide."""


def picture(shot: str, language: str) -> str:
    """The file's name."""
    return f"guide-{shot}-{language}.png"


def write_guide_pictures(browser: Browser, house: House, running: Playground, folder: Path) -> None:
    """Save the pictures in both languages."""
    for language in ("ja", "en"):
        with visiting(browser, house, language, PHONE) as visitor:
            _Photographer(visitor, folder).walk(running.url)


class _Photographer:
    """Walks through a check and takes a picture at each stop."""

    def __init__(self, visitor: Visitor, folder: Path) -> None:
        self._visitor = visitor
        self._page = visitor.page
        self._folder = folder

    def walk(self, url: str) -> None:
        visitor, page = self._visitor, self._page
        direct = f"D{USERS[visitor.language][1:]}"
        visitor.arrive(url, direct)
        visitor.write(QUESTIONS[visitor.language].removeprefix("@Kakunin "))
        visitor.wait_for_question(1)
        self._take("card")
        visitor.thread.locator(".blocks button.overflow").last.click()
        self._take("help")
        page.keyboard.press("Escape")
        visitor.answer_all()
        self._top(visitor.verdict.locator(".block-header"))
        self._take("verdict")
        visitor.verdict.locator("input[type=checkbox]").nth(1).check()
        self._change()
        visitor.press(visitor.say("record.get"))
        expect(visitor.thread.locator("a.file")).to_have_count(3)
        self._take("record", below=visitor.thread.locator(".message", has=page.locator("a.file")).first)
        page.get_by_test_id("thread-back").click()
        page.get_by_test_id("tab-home").click()
        expect(page.get_by_test_id("home").get_by_text(visitor.say("home.title_to_do"))).to_be_visible()
        self._take("home")

    def _change(self) -> None:
        visitor, modal = self._visitor, self._page.get_by_test_id("modal")
        visitor.press(visitor.say("verdict.change_answer"))
        expect(modal.locator("h2")).to_have_text(visitor.say("edit.summary"))
        modal.get_by_role("button", name=visitor.say("question.change")).nth(2).click()
        modal.get_by_label(visitor.label("clearance", "personal", "refused")).check()
        modal.get_by_test_id("modal-submit").click()
        expect(modal.locator("h2")).to_have_text(visitor.say("edit.apply_title"))
        self._take("change", modal)
        modal.get_by_test_id("modal-close").click()

    def _top(self, place: Locator) -> None:
        """Scroll the thread so that the place stands at its top."""
        place.evaluate(
            "node => { const pane = document.getElementById('thread-scroll');"
            " pane.scrollTop += node.getBoundingClientRect().top - pane.getBoundingClientRect().top - 8; }"
        )

    def _take(self, shot: str, place: Locator | None = None, below: Locator | None = None) -> None:
        """Take a picture of the page, of a place on it, or of all from a place on."""
        self._page.mouse.move(0, 0)
        path = self._folder / picture(shot, self._visitor.language)
        if place:
            place.screenshot(path=path, animations="disabled")
            return
        top = (below.bounding_box() or {"y": 0})["y"] if below else 0
        whole: FloatRect = {"x": 0, "y": top, "width": PHONE[0], "height": PHONE[1] - top}
        self._page.screenshot(path=path, animations="disabled", clip=whole)
