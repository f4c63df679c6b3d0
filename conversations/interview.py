"""The interview as pure functions: answers in, what stands and what to ask next out.

The state of a case is its list of answers. Everything else is recomputed from the first card on: of the cards to
which some answer could still change the verdict (exactly, by the decision diagram), the one that promises to settle
it soonest is asked (`selection.py`). An answer whose card is not asked counts as unknown, and an edit leaves nothing
stale. What a first message was read as comes before the cards: once it is confirmed it counts as answered. What others
confirmed is known from the start, and no answer changes it (`confirmations.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from conversations.catalogue import service_answers
from conversations.choices import preselected
from conversations.confirmations import Confirmed, confirmed, standing_answers
from conversations.models import READ, READING_CARD, SERVICE_CARD, Card, Case, Choice, Value
from conversations.newest import Told, newest, wanted
from conversations.reading import Read, Readings
from conversations.relevance import Relevance, can_be_shown
from conversations.selection import Selection
from conversations.steps import Progress, Step
from conversations.taking import Taking, fitting
from knowledge.models import Knowledge
from rules.counterfactual import Counterfactuals
from rules.diagram import Diagram
from rules.evaluator import ITEMS
from rules.models import UNKNOWN, Rule, RuleBase
from rules.stake import at_stake
from rules.vocabulary import for_tables, in_context

__all__ = ["CHECKLIST", "Interview", "Progress", "Step"]

REMEMBERED = 512
"""How many ways through the interview are kept, each a few kilobytes."""

CHECKLIST = tuple(f"item_{item}" for item in ITEMS)


class Interview:
    """The cards over one rule base and one catalogue; holds no case."""

    def __init__(self, cards: tuple[Card, ...], rulebase: RuleBase, knowledge: Knowledge) -> None:
        """Build the decision diagram once."""
        self.cards = cards
        self.knowledge = knowledge
        self.rulebase = rulebase
        self._diagram = Diagram(rulebase)
        self.counterfactuals = Counterfactuals(self._diagram)
        self.readings = Readings(cards, rulebase, knowledge)
        self._taking = Taking(cards, rulebase, knowledge, self.readings.brands)
        self._after = self._taking.after
        self._relevance = Relevance(cards, rulebase, knowledge, self._diagram)
        settles = {card.id: self._relevance.settles(card, None) for card in cards}
        told = [in_context(rulebase, service_answers(knowledge, name).answers, name) for name in knowledge.services]
        self._remembered = lru_cache(REMEMBERED)(self._progress)
        self._selection = Selection(cards, settles, self._diagram, [for_tables(facts) for facts in told])

    def progress(self, case: Case) -> Progress:
        """Recompute where the case stands from its answers.

        It is remembered, as one click looks at a case several times and many cases go the same way.
        """
        return self._remembered(self._told(case), case.programme, case.whole_list, confirmed(case))

    def _told(self, case: Case) -> Told:
        answers = standing_answers(case, self.cards)
        return tuple((answer.card, tuple(sorted(answer.choice.items()))) for answer in answers)

    def _progress(
        self,
        told: Told,
        programme: str,
        whole_list: bool,  # noqa: FBT001 - a part of the key
        by_others: Confirmed,
    ) -> Progress:
        answers = newest(told, self.cards, self.readings.brands)
        read = self.readings.understood(answers.get(READ, {}))
        steps = tuple(self._walk(answers, read, by_others, wanted(told), whole_list=whole_list))
        left = steps[-1].read if steps else read
        known, service = self._after(steps[-1]) if steps else (by_others.fixed(self.cards, {}), None)
        catalogue = service_answers(self.knowledge, service)
        stands = {name: left.raising.get(name, catalogue.stands_for(name)) for name in self.rulebase.facts}
        facts = in_context(self.rulebase, {**stands, **known, "programme": programme}, service or UNKNOWN)
        gone_through = {step.card.id for step in steps}
        others = [card for card in self.cards if card.id not in gone_through]
        return Progress(
            steps=steps,
            facts=facts,
            service=service,
            asked=frozenset(known),
            in_doubt=self._relevance.in_doubt(known),
            unasked=tuple(card for card in others if not card.when and not _told_of(card, left, service)),
            may_come=self._may_come(steps[-1], others, CHECKLIST if whole_list else ()) if steps else (),
            read=left,
            named=tuple(name for name in read.services if name != service) if left.confirmed else (),
            by_others=by_others.concerned(self.cards, known),
        )

    def _may_come(self, last: Step, others: Sequence[Card], targets: Sequence[str]) -> tuple[Card, ...]:
        known, service = self._after(last)
        open_card = last.card if last.choice is None and not last.card.partial else None
        return tuple(self._relevance.may_come(others, known, service, open_card, targets))

    def standing_answers(self, case: Case) -> Mapping[str, Choice]:
        """Return the answers by card that count, and those that may count again once what is asked now is answered."""
        progress = self.progress(case)
        counted = {step.card.id for step in progress.steps if step.choice is not None}
        waiting = counted | {card.id for card in progress.may_come}
        answers = newest(self._told(case), self.cards, self.readings.brands)
        return {name: choice for name, choice in answers.items() if name in waiting}

    def shown(self, progress: Progress) -> tuple[Card, ...]:
        """Return the cards that have something to ask with what is known, answered or not."""
        known = self._after(progress.steps[-1])[0] if progress.steps else {}
        return tuple(card for card in self.cards if can_be_shown(card, known))

    def at_stake(self, step: Step) -> tuple[Rule, ...]:
        """Return the rules that the answer to the card can move, as things stand before it; the severest first."""
        card = step.card
        settles = card.facts if card.partial else self._relevance.settles(card, None)
        return at_stake(self.rulebase, for_tables(step.known), settles)

    def check(self, case: Case, card_id: str, choice: Choice) -> None:
        """Raise OldCard or ChoiceError if the choice cannot be taken as an answer to the card now."""
        self._taking.check(self.progress(case).step(card_id), choice)

    def _walk(
        self,
        answers: Mapping[str, Choice],
        read: Read,
        by_others: Confirmed,
        by_desk: Sequence[str],
        *,
        whole_list: bool,
    ) -> Iterator[Step]:
        known: Mapping[str, Value] = by_others.fixed(self.cards, {})
        service: str | None = None
        if first := self._reading(answers, read, by_others):
            yield first
            if first.choice is None:
                return
            (known, service), read = self._after(first), first.read
        waiting = list(self.cards)
        while found := self._coming(waiting, answers, by_desk, known, service, whole_list=whole_list):
            card, for_record = found
            waiting.remove(card)
            choice = fitting(card, answers.get(card.id), known)
            step = Step(card, choice, known, service, for_record, read, by_others, card.id in by_desk)
            yield step
            if step.choice is None:
                return
            known, service = self._after(step)

    def _reading(self, answers: Mapping[str, Choice], read: Read, by_others: Confirmed) -> Step | None:
        """Return the step of the reading card, if it is answered, or to be asked before any other."""
        if READING_CARD not in answers and (answers.keys() - {READ} or not self._worth_asking(read)):
            return None
        card = self.readings.card(read)
        choice = fitting(card, answers.get(READING_CARD), {})
        left = read if choice is None else self.readings.confirmed(card, choice)
        return Step(card, choice, by_others.fixed(self.cards, {}), None, read=left, confirmed=by_others)

    def _worth_asking(self, read: Read) -> bool:
        """Whether there is a service to pick, or a yes to what needs one spares a card or a tick on one."""
        unclicked = {name: v for name, v in read.facts.items() if v == UNKNOWN or name in read.raising}
        if read.candidates or (read.facts == unclicked and not read.plan):
            return bool(read.candidates)
        yes = Step(self.readings.card(read), self.readings.accepted(read), {}, None)
        known, service = self._after(yes)
        without = self._relevance.mattering(self.cards, in_context(self.rulebase, unclicked, None), None)
        left = {card.id for card in self._relevance.mattering(self.cards, known, service)}
        parts = [part for card in without for part in card.parts]
        ticked = any(preselected(part, known) != preselected(part, read.beforehand) for part in parts)
        return ticked or any(card.id not in left for card in without)

    def _coming(  # noqa: PLR0913 - where the interview stands
        self,
        waiting: Sequence[Card],
        answers: Mapping[str, Choice],
        by_desk: Sequence[str],
        known: Mapping[str, Value],
        service: str | None,
        *,
        whole_list: bool,
    ) -> tuple[Card, bool] | None:
        """Return the card that comes next; what the desk asks comes before any other that is not answered yet."""
        found = self._next(waiting, known, service, whole_list=whole_list)
        if found and fitting(found[0], answers.get(found[0].id), known) is not None:
            return found
        asked = [card for card in waiting if card.id in by_desk and can_be_shown(card, known)]
        matter = {card.id for card in self._relevance.mattering(asked, known, service)}
        return (asked[0], asked[0].id not in matter) if asked else found

    def _next(
        self, waiting: Sequence[Card], known: Mapping[str, Value], service: str | None, *, whole_list: bool
    ) -> tuple[Card, bool] | None:
        """Return the card that comes next, and whether only the checklist calls for it."""
        matter = self._relevance.mattering(waiting, known, service)
        if matter:
            return self._selection.choose(matter, for_tables(known)), False
        listed = self._relevance.mattering(waiting, known, service, CHECKLIST) if whole_list else []
        return (listed[0], True) if listed else None


def _told_of(card: Card, read: Read, service: str | None) -> bool:
    """Whether a confirmed reading answered what the card asks, at least in part."""
    by_service = card.id == SERVICE_CARD and service is not None
    return read.confirmed and (by_service or not card.facts.isdisjoint(read.facts))
