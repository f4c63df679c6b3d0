"""An answer is taken in: whether it can be, and what is known after it. Pure; knows no case."""

from collections.abc import Collection, Mapping

from conversations.catalogue import service_answers
from conversations.choices import refuse_strangers, settle
from conversations.errors import ChoiceError
from conversations.models import NO_SERVICE, READING_CARD, SERVICE_CARD, SHORTCUT, Card, Choice, Value
from conversations.steps import Step
from knowledge.models import Knowledge
from rules.models import UNKNOWN, RuleBase
from rules.vocabulary import in_context


class Taking:
    """Takes the choices of steps in, over one rule base and one catalogue."""

    def __init__(
        self, cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge, brands: Collection[str]
    ) -> None:
        """`brands`: those that name no service by themselves."""
        self._cards = cards
        self._rulebase = rulebase
        self._knowledge = knowledge
        self._brands = brands

    def check(self, step: Step, choice: Choice) -> None:
        """Raise ChoiceError if the choice cannot be taken as an answer to the step's card."""
        try:
            refuse_strangers(step.card, choice, step.known)
            settle(step.card, choice, step.known)
            self._check_service(step.card, choice)
        except ChoiceError as error:
            error.card = step.card.id
            raise

    def _check_service(self, card: Card, choice: Choice) -> None:
        known = {*self._knowledge.services, *self._knowledge.brands, *NO_SERVICE}
        if card.id in (SERVICE_CARD, READING_CARD) and not known.issuperset(choice.get(SERVICE_CARD, ())):
            raise ChoiceError("unknown_option", SERVICE_CARD)

    def after(self, step: Step) -> tuple[Mapping[str, Value], str | None]:
        """Return facts and service once the step's choice, if any, is taken in.

        “I don't know” to a whole card leaves the word to the catalogue. An input left unconfirmed takes back
        what the catalogue answered, but not what it presumes: a training default stands until it is said to be off.
        What was read and raises concern stands like that, too, and the catalogue does not clear it. What others said
        stands over all of it.
        """
        if step.choice is None:
            return step.known, step.service
        service = next(iter(self._named(step.card, step.choice)), step.service)
        catalogue = service_answers(self._knowledge, service)
        raising = {} if step.card.partial else step.read.raising
        answers = {name: value for name, value in catalogue.answers.items() if raising.get(name, value) == value}
        settled = settle(step.card, step.confirmed.filled(step.card, step.choice, step.known), step.known)
        stands = catalogue.stands_for if SHORTCUT in step.choice or step.card.partial else catalogue.presumes
        own = {name: raising.get(name, stands(name)) if value == UNKNOWN else value for name, value in settled.items()}
        said = UNKNOWN if step.card.id == SERVICE_CARD and service is None else service
        fixed = step.confirmed.fixed(self._cards, step.known).keys()
        told = {**answers, **{name: value for name, value in step.known.items() if name not in fixed}, **own}
        return in_context(self._rulebase, {**told, **step.confirmed.fixed(self._cards, told)}, said), service

    def _named(self, card: Card, choice: Choice) -> tuple[str, ...]:
        """The service that the choice names; on the reading card, a mere brand is none yet."""
        named = choice.get(SERVICE_CARD, ()) if card.id in (SERVICE_CARD, READING_CARD) else ()
        return tuple(name for name in named if not (card.partial and name in self._brands))


def fitting(card: Card, choice: Choice | None, known: Mapping[str, Value]) -> Choice | None:
    """Return the choice, or None if it no longer fits its card (an input was added since): then it is asked again."""
    try:
        if choice is not None:
            settle(card, choice, known)
    except ChoiceError:
        return None
    return choice
