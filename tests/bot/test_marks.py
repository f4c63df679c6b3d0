"""The verdict card's to-do list and opinions, and the modals behind its buttons, as people use them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.ids import INPUT
from bot.playground.block_kit import view_faults
from conversations.models import OBJECTIONS, WRONG, Opinion
from conversations.todo import Marks
from tests.bot.driver import Office, Researcher
from tests.bot.spoiling import tampered
from tests.bot.test_interview import Interview, goes_through

PERMITTED: Interview = [
    ("openness", "undecided"),
    ("duties", {"bound": ["personal"]}),
    ("clearance", "permitted"),
    ("partners", "nobody"),
    ("service", {"service": ["chatgpt_free"], "use": ["prompt"]}),
    ("safeguards", {"confirmed": ["channel", "person", "liability"], "place": ["not_checked"]}),
]
OPENS = {
    "verdict.reasons": "reasons",
    "measure.all": "to_do",
    "ways.open": "ways_out",
    "services.compare": "other_services",
    "verdict.checklist": "checklist",
}


@pytest.fixture
def judged(alex: Researcher) -> Researcher:
    """Alex, with ten things to do."""
    goes_through(alex.asks(), PERMITTED)
    assert alex.verdicts() == ["public_data_only"]
    return alex


def marks(person: Researcher) -> Marks:
    return person.office.tools.conversations.marks(person.standing().case)


def pressed(person: Researcher) -> list[str]:
    """Return the buttons under the verdict that say that they were pressed."""
    (row,) = (block for block in person.verdict_message()["blocks"] if block["block_id"] == "opinion")
    return [button["action_id"] for button in row["elements"] if button["text"]["text"].startswith("✓")]


def test_a_tick_is_remembered_and_shown_where_it_was_made(judged: Researcher) -> None:
    before, names = judged.verdict_message()["ts"], list(judged.boxes())
    judged.ticks(names[0], names[2])
    assert judged.boxes() == {name: name in (names[0], names[2]) for name in names}
    judged.ticks(names[2])
    assert [name for name, ticked in judged.boxes().items() if ticked] == [names[2]]
    assert judged.verdict_message()["ts"] == before
    assert marks(judged).ticked == {names[2]}


def test_the_next_things_come_once_the_first_are_done(judged: Researcher) -> None:
    every = judged.office.tools.conversations.insight(judged.standing()).to_do
    first = list(judged.boxes())
    assert first == list(every[:5])
    judged.ticks(*first)
    assert list(judged.boxes()) == list(every[5:])
    judged.presses("measure.all", on=judged.verdict_message())
    assert judged.submits(**{"to_do:0": []}) == {}
    assert judged.boxes() == dict.fromkeys(first, False)


def test_the_whole_list_is_ticked_in_its_modal(judged: Researcher) -> None:
    every = judged.office.tools.conversations.insight(judged.standing()).to_do
    judged.presses("measure.all", on=judged.verdict_message())
    case = judged.standing().case.id
    assert judged.submits(**{"to_do:0": [f"{case}|{every[-1]}"]}) == {}
    assert marks(judged).ticked == {every[-1]}
    judged.presses("measure.all", on=judged.verdict_message())
    (box,) = (b["element"] for b in judged.view["blocks"] if b["type"] == "input")
    assert [option["value"] for option in box["initial_options"]] == [f"{case}|{every[-1]}"]


def test_somebody_else_reads_the_list_and_ticks_nothing(judged: Researcher, hanako: Researcher) -> None:
    hanako.looks_at(judged).presses("measure.all", on=judged.verdict_message())
    assert "input" not in {block["type"] for block in hanako.view["blocks"]}
    assert "submit" not in hanako.view
    hanako.ticks(next(iter(judged.boxes())))
    assert hanako.notes() == ["not_your_case"]
    assert not any(judged.boxes().values())


def test_a_tick_of_what_no_longer_applies_is_kept_and_not_shown(judged: Researcher) -> None:
    names = list(judged.boxes())
    judged.ticks(*names[:3])
    judged.changes("clearance")
    judged.submits(personal=["refused"])
    assert judged.verdicts() == ["do_not_upload"]
    assert names[0] not in judged.boxes()
    assert marks(judged).ticked == {*names[:3]}
    judged.changes("clearance")
    judged.submits(personal=["permitted"])
    assert judged.verdicts() == ["public_data_only"]
    assert [name for name, ticked in judged.boxes().items() if ticked] == names[:3]


def test_an_opinion_stands_until_another_replaces_it(judged: Researcher) -> None:
    told: list[Any] = []
    for action in ("opinion:helpful", "opinion:helpful", "opinion:not_helpful"):
        judged.presses(action, on=judged.verdict_message())
        told.append((pressed(judged), marks(judged).opinion))
    helpful, not_helpful = (([f"opinion:{kind}"], Opinion(kind)) for kind in ("helpful", "not_helpful"))
    assert told == [helpful, helpful, not_helpful]


def test_pressing_twice_writes_once(judged: Researcher) -> None:
    judged.presses("opinion:helpful", on=judged.verdict_message())
    calls = len(judged.office.slack.api.calls)
    judged.presses("opinion:helpful", on=judged.verdict_message())
    assert [name for name, _ in judged.office.slack.api.calls[calls:] if name.startswith("chat.")] == []


def test_what_is_wrong_is_said_as_a_code(judged: Researcher, hanako: Researcher) -> None:
    judged.presses("object.verdict", on=judged.verdict_message())
    assert judged.view["callback_id"] == "wrong_verdict"
    assert view_faults({k: v for k, v in judged.view.items() if k not in ("id", "team_id", "app_id")}) == []
    assert judged.submits(objection=["too_strict"]) == {}
    assert (marks(judged).opinion, pressed(judged)) == (Opinion(WRONG, "too_strict"), ["object.verdict"])
    judged.presses("object.verdict", on=judged.verdict_message())
    (what,) = (block for block in judged.view["blocks"] if block.get("block_id") == "objection")
    assert what["element"]["initial_option"]["value"] == OBJECTIONS[0]
    hanako.looks_at(judged).presses("object.verdict", on=judged.verdict_message())
    hanako.presses("opinion:helpful", on=judged.verdict_message())
    assert (hanako.has_view, hanako.notes()) == (False, ["not_your_case"] * 2)


@pytest.mark.parametrize("action", OPENS)
def test_every_button_opens_its_modal_for_anyone_in_the_thread(
    judged: Researcher, hanako: Researcher, action: str
) -> None:
    hanako.looks_at(judged)
    for reader in (judged, hanako):
        reader.presses(action, on=judged.verdict_message())
        assert reader.view["callback_id"] == OPENS[action]


def test_the_original_words_are_always_quoted(judged: Researcher) -> None:
    judged.presses("verdict.reasons", on=judged.verdict_message())
    knowledge = judged.standing().book.knowledge
    shown = {b["block_id"].partition(":")[2]: b for b in judged.view["blocks"] if b["block_id"].startswith("passage:")}
    assert shown.keys() == set(judged.evaluation().passages)
    for name, block in shown.items():
        assert " ".join(knowledge.passages[name].ja.split()) in block["text"]["text"]
    after = [judged.view["blocks"][judged.view["blocks"].index(block) + 1] for block in shown.values()]
    assert all("unofficial" in block["elements"][0]["text"] for block in after)


def test_the_card_tells_edition_day_and_until_when_it_holds(judged: Researcher) -> None:
    blocks = judged.verdict_message()["blocks"]
    text = next(b["elements"][1]["text"] for b in blocks if b["type"] == "context" and len(b["elements"]) == 2)
    holds = judged.office.tools.conversations.holds(judged.standing())
    assert holds is not None
    assert judged.evaluation().edition in text
    assert holds.until.isoformat() in text
    assert re.search(r"<!date\^\d+\^\{date_num\}\|\d{4}-\d\d-\d\d>", text)


def test_the_card_is_updated_in_place(judged: Researcher) -> None:
    judged.ticks(next(iter(judged.boxes())))
    judged.presses("opinion:helpful", on=judged.verdict_message())
    shown = [m["ts"] for m in judged.from_bot()]
    judged.changes("clearance")
    judged.submits(personal=["refused"])
    assert judged.verdicts() == ["do_not_upload"]
    assert [m["ts"] for m in judged.from_bot()] == shown


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("opinion:helpful", {"value": "0" * 16}),
        ("opinion:helpful", {"action_id": "opinion:nonsense"}),
        ("opinion:helpful", {"value": "sekret words"}),
    ],
)
def test_a_tampered_opinion_has_no_effect(judged: Researcher, action: str, changes: dict[str, str]) -> None:
    sent = tampered(judged.payload(action, judged.verdict_message()), **changes)
    assert judged.office.send_interaction(sent).status == 200
    assert marks(judged).opinion is None
    assert len(judged.notes()) == 1


def test_a_list_that_was_tampered_with_ticks_no_case_of_others(judged: Researcher, hanako: Researcher) -> None:
    hanako.asks("データを入力していい？").answers("openness", "public").answers("duties", "none")
    judged.presses("measure.all", on=judged.verdict_message())
    (box,) = (b["element"]["options"] for b in judged.view["blocks"] if b["type"] == "input")
    mine = judged.standing().case.id
    sent = judged.submission({"to_do:0": [box[0]["value"]]})
    other = json.loads(json.dumps(sent).replace(mine, hanako.standing().case.id))
    reply = judged.office.send_interaction(other)
    assert json.loads(reply.body)["response_action"] == "errors"
    assert marks(hanako).ticked == marks(judged).ticked == frozenset()
    assert sent["view"]["state"]["values"]["to_do:0"][INPUT]["selected_options"]


def test_who_asked_is_told_once_that_a_verdict_ended(filed_office: tuple[Office, Path]) -> None:
    office, _ = filed_office
    alex = office.newcomer("en-US")
    goes_through(alex.asks(), PERMITTED)
    holds = office.tools.conversations.holds(alex.standing())
    assert holds is not None
    shown = len(alex.from_bot())
    office.rounds()
    assert len(alex.from_bot()) == shown
    days = (holds.until - office.tools.clock().date()).days
    for passed in (days - 1, 1, 1, 30):
        office.later(passed * 24 * 3600)
        office.rounds()
    told = alex.from_bot()[shown:]
    assert [holds.until.isoformat() in message["text"] for message in told] == [True]
    assert alex.id in told[0]["text"]
