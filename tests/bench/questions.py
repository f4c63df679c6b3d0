"""Cards asked per typical case, with the catalogue's help, against a fixed checklist that asks every card."""

from functools import partial

from conversations.cards import load_cards
from conversations.interview import Interview
from conversations.models import SERVICE_CARD
from knowledge.loader import load_knowledge
from rules.loader import load_rules
from tests.bench.table import show
from tests.conversations.builders import answered
from tests.conversations.situations import SITUATIONS, truthful_choice


def run() -> None:
    """Go through every situation and print the cards it took."""
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    interview = Interview(load_cards(rulebase), rulebase, knowledge)
    everything = sum(not card.when for card in interview.cards)
    rows: list[list[object]] = []
    counts, named = [], []
    for situation in SITUATIONS:
        case = answered(interview, partial(truthful_choice, facts=situation.facts, service=situation.service))
        cards = [step.card.id for step in interview.progress(case).steps]
        counts.append(len(cards))
        named.append(len(cards) - (SERVICE_CARD in cards))
        rows.append([situation.name, situation.verdict, counts[-1], named[-1]])
    mean = ["mean", "", sum(counts) / len(counts), sum(named) / len(named)]
    worst = ["worst", "", max(counts), max(named)]
    fixed = ["fixed checklist", "", everything, everything - 1]
    head = ["situation", "verdict", "cards", "with the service named"]
    show("Cards asked per typical case", head, [*rows, mean, worst, fixed])
