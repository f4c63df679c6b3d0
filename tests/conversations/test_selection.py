"""Which card comes next: what saves cards, what has to wait, and that no verdict depends on the order."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from statistics import mean

import pytest

from conversations.cards import load_cards
from conversations.interview import Interview, Step
from conversations.models import SERVICE_CARD, Card, Choice, Value
from conversations.selection import Selection, waits_for
from knowledge.models import Bilingual, Knowledge
from rules.diagram import Diagram
from rules.models import Fact, Rule, RuleBase, Table
from rules.vocabulary import for_tables
from tests.conversations.builders import answered, case, chooser, names, pick, waiting
from tests.conversations.checklist import (
    Checklist,
    FileOrder,
    checklist_length,
    fewest_cards,
    filled_in,
    half_safe,
)
from tests.conversations.situations import SITUATIONS, truthful_choice

NUMBER = 300
WORD = Bilingual(ja="語", en="word")
PUBLIC = ("openness", pick(shortcut="public"))
UNDECIDED = ("openness", pick(shortcut="undecided"))
SECRET = ("duties", pick(bound="secret"))


@pytest.fixture(scope="module")
def diagram(rulebase: RuleBase) -> Diagram:
    return Diagram(rulebase)


@pytest.fixture(scope="module")
def checklists(interview: Interview) -> list[Checklist]:
    """Return random people's answers to every card: half of the people answer half of the cards safely."""
    rngs = [random.Random(f"selection {number}") for number in range(NUMBER)]
    careful = [filled_in(interview, half_safe(interview, rng)) for rng in rngs[::2]]
    return careful + [filled_in(interview, chooser(rng)) for rng in rngs[1::2]]


@pytest.fixture(scope="module")
def typical(interview: Interview) -> list[Checklist]:
    choosers = (partial(truthful_choice, facts=s.facts, service=s.service) for s in SITUATIONS)
    return [filled_in(interview, choose) for choose in choosers]


@pytest.fixture
def in_file_order(cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge) -> Interview:
    interview = Interview(cards, rulebase, knowledge)
    interview._selection = FileOrder()  # type: ignore[assignment]
    return interview


def asked(interview: Interview, checklist: Checklist) -> list[str]:
    return names(interview.progress(checklist.case))


def test_it_never_asks_what_cannot_matter(
    interview: Interview, checklists: list[Checklist], diagram: Diagram, knowledge: Knowledge
) -> None:
    for checklist in checklists:
        for step in interview.progress(checklist.case).steps:
            assert diagram.support(for_tables(open_before(step))) & interview._relevance.settles(
                step.card, step.service
            )


def open_before(step: Step) -> dict[str, Value]:
    anew = step.card.facts & step.card.when.keys()
    return {name: value for name, value in step.known.items() if name not in anew}


def test_the_verdict_is_the_full_checklists_whatever_the_unasked_cards_would_say(
    interview: Interview, checklists: list[Checklist], diagram: Diagram
) -> None:
    verdicts = set()
    for checklist in checklists:
        progress = interview.progress(checklist.case)
        assert progress.current is None
        # what `settled` returns holds under every completion
        told = diagram.settled(for_tables({name: progress.facts[name] for name in progress.asked}))
        assert told is not None
        assert told == diagram.settled(for_tables(checklist.known))
        verdicts.add(told)
    assert len(verdicts) == 5


"""`settled` reads the diagram: what it returns holds under every completion."""


def test_both_orders_come_to_the_same_facts_on_what_both_ask(
    interview: Interview, in_file_order: Interview, checklists: list[Checklist]
) -> None:
    for checklist in checklists:
        one, other = interview.progress(checklist.case), in_file_order.progress(checklist.case)
        both = one.asked & other.asked
        assert {name: one.facts[name] for name in both} == {name: other.facts[name] for name in both}


def test_the_order_depends_on_nothing_but_the_answers(
    cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge, checklists: list[Checklist]
) -> None:
    one, other = Interview(cards, rulebase, knowledge), Interview(load_cards(rulebase), rulebase, knowledge)
    some = checklists[::5]
    assert [asked(one, each) for each in some] == [asked(other, each) for each in reversed(some)][::-1]


def test_the_order_in_which_answers_were_given_is_no_matter(interview: Interview, checklists: list[Checklist]) -> None:
    rng = random.Random(11)
    for checklist in checklists[::5]:
        shuffled = rng.sample(checklist.case.answers, len(checklist.choices))
        assert interview.progress(replace(checklist.case, answers=tuple(shuffled))) == interview.progress(
            checklist.case
        )


def test_threads_choose_alike(
    cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge, interview: Interview, checklists: list[Checklist]
) -> None:
    fresh = Interview(cards, rulebase, knowledge)
    some = checklists[::10]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(partial(asked, fresh), some)) == [asked(interview, each) for each in some]


def test_no_more_cards_come_than_was_said_and_the_number_never_rises(
    interview: Interview, checklists: list[Checklist]
) -> None:
    for checklist in checklists[::3]:
        done = answered(interview, partial(answer_of, checklist))
        steps = [interview.progress(replace(done, answers=done.answers[:n])) for n in range(len(done.answers) + 1)]
        told = [progress.at_most for progress in steps]
        assert all(len(steps[-1].steps) - len(now.steps) <= now.at_most for now in steps)
        assert told == sorted(told, reverse=True)


def answer_of(checklist: Checklist, step: Step) -> Choice:
    return checklist.choices[step.card.id]


def test_what_a_card_asks_anew_counts_among_what_may_come(interview: Interview) -> None:
    both = interview.progress(case(PUBLIC, SECRET))
    assert waiting(both) == "all_public"
    part = interview.progress(case(PUBLIC, SECRET, ("all_public", pick(all="part"))))
    assert both.at_most == 1 + part.at_most
    assert interview.progress(case(PUBLIC, SECRET, ("all_public", pick(all="all")))).at_most == 0


def test_it_asks_fewer_cards_than_the_order_of_the_file(
    interview: Interview, in_file_order: Interview, checklists: list[Checklist], typical: list[Checklist]
) -> None:
    for some in (checklists, typical):
        by_power, by_file = (mean(len(asked(by, each)) for each in some) for by in (interview, in_file_order))
        assert by_power < by_file


def test_it_lies_between_the_optimum_and_the_checklist(
    interview: Interview, diagram: Diagram, checklists: list[Checklist], typical: list[Checklist]
) -> None:
    for checklist in [*typical, *checklists[::5]]:
        assert fewest_cards(diagram, checklist) <= len(asked(interview, checklist))
        assert len(asked(interview, checklist)) <= checklist_length(interview, checklist)


def test_a_card_waits_for_those_that_decide_what_it_shows(cards: tuple[Card, ...]) -> None:
    waits = {name: first for name, first in waits_for(cards, frozenset({"liability_clear"})).items() if first}
    assert waits == {
        "clearance": {"duties"},
        "partners": {"duties"},
        "safeguards": {SERVICE_CARD},
    }


def test_no_card_comes_before_one_it_waits_for(interview: Interview, checklists: list[Checklist]) -> None:
    waits = waits_for(interview.cards, frozenset())
    for checklist in checklists:
        order = asked(interview, checklist)
        assert all(waits[card].isdisjoint(order[place:]) for place, card in enumerate(order))


def card(name: str, **more: object) -> Card:
    """Return a card with one choice on the fact of its name."""
    option = {"id": "yes", "label": WORD, "sets": {name: "yes"}}
    part = {"id": "part", "kind": "one", "label": WORD, "option": (option,)}
    return Card.model_validate({"id": name, "topic": WORD, "question": WORD, "help": WORD, "part": (part,), **more})


def selection(cards: Sequence[Card], *floors: dict[str, str]) -> Selection:
    """Return a selection over facts whose safe value is no, where each of the floors forbids."""
    facts = {c.id: Fact(id=c.id, values=("yes", "no"), safe="no", label=WORD) for c in cards}
    rules = tuple(
        Rule(
            id=f"r{number}",
            target="verdict",
            when={name: frozenset((value,)) for name, value in floor.items()},
            then="do_not_upload",
            cites=("p",),
            because=WORD,
        )
        for number, floor in enumerate(floors)
    )
    table = Table.model_validate({"decides": "verdict", "mode": "floor", "values": (), "rule": rules})
    diagram = Diagram(RuleBase(facts=facts, tables=(table,), editions=()))
    return Selection(cards, {c.id: c.facts for c in cards}, diagram, [])


def test_the_card_with_the_greatest_power_comes_first_wherever_it_stands() -> None:
    cards = [card("small"), card("other"), card("great")]
    chooses = selection(cards, {"great": "yes"}, {"small": "yes", "other": "yes"})
    assert chooses.choose(cards, {}).id == "great"
    assert chooses.choose(cards[:2], {"great": "no"}).id == "small"


def test_power_is_how_few_cards_are_to_be_expected() -> None:
    cards = [card("small"), card("other"), card("great")]
    chooses = selection(cards, {"great": "yes"}, {"small": "yes", "other": "yes"})
    yes = 0.5 / 3  # safe every other time, else one of three values
    expected = chooses._expected(chooses._diagram.root, ("small", "other", "great"), ahead=1)
    assert expected == pytest.approx(1 + (1 - yes) * (1 + yes))


def test_among_cards_as_good_the_first_in_the_file_comes() -> None:
    cards = [card("b"), card("a"), card("c")]
    chooses = selection(cards, {"a": "yes"}, {"b": "yes"}, {"c": "yes"})
    assert chooses.choose(cards, {}).id == "b"
    assert chooses.choose(cards[1:], {"b": "no"}).id == "a"


def test_a_follow_up_comes_at_once() -> None:
    cards = [card("great"), card("again", when={"great": ("no",)})]
    chooses = selection(cards, {"great": "yes"}, {"again": "yes"})
    assert chooses.choose(cards, {}).id == "again"


def test_cards_that_wait_for_each_other_come_in_the_order_of_the_file() -> None:
    first = card("a", shortcut=({"id": "s", "label": WORD, "when": {"b": ("yes",)}, "sets": {"a": "no"}},))
    second = card("b", shortcut=({"id": "s", "label": WORD, "when": {"a": ("yes",)}, "sets": {"b": "no"}},))
    assert selection([first, second], {"a": "yes"}, {"b": "yes"}).choose([first, second], {}).id == "a"
