"""The summary of answers, what a change would do before it does it, starting over, and coming back later."""

import json
from pathlib import Path

import pytest

from bot.app import House
from bot.ids import View
from bot.playground import payloads
from bot.playground.payloads import Payload
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher


def summary(person: Researcher) -> Payload:
    """Open the answers from the menu of the card that is asked."""
    person.picks("answers")
    return person.view


def listed(view: Payload) -> list[str]:
    names = [str(block["block_id"]) for block in view["blocks"]]
    return [name.removeprefix("answer:") for name in names if name.startswith("answer:")]


def verdict_of(view: Payload) -> str:
    """Return what a preview says of the verdict, before and after."""
    names = [str(block["block_id"]) for block in view["blocks"]]
    return next((name.removeprefix("verdict:") for name in names if name.startswith("verdict:")), "")


def withdraws(view: Payload) -> bool:
    return any(str(block["block_id"]).startswith("withdraws:") for block in view["blocks"])


def test_the_summary_lists_every_answer_that_counts(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"])
    assert listed(summary(alex)) == ["openness", "duties"]
    alex.changes("duties")
    alex.submits(bound=["secret"])
    assert listed(summary(alex)) == ["openness", "duties"]


def test_the_verdict_leads_to_the_summary(allowed: Researcher) -> None:
    allowed.presses("answers.summary", on=next(m for m in allowed.from_bot() if "verdict:allowed" in str(m["blocks"])))
    assert listed(allowed.view) == ["openness", "duties"]


def test_change_in_the_summary_opens_the_question_in_its_place(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    view = summary(alex)
    alex.presses_in_view("card.change", "|openness")
    assert (alex.view["id"], alex.view["callback_id"]) == (view["id"], View.CHANGE)
    assert alex.submits(shortcut=["unsure"]) == {}
    assert not alex.has_view
    assert alex.choices()["openness"] == {"shortcut": ["unsure"]}


def test_a_change_that_moves_the_verdict_is_shown_first(allowed: Researcher) -> None:
    allowed.changes("openness")
    view = allowed.proposes(shortcut=["undecided"])
    assert (view["callback_id"], verdict_of(view), withdraws(view)) == (View.APPLY, "allowed:open", False)
    assert allowed.verdicts() == ["allowed"]
    allowed.applies()
    assert not allowed.has_view
    assert (allowed.verdicts(), allowed.asked) == ([], ["partners"])


def test_a_change_that_withdraws_answers_names_them(house: House, unpublished: Researcher) -> None:
    unpublished.changes("service")
    view = unpublished.proposes(service=["claude_team"])
    shown = str(view["blocks"])
    cards = {card.id: card.topic.en for card in house.interview.cards}
    assert verdict_of(view) == "allowed_with_conditions:open"
    assert all(cards[name] in shown for name in ("partners", "safeguards"))
    assert cards["content"] not in shown
    unpublished.changes("openness")
    view = unpublished.proposes(shortcut=["public"])
    assert verdict_of(view) == "allowed_with_conditions:allowed"
    assert cards["content"] in str(view["blocks"])


def test_keeping_it_changes_nothing(office: Office, allowed: Researcher) -> None:
    answers = allowed.standing().case.answers
    allowed.changes("openness")
    office.slack.close(allowed.id, allowed.proposes(shortcut=["undecided"])["id"])
    assert (allowed.verdicts(), allowed.standing().case.answers) == (["allowed"], answers)


def test_a_change_that_takes_nothing_away_is_made_at_once(unpublished: Researcher) -> None:
    unpublished.changes("content")
    state = {"fields": {"choice": ["water"]}}
    unpublished.office.slack.submit(unpublished.id, unpublished.view["id"], state)
    unpublished.office.settle()
    assert not unpublished.has_view
    assert unpublished.choices()["content"] == {"content": ["novelty"], "fields": ["water"]}


def test_where_the_case_moved_on_meanwhile_it_is_shown_again(office: Office, unpublished: Researcher) -> None:
    unpublished.changes("service")
    shown = unpublished.proposes(service=["claude_team"])
    first = unpublished.submission()
    office.slack.close(unpublished.id, shown["id"])
    unpublished.changes("content")
    unpublished.submits(fields=["water"])
    reply = json.loads(office.send_interaction(first).body)
    assert (reply["response_action"], reply["view"]["callback_id"]) == ("update", View.APPLY)
    assert unpublished.choices()["service"]["service"] == ["chatgpt_free"]


@pytest.mark.parametrize("change", ["other_case", "unknown_card", "nonsense", "not_json", "foreign_choice"])
def test_a_made_up_preview_changes_nothing(
    change: str, office: Office, allowed: Researcher, hanako: Researcher
) -> None:
    hanako.asks("データを入力していい？").answers("openness", "undecided")
    allowed.changes("openness")
    allowed.proposes(shortcut=["undecided"])
    sent = allowed.submission()
    kept = json.loads(sent["view"]["private_metadata"])
    kept |= {
        "other_case": {"case": hanako.standing().case.id},
        "unknown_card": {"card": "nonsense"},
        "nonsense": {"choice": {"status": ["nonsense"]}},
        "not_json": {},
        "foreign_choice": {"choice": {"bound": ["personal"]}},
    }[change]
    sent["view"]["private_metadata"] = "{" if change == "not_json" else json.dumps(kept)
    reply = json.loads(office.send_interaction(sent).body)
    assert (reply["response_action"], reply["view"]["callback_id"]) == ("update", View.TOLD)
    assert (allowed.verdicts(), hanako.choices()) == (["allowed"], {"openness": {"shortcut": ["undecided"]}})


def test_starting_over_asks_the_first_question_again(allowed: Researcher) -> None:
    case = allowed.standing().case
    first = allowed.answered("openness")
    allowed.changes("openness")
    allowed.submits(shortcut=["undecided"])
    summary(allowed)
    allowed.presses_in_view("answers.start_over")
    assert allowed.view["callback_id"] == View.TOLD
    assert (allowed.asked, allowed.choices(), allowed.verdicts()) == (["openness"], {}, [])
    assert allowed.cards()[0]["ts"] != (first or {})["ts"]
    assert allowed.standing().case.id == case.id
    allowed.answers("openness", "public").answers("duties", "none")
    assert allowed.verdicts() == ["allowed"]


def test_starting_over_asks_whether_it_is_meant(alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    found = payloads.elements(summary(alex)["blocks"])
    assert all("confirm" in element for (_, name), element in found.items() if name == "answers.start_over")


def test_starting_over_twice_at_once_starts_over_once(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    view = summary(alex)
    action = {"block_id": "start_over", "action_id": "answers.start_over", "type": "button"}
    action["value"] = alex.standing().case.id
    person = office.workspace.people[alex.id]
    sent = payloads.encode_interaction(payloads.view_actions(office.workspace, person, view, action, {}))
    office.send_at_once([sent, sent])
    assert [answer.card for answer in alex.standing().case.answers] == ["openness", "again"]


def test_nobody_else_starts_it_over(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    hanako.asks("データを入力していい？").answers("openness", "undecided")
    view = summary(hanako)
    person = office.workspace.people[hanako.id]
    action = {"block_id": "start_over", "action_id": "answers.start_over", "type": "button"}
    for value in (alex.standing().case.id, "x", None):
        sent = payloads.view_actions(office.workspace, person, view, {**action, "value": value}, {})
        assert office.send_interaction(sent).status == 200
        assert office.name_of(hanako.view["blocks"][0]["text"]["text"])[0] == "ja"
    assert alex.choices() == {"openness": {"shortcut": ["undecided"]}}
    assert hanako.choices() == {"openness": {"shortcut": ["undecided"]}}


def test_a_check_goes_on_after_days_and_a_restart(house: House, tmp_path: Path) -> None:
    file = str(tmp_path / "kakunin.db")
    with opened(house, file) as office:
        alex = office.newcomer("en-US")
        alex.asks().answers("openness", "undecided")
        workspace, thread = office.workspace, alex.thread
        office.later(9 * 24 * 3600)
    with opened(house, file) as office:
        office.workspace.people, office.workspace.channels = workspace.people, workspace.channels
        office.workspace.messages = workspace.messages
        again = Researcher(office, alex.id, alex.direct, alex.room, alex.room, thread)
        assert again.asked == ["duties"]
        again.answers("duties", "none").answers("partners", "nobody").answers("content", "none")
        assert again.verdicts() == ["allowed_with_conditions"]
        assert (office.take_refusals(), office.take_complaints()) == ([], [])
