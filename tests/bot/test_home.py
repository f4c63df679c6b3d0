"""The Home tab: what stands on it, and what can be done there, in both languages."""

import threading
from pathlib import Path

import pytest

from bot.app import House
from bot.playground import payloads
from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM
from conversations.errors import NoSuchCase
from tests.bot.driver import Office, Researcher
from tests.bot.effects import dump

FINISHED = (("openness", "public"), ("duties", "none"))


def rows(person: Researcher) -> list[str]:
    """Return the ids of the cases in the order shown."""
    blocks = [str(block["block_id"]) for block in person.home["blocks"]]
    return [name.removeprefix("case:") for name in blocks if name.startswith("case:")]


def headers(person: Researcher) -> list[str]:
    return [block["block_id"] for block in person.home["blocks"] if block["type"] == "header"]


def case_of(person: Researcher) -> str:
    return person.standing().case.id


def words(person: Researcher) -> str:
    return repr(person.home["blocks"])


@pytest.mark.parametrize(("locale", "word"), [("ja-JP", "まだ確認はありません"), ("en-US", "You have no check yet")])
def test_somebody_new_finds_a_start_button_and_the_language(locale: str, word: str, office: Office) -> None:
    person = office.newcomer(locale).opens_home()
    assert headers(person) == ["cases", "held"]
    assert word in words(person)
    assert rows(person) == []
    assert person.on_home("person.forget") is None
    assert (person.on_home("person.language") or {})["initial_option"]["value"] == "auto"
    person.acts_on_home("start")
    assert (person.channel, person.asked) == (person.direct, ["openness"])
    assert rows(person) == [case_of(person)]


def test_the_tab_with_the_messages_is_not_touched(office: Office, alex: Researcher) -> None:
    office.gestures.open_home(alex.id, "messages")
    office.settle()
    assert alex.id not in office.workspace.homes


def test_open_cases_come_first_and_each_has_its_buttons(office: Office, alex: Researcher) -> None:
    alex.asks()
    for answer in FINISHED:
        alex.answers(*answer)
    finished = case_of(alex)
    alex.asks("May I use Claude for our data?").answers("openness", "undecided")
    unfinished = case_of(alex)
    alex.opens_home()
    assert rows(alex) == [unfinished, finished]
    assert "Claude" in words(alex)
    assert office.tools.phrases.label("en", "verdict.allowed") in words(alex)
    resume = alex.on_home("case.resume", unfinished)
    assert resume is not None
    assert resume["url"].endswith(f"/archives/{alex.channel}/p{alex.thread.replace('.', '')}")
    assert alex.on_home("case.delete", unfinished) is not None
    assert alex.on_home("case.delete", finished) is None
    assert alex.on_home("case.resume", finished) is not None


def test_conditions_that_are_not_ticked_stand_there(house: House, office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    while (current := alex.standing().progress.current) is not None:
        alex.answers(current.card.id, "unsure" if current.card.id != "content" else "none")
    (to_do,) = office.tools.conversations.to_do(TEAM, alex.id)
    measures = house.knowledge.measures
    alex.opens_home()
    assert all(measures[name].label.en[:70] in words(alex) for name in to_do.still)


def test_links_are_asked_for_once(office: Office, alex: Researcher) -> None:
    alex.asks()
    for asked in (1, 0):
        since = len(office.slack.api.calls)
        alex.opens_home()
        names = [name for name, _ in office.slack.api.calls[since:] if name != "users.info"]
        assert names == ["views.publish", *["chat.getPermalink", "views.publish"] * asked]


def test_a_thread_that_is_gone_has_no_link(office: Office, alex: Researcher) -> None:
    alex.asks()
    office.workspace.messages[alex.room].remove(alex.first_message())
    alex.opens_home()
    assert alex.on_home("case.resume", rows(alex)[0]) is None
    assert alex.on_home("case.hand", rows(alex)[0]) is not None
    assert office.take_refusals() == ["chat.getPermalink: message_not_found"]


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_an_unfinished_case_is_deleted_there(locale: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "undecided").opens_home()
    button = person.on_home("case.delete")
    assert button is not None
    assert button["confirm"]["text"]["text"] == office.tools.phrases.label(locale[:2], "home.delete_means")
    person.acts_on_home("case.delete")
    assert rows(person) == []
    assert person.told_on_home() == (locale[:2], "case_deleted")
    with pytest.raises(NoSuchCase):
        person.standing()
    person.opens_home()
    assert headers(person)[0] == "cases"
    assert office.tools.phrases.say(locale[:2], "note.case_deleted") not in words(person)


def test_nobody_deletes_somebody_elses(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().opens_home()
    hanako.asks().opens_home()
    theirs = case_of(alex)
    view = {**hanako.home, "blocks": _with_value(hanako.home["blocks"], case_of(hanako), theirs)}
    office.workspace.homes[hanako.id] = view
    hanako.acts_on_home("case.delete")
    assert hanako.told_on_home() == ("ja", "not_your_case")
    assert case_of(alex) == theirs


def _with_value(blocks: list[Payload], before: str, after: str) -> list[Payload]:
    found = [
        {**b, "elements": [{**e, "value": e["value"].replace(before, after)} for e in b.get("elements", [])]}
        for b in blocks
        if b["type"] == "actions"
    ]
    return [b for b in blocks if b["type"] != "actions"] + found


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_a_new_case_keeps_what_was_said_of_the_data(locale: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "undecided").answers("duties", bound=["personal"])
    person.answers("clearance", "permitted").answers("partners", "nobody")
    person.answers("service", service=["chatgpt_edu"], use=["prompt"])
    first = person.choices()
    assert {"service", "clearance"} <= first.keys()
    before = case_of(person)
    person.opens_home().acts_on_home("case.copy", before)
    assert person.told_on_home() == (locale[:2], "begun_directly")
    assert person.channel == person.direct
    assert person.choices() == {card: first[card] for card in ("openness", "duties")}
    assert person.asked == ["clearance"]  # it was given for one service, and so was the partners' consent
    person.answers("clearance", "permitted").answers("partners", "nobody")
    assert person.asked == ["service"]
    assert case_of(person) != before
    assert len(rows(person)) == 2
    assert {answer.by for answer in person.standing().case.answers} == {person.id}


def test_a_new_case_from_somebody_elses_is_refused(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().opens_home()
    hanako.asks().opens_home()
    view = {**hanako.home, "blocks": _with_value(hanako.home["blocks"], case_of(hanako), case_of(alex))}
    office.workspace.homes[hanako.id] = view
    hanako.acts_on_home("case.copy")
    assert hanako.told_on_home() == ("ja", "not_your_case")
    assert office.workspace.messages.get(hanako.direct, []) == []


@pytest.mark.parametrize(("locale", "other"), [("ja-JP", "en"), ("en-US", "ja")])
def test_the_language_is_switched_in_mid_interview(locale: str, other: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "undecided")
    card, choices = person.cards()[0], person.choices()
    person.opens_home().acts_on_home("person.language", chosen=[other])
    assert person.told_on_home() == (other, "language_taken")
    again = person.cards()[0]
    (question,) = [c.question for c in person.standing().book.interview.cards if c.id == "duties"]
    assert (again["ts"], again["text"]) == (card["ts"], question.say(other))
    assert person.choices() == choices
    person.answers("duties", "none")
    assert person.cards()[0]["text"] in {c.question.say(other) for c in person.standing().book.interview.cards}
    person.acts_on_home("person.language", chosen=["auto"])
    assert person.told_on_home() == (locale[:2], "language_taken")
    assert office.tools.conversations.store.language_of(TEAM, person.id) is None


def test_the_choice_goes_with_everything_else(office: Office, alex: Researcher) -> None:
    alex.opens_home().acts_on_home("person.language", chosen=["ja"])
    assert alex.on_home("person.forget") is not None
    alex.acts_on_home("person.forget")
    assert alex.told_on_home() == ("ja", "forgotten")
    assert office.tools.conversations.store.language_of(TEAM, alex.id) is None
    alex.opens_home()
    assert alex.on_home("person.forget") is None
    assert office.tools.phrases.say("en", "note.nothing_held") in words(alex)


def test_a_made_up_language_is_as_in_slack(office: Office, alex: Researcher) -> None:
    alex.opens_home()
    alex.acts_on_home("person.language", chosen=["tlh"])
    assert office.tools.conversations.store.language_of(TEAM, alex.id) is None


def test_an_older_home_does_not_take_the_place_of_a_newer_one(office: Office, alex: Researcher) -> None:
    """Two openings at once: what Slack refuses as outdated is left, quietly."""
    alex.asks().opens_home()
    shown = dict(alex.home)
    alex.opens_home()
    newer = alex.home["hash"]
    office.workspace.homes[alex.id] = {**shown, "hash": shown["hash"]}
    event = payloads.event(office.workspace, _opened(alex, "outdated"))
    office.workspace.homes[alex.id]["hash"] = newer
    office.send(payloads.encode_event(event))
    assert alex.home["hash"] == newer
    assert office.take_refusals() == ["views.publish: hash_conflict"]


def _opened(person: Researcher, seen: str) -> Payload:
    view = {"id": "V1", "hash": seen, "type": "home"}
    return {"type": "app_home_opened", "user": person.id, "channel": person.direct, "tab": "home", "view": view}


def test_slack_out_of_reach_loses_a_home_and_nothing_else(office: Office, alex: Researcher) -> None:
    with office.unreachable_slack():
        office.gestures.open_home(alex.id)
        office.settle()
    assert alex.id not in office.workspace.homes
    assert all("slack_sdk" in line for line in office.take_complaints())
    alex.opens_home()
    assert headers(alex) == ["cases", "held"]


def test_many_at_once(office: Office) -> None:
    people = [office.newcomer("en-US") for _ in range(8)]
    threads = [threading.Thread(target=office.gestures.open_home, args=(person.id,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.settle()
    assert all(headers(person) == ["cases", "held"] for person in people)


def test_only_a_language_and_who_chose_it_is_stored(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US").opens_home().acts_on_home("person.language", chosen=["ja"])
    assert dump(file)["preferences"] == [(TEAM, person.id, "ja")]
