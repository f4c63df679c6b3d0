"""The page for everybody: axe finds nothing that keeps somebody out, in both themes and at both widths.

And everything that Slack's blocks can hold is shown, not only what the bot uses today.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bot.app import House, build_house
from bot.example import EXAMPLE
from bot.playground.block_kit import block_faults
from bot.playground.payloads import Payload
from bot.playground.server import Playground, playground
from bot.playground.workspace import BOT, BOT_ID
from bot.settings import load_settings
from tests.bot.browser import CHROMIUM, DESKTOP, PHONE, USERS, Visitor, visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on PATH"),
]
GRAVE = ("serious", "critical")
BOTH = pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("ja", PHONE)], ids=["en desktop", "ja phone"])


def barriers(visitor: Visitor) -> list[str]:
    """What axe finds wrong with the page as it stands, in light and in dark."""
    visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = _found(visitor, {})
    visitor.page.emulate_media(color_scheme="dark")
    return found + _found(visitor, {"runOnly": ["color-contrast"]})  # nothing else differs


def _found(visitor: Visitor, options: Payload) -> list[str]:
    told = Axe().run(visitor.page, options={"resultTypes": ["violations"], **options}).response["violations"]
    grave = [each for each in told if each["impact"] in GRAVE]
    return [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]]


@BOTH
def test_axe_finds_no_barrier_from_the_channel_to_home(
    browser: Browser, house: House, running: Playground, language: str, size: tuple[int, int]
) -> None:
    with visiting(browser, house, language, size) as visitor:
        page, direct = visitor.page, f"D{USERS[language][1:]}"
        visitor.arrive(running.url)
        expect(page.get_by_test_id("hint").first).to_be_visible()
        assert barriers(visitor) == [], "a channel where nothing was said"
        visitor.ask()
        assert barriers(visitor) == [], "a question in its thread"
        visitor.thread.locator(".blocks button.overflow").last.click()
        assert barriers(visitor) == [], "the menu of a question"
        page.get_by_role("menuitem", name=visitor.say("help.why"), exact=True).click()
        expect(page.get_by_test_id("modal")).to_be_visible()
        assert barriers(visitor) == [], "a modal"
        page.keyboard.press("Escape")
        visitor.press(visitor.label("openness", "", "public"))
        visitor.wait_for_question(2)
        visitor.press(visitor.label("duties", "", "none"))
        expect(visitor.verdict).to_be_visible()
        assert barriers(visitor) == [], "a verdict"
        visitor.arrive(running.url, f"{direct}&tab=home")
        expect(page.get_by_test_id("home").get_by_text(visitor.say("home.show"))).to_be_visible()
        assert barriers(visitor) == [], "Home"
        page.get_by_test_id("tab-assistant").click()
        expect(page.get_by_test_id("prompt").first).to_be_visible()
        assert barriers(visitor) == [], "the assistant's pane"
        if size == PHONE:
            page.locator("#menu").click()
            assert barriers(visitor) == [], "the list of channels"


def test_a_check_is_done_by_keyboard_alone(browser: Browser, house: House, running: Playground) -> None:
    with visiting(browser, house, "en") as visitor:
        keys = visitor.page.keyboard
        visitor.arrive(running.url)
        visitor.page.get_by_test_id("composer").focus()
        keys.type("@Kakunin May I put our interview data into ChatGPT?")
        keys.press("Enter")
        visitor.wait_for_question(1)
        for card, option, next_question in (("openness", "public", 2), ("duties", "none", 0)):
            name = visitor.label(card, "", option)
            for _ in range(60):
                keys.press("Shift+Tab")
                if visitor.page.evaluate("document.activeElement.textContent") == name:
                    break
            keys.press("Enter")
            if next_question:
                visitor.wait_for_question(next_question)
                visitor.page.get_by_test_id("thread-composer").focus()
        expect(visitor.verdict).to_be_visible()


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def asked_for(name: str, element: Payload) -> Payload:
    accessory = {"action_id": name, **element}
    return {"type": "section", "block_id": name, "text": plain(f"Choose {name}"), "accessory": accessory}


def worded(*inline: Payload) -> Payload:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(inline)}]}


GROUPED = [{"label": plain("A group"), "options": [{"text": plain("One"), "value": "1"}]}]
WEEKS = [{"label": f"W{number}", "value": number % 4} for number in range(1, 11)]
SERIES = {
    "series": [{"name": "Asked", "data": WEEKS}],
    "axis_config": {"categories": [each["label"] for each in WEEKS], "x_label": "Week"},
}
EVERYTHING: list[Payload] = [
    {"type": "header", "text": plain("Every block")},
    asked_for("person", {"type": "users_select", "initial_user": "U0ALEX"}),
    asked_for("day", {"type": "datepicker", "initial_date": "2026-12-01"}),
    asked_for("one", {"type": "static_select", "option_groups": GROUPED}),
    asked_for("place", {"type": "conversations_select", "default_to_current_conversation": True}),
    asked_for("more", {"type": "overflow", "options": [{"text": plain("One"), "value": "1"}]}),
    {
        "type": "input",
        "block_id": "why",
        "label": plain("Why"),
        "element": {"type": "plain_text_input", "action_id": "why", "multiline": True, "initial_value": "so"},
    },
    {"type": "image", "block_id": "picture", "slack_file": {"id": "F0LINE"}, "alt_text": "a rising line"},
    worded(
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "usergroup", "usergroup_id": "S0OFFICE"},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1_795_000_000, "format": "{date}"},
        {"type": "color", "value": "#ff0000"},
    ),
    {
        "type": "data_table",
        "caption": "Counts",
        "rows": [[{"type": "raw_text", "text": "a"}], [{"type": "raw_number", "value": 1, "text": "1"}]],
    },
    {"type": "data_visualization", "title": "By week", "chart": {"type": "line", **SERIES}},
    {
        "type": "data_visualization",
        "title": "By verdict",
        "chart": {"type": "pie", "segments": [{"label": "allowed", "value": 3}, {"label": "refused", "value": 1}]},
    },
    {
        "type": "plan",
        "title": "Steps",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "Read", "status": "complete"}],
    },
    {
        "type": "task_card",
        "task_id": "2",
        "title": "Wait for the desk",
        "status": "error",
        "details": worded({"type": "text", "text": "since Monday"}),
        "sources": [{"type": "url", "url": "https://example.ac.jp", "text": "the rules"}],
    },
]
PICTURE = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"


@BOTH
def test_every_block_is_shown_and_keeps_nobody_out(
    browser: Browser, house: House, running: Playground, language: str, size: tuple[int, int]
) -> None:
    assert block_faults(EVERYTHING, "message") == []
    bars = {"type": "data_visualization", "title": "As bars", "chart": {"type": "bar", **SERIES}}
    area = {"type": "data_visualization", "title": "As an area", "chart": {"type": "area", **SERIES}}
    picture = {"id": "F0LINE", "name": "line.svg", "title": "Line", "mimetype": "image/svg+xml", "url_private": PICTURE}
    table = {"id": "F0CSV", "name": "w.csv", "title": "Counts", "mimetype": "text/csv", "url_private": "/files/F0CSV"}
    author = {"user": BOT, "bot_id": BOT_ID}
    running.slack.workspace.post("C0LAB", {**author, "text": "", "blocks": EVERYTHING, "files": [picture, table]})
    running.slack.workspace.post("C0LAB", {**author, "text": "", "blocks": [bars, area]})
    with visiting(browser, house, language, size) as visitor:
        visitor.arrive(running.url, "C0LAB")
        shown = visitor.page.locator("#list")
        expect(shown.get_by_role("heading", name="Every block")).to_be_visible()
        expect(visitor.page.locator(".unsupported")).to_have_count(0)
        expect(shown.get_by_alt_text("a rising line")).to_have_js_property("naturalWidth", 40)
        expect(shown.locator("a.file")).to_have_attribute("download", "w.csv")
        shown.locator(".numbers summary").first.click()
        expect(shown.locator(".numbers").first.get_by_role("row")).to_have_count(1 + len(WEEKS))
        assert barriers(visitor) == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size[0], "the page scrolls sideways"


@pytest.fixture(scope="module")
def institute() -> Iterator[tuple[House, Playground]]:
    """The playground with the example institution."""
    house = build_house(EXAMPLE)
    with playground(house, load_settings(port=0, store=":memory:", overlay=EXAMPLE)) as started:
        yield house, started
        started.slack.workspace.touch()


def test_each_role_is_somebody_else_and_everybody_sets_a_language(
    browser: Browser, institute: tuple[House, Playground]
) -> None:
    house, running = institute
    with visiting(browser, house, "en") as visitor:
        page = visitor.page
        visitor.arrive(running.url)
        people = page.get_by_test_id("user").get_by_role("radio")
        expect(people.locator("small")).to_have_text(
            ["researcher", "researcher", "help desk", "officer", "approver", "administrator"]
        )
        page.get_by_role("radio", name="Emma Clarke").click()
        page.locator(
            "[data-channel-id=D0EMMA]"
        ).click()  # not the direct message of before, which is there a moment longer
        page.get_by_test_id("tab-home").click()
        home = page.get_by_test_id("home")
        expect(home.get_by_text(visitor.say("home.no_case"))).to_be_visible()
        page.get_by_test_id("language").select_option("ja-JP")
        expect(home.get_by_text(house.phrases.label("ja", "home.no_case"))).to_be_visible()
        expect(page.get_by_test_id("tab-home")).to_have_text("ホーム")
        expect(page.get_by_role("radio", name="Emma Clarke").locator("small")).to_have_text("承認者")
