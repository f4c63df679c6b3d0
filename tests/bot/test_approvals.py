"""Somebody is asked to confirm a fact, says yes, no or asks back, and the check follows; as people use it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.workspace import Message
from bot.rendering import Mrkdwn
from conversations.models import ENDS, Confirmation, Delegation
from tests.bot.driver import SAFE, Office, Researcher
from tests.bot.test_record_thread import are_there_once, gets_the_record

PARTNER = {"partner": ["international"], "approval": ["waiting"]}


def waits_for_a_leader(person: Researcher) -> Researcher:
    """Come to a verdict that only lacks the leader's word."""
    person.asks().answers("openness", status=["paper_evidence"]).answers("duties", "none")
    while person.asked:
        card = person.asked[0]
        ticked = {
            "content": {"content": [], "unsure": [], "fields": ["none"]},
            "service": {"service": ["self_hosted"], "use": ["prompt"]},
            "safeguards": SAFE,
            "partners": PARTNER,
        }
        if card in ("content", "responsibility"):
            person.answers(card, {"content": "none", "responsibility": "both"}[card])
        else:
            person.answers(card, **ticked[card])
    assert person.verdicts() == ["confirm_first"]
    return person


@pytest.fixture
def asker(office: Office) -> Researcher:
    return waits_for_a_leader(office.newcomer("en-US"))


@pytest.fixture
def leader(office: Office) -> Researcher:
    return office.newcomer("ja-JP")


def asks(asker: Researcher, to: str = "", *, claimed: bool = False) -> dict[str, str]:
    """Ask somebody for a leader's word in the modal under the verdict."""
    asker.presses("approval.open", on=asker.verdict_message())
    told = {"what": ["leader_approval|"], "capacity": ["leader"], "claimed": ["claimed"] if claimed else []}
    return asker.submits(**told, person=[to] if to else [])


def request(person: Researcher) -> Message:
    """Return the newest message that asks the person."""
    found = [m for m in person.office.workspace.messages[person.direct] if "approval.yes" in json.dumps(m)]
    return found[-1]


def opens(person: Researcher, action: str, on: Message) -> None:
    person.channel = person.direct
    person.presses(action, on=on)


def says(person: Researcher, action: str = "approval.yes", words: str = "", until: str = "") -> None:
    opens(person, action, request(person))
    dated = {"until": [until] if until else []} if action == "approval.yes" else {}
    person.submits(words=[words] if words else [], **dated)


def shows(person: Researcher) -> str:
    """Return how the request stands that is the first message to the person; its buttons are gone."""
    message, say = person.office.workspace.messages[person.direct][0], person.office.tools.phrases.label
    assert "approval.yes" not in json.dumps(message)
    words = {name: say("ja", f"approval.is_{name}", until="") for name in ("yes", "no", *ENDS)}
    return next(name for name, word in words.items() if str(message["text"]).endswith(word))


def told(asker: Researcher) -> str:
    """Return the newest message in the asker's thread that mentions them."""
    return [str(m["text"]) for m in asker.from_bot() if f"<@{asker.id}>" in str(m.get("text"))][-1]


def confirmations(asker: Researcher) -> Iterator[Confirmation]:
    yield from asker.standing().case.confirmations


def test_a_leader_confirms_and_the_verdict_follows(asker: Researcher, leader: Researcher, office: Office) -> None:
    assert asks(asker, leader.id) == {}
    (each,) = confirmations(asker)
    assert (each.person, each.capacity, each.waiting) == (leader.id, "leader", True)
    assert f"<@{leader.id}>" in json.dumps(asker.verdict_message())
    message = request(leader)
    shown = json.dumps(message, ensure_ascii=False)
    assert office.tools.phrases.say("ja", "approval.yes") in shown
    assert f"<@{asker.id}>" in shown
    assert "passage:" in shown
    assert " → " in shown  # in the words of the questions, not as facts and codes
    opens(leader, "approval.yes", message)
    assert leader.submits(until=["2020-01-01"], words=[]) == {"until": "day_over"}
    says(leader, words="May go ahead.", until="2030-03-31")
    assert asker.verdicts() == ["allowed_with_conditions"]
    (each,) = confirmations(asker)
    assert (each.value, each.by, str(each.until), each.words) == ("yes", leader.id, "2030-03-31", "May go ahead.")
    assert "\n> May go ahead." in told(asker)
    assert "approval.yes" not in json.dumps(office.workspace.messages[leader.direct])
    last = json.loads(office.tools.conversations.store.receipts("T0PLAY", asker.standing().case.id)[-1])
    (given,) = (answer for answer in last["answers"] if answer["fact"] == "leader_approval")
    assert (given["source"], given["by"], given["until"]) == ("approver", "leader", "2030-03-31")
    assert leader.id not in json.dumps(last)


def test_a_refusal_stands_whatever_the_asker_says(asker: Researcher, leader: Researcher) -> None:
    asks(asker, leader.id)
    says(leader, "approval.no")
    assert asker.verdicts() == ["do_not_upload"]
    asker.changes("partners")
    asker.submits(partner=["international"], approval=["confirmed"])
    assert asker.verdicts() == ["do_not_upload"]


def test_a_question_is_relayed_and_the_request_goes_on_waiting(asker: Researcher, leader: Researcher) -> None:
    asks(asker, leader.id)
    opens(leader, "approval.back", request(leader))
    assert leader.submits(words=["  "]) == {"words": "no_words"}
    leader.submits(words=["Which <plan>?"])
    assert "\n> Which &lt;plan&gt;?" in told(asker)
    (each,) = confirmations(asker)
    assert (each.waiting, each.words) == (True, "")
    says(leader)
    assert asker.verdicts() == ["allowed_with_conditions"]


def test_of_several_all_have_to_confirm(asker: Researcher, leader: Researcher, office: Office) -> None:
    other = office.newcomer("en-US")
    for person in (leader, other):
        asks(asker, person.id)
    says(leader)
    assert asker.verdicts() == ["confirm_first"]
    says(other)
    assert asker.verdicts() == ["allowed_with_conditions"]


def test_what_is_claimed_is_shown_as_such_and_never_counts(asker: Researcher, office: Office) -> None:
    asks(asker, claimed=True)
    assert asker.verdicts() == ["confirm_first"]
    assert office.tools.phrases.say("en", "approval.is_claimed", until="") in json.dumps(asker.verdict_message())


def test_answered_twice_is_told(asker: Researcher, leader: Researcher) -> None:
    asks(asker, leader.id)
    message = request(leader)
    opens(leader, "approval.yes", message)
    refusing = leader.payload("approval.no", message)
    first = leader.submission({"words": [], "until": []})
    leader.submits(words=[], until=[])
    before = len(list(asker.from_bot()))
    leader.office.send_interaction(first)
    assert len(list(asker.from_bot())) == before
    assert asker.verdicts() == ["allowed_with_conditions"]
    leader.office.send_interaction(refusing)
    assert leader.noted()[-1] == ("ja", "already_said")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("left", "approver_left"),
        ("bot", "approver_is_bot"),
        ("guest", "approver_is_guest"),
        ("stranger", "approver_is_elsewhere"),
        ("asker", "approver_is_asker"),
        ("nobody", "approver_missing"),
    ],
)
def test_who_cannot_be_asked_is_refused_in_the_modal(
    who: str, code: str, asker: Researcher, leader: Researcher, office: Office
) -> None:
    changes = {"left": {"deleted": True}, "bot": {"is_bot": True}, "guest": {"is_guest": True}}
    people = office.workspace.people
    changed = replace(people[leader.id], **changes.get(who, {}))  # type: ignore[arg-type]
    people[leader.id] = replace(changed, team="T0OTHER") if who == "stranger" else changed
    assert asks(asker, {"asker": asker.id, "nobody": ""}.get(who, leader.id)) == {"person": code}
    assert list(confirmations(asker)) == []


def test_an_approver_takes_it_back_on_home(asker: Researcher, leader: Researcher) -> None:
    asks(asker, leader.id)
    says(leader)
    leader.opens_home().acts_on_home("approval.withdraw")
    assert leader.told_on_home() == ("ja", "withdrawn")
    assert shows(leader) == "withdrawn"
    assert asker.asked == ["partners"]
    asker.answers("partners", **PARTNER)
    assert asker.verdicts() == ["confirm_first"]


def test_a_request_is_called_back_and_the_person_is_told(asker: Researcher, leader: Researcher) -> None:
    asks(asker, leader.id)
    leader.channel = leader.direct
    late = leader.payload("approval.yes", request(leader))
    asker.presses("approval.open", on=asker.verdict_message())
    asker.presses_in_view("approval.recall")
    (each,) = confirmations(asker)
    assert (each.ended, shows(leader)) == ("recalled", "recalled")
    assert f"<@{asker.id}>" in leader.office.workspace.messages[leader.direct][-1]["text"]
    leader.office.send_interaction(late)
    assert leader.noted()[-1] == ("ja", "already_said")


def test_what_is_over_opens_the_case_again_and_is_told_once(
    asker: Researcher, leader: Researcher, office: Office
) -> None:
    asks(asker, leader.id)
    day = (office.tools.clock() + timedelta(days=2)).date().isoformat()
    says(leader, until=day)
    assert asker.verdicts() == ["allowed_with_conditions"]
    office.later(timedelta(days=4).total_seconds())
    for _ in range(2):
        office.rounds()
    said = [m for m in asker.from_bot() if day in str(m.get("text"))]
    assert len(said) == 2  # that it was confirmed until then, and that it is over
    assert (asker.asked, shows(leader)) == (["partners"], "expired")


def test_what_the_asker_makes_void_is_told_to_both_once(asker: Researcher, leader: Researcher, office: Office) -> None:
    asks(asker, leader.id)
    leader.opens_home().acts_on_home("approval.yes")
    leader.submits(words=[], until=[])
    assert shows(leader) == "yes"
    before = len(office.workspace.messages[leader.direct])
    asker.presses("answers.summary", on=asker.verdict_message())
    asker.presses_in_view("answers.start_over")
    assert shows(leader) == "changed"
    asker.answers("openness", status=["paper_evidence"])
    say, what = office.tools.phrases.say, office.tools.phrases.label("ja", "approval.what_leader_approval")
    (told_giver,) = office.workspace.messages[leader.direct][before:]
    assert told_giver["text"] == say("ja", "approval.void_to_giver", asker=Mrkdwn(f"<@{asker.id}>"), what=what)
    opening = say("en", "approval.void", asker=Mrkdwn(f"<@{asker.id}>"), lines=[]).strip()
    assert [m["text"].startswith(opening) for m in asker.from_bot()].count(True) == 1


def test_a_deleted_check_leaves_no_button(asker: Researcher, leader: Researcher, office: Office) -> None:
    asks(asker, leader.id)
    asker.opens_home().acts_on_home("person.forget")
    text = office.tools.phrases.say("ja", "approval.gone")
    assert [m["text"] for m in office.workspace.messages[leader.direct]] == [text]
    assert "approval.yes" not in json.dumps(leader.opens_home().home)


def test_a_claim_beside_a_confirmation_says_what_to_do(asker: Researcher, leader: Researcher, office: Office) -> None:
    asks(asker, leader.id)
    says(leader)
    asks(asker, claimed=True)
    assert asker.verdicts() == ["confirm_first"]
    told = office.tools.phrases.say("en", "approval.claim_keeps_open")
    assert told in json.dumps(asker.verdict_message())


def test_whoever_was_ever_asked_may_name_who_stands_in(asker: Researcher, leader: Researcher) -> None:
    assert "approval.delegate" not in json.dumps(leader.opens_home().home)
    asks(asker, leader.id)
    says(leader)
    leader.opens_home().acts_on_home("approval.withdraw")
    assert "approval.delegate" in json.dumps(leader.opens_home().home)


def test_nobody_answers_what_somebody_else_was_asked(asker: Researcher, leader: Researcher, office: Office) -> None:
    asks(asker, leader.id)
    (each,) = confirmations(asker)
    sent = asker.payload("approval.open", asker.verdict_message())
    value = f"{asker.standing().case.id}|{each.id}"
    action = {**sent["actions"][0], "action_id": "approval.yes", "value": value}
    office.send_interaction({**sent, "actions": [action]})
    assert asker.notes()[-1] == "not_asked"
    assert asker.verdicts() == ["confirm_first"]


def test_somebody_stands_in_until_a_day_and_the_card_says_for_whom(
    asker: Researcher, leader: Researcher, office: Office
) -> None:
    deputy = office.newcomer("en-US")
    asks(asker, leader.id)
    leader.opens_home().acts_on_home("approval.delegate")
    day = (office.tools.clock() + timedelta(days=2)).date().isoformat()
    leader.submits(person=[deputy.id], until=[day])
    assert leader.told_on_home() == ("ja", "delegated")
    assert "approval.yes" in json.dumps(deputy.opens_home().home)
    asker.presses("approval.open", on=asker.verdict_message())
    told = {"what": ["leader_approval|"], "capacity": ["institution"], "claimed": []}
    asker.submits(**told, person=[office.newcomer("en-US").id])
    deputy.acts_on_home("approval.yes")
    deputy.submits(words=[], until=[])
    asks(asker, leader.id)
    assert "approval.yes" in json.dumps(office.workspace.messages[deputy.direct])
    first, second, _ = confirmations(asker)
    assert (first.person, first.by, first.value, second.waiting) == (leader.id, deputy.id, "yes", True)
    assert f"<@{deputy.id}>" in json.dumps(asker.verdict_message())
    leader.opens_home().acts_on_home("approval.end_delegation")
    assert leader.told_on_home() == ("ja", "delegation_ended")
    assert "approval.yes" not in json.dumps(deputy.opens_home().home)


def test_the_record_names_who_confirmed_and_for_whom(asker: Researcher, leader: Researcher, office: Office) -> None:
    deputy, partner = office.newcomer("en-US"), office.newcomer("en-US")
    asks(asker, leader.id)
    asks(asker, partner.id)
    day = office.tools.clock().date() + timedelta(days=2)
    until = office.tools.clock() + timedelta(days=2)
    office.tools.conversations.store.delegate("T0PLAY", Delegation(leader.id, deputy.id, day, until))
    deputy.opens_home().acts_on_home("approval.yes")
    deputy.submits(words=[], until=["2030-03-31"])
    says(partner)
    gets_the_record(asker)
    word, markdown, receipt = are_there_once(asker)
    name = {person.id: office.workspace.people[person.id].name for person in (leader, deputy, partner)}
    for read in (word, markdown):
        assert f"the project leader ({name[deputy.id]} for {name[leader.id]}), " in read.text
        assert "until 31 March 2030; the project leader (" + name[partner.id] + "), " in read.text
    assert not any(told in json.dumps(receipt) for told in (*name, *name.values()))


def test_who_leaves_before_they_answer_is_told_once(asker: Researcher, leader: Researcher, office: Office) -> None:
    asks(asker, leader.id)
    people = office.workspace.people
    people[leader.id] = replace(people[leader.id], deleted=True)
    for _ in range(2):
        office.later(timedelta(days=1).total_seconds())
        office.rounds()
    assert sum("left the workspace" in str(m.get("text")) for m in asker.from_bot()) == 1
    assert asker.verdicts() == ["confirm_first"]
