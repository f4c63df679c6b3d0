"""Which answers decided a verdict, and the smallest changes that would lead to a milder one. Exact, on the diagram."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import inf, prod

from rules.diagram import Diagram
from rules.models import SEVERITY, UNKNOWN, VERDICTS, Facts
from rules.nodes import FIRST_INNER, TRUE, Node
from rules.vocabulary import for_tables

MOST_SETS = 8
UNTOLD = 2**-10
"""What an unknown answer counts more than a given one: of sets of the same size, that of given answers wins."""

Given = tuple[int, ...]
"""The value of each level of the diagram, by position."""
Changes = frozenset[tuple[int, int]]
"""Levels with the value that each gets."""
Route = tuple[Mapping[str, str], AbstractSet[str]]
"""Facts that are changed first, with their values, and all that can be changed."""


@dataclass(frozen=True)
class Change:
    """A fact that would have to be otherwise, and the table values that would each do."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class WayOut:
    """The smallest sets of changes for the better that reach one milder verdict, each set enough by itself.

    `actionable`: sets of facts that somebody can bring about. `about_data`: sets that need a fact about the data
    to be otherwise, given only where they are smaller. `more`: how many further sets are as small.
    """

    verdict: str
    actionable: tuple[tuple[Change, ...], ...]
    about_data: tuple[tuple[Change, ...], ...]
    more: int = 0


class Counterfactuals:
    """Questions about one case and the whole verdict function. Safe to share between threads."""

    def __init__(self, diagram: Diagram) -> None:
        """Ask of this diagram."""
        self._diagram = diagram

    def deciding(self, facts: Facts, verdict: str, among: frozenset[str]) -> tuple[str, ...]:
        """Return a smallest set out of `among` whose values alone force the verdict; empty if they do not force it.

        Of several as small, the one with the fewest unknown answers.
        What follows from other facts has no level of its own: those are told instead.
        """
        nodes = self._diagram.nodes.copy()
        reaches = nodes.apply("is", lambda a, b: int(a == b), self._diagram.root, SEVERITY[verdict])
        given = self._positions(facts)
        told = {
            name: 1 + UNTOLD * (for_tables(facts)[name] == UNKNOWN) for name in among if name in self._diagram.level
        }
        fixable = {self._diagram.level[name]: price for name, price in told.items()}

        @cache
        def fewest(node: Node) -> tuple[float, frozenset[int]]:
            """What has to be fixed so that the condition holds whatever the others are, as a price, and which facts."""
            if node < FIRST_INNER:
                return (0 if node == TRUE else inf), frozenset()
            level, children = nodes.branch(node)
            free = fewest(nodes.both(*dict.fromkeys(children)))
            price, fixed = fewest(children[given[level]]) if level in fixable else (inf, frozenset())
            bound = price + fixable.get(level, 0)
            return free if free[0] <= bound else (bound, fixed | {level})

        price, levels = fewest(reaches)
        if price == inf:
            return ()
        return tuple(self._diagram.facts[level].id for level in sorted(levels))

    def ways_out(self, facts: Facts, verdict: str) -> tuple[WayOut, ...]:
        """Return, for each milder verdict that can be reached, the smallest changes, mildest first."""
        given, routes = self._positions(facts), tuple(self._routes(facts))
        ways = (self._way(given, routes, milder) for milder in VERDICTS[: SEVERITY[verdict]])
        return tuple(way for way in ways if way.actionable or way.about_data)

    def _routes(self, facts: Facts) -> Iterator[Route]:
        """Yield the ways to go about it: which blocks are lifted first, and what can then be changed.

        A fact that is blocked can be changed together with whatever blocks it, if somebody can bring that about: what
        is anonymised may be published.
        """
        able = {fact.id: fact for fact in self._diagram.facts if fact.actionable}
        blocks = {name: [b for b in fact.blocked_by if facts[b] == "yes"] for name, fact in able.items()}
        free = able.keys() - {name for name, blocking in blocks.items() if blocking}
        cure = {name: able[name].better[0] for name in free if able[name].better and able[name].better[0] != "yes"}
        lifts = {name: blocking for name, blocking in blocks.items() if blocking and cure.keys() >= set(blocking)}
        for chosen in (names for n in range(len(lifts) + 1) for names in combinations(lifts, n)):
            yield {block: cure[block] for name in chosen for block in lifts[name]}, free | {*chosen}

    def _way(self, given: Given, routes: Iterable[Route], verdict: str) -> WayOut:
        able = self._by_routes(given, routes, SEVERITY[verdict])
        least = min((len(changes) for changes in able), default=inf)
        anyhow = self._merged(self._smallest(given, SEVERITY[verdict], [1.0] * len(given)))
        smaller = [changes for changes in anyhow if len(changes) < least]
        more = max(0, len(able) - MOST_SETS) + max(0, len(smaller) - MOST_SETS)
        return WayOut(verdict, tuple(able[:MOST_SETS]), tuple(smaller[:MOST_SETS]), more)

    def _by_routes(self, given: Given, routes: Iterable[Route], severity: int) -> list[tuple[Change, ...]]:
        """Return every cheapest set of changes over all routes."""
        found: set[Changes] = set()
        for lifted, changeable in routes:
            first = frozenset(
                (self._diagram.level[name], self._position(name, value)) for name, value in lifted.items()
            )
            start = tuple(dict(first).get(level, value) for level, value in enumerate(given))
            price = [1.0 if f.id in changeable and f.id not in lifted else inf for f in self._diagram.facts]
            found |= {first | rest for rest in self._smallest(start, severity, price)}
        least = min(map(len, found), default=0)
        return self._merged(frozenset(changes for changes in found if len(changes) == least))

    def _position(self, fact: str, value: str) -> int:
        return self._diagram.facts[self._diagram.level[fact]].table_values.index(value)

    def _smallest(self, given: Given, severity: int, price: list[float]) -> frozenset[Changes]:
        """Return every cheapest set of changes that ends in the severity; a fact of infinite price stays."""
        nodes = self._diagram.nodes

        def to(level: int, value: int) -> float:
            """What it takes to have the value: nothing if it is so, never to make anything worse."""
            if value == given[level]:
                return 0.0
            fact = self._diagram.facts[level]
            return price[level] if fact.table_values[value] in fact.better else inf

        @cache
        def cost(node: Node) -> float:
            if node < FIRST_INNER:
                return 0.0 if node == severity else inf
            level, children = nodes.branch(node)
            return min(cost(child) + to(level, value) for value, child in enumerate(children))

        @cache
        def sets(node: Node) -> frozenset[Changes]:
            if node < FIRST_INNER:
                return frozenset((frozenset(),))
            level, children = nodes.branch(node)
            found: set[Changes] = set()
            for value, child in enumerate(children):
                step = to(level, value)
                if cost(child) + step == cost(node):
                    own = frozenset(((level, value),)) if step else frozenset[tuple[int, int]]()
                    found |= {own | rest for rest in sets(child)}
            return frozenset(found)

        return sets(self._diagram.root) if cost(self._diagram.root) < inf else frozenset()

    def _merged(self, sets: frozenset[Changes]) -> list[tuple[Change, ...]]:
        """Sets on the same facts become one, with every value that does, where all their combinations do.

        What lifts a block stands before what it lets be done.
        """
        by_levels: dict[tuple[int, ...], list[dict[int, int]]] = {}
        for changes in sets:
            by_levels.setdefault(tuple(sorted(level for level, _ in changes)), []).append(dict(changes))
        ordered = sorted(by_levels.items(), key=lambda item: (len(item[0]), item[0]))
        return [tuple(self._change(level, values) for level, values in self._joined(m).items()) for _, m in ordered]

    def _joined(self, members: list[dict[int, int]]) -> dict[int, set[int]]:
        facts = {self._diagram.facts[level].id: level for level in members[0]}
        last = {level for name, level in facts.items() if facts.keys() & self._diagram.facts[level].blocked_by}
        joined = {
            level: {m[level] for m in members} for level in sorted(facts.values(), key=lambda at: (at in last, at))
        }
        if len(members) == prod(len(values) for values in joined.values()):
            return joined
        nearest = min(members, key=self._strangeness)  # not every combination does: the one of safe answers
        return {level: {nearest[level]} for level in joined}

    def _strangeness(self, member: Mapping[int, int]) -> tuple[int, tuple[tuple[int, int], ...]]:
        facts = self._diagram.facts
        strange = sum(facts[level].table_values[value] != facts[level].safe for level, value in member.items())
        return strange, tuple(sorted(member.items()))

    def _change(self, level: int, values: set[int]) -> Change:
        fact = self._diagram.facts[level]
        return Change(fact.id, tuple(fact.table_values[value] for value in sorted(values)))

    def _positions(self, facts: Facts) -> Given:
        flat = for_tables(facts)
        return tuple(fact.table_values.index(flat[fact.id]) for fact in self._diagram.facts)
