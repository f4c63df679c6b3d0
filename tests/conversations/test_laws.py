"""What holds for every interview: checked on seeded random ones, against the oracle of the semantics page."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.cards import load_cards
from conversations.catalogue import answerable, service_answers
from conversations.choices import settle
from conversations.interview import Interview, Progress, Step
from conversations.models import READ, READING_CARD, SERVICE_CARD, Case, Value
from knowledge.loader import load_knowledge
from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.evaluator import Evaluator
from rules.loader import load_rules
from rules.models import UNKNOWN, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.conversations.builders import (
    answered,
    case,
    chooser,
    counted,
    edited,
    heard,
    more,
    random_case,
    random_choice,
    random_heard_case,
    random_read,
)
from tests.conversations.checklist import half_safe
from tests.rules.oracle import SAFE, judge

NUMBER = 300
LISTS: Mapping[str, Value] = {"none": (), "some": ("energy",), UNKNOWN: UNKNOWN}
SAFE_VALUES = for_tables({**SAFE, "already_public": "no"})
OPEN_ENDED = (UNKNOWN, "pending")
"""What does not count as a definite answer."""


@pytest.fixture(scope="module")
def diagram(rulebase: RuleBase) -> Diagram:
    return Diagram(rulebase)


@pytest.fixture(scope="module")
def finished(interview: Interview) -> list[Case]:
    careful = [answered(interview, half_safe(interview, random.Random(f"careful {n}"))) for n in range(NUMBER // 5)]
    read = [random_heard_case(interview, seed) for seed in range(NUMBER // 2)]
    return [*(random_case(interview, seed) for seed in range(NUMBER)), *careful, *read]


@pytest.fixture(scope="module")
def stations(interview: Interview, finished: list[Case]) -> list[Progress]:
    """Return where every third interview stands after each of its answers."""
    return [interview.progress(part) for done in finished[::3] for part in prefixes(done)]


def prefixes(done: Case) -> Iterator[Case]:
    told = [(answer.card, answer.choice) for answer in done.answers]
    return (case(*told[:length]) for length in range(len(told) + 1))


def verdict(flat: Mapping[str, str]) -> str:
    return judge({**flat, "sensitive_domains": LISTS[flat["sensitive_domains"]]}).verdict


def known(progress: Progress, knowledge: Knowledge) -> dict[str, str]:
    """Return, in table values, what answered cards and verified catalogue facts say; the rest was not asked."""
    told = [(step, settle(step.card, step.choice, step.known)) for step in progress.steps if step.choice is not None]
    asked = {name for _, settled in told for name in settled}
    answers = service_answers(knowledge, progress.service).answers
    asked |= {name for name, value in answers.items() if progress.read.raising.get(name, value) == value}
    return for_tables({name: value for name, value in progress.facts.items() if name in asked})


def asking(progress: Progress) -> Step | None:
    """Return the card that is asked now, unless it is what was read: that one is asked to spare others."""
    step = progress.current
    return None if step is None or step.card.id == READING_CARD else step


def completed(rulebase: RuleBase, given: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """Return the facts with a random value for each that is missing, `unknown` included."""
    return {name: given.get(name) or rng.choice(fact.table_values) for name, fact in rulebase.facts.items()}


def verdicts_by(
    own: set[str], rulebase: RuleBase, diagram: Diagram, given: Mapping[str, str], rng: random.Random
) -> set[str]:
    """Return the verdicts that `own` facts alone decide between, under completions of the others found step by step."""
    given = dict(given)
    while others := sorted(diagram.support(given) - own):
        name = rng.choice(others)
        values = rng.sample(rulebase.facts[name].table_values, len(rulebase.facts[name].table_values))
        given[name] = next((value for value in values if diagram.support({**given, name: value}) & own), values[0])
    moved = sorted(diagram.support(given) & own)
    rest = completed(rulebase, given, rng)
    every = product(*(rulebase.facts[name].table_values for name in moved))
    return {verdict({**rest, **dict(zip(moved, values, strict=True))}) for values in every}


def before(step: Step) -> dict[str, str]:
    """Return what stood before the step, without what it asks again."""
    return for_tables({n: v for n, v in step.known.items() if n not in step.card.facts & step.card.when.keys()})


def test_the_interviews_reach_every_card_and_every_verdict(
    interview: Interview, evaluator: Evaluator, finished: list[Case]
) -> None:
    ends = [interview.progress(done) for done in finished]
    assert {step.card.id for end in ends for step in end.steps} == {
        READING_CARD,
        *(card.id for card in interview.cards),
    }
    assert len({evaluator.evaluate(end.facts).verdict for end in ends}) == 5


def test_no_card_is_asked_that_cannot_matter(
    stations: list[Progress], rulebase: RuleBase, diagram: Diagram, knowledge: Knowledge
) -> None:
    rng = random.Random(1)
    for progress in stations:
        if step := asking(progress):
            own = set(step.card.facts | (answerable(knowledge) if step.card.id == SERVICE_CARD else set()))
            assert len(verdicts_by(own, rulebase, diagram, before(step), rng)) > 1, (step.card.id, step.known)


def test_two_answers_to_the_card_itself_can_lead_to_two_verdicts(
    stations: list[Progress], rulebase: RuleBase, knowledge: Knowledge
) -> None:
    """Stronger than the law: the options of the card, not only its facts, make the difference."""
    rng = random.Random(2)
    for progress in stations:
        if step := asking(progress):
            assert reachable(step, rulebase, knowledge, rng), (step.card.id, step.known)


def reachable(step: Step, rulebase: RuleBase, knowledge: Knowledge, rng: random.Random) -> bool:
    """Whether, for some completion of the other facts, two choices on the card lead to two verdicts."""
    told = []
    for _ in range(60):
        choice = random_choice(step, rng)
        answers = service_answers(knowledge, next(iter(choice.get(SERVICE_CARD, ())), None)).answers
        told.append({**answers, **for_tables(settle(step.card, choice, step.known))})
    for _ in range(1000):
        rest = completed(rulebase, {**some_of(SAFE_VALUES, rng), **before(step)}, rng)
        if len({verdict({**rest, **own}) for own in told}) > 1:
            return True
    return False


def some_of(values: Mapping[str, str], rng: random.Random) -> dict[str, str]:
    """Return most of the values or few: where all is safe but one fact, that fact decides."""
    share = rng.choice((0.3, 0.7, 0.95))
    return {name: value for name, value in values.items() if rng.random() < share}


def test_what_was_not_asked_cannot_change_the_verdict(
    interview: Interview, finished: list[Case], rulebase: RuleBase, knowledge: Knowledge, evaluator: Evaluator
) -> None:
    rng = random.Random(3)
    for done in finished:
        end = interview.progress(done)
        told = evaluator.evaluate(end.facts).verdict
        given = known(end, knowledge)
        unasked_unknown = {name: given.get(name, UNKNOWN) for name in rulebase.facts}
        assert verdict(unasked_unknown) == told
        assert {verdict(completed(rulebase, given, rng)) for _ in range(30)} == {told}


def test_it_does_not_end_before_that(stations: list[Progress], diagram: Diagram, knowledge: Knowledge) -> None:
    for progress in stations:
        asks_anew = progress.current.card.facts if progress.current else frozenset()
        given = {name: value for name, value in known(progress, knowledge).items() if name not in asks_anew}
        assert (progress.current is None) == (diagram.settled(given) is not None)


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=False), edits=st.integers(1, 4))
def test_after_any_edits_it_stands_as_a_fresh_interview(interview: Interview, rng: random.Random, edits: int) -> None:
    start = rng.choice((case(), heard(random_read(interview, rng))))
    done = edited(interview, answered(interview, chooser(rng), start), rng, edits)
    step = rng.choice(interview.progress(done).steps)
    half = more(done, (step.card.id, random_choice(step, rng)))
    for changed in (done, half):
        progress = interview.progress(changed)
        fresh = start
        for card, choice in counted(progress):
            current = interview.progress(fresh).current
            assert current is not None
            assert current.card.id == card
            settle(current.card, choice, current.known)  # an input that an edit took away stays in its answer
            fresh = more(fresh, (card, choice))
        assert interview.progress(fresh) == progress


def test_it_is_deterministic(interview: Interview, finished: list[Case]) -> None:
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    other = Interview(load_cards(rulebase), rulebase, knowledge)
    for done in finished[::5]:
        assert interview.progress(done) == interview.progress(done) == other.progress(done)


def consistent(interview: Interview, finished: list[Case]) -> Iterator[Case]:
    """Yield the cases in which no service or use was chosen but the one that a reading was confirmed for."""
    for done in finished:
        said = dict(counted(interview.progress(done))).get(READING_CARD)
        if said is None or said == next(a.choice for a in done.answers if a.card == READING_CARD):
            yield done


def test_it_ends_within_the_number_of_cards(interview: Interview, finished: list[Case]) -> None:
    for done in consistent(interview, finished):
        asked = [step.card.id for step in interview.progress(done).steps]
        assert asked == [answer.card for answer in done.answers if answer.card != READ]
        assert len(set(asked)) == len(asked) <= len(interview.cards) + (READING_CARD in asked)


def test_an_answer_never_takes_back_what_was_asked(interview: Interview, finished: list[Case]) -> None:
    for done in list(consistent(interview, finished))[::5]:
        steps = [interview.progress(part).steps for part in prefixes(done)]
        for earlier, later in pairwise(steps):
            assert later[: len(earlier) - 1] == earlier[:-1]


def test_the_facts_are_always_in_the_vocabulary(stations: list[Progress], rulebase: RuleBase) -> None:
    for progress in stations:
        assert parse_facts(rulebase, progress.facts) == progress.facts


def test_in_doubt_is_asked_unknown_and_able_to_move_the_verdict(
    stations: list[Progress], rulebase: RuleBase, diagram: Diagram, knowledge: Knowledge
) -> None:
    rng = random.Random(7)
    for progress in stations:
        told = known(progress, knowledge)
        certain = {name: value for name, value in told.items() if value not in OPEN_ENDED}
        doubtful = told.keys() - certain.keys()
        assert set(progress.in_doubt) <= doubtful
        for name in progress.in_doubt:
            assert len(verdicts_by({name}, rulebase, diagram, certain, rng)) > 1, (name, certain)
        for name in doubtful - set(progress.in_doubt):
            rest = completed(rulebase, certain, rng)
            values = rulebase.facts[name].table_values
            assert len({verdict({**rest, name: value}) for value in values}) == 1, (name, certain)


def test_nothing_is_in_doubt_where_nothing_was_unknown(stations: list[Progress], knowledge: Knowledge) -> None:
    for progress in stations:
        if not set(known(progress, knowledge).values()) & set(OPEN_ENDED):
            assert progress.in_doubt == ()


def test_no_more_cards_come_than_was_said(interview: Interview) -> None:
    for seed in range(90):
        done = (random_heard_case if seed % 3 else random_case)(interview, f"at most {seed}")
        steps = len(interview.progress(done).steps)
        for count in range(len(done.answers)):
            progress = interview.progress(replace(done, answers=done.answers[:count]))
            assert steps - len(progress.steps) <= progress.at_most, (seed, count)
