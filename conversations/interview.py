"""The interview as pure functions: answers in, what stands and what to ask next out.

The state of a case is its list of answers. Everything else is recomputed from the first card on: of the cards to
which some answer could still change the verdict (exactly, by the decision diagram), the one that promises to settle
it soonest is asked (`selection.py`). An answer whose card is not asked counts as unknown, and an edit leaves nothing
stale.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from conversations.catalogue import service_answers
from conversations.choices import refuse_strangers, settle
from conversations.errors import ChoiceError, OldCard
from conversations.models import NO_SERVICE, SERVICE_CARD, SHORTCUT, Card, Case, Choice, Value
from conversations.relevance import Relevance
from conversations.selection import Selection
from knowledge.models import Knowledge
from rules.counterfactual import Counterfactuals
from rules.diagram import Diagram
from rules.evaluator import ITEMS
from rules.models import UNKNOWN, Facts, RuleBase
from rules.vocabulary import for_tables, in_context

REMEMBERED = 512
"""How many ways through the interview are kept, each a few kilobytes."""

Told = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
"""Answers, oldest first: card and choice, in a form that can be a key."""

CHECKLIST = tuple(f"item_{item}" for item in ITEMS)


@dataclass(frozen=True)
class Step:
    """A card as it is asked: the choice that counts (None: to be answered), and what stood before it.

    `for_record`: the verdict is settled, the card is asked because the whole checklist is wanted.
    """

    card: Card
    choice: Choice | None
    known: Mapping[str, Value]
    service: str | None
    for_record: bool = False


@dataclass(frozen=True)
class Progress:
    """Where an interview stands.

    `asked`: facts that an asked card or the catalogue spoke of. `in_doubt`: those that are not known and could
    still move the verdict. `unasked`: cards that did not matter. `at_most`: how many cards, besides the current one,
    some answer could still make necessary.
    """

    steps: tuple[Step, ...]
    facts: Facts
    service: str | None
    asked: frozenset[str]
    in_doubt: tuple[str, ...]
    unasked: tuple[Card, ...]
    at_most: int

    def step(self, card_id: str) -> Step:
        """Return the step of a card. Raises OldCard where it is not asked (any more)."""
        for step in self.steps:
            if step.card.id == card_id:
                return step
        raise OldCard(card_id)

    @property
    def settled(self) -> bool:
        """Return whether the verdict stands, whatever else could be answered."""
        return self.current is None or self.current.for_record

    @property
    def current(self) -> Step | None:
        """Return the card to answer, or None once nothing is to be asked."""
        return self.steps[-1] if self.steps and self.steps[-1].choice is None else None


class Interview:
    """The cards over one rule base and one catalogue; holds no case."""

    def __init__(self, cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge) -> None:
        """Build the decision diagram once."""
        self.cards = cards
        self.knowledge = knowledge
        self.rulebase = rulebase
        self._diagram = Diagram(rulebase)
        self.counterfactuals = Counterfactuals(self._diagram)
        self._relevance = Relevance(cards, rulebase, knowledge, self._diagram)
        settles = {card.id: self._relevance.settles(card, None) for card in cards}
        told = [in_context(rulebase, service_answers(knowledge, name).answers, name) for name in knowledge.services]
        self._remembered = lru_cache(REMEMBERED)(self._progress)
        self._selection = Selection(cards, settles, self._diagram, [for_tables(facts) for facts in told])

    def progress(self, case: Case) -> Progress:
        """Recompute where the case stands from its answers.

        It is remembered, as one click looks at a case several times and many cases go the same way.
        """
        told = tuple((answer.card, tuple(sorted(answer.choice.items()))) for answer in case.answers)
        return self._remembered(told, case.programme, case.whole_list)

    def _progress(self, told: Told, programme: str, whole_list: bool) -> Progress:  # noqa: FBT001 - a part of the key
        steps = tuple(self._walk(latest(told, self.cards), whole_list=whole_list))
        known, service = self._after(steps[-1]) if steps else ({}, None)
        catalogue = service_answers(self.knowledge, service)
        values = {name: known.get(name, catalogue.stands_for(name)) for name in self.rulebase.facts}
        facts = in_context(self.rulebase, {**values, "programme": programme}, service or UNKNOWN)
        gone_through = {step.card.id for step in steps}
        others = [card for card in self.cards if card.id not in gone_through]
        return Progress(
            steps=steps,
            facts=facts,
            service=service,
            asked=frozenset(known),
            in_doubt=self._relevance.in_doubt(known),
            unasked=tuple(card for card in others if not card.when),
            at_most=self._at_most(steps[-1], others, CHECKLIST if whole_list else ()) if steps else 0,
        )

    def _at_most(self, last: Step, others: Sequence[Card], targets: Sequence[str]) -> int:
        known, service = self._after(last)
        open_card = last.card if last.choice is None else None
        return len(self._relevance.may_come(others, known, service, open_card, targets))

    def check(self, case: Case, card_id: str, choice: Choice) -> None:
        """Raise OldCard or ChoiceError if the choice cannot be taken as an answer to the card now."""
        self._check_choice(self.progress(case).step(card_id), choice)

    def _walk(self, answers: Mapping[str, Choice], *, whole_list: bool) -> Iterator[Step]:
        known: Mapping[str, Value] = {}
        service: str | None = None
        waiting = list(self.cards)
        while found := self._next(waiting, known, service, whole_list=whole_list):
            card, for_record = found
            waiting.remove(card)
            step = Step(card, _fitting(card, answers.get(card.id), known), known, service, for_record)
            yield step
            if step.choice is None:
                return
            known, service = self._after(step)

    def _next(
        self, waiting: Sequence[Card], known: Mapping[str, Value], service: str | None, *, whole_list: bool
    ) -> tuple[Card, bool] | None:
        """Return the card that comes next, and whether only the checklist calls for it."""
        matter = self._relevance.mattering(waiting, known, service)
        if matter:
            return self._selection.choose(matter, for_tables(known)), False
        listed = self._relevance.mattering(waiting, known, service, CHECKLIST) if whole_list else []
        return (listed[0], True) if listed else None

    def _after(self, step: Step) -> tuple[Mapping[str, Value], str | None]:
        """Return facts and service once the step's choice, if any, is taken in.

        “I don't know” to a whole card leaves the word to the catalogue. An input left unconfirmed takes back
        what the catalogue answered, but not what it presumes: a training default stands until it is said to be off.
        """
        if step.choice is None:
            return step.known, step.service
        named = step.choice.get(SERVICE_CARD, ()) if step.card.id == SERVICE_CARD else ()
        service = next(iter(named), step.service)
        catalogue = service_answers(self.knowledge, service)
        settled = settle(step.card, step.choice, step.known)
        stands = catalogue.stands_for if SHORTCUT in step.choice else catalogue.presumes
        own = {name: stands(name) if value == UNKNOWN else value for name, value in settled.items()}
        said = UNKNOWN if step.card.id == SERVICE_CARD and service is None else service
        return in_context(self.rulebase, {**catalogue.answers, **step.known, **own}, said), service

    def _check_choice(self, step: Step, choice: Choice) -> None:
        try:
            refuse_strangers(step.card, choice, step.known)
            settle(step.card, choice, step.known)
            self._check_service(step.card, choice)
        except ChoiceError as error:
            error.card = step.card.id
            raise

    def _check_service(self, card: Card, choice: Choice) -> None:
        known = {*self.knowledge.services, *self.knowledge.brands, *NO_SERVICE}
        if card.id == SERVICE_CARD and not known.issuperset(choice.get(SERVICE_CARD, ())):
            raise ChoiceError("unknown_option", SERVICE_CARD)


def _fitting(card: Card, choice: Choice | None, known: Mapping[str, Value]) -> Choice | None:
    """Return the choice, or None if it no longer fits its card (an input was added since): then it is asked again."""
    try:
        if choice is not None:
            settle(card, choice, known)
    except ChoiceError:
        return None
    return choice


def latest(told: Told, cards: Iterable[Card]) -> dict[str, Choice]:
    """Return the newest choice of each card; a changed choice voids older ones of the cards it renews."""
    renewed: dict[str, list[str]] = {}
    for card in cards:
        if card.renewed_by:
            renewed.setdefault(card.renewed_by, []).append(card.id)
    newest: dict[str, Choice] = {}
    for card_id, chosen in told:
        choice = dict(chosen)
        if newest.get(card_id, choice) != choice:
            for voided in renewed.get(card_id, ()):
                newest.pop(voided, None)
        newest[card_id] = choice
    return newest
