"""Drives the playground's page in a real Chromium, as a person with one language does."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.app import House
from bot.playground.server import Playground

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]
PATIENCE = 30_000
DESKTOP, PHONE = (1280, 860), (390, 844)

USERS = {"ja": "U0HANAKO", "en": "U0ALEX"}
QUESTIONS = {
    "ja": "@Kakunin 患者さんのデータを ChatGPT に入れてもいい？",
    "en": "@Kakunin May I put our interview data into ChatGPT?",
}
LAST_CARD = 6


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A page of the playground and the person in front of it."""

    page: Page
    house: House
    language: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hear everything that goes wrong on the page."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def thread(self) -> Locator:
        return self.page.get_by_test_id("thread")

    def say(self, name: str) -> str:
        """A phrase of the bot as plain text."""
        return self.house.phrases.label(self.language, name)

    def label(self, card: str, part: str, option: str) -> str:
        """The wording of an option, or of a shortcut where `part` is empty."""
        (found,) = (c for c in self.house.interview.cards if c.id == card)
        records = found.shortcuts if not part else next(p for p in found.parts if p.id == part).options
        return next(record for record in records if record.id == option).label.say(self.language)

    def arrive(self, url: str, channel: str = "C0GENERAL") -> None:
        self.page.goto(f"{url}#user={USERS[self.language]}&channel={channel}")

    def write(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def wait_for_question(self, number: int) -> None:
        """Wait until the card stands in the thread, to be answered."""
        words = {"ja": f"質問 {number}", "en": f"Question {number} ("}[self.language]
        expect(self.thread.get_by_text(words).last).to_be_visible()

    def press(self, name: str) -> None:
        self.thread.get_by_role("button", name=name, exact=True).click()

    def choose(self, card: str, part: str, option: str) -> None:
        self.thread.get_by_label(self.label(card, part, option), exact=False).first.check()

    def ask(self) -> None:
        """Ask the question and wait for the first card."""
        self.write(QUESTIONS[self.language])
        self.wait_for_question(1)

    def answer_all(self) -> None:
        """From the first card to a verdict: personal data, permitted, into a university's ChatGPT."""
        following = self.say("question.next")
        self.press(self.label("openness", "", "undecided"))
        self.wait_for_question(2)
        self.choose("duties", "bound", "personal")
        self.press(following)
        self.wait_for_question(3)
        self.press(self.label("clearance", "personal", "permitted"))
        self.wait_for_question(4)
        self.press(self.label("partners", "", "nobody"))
        self.wait_for_question(5)
        self.thread.locator("select").select_option("chatgpt_edu")
        self.wait_for_question(LAST_CARD)
        self.press(self.label("safeguards", "place", "not_checked"))
        expect(self.verdict).to_be_visible()

    @property
    def verdict(self) -> Locator:
        """The message with the verdict."""
        everything = self.page.get_by_role("button", name=self.say("verdict.all_reasons"))
        return self.thread.locator(".message").filter(has=everything)

    def private_notes(self) -> Locator:
        return self.page.locator(".message.ephemeral:visible")


@contextmanager
def visiting(
    browser: Browser, house: House, language: str, size: tuple[int, int] = DESKTOP, *, dark: bool = False
) -> Iterator[Visitor]:
    """A new browser window; what went wrong on its page fails the test at the end."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale={"ja": "ja-JP", "en": "en-US"}[language],
    )
    visitor = Visitor(context.new_page(), house, language)
    yield visitor
    context.close()
    assert visitor.complaints == []


def write_readme_pictures(browser: Browser, house: House, running: Playground, folder: Path) -> None:
    """Save the pictures of the README: a verdict on a desktop in Japanese, and on a telephone in English."""
    for language, size, name in (("ja", DESKTOP, "playground-ja"), ("en", PHONE, "playground-en-phone")):
        with visiting(browser, house, language, size) as visitor:
            visitor.arrive(running.url, {"ja": "C0GENERAL", "en": "C0LAB"}[language])
            visitor.ask()
            visitor.answer_all()
            visitor.verdict.locator(".block-header").evaluate(
                "node => { const pane = document.getElementById('thread-scroll');"
                " pane.scrollTop += node.getBoundingClientRect().top - pane.getBoundingClientRect().top - 8; }"
            )
            visitor.page.mouse.move(0, 0)
            visitor.page.screenshot(path=folder / f"{name}.png")
