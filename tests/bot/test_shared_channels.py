"""Channels shared with another organisation, and an Enterprise Grid, whose workspaces are no strangers at home."""

from typing import Any

import pytest

from bot.playground.payloads import Payload
from bot.playground.workspace import TEAM
from tests.bot.driver import MENTION, Office, Researcher
from tests.bot.effects import held

THEIRS, ORGANISATION = "T0OTHER", "E0ORG"


def clicked_by_stranger(payload: Payload, person: Researcher, **more: Any) -> Payload:
    """Return the click as a person of another organisation makes it in a channel shared with theirs."""
    user = {"id": person.id, "username": "s", "name": "s", "team_id": THEIRS, **more}
    return {**payload, "user": user, "trigger_id": person.office.workspace.trigger(person.id)}


def said(office: Office, person: Researcher, thread: str = "", **more: Any) -> Payload:
    """Return the event of a mention by somebody whose workspace another one is."""
    there = {"thread_ts": thread} if thread else {}
    message = office.workspace.post(person.channel, {"user": person.id, "text": f"{MENTION} may I?", **there})
    person.thread = thread or message["ts"]
    inner = {**message, "type": "app_mention", "channel": person.channel, "event_ts": message["ts"]}
    return {**inner, "team": THEIRS, "user_team": THEIRS, **more}


@pytest.fixture
def stranger(office: Office, alex: Researcher) -> Researcher:
    """Somebody of another organisation who looks at the finished case of Alex in a shared channel."""
    alex.asks().answers("openness", "public").answers("duties", "none")
    return office.newcomer("ja-JP").looks_at(alex)


@pytest.mark.parametrize("button", ["card.change", "verdict.reasons", "services.compare", "verdict.whole_list"])
def test_a_stranger_can_neither_read_nor_change_what_stands_in_a_shared_channel(
    button: str, office: Office, alex: Researcher, stranger: Researcher
) -> None:
    before, shown = held(office), alex.everything()
    message = alex.from_bot()[1 if button == "card.change" else -1]
    office.send_interaction(clicked_by_stranger(alex.payload(button, message), stranger))
    reads = button in ("verdict.reasons", "services.compare")
    assert stranger.noted() == [("ja", "stranger" if reads else "not_your_case")]
    assert (held(office), alex.everything(), stranger.has_view) == (before, shown, False)


def test_a_colleague_may_read_in_the_thread_what_stands_behind_a_verdict(alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    hanako.looks_at(alex).presses("verdict.reasons", on=alex.from_bot()[-1])
    assert (hanako.has_view, hanako.notes()) == (True, [])


def test_a_stranger_who_answers_is_turned_away(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    before = held(office)
    click = alex.payload("card.shortcut:public", alex.cards()[0])
    office.send_interaction(clicked_by_stranger(click, hanako.looks_at(alex)))
    assert (held(office), hanako.noted(), alex.notes()) == (before, [("ja", "not_your_case")], [])


def test_a_stranger_who_presses_start_gets_a_note_and_no_case(
    office: Office, alex: Researcher, hanako: Researcher
) -> None:
    alex.asks("")
    before = held(office)
    office.send_interaction(clicked_by_stranger(alex.payload("start", alex.from_bot()[0]), hanako.looks_at(alex)))
    assert (held(office), hanako.noted(), alex.asked) == (before, [("ja", "stranger")], [])


def test_a_stranger_in_somebodys_thread_gets_a_note_and_asks_nothing_again(
    office: Office, alex: Researcher, hanako: Researcher
) -> None:
    alex.asks()
    before, shown = held(office), alex.from_bot()
    office.send_event(said(office, hanako.looks_at(alex), alex.thread))
    assert (held(office), hanako.noted(), alex.from_bot()) == (before, [("ja", "stranger")], shown)


def test_a_file_of_a_stranger_that_asks_nothing_is_left_alone(
    office: Office, alex: Researcher, hanako: Researcher
) -> None:
    alex.asks()
    before, shown = held(office), alex.from_bot()
    there = said(office, hanako.looks_at(alex), alex.thread, type="message", subtype="file_share", text="here")
    office.send_event({**there, "channel_type": "channel", "files": [{"id": "F1", "name": "results.csv"}]})
    assert (held(office), hanako.notes(), alex.from_bot()) == (before, [], shown)


IN_THE_ORGANISATION: dict[str, Any] = {
    "enterprise_id": ORGANISATION,
    "authorizations": [{"enterprise_id": ORGANISATION, "team_id": TEAM, "user_id": "U0KAKUNIN", "is_bot": True}],
}


@pytest.mark.parametrize(
    ("shared", "theirs", "case"),
    [(False, THEIRS, True), (True, ORGANISATION, True), (True, THEIRS, False)],
    ids=["a channel of the organisation", "shared, said by the organisation", "shared, said by another one"],
)
def test_in_an_enterprise_grid_only_another_organisation_is_strange(
    shared: bool, theirs: str, case: bool, office: Office, alex: Researcher
) -> None:
    alex.channel = alex.room
    inner = said(office, alex, user_team=theirs)
    office.send_event(inner, **IN_THE_ORGANISATION, is_ext_shared_channel=shared)
    assert (alex.asked, alex.notes()) == ((["openness"], []) if case else ([], ["stranger"]))


@pytest.mark.parametrize(("theirs", "note"), [(ORGANISATION, []), ("E0ELSE", ["stranger"])])
def test_in_an_enterprise_grid_a_colleague_of_another_workspace_may_read_what_stands_in_the_thread(
    theirs: str, note: list[str], office: Office, alex: Researcher, stranger: Researcher
) -> None:
    click = clicked_by_stranger(alex.payload("verdict.reasons", alex.from_bot()[-1]), stranger, enterprise_id=theirs)
    office.send_interaction({**click, "enterprise": {"id": ORGANISATION, "name": "org"}})
    assert (stranger.notes(), stranger.has_view) == (note, not note)
