"""Cards asked, with the catalogue's help: per typical case, and over many cases against other ways of asking."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from conversations.cards import load_cards
from conversations.interview import Interview
from conversations.models import OTHER_SERVICE, SERVICE_CARD, Card
from conversations.selection import Selection
from knowledge.loader import load_knowledge
from rules.diagram import Diagram
from rules.loader import load_rules
from rules.scenarios import load_scenarios
from tests.bench.table import percentile, show
from tests.conversations.builders import answered
from tests.conversations.checklist import (
    Checklist,
    FileOrder,
    checklist_length,
    fewest_cards,
    filled_in,
    half_safe,
)
from tests.conversations.situations import SITUATIONS, truthful_choice

RANDOM_CASES = 10_000
Counter = Callable[[Checklist], int]


def run() -> None:
    """Print the cards of every typical case, then all orders over all sets of cases, then the time of a choice."""
    interview = _interview()
    _typical(interview)
    _orders(interview)
    _times(interview)


def _interview() -> Interview:
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    return Interview(load_cards(rulebase), rulebase, knowledge)


def _typical(interview: Interview) -> None:
    everything = sum(not card.when for card in interview.cards)
    rows: list[list[object]] = []
    counts, named = [], []
    for situation in SITUATIONS:
        done = answered(interview, partial(truthful_choice, facts=situation.facts, service=situation.service))
        cards = [step.card.id for step in interview.progress(done).steps]
        counts.append(len(cards))
        named.append(len(cards) - (SERVICE_CARD in cards))
        rows.append([situation.name, situation.verdict, counts[-1], named[-1]])
    mean = ["mean", "", sum(counts) / len(counts), sum(named) / len(named)]
    worst = ["worst", "", max(counts), max(named)]
    fixed = ["fixed checklist", "", everything, everything - 1]
    head = ["situation", "verdict", "cards", "with the service named"]
    show("Cards asked per typical case", head, [*rows, mean, worst, fixed])


def _orders(interview: Interview) -> None:
    """Every set of cases as filled-in checklists, so that each order is given the same answers."""
    sets = _sets(interview)
    in_file = _interview()
    in_file._selection = FileOrder()  # type: ignore[assignment]
    ways: dict[str, Counter] = {
        "the interview": partial(_asked, interview),
        "the order of the file, skipping what cannot matter": partial(_asked, in_file),
        "fixed checklist": partial(checklist_length, interview),
        "optimum, known in hindsight": partial(fewest_cards, Diagram(interview.rulebase)),
    }
    rows: list[list[object]] = []
    for way, count in ways.items():
        counts = [[count(checklist) for checklist in checklists] for checklists in sets.values()]
        rows.append([way, *(cell for found in counts for cell in (sum(found) / len(found), max(found)))])
    head = [f"{name}, {what}" for name in sets for what in ("mean", "worst")]
    show("Cards asked, in all", ["order", *head], rows)


def _sets(interview: Interview) -> Mapping[str, Sequence[Checklist]]:
    typical = [
        filled_in(interview, partial(truthful_choice, facts=situation.facts, service=situation.service))
        for situation in SITUATIONS
    ]
    scenarios = [
        filled_in(interview, partial(truthful_choice, facts=scenario.facts, service=OTHER_SERVICE))
        for scenario in load_scenarios(interview.rulebase, interview.knowledge).values()
    ]
    drawn = [filled_in(interview, half_safe(interview, random.Random(f"case {n}"))) for n in range(RANDOM_CASES)]
    return {
        f"{len(typical)} typical": typical,
        f"{len(scenarios)} scenarios": scenarios,
        f"{len(drawn):,} random": drawn,
    }


def _asked(interview: Interview, checklist: Checklist) -> int:
    return len(interview.progress(checklist.case).steps)


class _Timed:
    """A selection whose choices are timed; the time of one click's choices is summed up."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.seconds = 0.0

    def choose(self, matter: Sequence[Card], known: Mapping[str, str]) -> Card:
        start = time.perf_counter()
        card = self._selection.choose(matter, known)
        self.seconds += time.perf_counter() - start
        return card


def _times(interview: Interview) -> None:
    """Every click of the typical cases, on an interview that has not chosen before: it keeps what it computes."""
    fresh = _interview()
    timed = _Timed(fresh._selection)
    fresh._selection = timed  # type: ignore[assignment]
    clicks = []
    for situation in SITUATIONS:
        done = answered(interview, partial(truthful_choice, facts=situation.facts, service=situation.service))
        for count in range(len(done.answers) + 1):
            timed.seconds = 0.0
            fresh.progress(replace(done, answers=done.answers[:count]))
            clicks.append(timed.seconds)
    first, *others = clicks
    rows = [["first of all", 1000 * first], ["median", percentile(others, 0.5)], ["worst", 1000 * max(others)]]
    show(f"Choosing what to ask, {len(clicks)} clicks", ["click", "ms"], rows)
