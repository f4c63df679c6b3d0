"""Which cards can still matter: exactly those to which some answer could change the verdict, or a target asked for."""

from collections.abc import Iterable, Mapping, Sequence

from conversations.catalogue import answerable
from conversations.choices import holds, shown_parts
from conversations.models import SERVICE_CARD, Card, Value
from knowledge.models import Knowledge
from rules.diagram import Diagram
from rules.models import UNKNOWN, RuleBase
from rules.vocabulary import DOMAIN, SERVICE, for_tables

PENDING = "pending"


class Relevance:
    """The cards held against the decision diagram; what is known comes in as facts, the service apart."""

    def __init__(self, cards: Sequence[Card], rulebase: RuleBase, knowledge: Knowledge, diagram: Diagram) -> None:
        """Ask of this diagram of the rule base."""
        self._rulebase = rulebase
        self._diagram = diagram
        self._answerable = answerable(knowledge)
        self._in_context = {card.id: self._taken_from(card) for card in cards}

    def mattering(
        self, cards: Sequence[Card], known: Mapping[str, Value], service: str | None, targets: Iterable[str] = ()
    ) -> list[Card]:
        """Return the cards that can be shown now and that can still change the verdict or a target."""
        shown = [card for card in cards if can_be_shown(card, known)]
        return self._able(shown, known, service, targets)

    def may_come(
        self,
        cards: Sequence[Card],
        known: Mapping[str, Value],
        service: str | None,
        open_card: Card | None,
        targets: Iterable[str],
    ) -> list[Card]:
        """Return those of the cards that some answers from here on, to `open_card` first, could make necessary.

        An answer only narrows what matters, unless it is to a card that settles anew what is known (the open one,
        or one to come): what such a card speaks of counts as open.
        """
        anew = self.settles(open_card, service) if open_card else frozenset[str]()
        while True:
            known = {name: value for name, value in known.items() if name not in anew}
            possible = [c for c in cards if all(known.get(n, v[0]) in v for n, v in c.when.items())]
            coming = self._able(possible, known, service, targets)
            anew = frozenset(name for card in coming for name in self.settles(card, service))
            if anew.isdisjoint(known):
                return coming

    def settles(self, card: Card, service: str | None) -> frozenset[str]:
        """Return every fact that an answer to the card may settle; the service also what the catalogue then tells."""
        by_catalogue = self._answerable if card.id == SERVICE_CARD and service is None else frozenset()
        return card.facts | self._in_context[card.id] | by_catalogue

    def in_doubt(self, known: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the facts that were asked, are not known, and could still move the verdict."""
        doubtful = {name for name, value in known.items() if value in (UNKNOWN, PENDING)}
        could_move = self._support({name: value for name, value in known.items() if name not in doubtful})
        return tuple(name for name in self._rulebase.facts if name in doubtful & could_move)

    def _able(
        self, cards: Sequence[Card], known: Mapping[str, Value], service: str | None, targets: Iterable[str]
    ) -> list[Card]:
        """Those of the cards that settle something on which the verdict, or a target, still depends."""
        left = self._diagram.support(for_tables(known), targets)
        return [card for card in cards if self.settles(card, service) & (self._reopened(card, known) or left)]

    def _taken_from(self, card: Card) -> frozenset[str]:
        """Facts of the rule base that nobody answers but that stand with the card: the service, fields of a list."""
        lists = (fact for name, fact in self._rulebase.facts.items() if fact.many and name in card.facts)
        taken = {f"{DOMAIN}{value}" for fact in lists for value in fact.values}
        return frozenset((taken | ({SERVICE} if card.id == SERVICE_CARD else set())) & self._rulebase.facts.keys())

    def _reopened(self, card: Card, known: Mapping[str, Value]) -> set[str]:
        """On what the verdict depends where the card asks anew what its condition is about; empty if it does not."""
        anew = card.facts & card.when.keys()
        return self._support({name: value for name, value in known.items() if name not in anew}) if anew else set()

    def _support(self, known: Mapping[str, Value]) -> set[str]:
        """The facts that could still move the verdict."""
        return self._diagram.support(for_tables(known))


def can_be_shown(card: Card, known: Mapping[str, Value]) -> bool:
    """Whether the card has something to ask with what is known."""
    return holds(card.when, known) and bool(shown_parts(card, known))
