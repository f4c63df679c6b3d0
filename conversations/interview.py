"""The interview as pure functions: answers in, what stands and what to ask next out.

The state of a case is its list of answers. Everything else is recomputed by going through the cards from the
first: a card is asked only while some answer to it could still change the verdict (exactly, by the decision
diagram), an answer whose card is not asked counts as unknown, and an edit leaves nothing stale.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conversations.catalogue import answerable, service_answers
from conversations.choices import holds, refuse_strangers, settle, shown_parts
from conversations.errors import ChoiceError, OldCard
from conversations.models import NO_SERVICE, SERVICE_CARD, SHORTCUT, Answer, Card, Case, Choice, Value
from knowledge.models import Knowledge
from rules.counterfactual import Counterfactuals
from rules.diagram import Diagram
from rules.models import UNKNOWN, Facts, RuleBase
from rules.vocabulary import for_tables

PENDING = "pending"


@dataclass(frozen=True)
class Step:
    """A card as it is asked: the choice that counts (None: to be answered), and what stood before it."""

    card: Card
    choice: Choice | None
    known: Mapping[str, Value]
    service: str | None


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

    @property
    def current(self) -> Step | None:
        """Return the card to answer, or None once the verdict is settled whatever else could be answered."""
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
        self._answerable = answerable(knowledge)

    def progress(self, case: Case) -> Progress:
        """Recompute where the case stands from its answers."""
        steps = tuple(self._walk(case))
        known, service = self._after(steps[-1]) if steps else ({}, None)
        catalogue = service_answers(self.knowledge, service)
        facts = {name: known.get(name, catalogue.stands_for(name)) for name in self.rulebase.facts}
        gone_through = {step.card.id for step in steps}
        return Progress(
            steps=steps,
            facts={**facts, "programme": case.programme},
            service=service,
            asked=frozenset(known),
            in_doubt=self._in_doubt(known),
            unasked=tuple(card for card in self.cards if card.id not in gone_through and not card.when),
            at_most=sum(self._may_come(card, known) for card in self.cards if card.id not in gone_through),
        )

    def check(self, case: Case, card_id: str, choice: Choice) -> None:
        """Raise OldCard or ChoiceError if the choice cannot be taken as an answer to the card now."""
        for step in self.progress(case).steps:
            if step.card.id == card_id:
                self._check_choice(step, choice)
                return
        raise OldCard(card_id)

    def _walk(self, case: Case) -> Iterator[Step]:
        answers = latest(case.answers, self.cards)
        known: Mapping[str, Value] = {}
        service: str | None = None
        waiting = list(self.cards)
        while card := next((c for c in waiting if self._matters(c, known, service)), None):
            waiting.remove(card)
            step = Step(card, _fitting(card, answers.get(card.id), known), known, service)
            yield step
            if step.choice is None:
                return
            known, service = self._after(step)

    def _after(self, step: Step) -> tuple[Mapping[str, Value], str | None]:
        """Return facts and service once the step's choice, if any, is taken in.

        “I don't know” to a whole card leaves the word to the catalogue. An input left unconfirmed takes back
        what the catalogue answered, but not what it presumes: a training default stands until it is said to be off.
        """
        if step.choice is None:
            return step.known, step.service
        service = next(iter(step.choice.get(SERVICE_CARD, ())), step.service)
        catalogue = service_answers(self.knowledge, service)
        settled = settle(step.card, step.choice, step.known)
        stands = catalogue.stands_for if SHORTCUT in step.choice else catalogue.presumes
        own = {name: stands(name) if value == UNKNOWN else value for name, value in settled.items()}
        return {**catalogue.answers, **step.known, **own}, service

    def _may_come(self, card: Card, known: Mapping[str, Value]) -> bool:
        """Whether some answers to cards not asked yet could make this one matter: what is known only narrows that."""
        if any(known.get(name, accepted[0]) not in accepted for name, accepted in card.when.items()):
            return False
        return bool(self._settles(card, None) & self._support(card, known))

    def _settles(self, card: Card, service: str | None) -> frozenset[str]:
        by_catalogue = self._answerable if card.id == SERVICE_CARD and service is None else frozenset()
        return card.facts | by_catalogue

    def _support(self, card: Card, known: Mapping[str, Value]) -> set[str]:
        """The facts that could still move the verdict, those that the card asks anew counted as open."""
        reopened = card.facts & card.when.keys()
        return self._diagram.support(for_tables({name: v for name, v in known.items() if name not in reopened}))

    def _matters(self, card: Card, known: Mapping[str, Value], service: str | None) -> bool:
        """Whether some answer to the card could still change the verdict."""
        if not holds(card.when, known) or not shown_parts(card, known):
            return False
        return bool(self._settles(card, service) & self._support(card, known))

    def _in_doubt(self, known: Mapping[str, Value]) -> tuple[str, ...]:
        doubtful = {name for name, value in known.items() if value in (UNKNOWN, PENDING)}
        certain = {name: value for name, value in known.items() if name not in doubtful}
        could_move = self._diagram.support(for_tables(certain))
        return tuple(name for name in self.rulebase.facts if name in doubtful & could_move)

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


def latest(answers: Iterable[Answer], cards: Iterable[Card]) -> dict[str, Choice]:
    """Return the newest choice of each card; a changed choice voids older ones of the cards it renews."""
    renewed: dict[str, list[str]] = {}
    for card in cards:
        if card.renewed_by:
            renewed.setdefault(card.renewed_by, []).append(card.id)
    newest: dict[str, Choice] = {}
    for answer in answers:
        if newest.get(answer.card, answer.choice) != answer.choice:
            for card_id in renewed.get(answer.card, ()):
                newest.pop(card_id, None)
        newest[answer.card] = answer.choice
    return newest
