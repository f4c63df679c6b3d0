"""Where an interview stands, as it is recomputed: the cards gone through one by one, and what is known after them."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.choices import preselected
from conversations.confirmations import BY_NOBODY_ELSE, Confirmed
from conversations.errors import OldCard
from conversations.models import Card, Choice, Part, Value
from conversations.reading import NOTHING, Read
from rules.models import Facts


@dataclass(frozen=True)
class Step:
    """A card as it is asked: the choice that counts (None: to be answered), and what stood before it.

    `for_record`: the verdict is settled, the card is asked because the whole checklist, or the desk, wants it. `read`:
    what the first message was read as, or what the asker left of that. `confirmed`: what others said. `by_desk`: the
    desk asks it.
    """

    card: Card
    choice: Choice | None
    known: Mapping[str, Value]
    service: str | None
    for_record: bool = False
    read: Read = NOTHING
    confirmed: Confirmed = BY_NOBODY_ELSE
    by_desk: bool = False

    @property
    def beforehand(self) -> Mapping[str, Value]:
        """Return the facts by which the card shows something chosen before it is answered."""
        return {**(self.read.facts if self.card.partial else self.read.beforehand), **self.known}

    @property
    def plan(self) -> str | None:
        """Return the service that is shown chosen beforehand."""
        return self.service or self.read.plan

    def untouched(self, part: Part) -> tuple[str, ...]:
        """Return the options of an input that are chosen beforehand."""
        if part.kind == "service":
            return (self.plan,) if self.plan else ()
        return preselected(part, self.beforehand)


@dataclass(frozen=True)
class Progress:
    """Where an interview stands.

    `read`: what of the first message counts or may count. `named`: other services that it named. `asked`: facts that an
    asked card or the catalogue spoke of. `in_doubt`: those that are not known and could still move the verdict.
    `unasked`: cards that did not matter. `may_come`: those, besides the current one, that some answer could still make
    necessary. `by_others`: facts whose value is owed to what others confirmed or refused.
    """

    steps: tuple[Step, ...]
    facts: Facts
    service: str | None
    asked: frozenset[str]
    in_doubt: tuple[str, ...]
    unasked: tuple[Card, ...]
    may_come: tuple[Card, ...]
    read: Read = NOTHING
    named: tuple[str, ...] = ()
    by_others: frozenset[str] = frozenset()

    def step(self, card_id: str) -> Step:
        """Return the step of a card. Raises OldCard where it is not asked (any more)."""
        for step in self.steps:
            if step.card.id == card_id:
                return step
        raise OldCard(card_id)

    @property
    def at_most(self) -> int:
        """Return how many cards, besides the current one, can still come."""
        return len(self.may_come)

    @property
    def settled(self) -> bool:
        """Return whether the verdict stands, whatever else could be answered."""
        return self.current is None or self.current.for_record

    @property
    def current(self) -> Step | None:
        """Return the card to answer, or None once nothing is to be asked."""
        return self.steps[-1] if self.steps and self.steps[-1].choice is None else None
