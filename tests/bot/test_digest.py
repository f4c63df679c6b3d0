"""The weekly digest at Slack: to whom, when, once; what officers ask of it on Home; and that it reaches somebody."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import build_house
from bot.digest.rounds import DigestRounds
from bot.digest.sending import report_of
from bot.digest.tables import as_csv, as_xlsx
from bot.example import EXAMPLE
from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM, Message
from bot.spreadsheet import safe
from conversations.figures import name_of
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher
from tests.conversations.test_digest import judged
from tests.conversations.test_figures import start

TOKYO = ZoneInfo("Asia/Tokyo")
WEEK = timedelta(days=7)
FILES = ["trend.{}.png", "week.{}.png", "{}.csv", "{}.xlsx"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Office]:
    """The example's institution on a Monday morning at eight, with a case in the week before, and nobody told yet."""
    with opened(build_house(EXAMPLE), str(tmp_path / "kakunin.db")) as office:
        now = office.tools.clock().astimezone(TOKYO)
        monday = now.replace(hour=8, minute=0) + timedelta(days=7 - now.weekday())
        office.later((monday - now).total_seconds())
        office.workspace.groups = {**office.workspace.groups, "S0OFFICE": ()}
        for number in range(6):
            start(office.tools.conversations.store, f"c{number}", monday - timedelta(days=2), TEAM, asker="")
        yield office
        office.settle()
        assert office.take_refusals() == []


def officer(office: Office, locale: str = "en-US") -> Researcher:
    person = office.newcomer(locale)
    members = office.workspace.groups["S0OFFICE"]
    office.workspace.groups = {**office.workspace.groups, "S0OFFICE": (*members, person.id)}
    return person


def passes(office: Office, *, hours: float = 0, weeks: float = 0) -> None:
    office.later(timedelta(hours=hours, weeks=weeks).total_seconds())
    office.rounds()


def got(person: Researcher) -> list[Message]:
    """Return what came in the person's direct message, oldest first."""
    return [
        m for m in person.office.workspace.messages.get(person.direct, []) if m["user"] == person.office.workspace.bot
    ]


def last_week(office: Office) -> str:
    return name_of((office.tools.clock().astimezone(TOKYO) - WEEK).date())


def digests(person: Researcher) -> list[Message]:
    return [m for m in got(person) if (m.get("blocks") or [{}])[0].get("block_id") == "digest"]


def test_every_officer_gets_it_once_in_their_language_with_its_files(place: Office) -> None:
    hanako, alex, stranger = officer(place, "ja-JP"), officer(place), place.newcomer("en-US")
    place.rounds()
    assert got(alex) == []
    passes(place, hours=1.1)
    passes(place)
    for person, language in ((hanako, "ja"), (alex, "en")):
        (message,) = digests(person)
        assert place.tools.phrases.label(language, "digest.title", week=last_week(place)) in str(message["blocks"][0])
        names = [file["name"] for each in got(person) for file in each.get("files", ())]
        assert [name.partition(last_week(place))[2].lstrip("-.") for name in names] == [
            f.format(language) for f in FILES
        ]
        assert len(got(person)) == 5
    late = place.tools.phrases.say("en", "digest.late", due="")[:20]
    assert late not in digests(alex)[0]["text"]
    assert got(stranger) == []
    another = DigestRounds(place.works)  # another process, or this one after a restart
    another.go(place.tools.clock())
    place.settle()
    assert len(got(alex)) == 5


def test_after_weeks_without_the_bot_the_latest_comes_and_says_that_it_is_late(place: Office) -> None:
    alex = officer(place)
    passes(place, hours=1.1)
    passes(place, weeks=3.2)
    first, second = digests(alex)
    assert last_week(place) in str(second["blocks"][0])
    due = (place.tools.clock().astimezone(TOKYO)).date()
    due -= timedelta(days=due.weekday())
    said = place.tools.phrases.say("en", "digest.late", due=f"{due.isoformat()} 09:00")
    missed = place.tools.phrases.say("en", "digest.missed", since=name_of(due - 3 * WEEK))
    assert said in second["text"]
    assert missed in second["text"]
    assert missed not in first["text"]
    nothing = place.tools.phrases.say("en", "digest.nothing")
    assert nothing in second["text"]


def test_two_that_are_due_at_once_are_both_sent(place: Office) -> None:
    alex = officer(place)
    start(place.tools.conversations.store, "there", place.tools.clock() - timedelta(days=2), "T0OTHER", asker="")
    passes(place, hours=1.1)
    assert len(digests(alex)) == 2  # the stand-in is both workspaces' Slack


def test_while_slack_is_out_of_reach_it_waits(place: Office) -> None:
    alex = officer(place)
    place.later(3700)
    with place.unreachable_slack():
        place.courier.go_round()
        place.settle()
    assert got(alex) == []
    passes(place, hours=2)
    (first,) = digests(alex)
    place.later(timedelta(weeks=2).total_seconds())
    with place.unreachable_slack():
        place.courier.go_round()
        place.settle()
    passes(place, hours=2)
    missed = place.tools.phrases.say("en", "digest.missed", since="")[:15]
    assert [missed in each["text"] for each in (first, digests(alex)[1])] == [False, True]


def test_with_no_officer_the_administrators_are_told_once_a_week(place: Office) -> None:
    ryo = Researcher(place, "U0RYO", "D0RYO", "C0LAB")
    passes(place, hours=1.1)
    passes(place, hours=1)
    assert [m["text"] for m in got(ryo)] == [place.tools.phrases.say("ja", "digest.no_officers", week=last_week(place))]
    passes(place, weeks=1)
    assert len(got(ryo)) == 2


def test_who_left_is_passed_over(place: Office) -> None:
    alex, gone = officer(place), officer(place)
    place.workspace.people[gone.id] = type(place.workspace.people[gone.id])(
        **{**vars(place.workspace.people[gone.id]), "deleted": True}
    )
    passes(place, hours=1.1)
    assert (len(digests(alex)), digests(gone)) == (1, [])


def test_an_officer_says_no_and_yes_again_and_looks_at_any_week_on_home(place: Office) -> None:
    alex = officer(place)
    alex.opens_home().acts_on_home("digest.subscribe")
    assert alex.told_on_home() == ("en", "digest_unwanted")
    passes(place, hours=1.1)
    assert got(alex) == []
    alex.acts_on_home("digest.resend")
    assert alex.told_on_home() == ("en", "digest_sent")
    assert (len(digests(alex)), len(got(alex))) == (1, 5)
    alex.acts_on_home("digest.preview", chosen=[last_week(place)])
    assert alex.view["callback_id"] == "digest"
    assert last_week(place) in alex.view["title"]["text"]
    alex.acts_on_home("digest.subscribe")
    assert alex.told_on_home() == ("en", "digest_wanted")
    passes(place, weeks=1)
    assert len(digests(alex)) == 2


def test_nobody_else_sees_it_or_gets_it(place: Office) -> None:
    stranger, alex = place.newcomer("en-US"), officer(place)
    assert stranger.opens_home().on_home("digest.preview") is None
    alex.opens_home()
    place.workspace.groups = {**place.workspace.groups, "S0OFFICE": ()}
    place.tools.groups._known.clear()
    alex.acts_on_home("digest.resend")
    assert alex.told_on_home()[1] == "not_allowed"
    assert got(alex) == []


def test_small_counts_are_hidden_in_every_form(place: Office) -> None:
    alex, store = officer(place), place.tools.conversations.store
    at = place.tools.clock() - timedelta(days=2)
    for number in range(2):
        judged(store, f"c{number}", at, workspace=TEAM, item_4="unconfirmed", item_6="unconfirmed")
    passes(place, hours=1.1)
    (message,) = digests(alex)
    cells = [[cell["text"] for cell in row] for block in message["blocks"] for row in block.get("rows", [])]
    assert ["With a verdict", "<5", "—"] in cells
    assert ["④ Where data are kept", "<5"] in cells
    assert not [cell for row in cells for cell in row[1:] if cell in {"1", "2", "3", "4"}]
    files: dict[str, Payload] = {f["name"]: f for m in got(alex) for f in m.get("files", ())}
    for name, file in files.items():
        if name.endswith("png"):
            assert "With a verdict" not in file["alt_txt"] or "<5" in file["alt_txt"]


def test_a_text_is_no_formula_and_a_number_is_one(place: Office) -> None:
    assert [safe(text) for text in ("=1+1", "@a", "-x", "+3", "-3", "12", "<5")] == [
        "'=1+1",
        "'@a",
        "'-x",
        "+3",
        "-3",
        "12",
        "<5",
    ]
    digest = place.tools.digests.of(TEAM, last_week(place))
    report = report_of(place.tools, TEAM, digest, "ja")
    text = as_csv(place.tools.phrases, report).decode("utf-8-sig")
    assert "始まった,6,+6" in text
    with zipfile.ZipFile(io.BytesIO(as_xlsx(report))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>6</v>" in sheet
    assert "<f>" not in sheet
