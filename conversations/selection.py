"""Which of the cards that matter comes next: the one with which the fewest cards are to be expected in all.

What is left to find out is a node of the decision diagram (the verdict under the answers so far) and the cards that
still matter to it. Over these the expectation is a plain recursion, computed, not estimated, under two assumptions:
how askers answer (`_outcomes`), and that the cards behind the next ones come in the order of the file (`AHEAD`). It
depends on nothing but what is known, so the same answers are always asked for in the same order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from threading import Lock

from conversations.models import SERVICE_CARD, Card
from rules.diagram import Diagram
from rules.nodes import Node

SAFELY = 0.5
"""How often a card is answered safely throughout; else each of its facts takes any of its values alike."""

NEAR = 0.1
"""A smaller saving, in cards, is not worth an order that feels unnatural: so near, the first in the file comes."""

AHEAD = 1
"""How many cards behind the next are weighed against each other, too. Looking farther ahead saves no card as shipped
and takes time that doubles with every card of an institution."""

Given = Sequence[tuple[int, int]]
"""Levels of the diagram, each with the position of its value."""

Shares = dict[Node, float]
"""What may be left of the verdict, and how often."""


class Selection:
    """The order of the cards over one decision diagram and one catalogue. Safe to share between threads.

    Nothing is computed before the first choice; what was computed is kept.
    """

    def __init__(
        self,
        cards: Sequence[Card],
        settles: Mapping[str, frozenset[str]],
        diagram: Diagram,
        catalogue: Sequence[Mapping[str, str]],
    ) -> None:
        """`settles`: all that an answer to the card may settle. `catalogue`: what is told of each service."""
        self._diagram = diagram
        self._nodes = diagram.nodes.copy()
        self._lock = Lock()
        self._catalogue = [self._given(told) for told in catalogue]
        told = frozenset(name for told in catalogue for name in told)
        self._waits_for = waits_for(cards, told)
        self._moves = {card.id: self._levels(settles[card.id]) for card in cards}
        self._own = {n: own - self._levels(told) if n == SERVICE_CARD else own for n, own in self._moves.items()}
        self._safe = dict(self._given({fact.id: fact.better[0] for fact in diagram.facts if fact.better}))
        self._branched: dict[tuple[Node, int], tuple[Node, ...]] = {}
        self._supports: dict[Node, frozenset[int]] = {}
        self._expectations: dict[tuple[Node, tuple[str, ...], int], float] = {}

    def choose(self, matter: Sequence[Card], known: Mapping[str, str]) -> Card:
        """Return the next of the cards that matter (one at least, in the order of the file); `known`: table values.

        A card with a condition of its own follows up on an answer, so it comes at once.
        """
        following = [card for card in matter if card.when]
        names = tuple(card.id for card in matter)
        ready = following or [card for card in matter if card.id in self._ready(names)]
        if len(ready) == 1 or following:
            return ready[0]
        with self._lock:
            left = self._under(self._diagram.root, self._given(known))
            expected = [self._with_first(card.id, left, names, AHEAD) for card in ready]
        return next(card for card, count in zip(ready, expected, strict=True) if count <= min(expected) + NEAR)

    def _ready(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The cards that need not wait for another of them; all of them where each waits for another."""
        return tuple(name for name in names if self._waits_for[name].isdisjoint(names)) or names

    def _expected(self, left: Node, names: tuple[str, ...], ahead: int) -> float:
        """How many of the cards are to be expected before the verdict is settled."""
        names = tuple(name for name in names if self._moves[name] & self._support(left))
        if len(names) <= 1:
            return len(names)
        if (left, names, ahead) not in self._expectations:
            ready = self._ready(names) if ahead else self._ready(names)[:1]
            fewest = min(self._with_first(name, left, names, max(0, ahead - 1)) for name in ready)
            self._expectations[left, names, ahead] = fewest
        return self._expectations[left, names, ahead]

    def _with_first(self, name: str, left: Node, names: tuple[str, ...], ahead: int) -> float:
        """The same where this card comes first."""
        rest = tuple(other for other in names if other != name)
        outcomes = self._outcomes(name, left)
        return 1 + sum(share * self._expected(after, rest, ahead) for after, share in outcomes.items())

    def _outcomes(self, name: str, left: Node) -> Shares:
        """What an answer to the card may leave; of the service also what the catalogue then tells."""
        own = sorted(self._own[name] & self._support(left), reverse=True)  # this way round, fewer nodes are built
        alike: Shares = {left: 1 - SAFELY}
        for level in own:
            alike = _spread(alike, partial(self._values, level=level))
        safe = self._under(left, [(level, self._safe[level]) for level in own if level in self._safe])
        found = {**alike, safe: alike.get(safe, 0.0) + SAFELY}
        if name == SERVICE_CARD and self._catalogue:
            found = _spread(found, lambda node: [self._under(node, told) for told in self._catalogue])
        return found

    def _under(self, node: Node, given: Given) -> Node:
        """What is left of a node once these values are given."""
        for level, value in given:
            node = self._values(node, level)[value]
        return node

    def _values(self, node: Node, level: int) -> tuple[Node, ...]:
        """What is left of a node for each value of a level."""
        if self._nodes.top(node) >= level:
            return self._nodes.at(node, level)
        if (node, level) not in self._branched:
            at, children = self._nodes.branch(node)
            ways = zip(*(self._values(child, level) for child in children), strict=True)
            self._branched[node, level] = tuple(self._nodes.node(at, way) for way in ways)
        return self._branched[node, level]

    def _support(self, node: Node) -> frozenset[int]:
        if node not in self._supports:
            self._supports[node] = frozenset(self._nodes.branch(inner)[0] for inner in self._nodes.inner(node))
        return self._supports[node]

    def _levels(self, facts: Iterable[str]) -> frozenset[int]:
        return frozenset(self._diagram.level[name] for name in facts if name in self._diagram.level)

    def _given(self, known: Mapping[str, str]) -> Given:
        levels = [(self._diagram.level[name], value) for name, value in known.items() if name in self._diagram.level]
        return tuple((level, self._diagram.facts[level].table_values.index(value)) for level, value in levels)


def _spread(shares: Shares, ways: Callable[[Node], Sequence[Node]]) -> Shares:
    """Let what is left go each of its ways alike; ways that leave the same are one."""
    found: Shares = {}
    for node, share in shares.items():
        leads_to = ways(node)
        for after in leads_to:
            found[after] = found.get(after, 0.0) + share / len(leads_to)
    return found


def waits_for(cards: Sequence[Card], told: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return, for each card, those that come before it while they matter.

    They are the cards that settle what its inputs are shown by, and the service where the catalogue may have `told`.
    """
    waits = {}
    for card in cards:
        shown_by = frozenset(_shown_by(card))
        first = {other.id for other in cards if not other.when and other.facts & shown_by}
        waits[card.id] = frozenset(first | ({SERVICE_CARD} if card.facts & told else set())) - {card.id}
    return waits


def _shown_by(card: Card) -> Iterator[str]:
    """The facts on which it depends what the card shows."""
    for shortcut in card.shortcuts:
        yield from shortcut.when
    for part in card.parts:
        yield from part.when
        yield from (name for option in part.options for name in option.when)
