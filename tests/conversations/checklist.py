"""The interview's measure: a checklist that asks every card in the order of the file. Benchmarks import this."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from conversations.choices import holds, shown_parts
from conversations.interview import Interview, Step
from conversations.models import SERVICE_CARD, Card, Case, Choice, Value
from rules.diagram import Diagram
from rules.models import RuleBase
from rules.vocabulary import for_tables
from tests.conversations.builders import Chooser, case, random_choice
from tests.conversations.situations import truthful_choice


class FileOrder:
    """Stands in for the selection: the first in the file of the cards that matter."""

    def choose(self, matter: Sequence[Card], known: Mapping[str, str]) -> Card:
        return matter[0]


@dataclass(frozen=True)
class Checklist:
    """Every card that shows anything, answered; `told`: what each answer made known, as it stands in the end."""

    choices: Mapping[str, Choice]
    told: Mapping[str, Mapping[str, Value]]

    @property
    def known(self) -> dict[str, Value]:
        return self.known_by(self.told)

    def known_by(self, cards: Iterable[str]) -> dict[str, Value]:
        """Return what answers to these cards alone make known."""
        return {name: value for card in cards for name, value in self.told[card].items()}

    @property
    def case(self) -> Case:
        """Return a case with all the answers: the interview takes those it asks for."""
        return case(*self.choices.items())


def filled_in(interview: Interview, choose: Chooser) -> Checklist:
    """Answer every card that shows anything, whether it matters or not."""
    choices: dict[str, Choice] = {}
    told: dict[str, dict[str, Value]] = {}
    known: Mapping[str, Value] = {}
    service: str | None = None
    for card in interview.cards:
        if not holds(card.when, known) or not shown_parts(card, known):
            continue
        choices[card.id] = choose(Step(card, None, known, service))
        after, service = interview._after(Step(card, choices[card.id], known, service))
        told = {c: {n: v for n, v in own.items() if n not in card.facts & card.when.keys()} for c, own in told.items()}
        told[card.id] = {n: v for n, v in after.items() if n in card.facts or n not in known}
        known = after
    ends = {card: {n: v for n, v in own.items() if known[n] == v} for card, own in told.items()}
    return Checklist(choices, ends)


def checklist_length(interview: Interview, checklist: Checklist) -> int:
    """Return how many cards a fixed checklist asks: all that have no condition, and those whose condition holds."""
    return sum(not card.when or card.id in checklist.choices for card in interview.cards)


def fewest_cards(diagram: Diagram, checklist: Checklist) -> int:
    """Return the size of the smallest set of cards whose answers already force the verdict, known in hindsight."""

    def force(cards: Iterable[str]) -> bool:
        return diagram.settled(for_tables(checklist.known_by(cards))) is not None

    every = list(checklist.told)
    needed = [card for card in every if not force(other for other in every if other != card)]
    others = [card for card in every if card not in needed]
    sizes = (n for n in range(len(others) + 1) if any(force((*needed, *more)) for more in combinations(others, n)))
    return len(needed) + next(sizes)


def half_safe(interview: Interview, rng: random.Random) -> Chooser:
    """Answer every other card safely, the others with any valid choice; the service is any of the catalogue."""
    facts, services = safe_facts(interview.rulebase), tuple(interview.knowledge.services)

    def choose(step: Step) -> Choice:
        if rng.random() < 0.5:
            return truthful_choice(step, facts, rng.choice(services))
        choice = random_choice(step, rng)
        return {**choice, SERVICE_CARD: (rng.choice(services),)} if SERVICE_CARD in choice else choice

    return choose


def safe_facts(rulebase: RuleBase) -> dict[str, Value]:
    """Return the safe value of every fact that has one."""
    return {fact.id: () if fact.many else fact.better[0] for fact in rulebase.facts.values() if fact.better}
