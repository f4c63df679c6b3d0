"""The views of the desk in both languages: as they were last looked at, and never refused by Slack's Block Kit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.app import House, build_house
from bot.example import EXAMPLE
from bot.ids import AtDesk
from bot.playground.block_kit import block_faults, view_faults
from bot.views.blocks import Block
from bot.views.desk import MORE, DeskViews
from bot.views.desk_forms import DeskForms
from bot.views.draft import draft_card
from bot.views.queue import Page, QueueViews, cursor_in
from bot.views.ruling import RulingViews
from conversations.alarms import FIRST, WHOLE
from conversations.desk import DeskCase, Queued, State
from conversations.desk_work import DeskFile, Hesitation
from conversations.drafts import Draft, DraftState
from conversations.models import Confirmation, Place
from conversations.rulings import Precedent, Ruling, key_of
from conversations.service import Standing
from rules.evaluator import Evaluator
from rules.vocabulary import parse_facts
from tests.bot.test_views import FACTS, case, summarised

AT = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
OFFICES = ("export_control", "privacy")


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(EXAMPLE)


def at_desk(**more: object) -> DeskCase:
    return replace(DeskCase("T0", "c0ffee", "case", "high", AT, AT), **more)  # type: ignore[arg-type]


def judged(house: House) -> Standing:
    """A check with two answers, and a refusal."""
    standing = summarised(house, ("openness", {"shortcut": ("undecided",)}), ("duties", {"bound": ("personal",)}))
    evaluation = Evaluator(house.rulebase, None).evaluate(parse_facts(house.rulebase, FACTS["do_not_upload"]))
    return replace(standing, evaluation=evaluation)


def views(house: House) -> DeskViews:
    return DeskViews(house.phrases, house.views, house.knowledge.institution)


def rulings(house: House) -> RulingViews:
    return RulingViews(house.phrases, house.views.verdicts.insights, house.knowledge.institution)


def file(house: House, **more: object) -> DeskFile:
    """A case in hand with everything there is to tell."""
    standing = judged(house)
    assert standing.evaluation is not None
    key = key_of(house.rulebase, standing.evaluation)
    ruling = Ruling(AT, "U9", "confirm_first", "do_not_upload", key, ("check.2",), "privacy", "A <b> & c")
    told = DeskFile(
        at_desk(state=State.CLAIMED, holder="U9", office="privacy"),
        "U0ALEX",
        Place("T0", "C0", "1.0"),
        standing,
        Hesitation("duties", 2, 3),
        {FIRST: AT - timedelta(hours=1), WHOLE: AT + timedelta(hours=5)},
        timedelta(hours=1.5),
        standing.evaluation,
        ruling,
        (Precedent("allowed_with_conditions", "do_not_upload", "privacy", "2026-10", ("check.2", "check.6")),),
    )
    return replace(told, **more)  # type: ignore[arg-type]


def sound(blocks: list[Block]) -> list[Block]:
    assert block_faults(blocks, "message") == []
    return blocks


def test_the_card_of_a_case(house: House, shot: SnapshotAssertion, language: str) -> None:
    in_doubt = replace(judged(house), evaluation=None)
    begun = summarised(house)
    cards = {
        "in hand": file(house),
        "open": file(house, case=at_desk(), ruling=None, precedents=(), due={}),
        "so far": file(house, standing=in_doubt, ruling=None),
        "nothing answered": file(house, standing=begun, ruling=None, hesitation=Hesitation()),
        "closed": file(house, case=at_desk(state=State.CLOSED), due={}),
        "about other answers": file(house, ruling=replace(file(house).ruling, key="k")),  # type: ignore[type-var]
        "incident": file(house, case=at_desk(about="incident"), standing=None, place=Place("T0", "D0", "1.0")),
        "question": file(house, case=at_desk(about="question", priority="low"), standing=None, asker=""),
    }
    assert {name: sound(views(house).card(told, AT, language)) for name, told in cards.items()} == shot


def test_the_ruling_on_the_askers_card_names_no_person(house: House, language: str) -> None:
    told = file(house)
    assert told.ruling is not None
    assert told.evaluation is not None
    assert told.standing is not None
    found = sound(rulings(house).ruled(told.ruling, told.standing, told.evaluation, language))
    assert "U9" not in str(found)
    assert "A &lt;b&gt; &amp; c" in str(found)


ANSWERED = Confirmation("a1", "legal_clearance", "desk", "U9", "", AT, value="yes", by="U9", answered_at=AT)


def test_every_form(house: House, shot: SnapshotAssertion, language: str) -> None:
    forms, standing = DeskForms(house.phrases, house.views.verdicts.insights, rulings(house)), judged(house)
    assert standing.evaluation is not None
    found = {
        "reply": forms.reply("c0ffee", language),
        "assign": forms.assign("c0ffee", language),
        "hand": forms.hand("c0ffee", OFFICES, language),
        "hand to nobody": forms.hand("c0ffee", (), language),
        "want": forms.want(replace(standing, case=case()), language),
        "confirm": forms.confirm(standing, language),
        "take back": forms.take_back(standing, [ANSWERED], language),
        "nothing to take back": forms.take_back(standing, (), language),
        "rule": forms.rule(standing, standing.evaluation, OFFICES, language),
        "rule without offices": forms.rule(standing, standing.evaluation, (), language),
        "accept": forms.accept("c0ffee", language),
    }
    assert [view_faults(view) for view in found.values()] == [[]] * len(found)
    passages = next(b for b in found["rule"]["blocks"] if b.get("block_id") == "passages")["element"]["options"]
    assert passages[0]["value"] in standing.evaluation.passages
    for name in ("rule", "rule without offices"):  # all passages are many
        for block in found[name]["blocks"]:
            if block.get("block_id") == "passages":
                block["element"]["options"] = block["element"]["options"][:2]
    assert found == shot


def test_a_page_of_the_queue(house: House, shot: SnapshotAssertion, language: str) -> None:
    lines = (
        Queued(at_desk(holder="U9", office="privacy", state=State.CLAIMED), "do_not_upload"),
        Queued(at_desk(id="q", about="question", priority="low"), None),
    )
    queue = QueueViews(house.phrases, views(house))
    found = {
        "first": queue.page(Page(lines, 12, (0, 5, "q")), language),
        "last": queue.page(Page(lines[1:], 12, None, further=True), language),
        "empty": queue.page(Page((), 0, None), language),
    }
    assert [view_faults({"type": "home", "blocks": blocks}) for blocks in found.values()] == [[]] * 3
    assert found == shot


def test_a_page_begins_where_its_button_says() -> None:
    assert cursor_in("0|5|q") == (0, 5, "q")
    assert [cursor_in(value) for value in ("first", "", "a|b|c", "1|2|3|4")] == [None] * 4


def test_a_draft_of_a_scenario(house: House, shot: SnapshotAssertion, language: str) -> None:
    draft = Draft("T0", "c0ffee", AT, {}, "closed", "do_not_upload", (), "confirm_first", "too_strict")
    states = {
        "pending": draft,
        "accepted": replace(draft, state=DraftState.ACCEPTED, by="U9"),
        "dropped": replace(draft, state=DraftState.DROPPED),
    }
    insights = house.views.verdicts.insights
    assert {n: sound(draft_card(house.phrases, insights, each, language)) for n, each in states.items()} == shot


def test_what_is_about_no_check_is_not_ruled(house: House, language: str) -> None:
    told = views(house).menu(at_desk(about="question"), (*MORE, AtDesk.RULE), language)
    assert {o["value"].partition("|")[0] for o in told["options"]} == {AtDesk.ASSIGN, AtDesk.HAND}
