"""The message a case began with is edited, deleted or marked; and a case that goes on in a direct message."""

import json
from pathlib import Path

import pytest

from bot.playground import happenings, payloads
from conversations.errors import NoSuchCase
from conversations.models import READ
from tests.bot.driver import MENTION, Office, Researcher
from tests.bot.effects import dump

OTHER_WORDS = f"{MENTION} Our survey data are already published. May I put them into Claude?"


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
@pytest.mark.parametrize("directly", [True, False])
def test_an_edited_first_message_asks_whether_to_start_again(locale: str, directly: bool, office: Office) -> None:
    person = office.newcomer(locale)
    (person.asks_directly() if directly else person.asks()).answers("openness", "undecided")
    person.edits(OTHER_WORDS)
    assert person.noted() == [(locale[:2], "edited")]
    assert person.asked == ["duties"]
    person.presses_in_the_note("case.again")
    assert person.asked == ["reading"]
    assert person.from_bot()[-1] == person.cards()[0]
    case = person.standing().case
    assert case.brand == "claude"
    assert person.choices() == {}
    assert case.answers[-1].card == READ
    assert "Claude" in person.from_bot()[0]["text"]


def test_starting_again_takes_back_a_verdict(alex: Researcher) -> None:
    alex.asks().answers("openness", "public").answers("duties", "none")
    assert alex.verdicts() == ["allowed"]
    alex.edits(f"{MENTION} May I upload our other data?")
    alex.presses_in_the_note("case.again")
    assert (alex.verdicts(), alex.asked) == ([], ["openness"])
    alex.answers("openness", "public").answers("duties", "none")
    assert alex.verdicts() == ["allowed"]


def test_pressing_twice_starts_again_once(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").edits(OTHER_WORDS)
    note = [m for m in alex.everything() if m.get("only_for") == alex.id][-1]
    sent = payloads.encode_interaction(alex.payload("case.again", note))
    office.send_at_once([sent] * 5)
    assert [a.card for a in alex.standing().case.answers] == ["openness", "again", "read"]
    assert len(alex.cards()) == 1


def test_the_words_of_the_edited_message_are_stored_nowhere(filed_office: tuple[Office, Path]) -> None:
    office, file = filed_office
    person = office.newcomer("en-US").asks()
    person.edits(f"{OTHER_WORDS} Murasaki-Shikibu-9").presses_in_the_note("case.again")
    assert person.asked == ["reading"]
    assert "Murasaki" not in repr(dump(file))


@pytest.mark.parametrize("value", ["", "{", "[]", "null", '{"case": 1}', '{"case": "0000000000000000"}', "[" * 90_000])
def test_a_made_up_button_starts_nothing(value: str, office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    sent = alex.payload("card.shortcut:none", alex.cards()[0])
    action = {**sent["actions"][0], "action_id": "case.again", "value": value}
    office.send_interaction({**sent, "actions": [action]})
    assert (alex.notes(), alex.asked) == (["no_such_case"], ["duties"])


def test_made_up_codes_do_not_get_in(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    read = {"personal_information": ["yes"], "nonsense": ["x"], "novelty": ["x"], "legal_clearance": "yes"}
    value = json.dumps({"case": alex.standing().case.id, "brand": "nonsense", "read": read})
    sent = alex.payload("card.shortcut:none", alex.cards()[0])
    action = {**sent["actions"][0], "action_id": "case.again", "value": value}
    office.send_interaction({**sent, "actions": [action]})
    case = alex.standing().case
    assert (case.brand, dict(case.answers[-1].choice)) == (None, {"personal_information": ("yes",)})


def test_somebody_elses_button_starts_nothing(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "undecided").edits(OTHER_WORDS)
    note = [m for m in alex.everything() if m.get("only_for") == alex.id][-1]
    hanako.looks_at(alex)
    office.send_interaction(hanako.payload("case.again", note))
    assert (hanako.notes(), alex.asked) == (["not_your_case"], ["duties"])


@pytest.mark.parametrize("what", ["a reply", "another thread", "only a preview", "somebody else's thread"])
def test_other_messages_may_be_edited(what: str, office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    if what == "only a preview":
        message, place = alex.first_message(), office.workspace.channels[alex.room]
        preview = {**message, "attachments": [{"id": 1}]}
        stamp = office.workspace.stamp()
        office.send_event(happenings.message_changed(place, message, preview, stamp))
    elif what == "a reply":
        reply = office.slack.say(alex.id, alex.room, "hm", alex.thread)
        office.gestures.edit(alex.id, alex.room, reply["ts"], OTHER_WORDS)
    elif what == "another thread":
        said = office.slack.say(alex.id, alex.room, "let us talk")
        office.gestures.edit(alex.id, alex.room, said["ts"], OTHER_WORDS)
    else:
        alex.looks_at(hanako.says("実験データの話")).replies(f"{MENTION} may I?")
        hanako.edits(OTHER_WORDS)
    office.settle()
    assert (alex.notes(), hanako.notes()) == ([], [])


def test_a_mention_inside_a_thread_is_the_message_that_counts(
    office: Office, alex: Researcher, hanako: Researcher
) -> None:
    hanako.says("実験データの話")
    mention = office.slack.say(alex.id, hanako.room, f"{MENTION} may I upload these?", hanako.thread)
    office.settle()
    office.gestures.edit(alex.id, hanako.room, mention["ts"], OTHER_WORDS)
    office.settle()
    assert alex.looks_at(hanako).notes() == ["edited"]


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_a_deleted_first_message_offers_to_delete_the_case(locale: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "undecided")
    office.gestures.delete(person.id, person.channel, person.thread)
    office.settle()
    assert person.first_message()["subtype"] == "tombstone"
    assert person.noted() == [(locale[:2], "gone")]
    person.presses_in_the_note("case.delete")
    assert person.notes() == ["gone", "case_deleted"]
    with pytest.raises(NoSuchCase):
        person.standing()


def test_a_message_that_is_gone_without_a_trace_is_noticed_too(office: Office, alex: Researcher) -> None:
    """Slack may tell nothing of it but its time stamp."""
    alex.asks()
    place = office.workspace.channels[alex.room]
    sent = happenings.message_deleted(place, alex.first_message(), office.workspace.stamp())
    del sent["previous_message"]
    office.send_event(sent)
    assert alex.notes() == ["gone"]


def test_the_mark_brings_the_open_question_back(alex: Researcher, hanako: Researcher) -> None:
    alex.asks().answers("openness", "undecided")
    before = alex.cards()[0]["ts"]
    hanako.reacts("mag", alex)
    alex.reacts("eyes")
    assert alex.cards()[0]["ts"] == before
    alex.reacts("mag")
    assert (alex.asked, alex.from_bot()[-1]) == (["duties"], alex.cards()[0])
    assert alex.cards()[0]["ts"] != before
    assert (alex.notes(), hanako.notes()) == ([], [])


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_the_mark_starts_a_finished_case_again(locale: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "public").answers("duties", "none").reacts("mag")
    assert person.noted() == [(locale[:2], "finished")]
    person.presses_in_the_note("case.again")
    assert (person.verdicts(), person.asked) == ([], ["openness"])


def test_a_mark_elsewhere_is_nothing(office: Office, alex: Researcher) -> None:
    calls = len(office.slack.api.calls)
    alex.says("let us talk").reacts("mag")
    assert [name for name, _ in office.slack.api.calls[calls:]] == []


@pytest.mark.parametrize(("locale", "word"), [("ja-JP", "DM で続いています"), ("en-US", "goes on in a direct message")])
def test_in_a_channel_the_case_can_go_on_in_a_direct_message(locale: str, word: str, office: Office) -> None:
    person = office.newcomer(locale).asks().answers("openness", "undecided")
    room, intro = person.thread, person.from_bot()[0]
    assert any(word in json.dumps(intro["blocks"], ensure_ascii=False) for word in ("チャンネルの全員", "Everyone in"))
    case = person.standing().case
    person.presses("case.direct", on=intro)
    left = person.from_bot()
    assert word in left[0]["text"]
    assert [payloads.elements(m["blocks"]) for m in left] == [{}] * len(left)
    person._follow({m["ts"] for m in person.everything() if m.get("thread_ts") or m["ts"] == room})
    assert (person.channel, person.asked) == (person.direct, ["duties"])
    assert person.standing().case.id == case.id
    assert [name for m in person.from_bot() for _, name in payloads.elements(m["blocks"]) if "direct" in name] == []
    person.answers("duties", "none")
    assert "openness" in person.choices()


def test_it_moves_once_and_for_the_asker_alone(office: Office, alex: Researcher, hanako: Researcher) -> None:
    alex.asks()
    intro = alex.from_bot()[0]
    hanako.looks_at(alex).presses("case.direct", on=intro)
    assert (hanako.notes(), len(hanako.everything()) > 0, alex.asked) == (["not_your_case"], True, ["openness"])
    sent = [payloads.encode_interaction(alex.payload("case.direct", intro)) for _ in range(3)]
    office.send_at_once(sent * 3)
    roots = [m for m in office.workspace.messages[alex.direct] if "thread_ts" not in m]
    assert len(roots) == 1


def test_a_case_in_a_direct_message_offers_no_other_one(alex: Researcher) -> None:
    alex.asks_directly()
    assert payloads.elements(alex.from_bot()[0]["blocks"]) == {}
