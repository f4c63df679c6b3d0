"""The pictures of the guides for the desk, for approvers and for officers, in each language."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, expect

from bot.app import House
from bot.playground.server import Playground
from bot.playground.workspace import TEAM
from conversations.service import utc_now
from conversations.store.opening import open_store
from tests.bot.browser import Visitor, visiting
from tests.bot.offices import DESK, EMMA, KENJI, MIKA, asks_to_confirm, card, goes_to, institute, is_refused
from tests.conversations.test_digest import judged
from tests.conversations.test_figures import start

SHOTS = ("desk", "approval", "digest")
SIZE = (760, 1700)
"""So high that a message is seen whole."""
READER = {"en": EMMA, "ja": KENJI}
APPROVER = OFFICER = {"en": EMMA, "ja": MIKA}
"""Who looks at the desk's channel, is asked to confirm, and gets the digest: people who read the language."""
CASES = (9, 7, 12, 10, 8, 14, 11, 9, 13, 16, 12, 15)
"""Checks begun in each of twelve weeks; all but two of them with a verdict."""


def picture(shot: str, language: str) -> str:
    """The file's name."""
    return f"office-{shot}-{language}.png"


def write_office_pictures(browser: Browser, folder: Path, target: Path) -> None:
    """Save the pictures; `folder` is for overlays."""
    for language in ("ja", "en"):
        store = str(folder / f"{language}.db")
        _weeks(store)
        with institute(folder / language, language, store) as (house, running):
            _take(browser, house, running, language, target)


def _take(browser: Browser, house: House, running: Playground, language: str, target: Path) -> None:
    with visiting(browser, house, language, SIZE) as visitor:
        page = visitor.page
        visitor.arrive(running.url)
        is_refused(visitor)
        visitor.press(visitor.say("desk.ask"))
        expect(visitor.private_notes()).to_be_visible()
        visitor.press(visitor.say("approval.open"))
        asks_to_confirm(visitor, APPROVER[language], "openness_review|", "leader")
        goes_to(visitor, running, READER[language], DESK)
        expect(card(visitor)).to_be_visible()
        _shoot(visitor, card(visitor), target / picture("desk", language))
        goes_to(visitor, running, APPROVER[language])
        request = page.locator("#list .message").filter(has_text=visitor.say("approval.back"))
        expect(request).to_be_visible()
        _shoot(visitor, request, target / picture("approval", language))
        goes_to(visitor, running, OFFICER[language], tab="home")
        page.get_by_test_id("home").get_by_role("button", name=visitor.say("digest.resend")).click()
        goes_to(visitor, running, OFFICER[language])
        digest = page.locator("#list .message").filter(has=page.locator(".block-header"))
        expect(digest).to_have_count(2)  # the first came late, as the bot began only now
        _shoot(visitor, digest.last, target / picture("digest", language), most=598)


def _weeks(path: str) -> None:
    """Fill twelve weeks before the bot counts them."""
    with closing(open_store(path)) as store:
        for week, count in enumerate(reversed(CASES), start=1):
            at = utc_now() - timedelta(weeks=week)
            for number in range(count):
                start(store, f"w{week}c{number}", at, TEAM, asker="")
                if number >= 2:
                    judged(store, f"w{week}c{number}", at, workspace=TEAM, item_4="unconfirmed")


def _shoot(visitor: Visitor, place: Locator, path: Path, most: int = SIZE[1]) -> None:
    """Take a picture of a place on the page, of so many pixels at `most`."""
    visitor.page.mouse.move(0, 0)
    place.evaluate("node => node.scrollIntoView()")
    found = place.bounding_box() or {"x": 0, "y": 0, "width": SIZE[0], "height": SIZE[1]}
    clip: FloatRect = {**found, "height": min(found["height"], most)}
    visitor.page.screenshot(path=path, animations="disabled", clip=clip)
