"""The verdict as an ordered decision diagram over the facts: exact, so it says which answers can still matter.

Built from the tables with Bryant's apply and a unique table ("Graph-Based Algorithms for Boolean Function
Manipulation", IEEE Transactions on Computers, 1986), with one branch per value of a fact. Equal functions
are the same node, so "could this answer change the verdict?" is a comparison of two numbers.
"""

from collections.abc import Callable, Mapping
from itertools import groupby
from operator import mul

from rules.models import SEVERITY, VERDICTS, Rule, RuleBase, Table

Node = int
"""A terminal is 0 … number of verdicts - 1; larger numbers name inner nodes. As a condition: 0 false, 1 true."""

FALSE, TRUE = 0, 1
FIRST_INNER = 100


class Diagram:
    """The verdict of a rule base as one function of its facts, in table values."""

    def __init__(self, rulebase: RuleBase) -> None:
        """Build the diagram from the tables."""
        self._facts = list(rulebase.facts.values())
        self._level = {fact.id: level for level, fact in enumerate(self._facts)}
        self._branches: list[tuple[int, tuple[Node, ...]]] = []
        self._unique: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._applied: dict[tuple[str, Node, Node], Node] = {}
        self._targets: dict[str, dict[str, Node]] = {}
        self._verdict: Node = FALSE
        for table in rulebase.tables:
            if table.mode == "first_line":
                self._targets[table.decides] = self._first_line(table)
            elif table.mode == "floor":
                self._verdict = self._floors(table)

    def settled(self, known: Mapping[str, str]) -> str | None:
        """Return the verdict if every completion of `known` (table values) has the same one, else None."""
        root, _ = self._restrict(known)
        return VERDICTS[root] if root < FIRST_INNER else None

    def support(self, known: Mapping[str, str]) -> set[str]:
        """Return the facts on which the verdict still depends once `known` (table values) is given."""
        _, levels = self._restrict(known)
        return {self._facts[level].id for level in levels}

    def _restrict(self, known: Mapping[str, str]) -> tuple[Node, set[int]]:
        """Return root and levels of what is left of the verdict; its nodes are numbered afresh, so threads may call."""
        given = {self._level[name]: value for name, value in known.items()}
        left: dict[tuple[int, tuple[Node, ...]], Node] = {}
        cache: dict[Node, Node] = {}

        def walk(at: Node) -> Node:
            if at < FIRST_INNER:
                return at
            if at not in cache:
                level, children = self._branches[at - FIRST_INNER]
                if level in given:
                    cache[at] = walk(children[self._facts[level].table_values.index(given[level])])
                else:
                    key = (level, tuple(walk(child) for child in children))
                    same = len(set(key[1])) == 1
                    cache[at] = key[1][0] if same else left.setdefault(key, FIRST_INNER + len(left))
            return cache[at]

        root = walk(self._verdict)
        return root, {level for level, _ in left}

    def size(self) -> int:
        """Return the number of inner nodes of the verdict."""
        seen: set[Node] = set()
        waiting = [self._verdict]
        while waiting:
            node = waiting.pop()
            if node >= FIRST_INNER and node not in seen:
                seen.add(node)
                waiting.extend(self._branches[node - FIRST_INNER][1])
        return len(seen)

    def _node(self, level: int, children: tuple[Node, ...]) -> Node:
        if all(child == children[0] for child in children):
            return children[0]
        key = (level, children)
        if key not in self._unique:
            self._unique[key] = FIRST_INNER + len(self._branches)
            self._branches.append(key)
        return self._unique[key]

    def _apply(self, name: str, combine: Callable[[int, int], int], one: Node, other: Node) -> Node:
        """Combine two functions value by value."""
        if one < FIRST_INNER and other < FIRST_INNER:
            return combine(one, other)
        key = (name, one, other)
        if key not in self._applied:
            level = min(self._top(one), self._top(other))
            width = len(self._facts[level].table_values)
            pairs = zip(self._at(one, level, width), self._at(other, level, width), strict=True)
            children = tuple(self._apply(name, combine, a, b) for a, b in pairs)
            self._applied[key] = self._node(level, children)
        return self._applied[key]

    def _top(self, node: Node) -> int:
        return len(self._facts) if node < FIRST_INNER else self._branches[node - FIRST_INNER][0]

    def _at(self, node: Node, level: int, width: int) -> tuple[Node, ...]:
        return self._branches[node - FIRST_INNER][1] if self._top(node) == level else (node,) * width

    def _and(self, one: Node, other: Node) -> Node:
        return self._apply("and", min, one, other)

    def _or(self, one: Node, other: Node) -> Node:
        return self._apply("or", max, one, other)

    def _not(self, one: Node) -> Node:
        return self._apply("not", lambda a, _: 1 - a, one, FALSE)

    def _condition(self, rule: Rule) -> Node:
        node: Node = TRUE
        for name, accepted in rule.when.items():
            node = self._and(node, self._member(name, accepted))
        return node

    def _member(self, name: str, accepted: frozenset[str]) -> Node:
        if name in self._targets:
            node: Node = FALSE
            for value in accepted:
                node = self._or(node, self._targets[name][value])
            return node
        level = self._level[name]
        return self._node(level, tuple(int(v in accepted) for v in self._facts[level].table_values))

    def _first_line(self, table: Table) -> dict[str, Node]:
        """Return, for each value of the target, the condition under which it is decided."""
        when: dict[str, Node] = dict.fromkeys(table.values, FALSE)
        rest: Node = TRUE
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            holds: Node = FALSE
            for rule in rules:
                holds = self._or(holds, self._condition(rule))
                value = rule.then
            when[value] = self._or(when[value], self._and(rest, holds))
            rest = self._and(rest, self._not(holds))
        return when

    def _floors(self, table: Table) -> Node:
        node: Node = FALSE
        for rule in table.rules:
            floor = self._apply("times", mul, self._condition(rule), SEVERITY[rule.then])
            node = self._apply("max", max, node, floor)
        return node
