"""What still waits for a thread when its case goes on in a direct message: nothing is lost, and nothing comes twice."""

from dataclasses import replace

import pytest

from bot.playground.workspace import TEAM
from conversations.store.protocol import Letter
from tests.bot.driver import Office, Researcher
from tests.bot.test_elsewhere import closed
from tests.bot.test_handover import answers_the_offer, hands
from tests.bot.test_record_thread import files_of, gets_the_record
from tests.bot.test_uploads import BEGIN, Breaking, refusing

REPLY, REMINDER = "somebody's word", "not finished yet"


def said(person: Researcher, text: str, case: str) -> Letter:
    """Return words for the thread looked at; of no case where that is empty."""
    lane, at = f"{person.channel}:{person.thread}", person.office.tools.clock()
    return Letter(TEAM, case, text, text, lane, person.channel, person.thread, {"text": text}, f"{lane}:{text}", at)


def words(person: Researcher) -> list[str]:
    return [message["text"] for message in person.from_bot()]


@pytest.fixture
def waiting(alex: Researcher, monkeypatch: pytest.MonkeyPatch) -> Researcher:
    """Somebody with a verdict, whose record, and two words behind it, wait as Slack has trouble."""
    alex.asks().answers("openness", "public").answers("duties", "none")
    Breaking(alex.office, monkeypatch).next(BEGIN, refusing("internal_error"))
    gets_the_record(alex)
    store, case = alex.office.tools.conversations.store, alex.standing().case.id
    for letter in (said(alex, REMINDER, case), said(alex, REPLY, "")):
        store.put_letter(letter)
    alex.office.settle()
    assert (files_of(alex), {REPLY, REMINDER}.isdisjoint(words(alex))) == ([], True)
    return alex


def goes_on_directly(person: Researcher) -> Researcher:
    """Let what waits be sent; return the person looking at the new thread."""
    before = replace(person)
    person.office.later()
    (root,) = [m for m in person.office.workspace.messages[person.direct] if "thread_ts" not in m]
    person.channel, person.thread = person.direct, root["ts"]
    return before


def test_a_record_and_words_of_the_case_follow_it_and_an_answer_to_talk_stays(waiting: Researcher) -> None:
    intro = waiting.from_bot()[0]
    waiting.presses("case.direct", on=intro)
    before = goes_on_directly(waiting)
    assert (len(files_of(waiting)), files_of(before)) == (3, [])
    assert ([REMINDER in words(who) for who in (waiting, before)]) == [True, False]
    assert ([REPLY in words(who) for who in (waiting, before)]) == [False, True]
    assert words(waiting).index(REMINDER) < words(waiting).index(waiting.verdict_message()["text"])
    gets_the_record(waiting)
    assert (waiting.notes()[-1], len(files_of(waiting))) == ("record_is_there", 3)


def test_from_a_closed_channel_everything_comes_along(office: Office, waiting: Researcher) -> None:
    closed(office, waiting, lambda channel: replace(channel, archived=True))
    before = goes_on_directly(waiting)
    office.take_refusals()
    assert (len(files_of(waiting)), files_of(before)) == (3, [])
    assert {REMINDER, REPLY} <= set(words(waiting))
    assert office.tools.conversations.store.backlog().letters == 0


def test_a_record_that_is_in_the_old_thread_comes_anew_where_it_is_asked_for(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    gets_the_record(alex)
    alex.presses("case.direct", on=alex.from_bot()[0])
    before = goes_on_directly(alex)
    gets_the_record(alex)
    assert (len(files_of(before)), len(files_of(alex))) == (3, 3)


def test_an_offer_outlives_a_move(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hands(alex, hanako.id)
    alex.presses("case.direct", on=alex.from_bot()[0])
    answers_the_offer(hanako, "case.take")
    case = office.tools.conversations.mine(TEAM, hanako.id).cases[0]
    assert case.place.channel == hanako.direct
    hanako.thread = case.place.thread
    assert hanako.asked == ["openness"]
