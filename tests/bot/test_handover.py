"""A case is handed to a colleague, who has to accept it; receipts tell nothing of either."""

import json
from dataclasses import replace

import pytest

from bot.playground.workspace import Message
from conversations.models import Place
from tests.bot.driver import Office, Researcher


def hands(person: Researcher, to: str) -> None:
    """Pick somebody in the modal that the Home tab opens."""
    person.opens_home().acts_on_home("case.hand")
    person.office.slack.submit(person.id, person.view["id"], {"colleague": {"choice": [to]}})
    person.office.settle()


def offer(person: Researcher) -> Message:
    return [m for m in person.office.workspace.messages[person.direct] if m["user"] != person.id][-1]


def answers_the_offer(person: Researcher, action: str) -> None:
    person.channel = person.direct
    person.presses(action, on=offer(person))


def told(person: Researcher) -> str:
    """Return the newest direct message."""
    return str(person.office.workspace.messages[person.direct][-1]["text"])


@pytest.mark.parametrize(("locale", "other"), [("ja-JP", "en-US"), ("en-US", "ja-JP")])
def test_whoever_accepts_goes_on_with_the_answers(locale: str, other: str, office: Office) -> None:
    person, colleague = office.newcomer(locale).asks().answers("openness", "undecided"), office.newcomer(other)
    hands(person, colleague.id)
    assert person.told_on_home() == (locale[:2], "handed")
    assert f"<@{person.id}>" in offer(colleague)["text"]
    assert person.standing().case.asker == person.id
    answers_the_offer(colleague, "case.take")
    standing = person.standing()
    assert standing.case.asker == colleague.id
    assert {answer.by for answer in standing.case.answers} == {""}
    say = office.tools.phrases.say
    assert say(other[:2], "entry.take") not in json.dumps(offer(colleague))
    assert f"<#{person.room}>" in offer(colleague)["text"]
    assert f"<@{colleague.id}>" in told(person)
    assert f"<@{colleague.id}>" in person.from_bot()[0]["text"]
    colleague.looks_at(person)
    assert colleague.asked == ["duties"]
    colleague.answers("duties", "none")
    assert set(colleague.choices()) == {"openness", "duties"}
    person.presses("card.shortcut:unsure", {}, on=colleague.cards()[0])
    assert person.notes() == ["not_your_case"]
    assert office.tools.conversations.mine("T0PLAY", person.id).cases == ()
    assert [c.id for c in office.tools.conversations.mine("T0PLAY", colleague.id).cases] == [standing.case.id]


def test_a_case_in_a_direct_message_goes_on_under_the_offer(
    office: Office, alex: Researcher, hanako: Researcher
) -> None:
    alex.asks_directly().answers("openness", "undecided")
    case = alex.standing().case
    hands(alex, hanako.id)
    answers_the_offer(hanako, "case.take")
    root = [m for m in office.workspace.messages[hanako.direct] if "thread_ts" not in m][-1]
    hanako.thread = root["ts"]
    assert hanako.standing().case.id == case.id
    assert hanako.asked == ["duties"]
    assert [m for m in alex.from_bot() if m.get("blocks") and m["blocks"][-1]["type"] == "actions"] == []
    hanako.answers("duties", "none")
    place = Place("T0PLAY", hanako.direct, hanako.thread)
    assert office.tools.conversations.case("T0PLAY", case.id).place == place


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_whoever_does_not_accept_leaves_it_with_the_asker(locale: str, office: Office) -> None:
    person, colleague = office.newcomer(locale).asks(), office.newcomer(locale)
    hands(person, colleague.id)
    answers_the_offer(colleague, "case.refuse")
    assert person.standing().case.asker == person.id
    assert told(person) == office.tools.phrases.say(locale[:2], "entry.was_refused", colleague="\0").replace(
        "\0", f"<@{colleague.id}>"
    )
    person.channel, person.thread = person.room, person.standing().case.place.thread
    person.answers("openness", "public")


@pytest.mark.parametrize("who", ["oneself", "a bot", "somebody who left", "a stranger", "nobody"])
def test_it_is_handed_to_a_colleague_only(who: str, office: Office, alex: Researcher, hanako: Researcher) -> None:
    people, change = office.workspace.people, {"a bot": {"is_bot": True}, "somebody who left": {"deleted": True}}
    change["a stranger"] = {"team": "T0OTHER"}  # type: ignore[dict-item]
    people[hanako.id] = replace(people[hanako.id], **change.get(who, {}))  # type: ignore[arg-type]
    alex.asks()
    hands(alex, {"oneself": alex.id, "nobody": "U0NOBODY"}.get(who, hanako.id))
    assert alex.told_on_home() == ("en", "not_a_colleague")
    assert office.workspace.messages.get(hanako.direct, []) == []
    assert alex.standing().case.asker == alex.id
    assert office.take_refusals() == (["users.info: user_not_found"] if who == "nobody" else [])


def test_of_two_who_were_asked_the_first_takes_it(office: Office, alex: Researcher, hanako: Researcher) -> None:
    kenji = office.newcomer("ja-JP")
    alex.asks()
    for colleague in (hanako, kenji):
        hands(alex, colleague.id)
    answers_the_offer(kenji, "case.take")
    answers_the_offer(hanako, "case.take")
    assert hanako.noted() == [("ja", "no_such_case")]
    assert alex.standing().case.asker == kenji.id


def test_nobody_takes_what_was_not_offered_to_them(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    sent = alex.payload("card.shortcut:none", alex.cards()[0])
    action = {**sent["actions"][0], "action_id": "case.take", "value": alex.standing().case.id}
    for person in (alex, hanako):
        user = {**sent["user"], "id": person.id}
        office.send_interaction({**sent, "user": user, "actions": [action]})
    assert (alex.notes(), hanako.looks_at(alex).notes()) == (["no_such_case"], ["no_such_case"])
    assert alex.standing().case.asker == alex.id


def test_what_was_offered_and_deleted_is_gone(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hands(alex, hanako.id)
    alex.acts_on_home("case.delete")
    answers_the_offer(hanako, "case.take")
    assert hanako.noted() == [("ja", "no_such_case")]


def test_receipts_tell_nothing_of_persons(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "public")
    hands(alex, hanako.id)
    answers_the_offer(hanako, "case.take")
    case = alex.standing().case
    hanako.looks_at(alex).answers("duties", "none")
    (receipt,) = office.tools.conversations.store.receipts("T0PLAY", case.id)
    assert alex.id not in receipt
    assert hanako.id not in receipt
    assert hanako.verdicts() == ["allowed"]


def test_somebody_else_cannot_open_the_modal(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    hanako.asks().opens_home()
    mine, theirs = hanako.standing().case.id, alex.standing().case.id
    for block in hanako.home["blocks"]:
        for element in block.get("elements", []):
            if isinstance(element.get("value"), str):
                element["value"] = element["value"].replace(mine, theirs)
    hanako.acts_on_home("case.hand")
    assert not hanako.has_view
    assert office.name_of(told(hanako))[1] == "not_your_case"
