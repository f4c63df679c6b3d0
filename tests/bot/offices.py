"""An institution with a desk, an officer and an approver in the playground, for tests in the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, expect

from bot.app import House, build_house
from bot.playground.server import Playground, playground
from bot.playground.workspace import Channel
from bot.settings import load_settings
from tests import overlays
from tests.bot.browser import Visitor

KENJI, MIKA, EMMA, DESK = "U0KENJI", "U0MIKA", "U0EMMA", "C0DESK"
INSTITUTION = """
id = "kakuu"
name = { ja = "架空大学", en = "Kakuu University" }
[roles]
desk = ["U0KENJI"]
officers = ["U0MIKA"]
approvers = ["U0EMMA"]
[desk]
channel = "C0DESK"
language = "LANGUAGE"
"""
CONTACTS = """
[[contact]]
office = "desk"
name = { ja = "AI利用相談窓口", en = "AI help desk" }
email = "desk@example.ac.jp"
[[contact]]
office = "privacy"
name = { ja = "個人情報保護担当", en = "Privacy Office" }
email = "privacy@example.ac.jp"
"""


@contextmanager
def institute(folder: Path, language: str) -> Iterator[tuple[House, Playground]]:
    """Run the playground with the institution, whose desk reads cards in the language."""
    institution = INSTITUTION.replace("LANGUAGE", language)
    overlay = overlays.folder(folder, institution=institution, contacts=CONTACTS)
    house = build_house(overlay)
    with playground(house, load_settings(port=0, store=":memory:", overlay=overlay)) as started:
        started.slack.workspace.channels[DESK] = Channel(DESK, "ai-desk")
        yield house, started
        started.slack.workspace.touch()


def goes_to(visitor: Visitor, running: Playground, user: str, channel: str = "", tab: str = "messages") -> None:
    """Be somebody, in a channel or in their direct message with the bot."""
    visitor.page.goto(f"{running.url}#user={user}&channel={channel or f'D{user[1:]}'}&tab={tab}")


def is_refused(visitor: Visitor) -> None:
    """Ask, and say that the use of personal data was refused."""
    visitor.ask()
    visitor.press(visitor.label("openness", "", "undecided"))
    visitor.wait_for_question(2)
    visitor.choose("duties", "bound", "personal")
    visitor.press(visitor.say("question.next"))
    visitor.wait_for_question(3)
    visitor.press(visitor.label("clearance", "personal", "refused"))
    expect(visitor.verdict).to_be_visible()


def card(visitor: Visitor) -> Locator:
    """The newest message with a heading: at the desk, the card of a case."""
    shown = visitor.page.locator("#list .message")
    return shown.filter(has=visitor.page.locator(".block-header")).last


def asks_to_confirm(visitor: Visitor, person: str) -> None:
    """Fill in whom to ask for a privacy office's word on the verdict, whose modal is open."""
    modal = visitor.page.get_by_test_id("modal")
    chosen = modal.locator("select")
    chosen.nth(0).select_option("legal_clearance|personal")
    chosen.nth(1).select_option("privacy")
    chosen.nth(2).select_option(person)
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
