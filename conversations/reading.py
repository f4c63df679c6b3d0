"""What a first message was read as: how it counts, and the card that asks whether it is right. Pure; knows no case.

Nothing that clears a concern counts before the asker's click. What raises one stands until they say otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from typing import Literal

from conversations.choices import settle
from conversations.models import (
    OTHER_SERVICE,
    READ,
    READING_CARD,
    SERVICE_CARD,
    SHORTCUT,
    Card,
    Case,
    Choice,
    Option,
    Part,
    Shortcut,
    Value,
)
from knowledge.models import Bilingual, Knowledge, Record
from knowledge.records import parse, read_toml
from knowledge.understanding.reading import Reading
from rules.models import UNKNOWN, Fact, RuleBase
from rules.vocabulary import table_value

FILE = "reading.toml"
SLIP, WARNING = "slip", "warning"
SEVERAL_DATA_SETS = "several_data_sets"
ASK, NONE = "ask", "none"
"""Options of the card: to be asked after all, and an empty list."""

MOST_SERVICES = 4
"""Of more services than these in one message, the first are offered."""


class Wording(Record):
    """The words of the card."""

    topic: Bilingual
    question: Bilingual
    help: Bilingual
    service: Bilingual
    ask: Bilingual
    ask_all: Bilingual


@dataclass(frozen=True)
class Read:
    """What was read and, once its card is answered (`confirmed`), what the asker left of it.

    `raising`: the facts that count already. `beforehand`: those that their cards show chosen beforehand. `services`:
    what was named, plans or mere brands. `plan`: the one that needs nothing but a yes. `slips`: what may have been
    meant.
    """

    facts: Mapping[str, Value] = field(default_factory=dict)
    raising: Mapping[str, Value] = field(default_factory=dict)
    beforehand: Mapping[str, Value] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    plan: str | None = None
    slips: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def candidates(self) -> tuple[str, ...]:
        """Return the services to pick from, where there is a choice or a doubt."""
        found = tuple(dict.fromkeys((*self.services, *self.slips)))[:MOST_SERVICES]
        return found if self.slips or len(found) > 1 else ()


NOTHING = Read()


def raises(fact: Fact, value: Value) -> bool:
    """Whether the value speaks for concern: it is neither unknown nor nearer the safe answer than unknown is."""
    return bool(fact.better) and table_value(value) not in (*fact.better, UNKNOWN)


def choice_of(reading: Reading) -> Choice:
    """Return a reading in the form of an answer: fact id → values, and services, slips and warnings by code."""
    facts = {name: _spelled(value) for name, value in reading.facts.items()}
    services = tuple(dict.fromkeys(service.id for service in reading.services))
    slips = tuple(dict.fromkeys(slip.service for slip in reading.slips))
    told = {**facts, SERVICE_CARD: services, SLIP: slips, WARNING: reading.warnings}
    return {name: names for name, names in told.items() if names}


def _spelled(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or (NONE,)


def of_several_data_sets(case: Case) -> bool:
    """Whether the first message spoke of several data sets."""
    return any(SEVERAL_DATA_SETS in answer.choice.get(WARNING, ()) for answer in case.answers if answer.card == READ)


class Readings:
    """Readings over one rule base, its cards and one catalogue. Holds no reading."""

    def __init__(self, cards: Sequence[Card], rulebase: RuleBase, knowledge: Knowledge) -> None:
        """Take the facts that are asked, and the names of services; `brands`: those that name no plan."""
        asked = {name for card in cards for name in card.facts}
        self._facts = {name: fact for name, fact in rulebase.facts.items() if name in asked}
        self._several = {name for card in cards if card.combine for name in card.facts}
        self._of_use = {name for card in cards if card.id == SERVICE_CARD for name in card.facts}
        self._plans = {*knowledge.services, OTHER_SERVICE}
        self.brands = frozenset(knowledge.brands) - self._plans

    @cached_property
    def _wording(self) -> Wording:
        return parse(Wording, read_toml(files("conversations") / FILE), FILE)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that an answer to the card may hold, besides those of services."""
        values = {name for fact in self._facts.values() for name in fact.values}
        return frozenset((READING_CARD, SERVICE_CARD, SHORTCUT, ASK, NONE, UNKNOWN, *self._facts, *values))

    def passed(self, choice: Choice) -> Choice:
        """Return what of a reading is in the vocabulary and in the catalogue; a mere brand is worth nothing alone."""
        known = {
            **self._spellings,
            **dict.fromkeys((SERVICE_CARD, SLIP), self._plans | self.brands),
            WARNING: {SEVERAL_DATA_SETS},
        }
        kept = {name: tuple(n for n in names if n in known[name]) for name, names in choice.items() if name in known}
        single = {name for name, fact in self._facts.items() if not fact.many}
        told = {name: names for name, names in kept.items() if len(names) == 1 or (names and name not in single)}
        brand = SLIP not in told and len(told.get(SERVICE_CARD, ())) == 1 and told[SERVICE_CARD][0] not in self._plans
        return {name: names for name, names in told.items() if name != SERVICE_CARD or not brand}

    @cached_property
    def _spellings(self) -> Mapping[str, set[str]]:
        """The values that each fact may have, as options."""
        lists = {name: {NONE} for name, fact in self._facts.items() if fact.many}
        return {name: {*fact.values, UNKNOWN, *lists.get(name, ())} for name, fact in self._facts.items()}

    def understood(self, choice: Choice) -> Read:
        """Return what is read, as far as this edition has words for it."""
        told = self.passed(choice)
        facts = {name: self._value(name, told[name]) for name in self._facts if name in told}
        return self._read(facts, told.get(SERVICE_CARD, ()), told.get(SLIP, ()))

    def _value(self, name: str, names: tuple[str, ...]) -> Value:
        if UNKNOWN in names:
            return UNKNOWN
        return tuple(n for n in names if n != NONE) if self._facts[name].many else names[0]

    def _read(self, facts: Mapping[str, Value], services: tuple[str, ...], slips: tuple[str, ...] = ()) -> Read:
        """What clears a concern of several sources is left to its card: a message seldom speaks of all of them."""
        raising = {name: v for name, v in facts.items() if raises(self._facts[name], v) and name not in self._of_use}
        kept = {n: v for n, v in facts.items() if n in raising or v == UNKNOWN or n not in self._several}
        shown = {n: v for n, v in kept.items() if n in raising or v == UNKNOWN or n in self._of_use}
        plan = services[0] if len(services) == 1 and not slips and services[0] in self._plans else None
        return Read(kept, raising, shown, services, plan, slips)

    def confirmed(self, card: Card, choice: Choice) -> Read:
        """Return what the asker left of it by their answer to the card. Raises ChoiceError."""
        said = settle(card, choice, {})
        if SHORTCUT in choice:
            return NOTHING
        return replace(self._read(said, choice.get(SERVICE_CARD, ())), confirmed=True)

    def accepted(self, read: Read) -> Choice:
        """Return the answer that says yes to everything."""
        lines = {name: _spelled(value) for name, value in read.facts.items()}
        return {**lines, SERVICE_CARD: (read.plan,)} if read.plan else lines

    def card(self, read: Read) -> Card:
        """Return the card with an input for each thing read; where there are several services, one to pick."""
        words = self._wording
        parts = [self._part(self._facts[name]) for name in read.facts]
        if read.plan or read.candidates:
            options = tuple(Option(id=code, label=Bilingual(ja=code, en=code)) for code in read.candidates)
            parts.insert(0, _of(SERVICE_CARD, "service", words.service, options))
        return Card(
            id=READING_CARD,
            topic=words.topic,
            question=words.question,
            help=words.help,
            shortcut=(Shortcut(id=ASK, label=words.ask_all),),
            part=tuple(parts),
        )

    def _part(self, fact: Fact) -> Part:
        if not fact.many:
            return _of(fact.id, "one", fact.label, (*self._values(fact), Option(id=ASK, label=self._wording.ask)))
        empty = Option(id=NONE, label=fact.name(NONE), sets={fact.id: ()}, alone=True)
        return _of(fact.id, "many", fact.label, (*self._values(fact), empty))

    def _values(self, fact: Fact) -> Iterator[Option]:
        """Its values, without those that only its own card may take."""
        for name in (name for name in fact.values if fact.id not in self._several or raises(fact, name)):
            yield Option(id=name, label=fact.name(name), sets={fact.id: (name,) if fact.many else name})
        yield Option(id=UNKNOWN, label=fact.name(UNKNOWN), sets={fact.id: UNKNOWN}, alone=fact.many)


def _of(name: str, kind: Literal["one", "many", "service"], label: Bilingual, options: Iterable[Option]) -> Part:
    return Part(id=name, kind=kind, label=label, compact=True, option=tuple(options))
