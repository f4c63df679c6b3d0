"""Which answers decided a verdict, and the smallest changes that would lead to a milder one. Exact, on the diagram."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, prod

from rules.diagram import Diagram
from rules.models import SEVERITY, VERDICTS, Facts
from rules.nodes import FIRST_INNER, TRUE, Node
from rules.vocabulary import for_tables

MOST_SETS = 8


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

        What follows from other facts has no level of its own: those are told instead.
        """
        nodes = self._diagram.nodes.copy()
        reaches = nodes.apply("is", lambda a, b: int(a == b), self._diagram.root, SEVERITY[verdict])
        given = self._positions(facts)
        fixable = {self._diagram.level[name] for name in among if name in self._diagram.level}

        @cache
        def fewest(node: Node) -> tuple[float, frozenset[int]]:
            """How many facts have to be fixed so that the condition holds whatever the others are, and which."""
            if node < FIRST_INNER:
                return (0 if node == TRUE else inf), frozenset()
            level, children = nodes.branch(node)
            free = fewest(nodes.both(*children))
            count, fixed = fewest(children[given[level]]) if level in fixable else (inf, frozenset())
            return free if free[0] <= count + 1 else (count + 1, fixed | {level})

        count, levels = fewest(reaches)
        if count == inf:
            return ()
        return tuple(self._diagram.facts[level].id for level in sorted(levels))

    def ways_out(self, facts: Facts, verdict: str) -> tuple[WayOut, ...]:
        """Return, for each milder verdict that can be reached, the smallest changes, mildest first."""
        given = self._positions(facts)
        able = [
            1.0 if fact.actionable and not any(facts[name] == "yes" for name in fact.blocked_by) else inf
            for fact in self._diagram.facts
        ]
        ways = (self._way(given, able, milder) for milder in VERDICTS[: SEVERITY[verdict]])
        return tuple(way for way in ways if way.actionable or way.about_data)

    def _way(self, given: tuple[int, ...], price: list[float], verdict: str) -> WayOut:
        able = self._smallest(given, SEVERITY[verdict], price)
        least = min((len(changes) for changes in able), default=inf)
        anyhow = self._smallest(given, SEVERITY[verdict], [1.0] * len(given))
        smaller = [changes for changes in anyhow if len(changes) < least]
        more = max(0, len(able) - MOST_SETS) + max(0, len(smaller) - MOST_SETS)
        return WayOut(verdict, tuple(able[:MOST_SETS]), tuple(smaller[:MOST_SETS]), more)

    def _smallest(self, given: tuple[int, ...], severity: int, price: list[float]) -> list[tuple[Change, ...]]:
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
        def sets(node: Node) -> frozenset[frozenset[tuple[int, int]]]:
            if node < FIRST_INNER:
                return frozenset((frozenset(),))
            level, children = nodes.branch(node)
            found: set[frozenset[tuple[int, int]]] = set()
            for value, child in enumerate(children):
                step = to(level, value)
                if cost(child) + step == cost(node):
                    own = frozenset(((level, value),)) if step else frozenset[tuple[int, int]]()
                    found |= {own | rest for rest in sets(child)}
            return frozenset(found)

        return self._merged(sets(self._diagram.root)) if cost(self._diagram.root) < inf else []

    def _merged(self, sets: frozenset[frozenset[tuple[int, int]]]) -> list[tuple[Change, ...]]:
        """Sets on the same facts become one, with every value that does, where all their combinations do."""
        by_levels: dict[tuple[int, ...], list[dict[int, int]]] = {}
        for changes in sets:
            by_levels.setdefault(tuple(sorted(level for level, _ in changes)), []).append(dict(changes))
        ordered = sorted(by_levels.items(), key=lambda item: (len(item[0]), item[0]))
        return [tuple(self._change(level, values) for level, values in self._joined(m).items()) for _, m in ordered]

    def _joined(self, members: list[dict[int, int]]) -> dict[int, set[int]]:
        joined = {level: {member[level] for member in members} for level in sorted(members[0])}
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

    def _positions(self, facts: Facts) -> tuple[int, ...]:
        flat = for_tables(facts)
        return tuple(fact.table_values.index(flat[fact.id]) for fact in self._diagram.facts)
