"""What a first message says, by click: read at the door into codes, shown, accepted, corrected, dropped."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.playground.payloads import elements
from conversations.models import READING_CARD
from knowledge.understanding.reading import Evidence, NamedService, Reading, Slip, Value
from tests.bot.driver import Office, Researcher
from tests.bot.effects import dump

WORDS = "sekretwords4711"
PATIENTS: Mapping[str, Value] = {"personal_information": "yes", "sensitive_domains": ("health",)}
FREE = NamedService("chatgpt_free", WORDS)
CHAT = NamedService("m365_copilot_chat", WORDS)
SUMMARY = Reading("case", (FREE,), {**PATIENTS, "use": "prompt"}, (Evidence("use", "prompt", WORDS),))
Reads = Callable[[Reading], None]


@pytest.fixture
def reads(office: Office, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Lets every message be read in one way."""
    return lambda reading: monkeypatch.setattr(office.tools.reader("T0PLAY"), "read", lambda _: reading)


def button_ids(person: Researcher) -> list[str]:
    return [
        name for _, name in elements(person.cards()[-1]["blocks"]) if name.startswith("card.") and name != "card.more"
    ]


def context_of_verdict(person: Researcher) -> str:
    return str(next(m for m in person.from_bot() if "verdict" in str(m["blocks"][0]["block_id"]))["blocks"])


@pytest.mark.parametrize("way", ["mention", "message", "command"])
def test_one_click_accepts_all_that_was_read(way: str, reads: Reads, alex: Researcher) -> None:
    reads(SUMMARY)
    ways: Mapping[str, Callable[[], object]] = {
        "mention": alex.asks,
        "message": alex.asks_directly,
        "command": lambda: alex.commands("?"),
    }
    ways[way]()
    assert alex.asked == [READING_CARD]
    alex.answers(READING_CARD)
    said = {
        "service": ["chatgpt_free"],
        "use": ["prompt"],
        "personal_information": ["yes"],
        "sensitive_domains": ["health"],
    }
    assert alex.choices()[READING_CARD] == said
    assert alex.standing().progress.service == "chatgpt_free"
    assert alex.asked == ["duties"]
    alex.answers("duties").answers("clearance", "refused")
    assert alex.choices()["duties"] == {"bound": ["personal"]}
    assert alex.verdicts() == ["do_not_upload"]
    assert alex.notes() == []


def test_nothing_that_was_written_is_kept(filed_office: tuple[Office, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    office, file = filed_office
    reading = Reading(
        "case",
        (FREE, NamedService(WORDS, WORDS)),
        {**PATIENTS, WORDS: "yes", "novelty": WORDS, "use": "prompt"},
        warnings=(WORDS, "several_data_sets"),
        slips=(Slip(WORDS, WORDS),),
    )
    monkeypatch.setattr(office.tools.reader("T0PLAY"), "read", lambda _: reading)
    person = office.newcomer("en-US").asks(WORDS).answers(READING_CARD)
    person.answers("duties", "none").answers("openness", "public")
    assert person.verdicts() == ["allowed"]
    assert WORDS not in repr(dump(file))
    assert WORDS not in json.dumps(office.slack.api.calls)
    read = next(json.loads(str(row[4])) for row in dump(file)["answers"] if row[3] == "read")
    assert read.keys() == {"service", "use", "personal_information", "sensitive_domains", "warning"}


def test_a_line_is_corrected_on_the_card(reads: Reads, alex: Researcher) -> None:
    reads(SUMMARY)
    alex.asks().answers(READING_CARD, personal_information=["no"], service=["claude_team"], use=["ask"])
    assert alex.standing().progress.service == "claude_team"
    facts = alex.standing().progress.facts
    assert (facts["personal_information"], facts["use"]) == ("no", "unknown")


def test_it_can_be_dropped_and_taken_up_again(reads: Reads, alex: Researcher) -> None:
    reads(SUMMARY)
    alex.asks().answers(READING_CARD, "ask").answers("openness", "undecided")
    (card,) = alex.cards("duties")
    assert not any("initial_options" in element for element in elements(card["blocks"]).values())
    alex.changes(READING_CARD)
    assert alex.submits(use=["prompt"], service=["chatgpt_free"], personal_information=["yes"]) == {}
    progress = alex.standing().progress
    assert (progress.service, progress.facts["personal_information"]) == ("chatgpt_free", "yes")
    assert alex.asked == ["duties"]


def test_a_changed_reading_asks_again_what_it_contradicts(reads: Reads, alex: Researcher) -> None:
    reads(SUMMARY)
    alex.asks().answers(READING_CARD).answers("duties", bound=["personal"])
    assert alex.asked == ["clearance"]
    alex.changes(READING_CARD)
    assert alex.submits(personal_information=["no"]) == {}
    assert alex.choices().keys() == {READING_CARD}
    alex.answers("openness", "undecided").answers("duties", bound=["secret"])
    assert alex.standing().progress.facts["personal_information"] == "no"


def test_what_only_raises_concern_costs_no_click(reads: Reads, alex: Researcher) -> None:
    reads(Reading("case", (NamedService("chatgpt", WORDS),), PATIENTS))
    alex.asks()
    assert alex.asked == ["openness"]
    assert alex.standing().case.brand == "chatgpt"
    alex.answers("openness", "undecided").answers("duties")
    assert alex.standing().progress.facts["personal_information"] == "yes"


def test_a_service_alone_is_chosen_beforehand_on_its_card(reads: Reads, alex: Researcher) -> None:
    reads(Reading("case", (FREE,)))
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    alex.answers("service", use=["prompt"])
    assert alex.standing().progress.service == "chatgpt_free"


def test_not_to_know_the_service_takes_back_what_was_chosen_beforehand(reads: Reads, alex: Researcher) -> None:
    reads(Reading("case", (FREE,)))
    alex.asks().answers("openness", "undecided").answers("duties", "none")
    alex.answers("partners", "nobody").answers("content", content=["novelty"], fields=["none"])
    alex.answers("service", "unsure")
    assert alex.standing().progress.service is None
    assert alex.notes() == []


def test_one_click_picks_one_of_two_services_and_the_verdict_tells_the_other(reads: Reads, alex: Researcher) -> None:
    reads(Reading("case", (FREE, CHAT), PATIENTS))
    alex.asks()
    assert button_ids(alex)[:3] == [
        "card.next:service:chatgpt_free",
        "card.next:service:m365_copilot_chat",
        "card.next",
    ]
    alex.presses("card.next:service:m365_copilot_chat")
    assert alex.standing().progress.service == "m365_copilot_chat"
    alex.answers("duties").answers("clearance", "refused")
    assert alex.verdicts() == ["do_not_upload"]
    assert "ChatGPT Free" in context_of_verdict(alex)


def test_a_slip_is_asked_about(reads: Reads, alex: Researcher) -> None:
    reads(Reading("case", slips=(Slip(WORDS, "chatgpt"),)))
    alex.asks()
    assert alex.asked == [READING_CARD]
    assert "ChatGPT?" in str(alex.cards()[0]["blocks"])
    assert alex.standing().case.brand is None
    alex.presses("card.next:service:chatgpt")
    assert (alex.asked, alex.standing().progress.service) == (["openness"], None)


@pytest.mark.parametrize("press", ["card.next:service:" + WORDS, "card.next:" + WORDS + ":chatgpt_free"])
def test_words_put_into_a_pick_are_not_taken(press: str, reads: Reads, office: Office, alex: Researcher) -> None:
    reads(Reading("case", (FREE, CHAT)))
    alex.asks()
    sent = alex.payload("card.next:service:chatgpt_free", alex.cards()[0])
    office.send_interaction({**sent, "actions": [{**sent["actions"][0], "action_id": press}]})
    assert alex.asked == [READING_CARD]
    assert alex.notes() == ["unknown_option"]


def another(person: Researcher) -> dict[str, Any]:
    return next(m for m in person.from_bot() if ("another", "another") in elements(m["blocks"]))


def test_a_second_data_set_gets_a_check_of_its_own(reads: Reads, office: Office, alex: Researcher) -> None:
    reads(Reading("case", (FREE,), {"use": "prompt"}, warnings=("several_data_sets",)))
    alex.asks().answers(READING_CARD)
    first, before = alex.thread, {message["ts"] for message in alex.everything()}
    alex.presses("another", on=another(alex))
    alex._follow(before)
    assert alex.thread != first
    assert alex.asked == [READING_CARD]
    assert alex.standing().case.brand == "chatgpt"
    assert [answer.card for answer in alex.standing().case.answers] == ["read"]


def test_somebody_else_begins_with_nothing(reads: Reads, alex: Researcher, hanako: Researcher) -> None:
    reads(Reading("case", (FREE,), {"use": "prompt"}, warnings=("several_data_sets",)))
    alex.asks()
    hanako.looks_at(alex)
    before = {message["ts"] for message in hanako.everything()}
    hanako.presses("another", on=another(alex))
    hanako.room = alex.room
    hanako._follow(before)
    assert hanako.asked == ["openness"]
    assert hanako.standing().case.answers == ()


def test_the_reading_card_comes_again_where_the_bot_is_named(reads: Reads, alex: Researcher) -> None:
    reads(SUMMARY)
    alex.asks().replies(f"<@{alex.office.workspace.bot}> hm")
    assert alex.asked == [READING_CARD]
    assert alex.from_bot()[-1] == alex.cards()[0]
