"""Every view in both languages: as it was last looked at (snapshots), and never refused by Slack's Block Kit."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.app import House, build_house
from bot.example import EXAMPLE
from bot.playground.block_kit import block_faults, view_faults
from bot.replies import Replies
from bot.views.again import start_again, start_again_from, without_its_message
from bot.views.asked import asked
from bot.views.blocks import Block, cut, plain_blocks, section, sections
from bot.views.digest import OnHome
from bot.views.handover import offered, pick_a_colleague
from bot.views.home import HomeViews, Owned
from conversations.choices import shown_parts, shown_shortcuts
from conversations.comparison import ServiceVerdict
from conversations.competence import whom_to_ask
from conversations.interview import Interview, Progress, Step
from conversations.listing import one_click
from conversations.models import (
    ENDS,
    OBJECTIONS,
    OPINIONS,
    READ,
    READING_CARD,
    SERVICE_CARD,
    SHORTCUT,
    WRONG,
    Answer,
    Case,
    Choice,
    Confirmation,
    Opinion,
    Place,
    Value,
)
from conversations.preview import Preview
from conversations.service import Insight, Standing
from conversations.store.protocol import Asked, Holdings, Outline, OwnCases
from conversations.todo import Marks, ToDo, measures_to_do
from conversations.validity import Holds
from knowledge.redirects import load_redirects
from rules.evaluator import Evaluator
from rules.models import VERDICTS, Evaluation, RuleBase
from rules.vocabulary import parse_facts

UNMARKED = Marks()
METADATA = '{"case": "c0ffee"}'
OPEN = {"already_public": "yes", "personal_information": "no", "export_controlled": "no", "other_restriction": "no"}
QUIET = {**dict.fromkeys(("company_secret", "novelty", "national_security", "strategic_value"), "no"), **OPEN}
SAFE = {**dict.fromkeys(("responsible_person", "liability_clear", "access_limited", "secure_channel"), "yes")}
PERSONAL = {**QUIET, **SAFE, "already_public": "no", "personal_information": "yes", "collaboration": "none"}
FACTS: dict[str, dict[str, object]] = {
    "allowed": {**OPEN, "programme": "no"},
    "allowed_with_conditions": {**QUIET, "already_public": "no", "openness_review": "open", "collaboration": "none"},
    "confirm_first": {},
    "public_data_only": {**PERSONAL, "legal_clearance": "yes", "data_location": "undisclosed", "programme": "yes"},
    "do_not_upload": {**PERSONAL, "legal_clearance": "no"},
}
# What shows every part of each card: restrictions and secrets at hand, and a model to be trained.
ALL_PARTS: dict[str, Value] = {
    **dict.fromkeys(("personal_information", "export_controlled", "other_restriction", "national_security"), "yes"),
    "company_secret": "yes",
    "already_public": "yes",
    "use": "training",
}


@pytest.fixture(scope="module")
def house() -> House:
    return build_house()


def case(brand: str | None = None) -> Case:
    return Case("c0ffee", Place("T0", "C0", "1.0"), "U0ALEX", datetime(2026, 11, 22, tzinfo=UTC), brand=brand)


def steps(interview: Interview, choice: Choice | None = None) -> list[Step]:
    return [Step(card, choice, ALL_PARTS, "chatgpt_free") for card in interview.cards]


def first_choices(step: Step) -> Iterator[Choice]:
    """The card answered in detail by its last option of each input, and by each of its shortcuts."""
    detail = {p.id: (p.options[-1].id,) for p in shown_parts(step.card, step.known) if p.options}
    yield detail | ({SERVICE_CARD: ("chatgpt_free",)} if step.card.id == SERVICE_CARD else {})
    yield from ({SHORTCUT: (shortcut.id,)} for shortcut in shown_shortcuts(step.card, step.known))


def standing(house: House, evaluation: Evaluation) -> Standing:
    cards = house.interview.cards
    asked, in_doubt = frozenset(evaluation.facts), ("novelty", "strategic_value")
    progress = Progress((), evaluation.facts, "chatgpt_free", asked, in_doubt, cards[-2:], ())
    return Standing(case(), house.books.current(), progress, evaluation)


def insight(house: House, evaluation: Evaluation) -> Insight:
    ask = house.interview.counterfactuals
    told = ask.deciding(evaluation.facts, evaluation.verdict, frozenset(evaluation.facts))
    return Insight(
        told,
        ask.ways_out(evaluation.facts, evaluation.verdict),
        to_do=measures_to_do(house.rulebase, evaluation, frozenset(evaluation.facts)),
        holds=Holds(date(2027, 5, 21), "service"),
        whom=whom_to_ask(
            house.rulebase, house.books.current().matters, standing(house, evaluation).progress, evaluation
        ),
    )


def verdict_card(house: House, evaluation: Evaluation, language: str, marks: Marks = UNMARKED) -> list[Block]:
    told = insight(house, evaluation)
    return house.views.verdicts.card(standing(house, evaluation), evaluation, told, marks, language)


def behind(house: House, evaluation: Evaluation, language: str) -> dict[str, Block]:
    """Every modal behind a verdict."""
    views, told = house.views.verdicts, insight(house, evaluation)
    ticked = frozenset(told.to_do[:1])
    return {
        "reasons": views.reasons(standing(house, evaluation), evaluation, told, language),
        "ways": views.insights.ways_out(told, language),
        "checklist": views.checklist.modal(evaluation, language),
        "to do": views.to_do.modal("c0ffee", told.to_do, evaluation.measures, ticked, language, own=True),
        "to do, read": views.to_do.modal("c0ffee", told.to_do, evaluation.measures, ticked, language, own=False),
    }


def sound(blocks: list[Block]) -> list[Block]:
    assert block_faults(blocks, "message") == []
    return blocks


@pytest.mark.parametrize("brand", [None, "chatgpt", "no_such_brand"])
def test_intro(house: House, shot: SnapshotAssertion, language: str, brand: str | None) -> None:
    assert sound(house.views.questions.intro(case(brand), language)) == shot


def test_every_card_asked(house: House, shot: SnapshotAssertion, language: str) -> None:
    views = {s.card.id: sound(house.views.questions.asked(case(), s, 3, 4, language)) for s in steps(house.interview)}
    assert views == shot


def test_every_card_asked_without_any_fact(house: House, language: str) -> None:
    for card in house.interview.cards:
        step = Step(card, None, {}, None)
        if shown_parts(card, {}):
            sound(house.views.questions.asked(case("chatgpt"), step, 1, 0, language))


def test_a_card_of_one_short_choice_is_answered_with_one_click(house: House, language: str) -> None:
    (step,) = (s for s in steps(house.interview) if s.card.id == "all_public")
    assert one_click(step)
    buttons = house.views.questions.asked(case(), step, 1, 0, language)[-1]["elements"]
    assert [button["action_id"] for button in buttons] == [
        f"card.pick:all:{name}" for name in ("all", "part", "unsure")
    ]


def test_every_card_answered(house: House, shot: SnapshotAssertion, language: str) -> None:
    views = {}
    for step in steps(house.interview):
        for position, choice in enumerate(first_choices(step)):
            answered = Step(step.card, choice, step.known, step.service)
            views[f"{step.card.id} {position}"] = sound(house.views.questions.answered(case(), answered, language))
    assert views == shot


def test_every_card_changed(house: House, shot: SnapshotAssertion, language: str) -> None:
    views = {}
    for step in steps(house.interview):
        for position, choice in enumerate(first_choices(step)):
            answered = Step(step.card, choice, step.known, step.service)
            view = house.views.questions.change(case(), answered, METADATA, language)
            assert view_faults(view) == []
            views[f"{step.card.id} {position}"] = view
    shown = {name: view for name, view in views.items() if name.endswith(" 0") and name != "service 0"}
    assert shown == shot  # the catalogue stands in the snapshot of the cards asked


def test_help_with_every_card(house: House, shot: SnapshotAssertion, language: str) -> None:
    helps, found = house.views.helps, dict[str, Any]()
    for step in (Step(card, None, {}, None) for card in house.interview.cards):
        question = step.card.question.say(language)
        why = helps.why(question, house.interview.at_stake(step), language)
        terms = helps.terms(step.card.id, question, language)
        assert (view_faults(why), view_faults(terms)) == ([], [])
        found |= {f"{step.card.id} why": why, f"{step.card.id} terms": terms}
        sound([{**section("x", helps.menu(case(), step, language, answered=True)), "block_id": "x"}])
    assert {name: found[name] for name in ("duties why", "duties terms", "service why", "safeguards terms")} == shot
    assert view_faults(helps.why("?", (), language)) == []


def test_the_desk(house: House, shot: SnapshotAssertion, language: str) -> None:
    view = house.views.helps.desk(case(), "duties", "May `it` <go>?", language, own=True)
    assert view_faults(view) == []
    assert view == shot
    assert view_faults(house.views.helps.desk(case(), "", "", language, own=False)) == []


def summarised(house: House, *answers: tuple[str, Choice]) -> Standing:
    at = replace(case(), answers=tuple(Answer(card, choice, "U0ALEX", case().started_at) for card, choice in answers))
    book, progress = house.books.current(), house.interview.progress(at)
    return Standing(at, book, progress, book.evaluator.evaluate(progress.facts) if progress.settled else None)


PUBLIC: tuple[tuple[str, Choice], ...] = (("openness", {SHORTCUT: ("public",)}), ("duties", {SHORTCUT: ("none",)}))


def test_the_summary(house: House, shot: SnapshotAssertion, language: str) -> None:
    stations = [summarised(house, *PUBLIC[:length]) for length in range(3)]
    views = [house.views.editing.summary(each, language) for each in stations]
    assert [view_faults(view) for view in views] == [[], [], []]
    assert views == shot


def test_what_a_change_would_do(house: House, shot: SnapshotAssertion, language: str) -> None:
    finished, open_case = summarised(house, *PUBLIC), summarised(house, ("openness", {SHORTCUT: ("undecided",)}))
    bound = summarised(house, PUBLIC[0], ("duties", {"bound": ("secret",)}), ("all_public", {"all": ("all",)}))
    changes = {
        "reopens": Preview(finished, open_case, finished.progress.steps[0]),
        "settles": Preview(open_case, finished, open_case.progress.steps[0]),
        "stands, and withdraws": Preview(bound, finished, bound.progress.steps[1]),
    }
    views = {name: house.views.editing.preview(each, METADATA, language) for name, each in changes.items()}
    assert [view_faults(view) for view in views.values()] == [[], [], []]
    assert views == shot


def test_one_thing_told_in_a_modal(house: House, shot: SnapshotAssertion, language: str) -> None:
    view = house.views.editing.started_over(language)
    assert view_faults(view) == []
    assert view == shot


def test_did_you_mean(house: House, shot: SnapshotAssertion, language: str) -> None:
    step = Step(next(card for card in house.interview.cards if card.id == "service"), None, {}, None)
    uses: list[Choice] = [{"service": ("chatgpt_edu",), "use": (use,)} for use in ("prompt", "training")]
    single: list[Choice] = [{SHORTCUT: ("unsure",)}]
    notes = [house.views.typed.did_you_mean(case(), step, choices, language)[1] for choices in (uses, single)]
    notes.append(house.views.typed.your_answers(case(), language)[1])
    assert [sound(blocks) for blocks in notes] == shot


@pytest.mark.parametrize("moved", [True, False])
def test_a_card_that_is_gone(house: House, shot: SnapshotAssertion, language: str, moved: bool) -> None:
    question = house.interview.cards[0].question.say(language)
    assert sound(house.views.questions.gone(question, language, moved=moved)) == shot


READINGS: dict[str, Choice] = {
    "a service and facts": {
        "service": ("chatgpt_free",), "use": ("prompt",), "already_public": ("no",), "personal_information": ("yes",),
        "sensitive_domains": ("health", "food"), "legal_clearance": ("unknown",), "data_location": ("abroad",),
    },
    "two services": {"service": ("chatgpt", "m365_copilot_chat"), "personal_information": ("no",)},
    "a slip": {"slip": ("chatgpt_free",)},
}  # fmt: skip


def read_case(read: Choice, *answers: tuple[str, Choice]) -> Case:
    at = case().started_at
    return replace(case(), answers=tuple(Answer(card, choice, "", at) for card, choice in ((READ, read), *answers)))


@pytest.mark.parametrize("name", READINGS)
def test_the_reading_card(house: House, shot: SnapshotAssertion, language: str, name: str) -> None:
    views, read = house.views.questions, READINGS[name]
    (asked,) = house.interview.progress(read_case(read)).steps
    yes = {**house.interview.readings.accepted(asked.read), "service": (*asked.read.candidates, "chatgpt_free")[:1]}
    found = {"asked": sound(views.asked(case(), asked, 1, 7, language))}
    answers: dict[str, Choice] = {"confirmed": yes, "dropped": {SHORTCUT: ("ask",)}}
    for what, choice in answers.items():
        step = house.interview.progress(read_case(read, (READING_CARD, choice))).steps[0]
        change = views.change(case(), step, METADATA, language)
        assert view_faults(change) == []
        found |= {what: sound(views.answered(case(), step, language)), f"change {what}": change["blocks"]}
    assert found == shot


def test_what_was_read_is_chosen_beforehand_on_other_cards(
    house: House, shot: SnapshotAssertion, language: str
) -> None:
    read: Choice = {"personal_information": ("yes",), "sensitive_domains": ("food", "energy")}
    undecided: Choice = {SHORTCUT: ("undecided",)}
    step = house.interview.progress(read_case(read, ("openness", undecided))).steps[-1]
    assert sound(house.views.questions.asked(case(), step, 2, 6, language)) == shot


def test_several_data_sets(house: House, shot: SnapshotAssertion, language: str) -> None:
    assert sound(house.views.questions.reading.several_data_sets(case(), language)) == shot


def test_the_other_services_that_were_named(
    house: House, interpreter_only: Evaluator, shot: SnapshotAssertion, language: str
) -> None:
    evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, FACTS["confirm_first"]))
    named = (ServiceVerdict("m365_copilot_chat", "confirm_first"), ServiceVerdict("claude", "public_data_only"))
    told = replace(insight(house, evaluation), named=named)
    card = house.views.verdicts.card(standing(house, evaluation), evaluation, told, UNMARKED, language)
    assert sound(card)[3] == shot
    assert card[:3] == verdict_card(house, evaluation, language)[:3]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_verdict_card_and_its_reasons(
    house: House, interpreter_only: Evaluator, shot: SnapshotAssertion, language: str, verdict: str
) -> None:
    evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, FACTS[verdict]))
    assert evaluation.verdict == verdict
    fixed = evaluation.model_copy(update={"edition": "2026-01"})
    modals = behind(house, fixed, language)
    assert [fault for view in modals.values() for fault in view_faults(view)] == []
    assert {"card": sound(verdict_card(house, fixed, language)), **modals} == shot


def test_a_marked_verdict(house: House, interpreter_only: Evaluator, shot: SnapshotAssertion, language: str) -> None:
    evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, FACTS["confirm_first"]))
    done = insight(house, evaluation).to_do[:6]
    views = {}
    for kind in OPINIONS:
        opinion = Opinion(kind, OBJECTIONS[0] if kind == WRONG else "")
        card = sound(verdict_card(house, evaluation, language, Marks(frozenset(done), opinion)))
        views[kind] = [block for block in card if block.get("block_id") in ("to_do", "opinion")]
        view = house.views.verdicts.opinions.objection("c0ffee", opinion, language)
        assert view_faults(view) == []
        views[f"{kind} objection"] = view["blocks"]
    assert views == shot


def test_the_whole_checklist(house: House, interpreter_only: Evaluator, shot: SnapshotAssertion, language: str) -> None:
    """As a table, and in lines where a workspace takes none."""
    evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, FACTS["public_data_only"]))
    fixed = evaluation.model_copy(update={"edition": "2026-01"})
    newest = sound(house.views.verdicts.whole_list(fixed, language))
    older = sound(plain_blocks(newest))
    assert "data_table" not in {block["type"] for block in older}
    assert {"newest": newest, "older": older} == shot


def test_a_verdict_withdrawn(house: House, shot: SnapshotAssertion, language: str) -> None:
    assert sound(house.views.verdicts.withdrawn(language)) == shot


def test_a_disputed_verdict_says_so(house: House, interpreter_only: Evaluator, language: str) -> None:
    for facts in FACTS.values():
        evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, facts))
        disputed = evaluation.model_copy(update={"disputed": True, "verdict": "do_not_upload"})
        warning = house.phrases.say(language, "verdict.disputed")
        assert section(warning) in sound(verdict_card(house, disputed, language))


NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ASKED = Confirmation("a" * 16, "legal_clearance", "privacy", "U7", "U1", NOW, part="personal")
GIVEN = replace(ASKED, id="b" * 16, value="yes", by="U7", answered_at=NOW, until=date(2027, 3, 31), ends_at=NOW)
SPOKEN = (
    ASKED,
    GIVEN,
    replace(ASKED, id="c" * 16, fact="openness_review", part="", value="closed", by="U7", answered_at=NOW),
    replace(ASKED, id="d" * 16, person="", claimed=True),
    *(replace(GIVEN, id=f"{n}" * 16, ended=ended, ended_at=NOW) for n, ended in enumerate(ENDS)),
)


def test_confirmations(house: House, shot: SnapshotAssertion, language: str) -> None:
    """What is asked, of whom, by which modals it is answered, and what its asker is told."""
    views = house.views.verdicts.approvals
    progress = house.interview.progress(case())
    facts = parse_facts(house.rulebase, PERSONAL)
    standing = Standing(
        replace(case(), confirmations=SPOKEN),
        house.books.current(),
        replace(progress, facts=facts, asked=frozenset(PERSONAL)),
        house.evaluator.evaluate(facts),
    )
    wanted = (("legal_clearance", "personal"), ("openness_review", ""), ("leader_approval", ""))
    modals = {
        "request": views.request(standing, wanted, "c0ffee", language),
        "nothing to ask": views.request(standing, (), "c0ffee", language),
        "yes": views.answer(ASKED, METADATA, language, yes=True),
        "no": views.answer(ASKED, METADATA, language, yes=False),
        "back": views.back(METADATA, language),
    }
    for modal in modals.values():
        assert view_faults(modal) == []
    kinds = ("yes", "no", "back", "withdrawn", "expired")
    told = {kind: views.told(kind, GIVEN, "verdict" if kind == "yes" else "", language, "a < b") for kind in kinds}
    messages = {
        "asked": sound(asked(house.phrases, standing, ASKED, language)[1]),
        "on the card": sound(views.on_card(standing, language)),
        "on home": list(views.on_home([Asked("T0", "c0ffee", each) for each in SPOKEN[:2]], language)),
    }
    assert {**modals, **messages, "told": told} == shot


def test_every_note(house: House, shot: SnapshotAssertion, language: str) -> None:
    names = [name for name in house.phrases.names(language) if name.startswith("note.")]
    given: dict[str, object] = {"asker": "<@U0>", "part": "a < b", "reference": "0badcafe", "since": "2026-11-22"}
    given |= {
        "unfinished": "1",
        "finished": "2",
        "answers": "9",
        "ticks": 4,
        "opinions": 1,
        "desk": 2,
        "holder": "<@U9>",
        "roles": ["officers", "admins"],
        "week": "2026-W47",
    }
    given |= {"monday": "2026-11-16", "started": 3, "verdicts": "a 2 · b 1", "data_classes": "—", "services": "c < d 3"}
    given |= {"ticks": 4, "opinions": 1, "confirmations": 2, "words": "kanji 3", "jobs": 1, "letters": 2, "dead": 0}
    notes = {name: house.phrases.say(language, name, **given) for name in names}
    assert [block_faults([section(text)], "message") for text in notes.values()] == [[]] * len(notes)
    assert notes == shot


ANSWERS: dict[str, dict[str, object]] = {
    "quoted": {"reading": "guideline", "passages": ["framework.proportionate", "check.3"]},
    "unsaid": {"reading": "guideline", "passages": []},
    "redirect": {"reading": "redirect", "topics": [*load_redirects()]},
    "incident": {"reading": "incident", "service": "chatgpt"},
    "other": {"reading": "other", "warnings": ["not_text"]},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_to_what_is_no_case(house: House, shot: SnapshotAssertion, language: str, name: str) -> None:
    """Under an institution, and without one."""
    told = {}
    for place in (build_house(EXAMPLE), house):
        reply = Replies(place.phrases, place.library, load_redirects()).reply(ANSWERS[name], "T0", language)
        assert block_faults([section(reply.text)], "message") == []
        told[place.books.current().rulebook.institution or "nobody's"] = sound(reply.blocks)
    assert told == shot


def some_facts(rulebase: RuleBase, seed: int) -> dict[str, object]:
    chosen = random.Random(seed)
    facts: dict[str, object] = {}
    for fact in rulebase.facts.values():
        named = chosen.sample(fact.values, chosen.randint(0, len(fact.values)))
        facts[fact.id] = chosen.choice([named, "unknown"]) if fact.many else chosen.choice([*fact.values, "unknown"])
    return facts


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_hundreds_of_verdicts_are_never_refused(
    house: House, interpreter_only: Evaluator, part: int, language: str
) -> None:
    seen = set()
    for seed in range(100 * part, 100 * part + 100):
        evaluation = interpreter_only.evaluate(parse_facts(house.rulebase, some_facts(house.rulebase, seed)))
        marks = Marks(frozenset(evaluation.measures[: seed % 9]), Opinion(OPINIONS[seed % 3]))
        blocks, modals = verdict_card(house, evaluation, language, marks), behind(house, evaluation, language)
        faults = [fault for view in modals.values() for fault in view_faults(view)]
        assert (block_faults(blocks, "message"), faults) == ([], []), seed
        assert len(blocks) < 12, seed
        assert modals["reasons"]["blocks"][-1]["type"] == "context", f"the footer was cut off: {seed}"
        assert block_faults(house.views.verdicts.whole_list(evaluation, language), "message") == []
        seen.add(evaluation.verdict)
    assert len(seen) > 2


def test_long_wording_is_cut_not_refused(house: House, language: str) -> None:
    long = "長い<&>" * 2000
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert block_faults(sections([long, long, "short", *["line"] * 900]), "message") == []
    for step in steps(house.interview):
        card = stretched(step.card, long)
        for view in (Step(card, None, step.known, None), Step(card, next(first_choices(step)), step.known, None)):
            sound(house.views.questions.answered(case(), view, language))
            sound(house.views.questions.asked(case(), view, 10**30, 10**30, language))
            assert view_faults(house.views.questions.change(case(), view, METADATA, language)) == []
    sound(house.views.questions.gone(long, language, moved=True))


def stretched(record: Any, long: str) -> Any:
    """The record with every wording in it replaced by a long one."""
    raw = record.model_dump(by_alias=True)
    return type(record).model_validate(_stretched(raw, long))


def _stretched(raw: Any, long: str) -> Any:
    if isinstance(raw, dict):
        both = raw.keys() == {"ja", "en"}
        return {key: long if both else _stretched(value, long) for key, value in raw.items()}
    return tuple(_stretched(value, long) for value in raw) if isinstance(raw, tuple | list) else raw


def outline(name: str, **more: Any) -> Outline:
    at = case().started_at
    nothing = {"brand": None, "edition": "2026-11", "finished_at": None, "verdict": None, "data_class": None}
    return Outline(
        **{
            "id": name,
            "place": case().place,
            "asker": "U0ALEX",
            "started_at": at,
            "service": None,
            "answers": 2,
            **nothing,
            **more,
        }
    )


def test_the_home_tab(house: House, shot: SnapshotAssertion, language: str) -> None:
    views, at = HomeViews(house.phrases, house.views), case().started_at
    cases = (
        outline("open"),
        outline("named", brand="claude"),
        outline("finished", service="chatgpt_free", finished_at=at, verdict="confirm_first", data_class="closed"),
    )
    full = Owned(
        OwnCases(cases, 1, 2),
        Holdings(3, 3, 9, at),
        {name: f"https://playground.slack.com/archives/C0/p{n}" for n, name in enumerate(("open", "finished"))},
        "ja",
        "*This week*",
        ("said",),
        (
            ToDo(
                "finished",
                Place("T", "C", "1"),
                "confirm_first",
                "chatgpt_free",
                tuple(house.knowledge.measures)[:2],
                (),
            ),
        ),
        OnHome("2026-W47", ("2026-W48", "2026-W47"), wanted=True),
    )
    empty = Owned(OwnCases((), 0, 0), Holdings(0, 0, 0, None))
    found = {name: views.home(owned, language) for name, owned in (("full", full), ("empty", empty))}
    assert [view_faults(view) for view in found.values()] == [[], []]
    assert found == shot


def test_the_longest_home_tab_is_not_refused(house: House, language: str) -> None:
    cases = tuple(outline(f"{n:016x}", brand="claude") for n in range(10))
    links = {each.id: "https://playground.slack.com/archives/C0/p1" for each in cases}
    owned = Owned(OwnCases(cases, 9, 9), Holdings(9, 9, 9, case().started_at), links, "en", "week" * 700, ("x" * 4000,))
    assert view_faults(HomeViews(house.phrases, house.views).home(owned, language)) == []


def test_handing_a_case_over(house: House, shot: SnapshotAssertion, language: str) -> None:
    modal = pick_a_colleague(house.phrases, METADATA, language)
    assert view_faults(modal) == []
    text, blocks = offered(house.phrases, case(), language)
    assert {"modal": modal, "offer": [text, *sound(blocks)]} == shot


def test_starting_again(house: House, shot: SnapshotAssertion, language: str) -> None:
    read = {"brand": "claude", "read": {"personal_information": ["yes"]}}
    notes = {
        "edited": start_again_from(house.phrases, case(), read, language),
        "too much": start_again_from(house.phrases, case(), {"read": {"x" * 2000: ["y"]}}, language),
        "finished": start_again(house.phrases, case(), language),
        "gone": without_its_message(house.phrases, case(), language),
    }
    assert {name: [text, *sound(blocks)] for name, (text, blocks) in notes.items()} == shot
