"""The support desk, as the asker and the desk's members meet it: from the button to the ruling on the verdict card."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app import build_house
from bot.cli import main
from bot.ids import INPUT
from bot.playground import payloads
from bot.playground.block_kit import block_faults, view_faults
from bot.playground.workspace import Channel, Message, Person
from bot.record.writing import Settled, write
from conversations.desk import DeskCase, Did, State, Wanted
from conversations.store.sql import SqlStore
from rules.scenarios import load_scenarios, run
from tests import overlays
from tests.bot.conftest import opened
from tests.bot.driver import Office, Researcher
from tests.overlays import alerts

DESK, EXPORT, TEAM = "C0DESK", "C0EXPORT", "T0PLAY"
INSTITUTION = """
id = "kakuu"
name = { ja = "架空大学", en = "Kakuu University" }
[roles]
desk = ["UDESK1", "UDESK2", "UGONE"]
officers = ["UOFFICER"]
[desk]
channel = "C0DESK"
language = "en"
zone = "UTC"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = 00:00:00
to = 23:59:59
posts = ["public_data_only"]
"""
CONTACTS = """
[[contact]]
office = "desk"
name = { ja = "AI相談窓口", en = "AI help desk" }
email = "desk@example.ac.jp"
[[contact]]
office = "export_control"
name = { ja = "輸出管理室", en = "Export Control Office" }
users = ["UEXPORT"]
channel = "C0EXPORT"
"""


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("desk")
    overlay = overlays.folder(folder / "overlay", institution=INSTITUTION, contacts=CONTACTS)
    with opened(build_house(overlay), str(folder / "kakunin.db")) as office:
        for name in ("UDESK1", "UDESK2", "UOFFICER", "UEXPORT"):
            person = Person(name, name.lower(), "en-US")
            direct = Channel(f"D{name[1:]}", "Kakunin", person=name)
            office.workspace.people[name], office.workspace.channels[direct.id] = person, direct
        office.workspace.people["UGONE"] = Person("UGONE", "gone", "en-US", deleted=True)
        for name in (DESK, EXPORT):
            office.workspace.channels[name] = Channel(name, name.lower())
        yield office


@pytest.fixture
def office(shared_desk: Office) -> Iterator[Office]:
    """The playground with a desk; its channels and its queue begin empty."""
    for name in (DESK, EXPORT):
        shared_desk.workspace.messages[name] = []
    yield shared_desk
    shared_desk.settle()
    store = shared_desk.tools.conversations.store
    with store.transaction():
        for queued in store.desk_queue(TEAM, Wanted(), None, 100):
            store.put_desk_case(replace(queued.case, state=State.CLOSED), None)
    assert shared_desk.take_refusals() == []
    assert shared_desk.take_complaints() == []


def member(office: Office, name: str = "UDESK1") -> Researcher:
    return Researcher(office, name, f"D{name[1:]}", DESK, DESK)


def kenji(office: Office) -> Researcher:
    return member(office)


def posted(office: Office, channel: str = DESK) -> list[Message]:
    """Return the cards in a channel, without the words under them."""
    return [m for m in office.workspace.messages.get(channel, []) if m.get("blocks") and _state(m)]


def _state(message: Message) -> str:
    names = [str(block["block_id"]) for block in message["blocks"]]
    return next((name.removeprefix("desk:") for name in names if name.startswith("desk:")), "")


def card(office: Office) -> Message:
    (message,) = posted(office)
    return message


def at_desk(person: Researcher) -> DeskCase:
    found = person.office.tools.conversations.store.desk_case(TEAM, person.standing().case.id)
    assert found is not None
    return found


def events(person: Researcher) -> list[str]:
    found = person.office.tools.conversations.store.desk_events(TEAM, person.standing().case.id)
    return [str(event.kind) for event in found]


def asks_the_desk(person: Researcher) -> Researcher:
    """Press the button on the verdict card."""
    person.presses("desk.ask", on=person.verdict_message())
    return person


def picks(who: Researcher, move: str, on: Message) -> None:
    """Press a button of a card, or pick an entry of its menu."""
    found = payloads.elements(on["blocks"])
    for (block, name), element in found.items():
        chosen = [o["value"] for o in element.get("options", []) if o["value"].startswith(f"{move}|")]
        if name == move or chosen:
            who.office.slack.click(who.id, who.channel, on["ts"], block, name, chosen, {})
            who.office.settle()
            return
    raise AssertionError(f"no {move} on the card")


def fills_in(who: Researcher, move: str, on: Message, **given: Sequence[str]) -> dict[str, str]:
    """Open a form from the card and submit it; returns what is wrong with it, by input."""
    picks(who, move, on)
    assert view_faults({k: v for k, v in who.view.items() if k not in ("id", "team_id", "app_id")}) == []
    assert who.view["callback_id"] == move
    errors = who.office.slack.submit(who.id, who.view["id"], {part: {INPUT: list(v)} for part, v in given.items()})
    who.office.settle()
    return {block: who.office.name_of(text)[1] for block, text in errors.items()}


def last_words(person: Researcher) -> str:
    return str(person.from_bot()[-1]["text"])


def told(person: Researcher) -> str:
    """Return the newest private note of the person."""
    return str([m for m in person.everything() if m.get("only_for") == person.id][-1]["text"])


def is_refused(person: Researcher) -> Researcher:
    """Ask about personal data for which a permission was refused."""
    person.asks("May I upload interview data?").answers("openness", "undecided")
    person.answers("duties", bound=["personal"]).answers("clearance", "refused")
    assert person.verdicts() == ["do_not_upload"]
    return person


@pytest.fixture
def refused(alex: Researcher) -> Researcher:
    """Alex, whose data are personal, and a permission was refused."""
    return is_refused(alex)


def test_a_card_tells_the_desk_everything_but_the_askers_words(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    message = card(office)
    text = json.dumps(message, ensure_ascii=False)
    assert block_faults(message["blocks"], "message") == []
    assert _state(message) == "open"
    assert f"<@{refused.id}>" in text
    assert "Do not enter it" in text
    assert "🔴 high" in text
    assert "First answer due" in text
    assert "interview data" not in text
    assert "Answers so far" in text
    assert told(refused).startswith("I asked AI help desk.")
    assert office.tools.desk.get(TEAM, refused.standing().case.id).priority == "high"


def test_asking_twice_is_asking_once(office: Office, refused: Researcher) -> None:
    asks_the_desk(asks_the_desk(refused))
    assert len(posted(office)) == 1
    assert events(refused) == [Did.OPENED]
    assert told(refused) == office.tools.phrases.say("en", "desk.asked_already")


def test_from_a_card_the_desk_sees_where_the_asker_hesitated(office: Office, hanako: Researcher) -> None:
    hanako.asks().answers("openness", "undecided").picks("desk")
    assert hanako.submits() == {}
    text = json.dumps(card(office), ensure_ascii=False)
    assert "came at “" in text
    assert "so far; not all is answered" in text
    picks(kenji(office), "desk.rule", card(office))
    note = [m for m in office.workspace.messages[DESK] if m.get("only_for") == "UDESK1"][-1]
    assert office.name_of(str(note["text"]))[1] == "not_judged_yet"
    hanako.answers("duties", "none")
    assert "→" in json.dumps(card(office), ensure_ascii=False)
    assert len(posted(office)) == 1


def test_two_claim_and_one_is_told_who_has_it(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    first, second = kenji(office), member(office, "UDESK2")
    on = card(office)
    sent = [payloads.encode_interaction(who.payload("desk.claim", on)) for who in (first, second)]
    office.send_at_once(sent)
    holder = at_desk(refused).holder
    loser = second if holder == first.id else first
    assert f"<@{holder}> has this case already" in told(loser)
    assert (_state(card(office)), events(refused)) == ("claimed", [Did.OPENED, Did.CLAIMED])


def test_others_are_told_that_they_are_not_of_the_desk(office: Office, refused: Researcher, hanako: Researcher) -> None:
    asks_the_desk(refused)
    hanako.channel = DESK
    for move in ("desk.claim", "desk.reply", "desk.rule"):
        picks(hanako, move, card(office))
    assert hanako.notes() == ["not_on_the_desk"] * 3
    assert at_desk(refused).state == State.OPEN


def test_a_reply_reaches_the_thread_as_the_desks_and_is_kept(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    assert fills_in(kenji(office), "desk.reply", card(office), words=["  \n"]) == {"words": "no_words"}
    assert fills_in(kenji(office), "desk.reply", card(office), words=["See <@U1> & ask *ethics*\nsoon."]) == {}
    assert last_words(refused) == (
        f"<@{refused.id}> *AI help desk replies:*\n> See &lt;@U1&gt; &amp; ask *ethics*\n> soon."
    )
    store = office.tools.conversations.store
    assert store.desk_events(TEAM, refused.standing().case.id)[-1].words == "See <@U1> & ask *ethics*\nsoon."
    assert at_desk(refused).answered_at is not None
    assert store.backlog().letters == 0
    assert "soon." not in json.dumps([dict(row) for row in store.run("SELECT * FROM jobs")])  # type: ignore[attr-defined]


def test_a_reply_to_a_closed_case_is_not_sent(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    desk, before = kenji(office), card(office)
    picks(desk, "desk.reply", before)
    picks(member(office, "UDESK2"), "desk.close", before)
    count = len(refused.from_bot())
    office.slack.submit(desk.id, desk.view["id"], {"words": {INPUT: ["Too late"]}})
    office.settle()
    assert office.name_of(str(office.workspace.messages[desk.direct][-1]["text"]))[1] == "desk_closed"
    assert len(refused.from_bot()) == count


def test_whoever_writes_in_the_thread_of_a_closed_case_may_ask_again(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    picks(kenji(office), "desk.close", card(office))
    assert "closed this" in last_words(refused)
    refused.replies("thank you, one more thing")
    assert told(refused) == office.tools.phrases.say("en", "desk.is_closed")
    refused.presses_in_the_note("desk.ask")
    assert (at_desk(refused).state, _state(card(office))) == (State.OPEN, "open")
    assert events(refused) == [Did.OPENED, Did.CLOSED, Did.REOPENED]
    picks(kenji(office), "desk.close", card(office))
    picks(kenji(office), "desk.reopen", card(office))
    assert (at_desk(refused).state, at_desk(refused).holder) == (State.CLAIMED, "UDESK1")


def test_the_case_of_a_member_who_left_is_anybodys_to_claim(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    desk = kenji(office)
    assert fills_in(desk, "desk.assign", card(office), person=["UGONE"]) == {}
    assert office.name_of(str(office.workspace.messages[desk.direct][-1]["text"]))[1] == "not_a_desk_member"
    with office.tools.conversations.store.transaction():
        office.tools.desk.do(at_desk(refused), Did.ASSIGNED, "UDESK2", {"to": "UGONE"})
    claim = desk.payload("desk.claim", card(office))
    office.send_interaction(claim)
    assert at_desk(refused).holder == desk.id


def test_an_assigned_case_is_told_to_its_new_holder(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    assert fills_in(kenji(office), "desk.assign", card(office), person=["UDESK2"]) == {}
    assert at_desk(refused).holder == "UDESK2"
    assert office.workspace.messages[DESK][-1]["thread_ts"] == card(office)["ts"]
    assert "<@UDESK2> This is yours now; <@UDESK1>" in office.workspace.messages[DESK][-1]["text"]


def test_an_office_gets_the_card_and_acts_in_its_own_name(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    assert fills_in(kenji(office), "desk.hand", card(office), office=["export_control"]) == {}
    (theirs,) = posted(office, EXPORT)
    assert "<@UEXPORT>" in office.workspace.messages[DESK][-1]["text"]
    export = replace(member(office, "UEXPORT"), channel=EXPORT)
    assert fills_in(export, "desk.reply", theirs, words=["We look at it."]) == {}
    assert "*Export Control Office replies:*" in last_words(refused)


def test_a_fact_the_desk_asks_becomes_a_card_marked_so(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    assert "partners" not in refused.choices()
    assert fills_in(kenji(office), "desk.want", card(office), card=["content"]) == {}
    assert refused.asked == ["content"]
    assert "Asked by the desk" in json.dumps(refused.cards()[0]["blocks"])
    assert refused.verdicts() == ["do_not_upload"]
    refused.answers("content", content=["novelty"], fields=["none"])
    assert refused.asked == []
    assert "content" in refused.choices()


def test_an_office_answers_a_fact_and_the_case_is_judged_again(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    assert fills_in(kenji(office), "desk.hand", card(office), office=["export_control"]) == {}
    export = replace(member(office, "UEXPORT"), channel=EXPORT)
    (theirs,) = posted(office, EXPORT)
    assert fills_in(export, "desk.confirm", theirs, fact=["legal_clearance"], answer=["yes"]) == {}
    standing = refused.standing()
    assert standing.progress.facts["legal_clearance"] == "yes"
    assert (standing.case.confirmations[0].capacity, standing.case.confirmations[0].by) == ("export_control", "UEXPORT")
    assert refused.asked != [] or refused.verdicts() != ["do_not_upload"]
    words = [m["text"] for m in refused.from_bot() if "*Export Control Office* on “" in m["text"]]
    assert words
    assert words[0].endswith("”: Confirmed. It counts from now on.")
    assert events(refused)[-1] == Did.ANSWERED
    assert "UEXPORT" not in json.dumps(refused.from_bot())


def test_an_answer_is_taken_back_by_who_gave_it_and_the_asker_is_told(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    first, second = member(office), member(office, "UDESK2")
    assert fills_in(first, "desk.confirm", card(office), fact=["legal_clearance"], answer=["yes"]) == {}
    picks(second, "desk.take_back", card(office))
    assert "take back" not in json.dumps(second.view["blocks"])
    assert "fact" not in {block["block_id"] for block in second.view["blocks"]}
    assert fills_in(first, "desk.take_back", card(office), fact=["legal_clearance"]) == {}
    assert refused.standing().progress.facts["legal_clearance"] != "yes"
    assert [m["text"] for m in refused.from_bot() if "took back its answer" in m["text"]]
    assert events(refused)[-1] == Did.TAKEN_BACK


RULED = {"verdict": ["confirm_first"], "words": ["The ethics office agreed."], "passages": ["check.2"]}


def test_a_ruling_stands_beside_what_the_rules_say(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    desk = kenji(office)
    assert fills_in(desk, "desk.rule", card(office), **{**RULED, "passages": []}) == {"passages": "ruling_passages"}
    assert fills_in(desk, "desk.rule", card(office), **RULED) == {"office": "ruling_office"}
    assert fills_in(desk, "desk.rule", card(office), **RULED, office=["export_control"]) == {}
    assert _state(card(office)) == "decided"
    (ruling,) = office.tools.conversations.store.rulings(TEAM, refused.standing().case.id)
    assert (ruling.verdict, ruling.judged, ruling.office) == ("confirm_first", "do_not_upload", "export_control")
    shown = json.dumps(refused.verdict_message()["blocks"], ensure_ascii=False)
    assert refused.verdicts() == ["do_not_upload"]
    assert "A person's ruling" in shown
    assert "The ethics office agreed." in shown
    assert "UDESK1" not in shown
    assert refused.evaluation().verdict == "do_not_upload"
    assert "decided: 🟡 Confirm first" in last_words(refused)


def test_the_record_holds_the_ruling_beside_the_rules(office: Office, refused: Researcher) -> None:
    refused.presses("record.get", on=refused.verdict_message())
    test_a_ruling_stands_beside_what_the_rules_say(office, refused)
    refused.presses("record.get", on=refused.verdict_message())
    files = [file for m in refused.from_bot() for file in m.get("files", [])]
    assert len(files) == 6, "a ruling is worth a new record"
    case = office.tools.conversations.case(TEAM, refused.standing().case.id)
    standing = office.tools.conversations.standing(case)
    assert standing.evaluation is not None
    insight, marks = office.tools.conversations.insight(standing), office.tools.conversations.marks(case)
    receipt = office.tools.conversations.receipt(standing, standing.evaluation, keep=False)
    told = Settled(standing, standing.evaluation, insight, receipt, marks.ruling)
    first = write(office.tools.phrases, told, office.tools.zone, "en").reasons[0]
    assert first.startswith("A person's ruling beside the rules")
    assert first.endswith("It rests on the answer of Export Control Office. Passages: check.2.")


def test_without_a_channel_the_asker_hears_at_once_how_else(shared_desk: Office, tmp_path: Path) -> None:
    """And nothing is lost: the card is posted once there is a channel."""
    folder = overlays.folder(tmp_path / "overlay", contacts=CONTACTS)
    with opened(build_house(folder), str(tmp_path / "kakunin.db")) as office:
        office.workspace.channels[DESK] = Channel(DESK, "desk")
        office.workspace.messages[DESK] = []
        office.rounds()
        asker = asks_the_desk(is_refused(office.newcomer("en-US")))
        assert "desk@example.ac.jp" in told(asker)
        assert [c for c in office.take_complaints() if "the overlay names no channel" in c]
        office.rounds()
        assert posted(office) == []
        overlays.folder(folder, institution=INSTITUTION, contacts=CONTACTS)
        office.rounds()
        assert _state(card(office)) == "open"
        assert office.take_refusals() == []
    shared_desk.take_complaints()  # an alert is heard in all of this process


def test_who_hands_a_case_over_takes_the_desk_along(office: Office, refused: Researcher, hanako: Researcher) -> None:
    asks_the_desk(refused)
    office.tools.conversations.hand_over(TEAM, refused.standing().case.id, hanako.id)
    picks(kenji(office), "desk.claim", card(office))
    assert f"<@{hanako.id}>" in json.dumps(card(office))
    assert fills_in(kenji(office), "desk.reply", card(office), words=["Good day."]) == {}
    assert last_words(refused).startswith(f"<@{hanako.id}>")


def test_the_next_case_of_the_same_rules_sees_it_without_a_name(office: Office, refused: Researcher) -> None:
    test_a_ruling_stands_beside_what_the_rules_say(office, refused)
    other = is_refused(office.newcomer("en-US"))
    other.presses("verdict.reasons", on=other.verdict_message())
    before = next(b for b in other.view["blocks"] if b["block_id"] == "precedents")["text"]["text"]
    assert "Confirm first (by the rules: ⛔ Do not enter it), on the answer of Export Control Office" in before
    assert refused.id not in before
    assert "ethics office agreed" not in before
    office.workspace.messages[DESK] = []
    asks_the_desk(other)
    assert "Ruled before" in json.dumps(card(office))


def test_what_no_passage_answers_goes_to_the_desk_from_its_reply(office: Office, alex: Researcher) -> None:
    alex.asks("What does the guideline say about GakuNin RDM fees?")
    alex.presses("desk.ask", on=alex.from_bot()[-1])
    assert "no passage that answers" in json.dumps(card(office))
    assert fills_in(kenji(office), "desk.reply", card(office), words=["It is free."]) == {}
    assert "> It is free." in last_words(alex)
    picks(kenji(office), "desk.close", card(office))
    alex.replies("and next year?")
    assert told(alex) == office.tools.phrases.say("en", "desk.is_closed")


def test_who_asks_from_a_private_note_hears_directly(office: Office, alex: Researcher) -> None:
    alex.commands("What does the guideline say about GakuNin RDM fees?")
    alex.channel = alex.room
    alex.presses_in_the_note("desk.ask")
    assert fills_in(kenji(office), "desk.reply", card(office), words=["It is free."]) == {}
    assert "> It is free." in office.workspace.messages[alex.direct][-1]["text"]


def test_an_overlay_sends_a_verdict_to_the_desk_by_itself(office: Office, alex: Researcher) -> None:
    alex.asks().answers("openness", "undecided").answers("duties", bound=["personal"])
    alex.answers("clearance", "permitted").answers("partners", "nobody")
    alex.answers("service", service=["chatgpt_free"], use=["prompt"]).answers("safeguards", "unsure")
    assert alex.verdicts() == ["public_data_only"]
    assert "Your institution has such verdicts looked at" in last_words(alex)
    assert _state(card(office)) == "open"
    assert at_desk(alex).asker == ""


def test_a_channel_the_bot_is_not_in_loses_nothing(
    office: Office, refused: Researcher, caplog: pytest.LogCaptureFixture
) -> None:
    channels = office.workspace.channels
    channels[DESK] = replace(channels[DESK], bot_is_in=False)
    asks_the_desk(refused)
    assert "could not be reached in Slack" in last_words(refused)
    assert "desk@example.ac.jp" in last_words(refused)
    assert [text for text in alerts(caplog) if "desk's channel takes no message (not_in_channel)" in text]
    office.take_complaints()
    channels[DESK] = replace(channels[DESK], bot_is_in=True)
    office.later()
    assert _state(card(office)) == "open"
    assert set(office.take_refusals()) == {"chat.postMessage: not_in_channel"}


def test_a_word_under_a_deleted_card_comes_under_a_new_one(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    first = card(office)
    office.workspace.remove(DESK, first)
    office.tools.desk_letters.note(at_desk(refused), "n1", "A word.")
    office.later()
    (word,) = (m for m in office.workspace.messages[DESK] if m["text"] == "A word.")
    assert word["thread_ts"] == card(office)["ts"] != first["ts"]
    assert office.take_refusals() == ["chat.postMessage: thread_not_found"]


def test_a_reminder_and_an_escalation_come_once_each(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    officer = member(office, "UOFFICER")
    seen = []
    for hours in (1.5, 1, 0):
        office.later(hours * 3600)
        office.rounds()
        office.rounds()
        under = [m["text"] for m in office.workspace.messages[DESK] if m.get("thread_ts") == card(office)["ts"]]
        seen.append((len(under), len(office.workspace.messages.get(officer.direct, []))))
    assert seen == [(1, 0), (1, 1), (1, 1)]
    assert "*late*" in json.dumps(card(office))
    office._clock.ahead *= 0


def test_while_slack_is_out_of_reach_an_escalation_waits(shared_desk: Office, tmp_path: Path) -> None:
    """Whom it goes to is asked of Slack: a user group's members."""
    officers = INSTITUTION.replace('"UOFFICER"', '"S0OFFICE"')
    folder = overlays.folder(tmp_path / "overlay", institution=officers, contacts=CONTACTS)
    with opened(build_house(folder), str(tmp_path / "kakunin.db")) as office:
        office.workspace.channels[DESK] = Channel(DESK, "desk")
        asks_the_desk(is_refused(office.newcomer("en-US")))
        with office.unreachable_slack():
            office.later(3 * 3600)
            office.courier.go_round()
            office.settle()
        office.rounds()
        (message,) = office.workspace.messages["D0MIKA"]
        assert "最初の回答の期限" in message["text"]
        assert not [line for line in office.take_complaints() if "nobody to tell" in line]
    shared_desk.take_complaints()  # an alert is heard in all of this process


def test_a_member_sees_the_queue_on_home_and_acts_there(office: Office, refused: Researcher) -> None:
    asks_the_desk(refused)
    desk, case = kenji(office), refused.standing().case.id
    for number in range(9):
        office.tools.desk._put(replace(at_desk(refused), id=f"{number:016x}", about="question", priority="low"))
    desk.opens_home()
    rows = [b for b in desk.home["blocks"] if b["block_id"].startswith("desk:")]
    assert (len(rows), rows[0]["block_id"]) == (8, f"desk:{case}")
    desk.acts_on_home("desk_page:next")
    assert desk.on_home("desk_page:first") is not None
    assert f"desk:{case}" not in {b["block_id"] for b in desk.home["blocks"]}
    desk.acts_on_home("desk_page:first")
    block = next(n for n in payloads.elements(desk.home["blocks"]) if n == (f"desk:{case}", "desk_menu"))
    office.gestures.click_home(desk.id, *block, [f"desk.claim|{case}"], {})
    office.settle()
    assert at_desk(refused).holder == desk.id
    refused.opens_home()
    assert not [b for b in refused.home["blocks"] if b["block_id"].startswith("desk:")]


def test_a_wrong_verdict_becomes_a_scenario_with_the_desks_comment(
    office: Office, refused: Researcher, tmp_path: Path
) -> None:
    refused.presses("object.verdict", on=refused.verdict_message())
    assert refused.submits(objection=["too_strict"], expected=["confirm_first"]) == {}
    (message,) = office.workspace.messages[DESK]
    assert "A verdict was called wrong" in message["text"]
    desk = kenji(office)
    assert fills_in(desk, "desk.accept", message, words=['Interviews, "refused"\nby a form.']) == {}
    draft = office.tools.conversations.store.draft(TEAM, refused.standing().case.id)
    assert draft is not None
    assert (draft.state, draft.by, draft.expected) == ("accepted", desk.id, "confirm_first")
    assert "Accepted by <@UDESK1>" in json.dumps(office.workspace.messages[DESK][0])
    assert payloads.elements(office.workspace.messages[DESK][0]["blocks"]) == {}
    store = office.tools.conversations.store
    assert isinstance(store, SqlStore)
    command = CliRunner().invoke(main, ["scenarios", "--store", store.where, str(tmp_path)])
    assert command.stdout == f"1 written to {tmp_path}, 0 waiting for the desk\n"
    house = office.tools.conversations.library.of(TEAM).current()
    (scenario,) = load_scenarios(house.rulebook.rulebase, house.knowledge, tmp_path).values()
    assert scenario.situation.en == 'Interviews, "refused"\nby a form.'
    assert scenario.situation.ja == '［未翻訳］Interviews, "refused"\nby a form.'
    assert run(house.evaluator, scenario) == ["verdict: expected confirm_first, got do_not_upload"]
