"""The verdict as an ordered decision diagram over the facts: exact, so it says which answers can still matter."""

from collections.abc import Mapping
from itertools import groupby
from operator import mul

from rules.models import SEVERITY, VERDICTS, Rule, RuleBase, Table
from rules.nodes import FALSE, FIRST_INNER, TRUE, Node, Nodes


class Diagram:
    """The verdict of a rule base as one function of its facts, in table values. Safe to share between threads.

    `nodes` and `root` are the function (terminals are severities), `facts` its levels in order.
    """

    def __init__(self, rulebase: RuleBase) -> None:
        """Build the diagram from the tables."""
        self.facts = list(rulebase.facts.values())
        self.level = {fact.id: level for level, fact in enumerate(self.facts)}
        self.nodes = Nodes([len(fact.table_values) for fact in self.facts])
        self._targets: dict[str, dict[str, Node]] = {}
        self.root: Node = FALSE
        for table in rulebase.tables:
            if table.mode == "first_line":
                self._targets[table.decides] = self._first_line(table)
            elif table.mode == "floor":
                self.root = self._floors(table)

    def settled(self, known: Mapping[str, str]) -> str | None:
        """Return the verdict if every completion of `known` (table values) has the same one, else None."""
        root, _ = self._restrict(known)
        return VERDICTS[root] if root < FIRST_INNER else None

    def support(self, known: Mapping[str, str]) -> set[str]:
        """Return the facts on which the verdict still depends once `known` (table values) is given."""
        _, levels = self._restrict(known)
        return {self.facts[level].id for level in levels}

    def size(self) -> int:
        """Return the number of inner nodes of the verdict."""
        return len(self.nodes.inner(self.root))

    def _restrict(self, known: Mapping[str, str]) -> tuple[Node, set[int]]:
        """Return root and levels of what is left of the verdict; its nodes are numbered afresh, so threads may call."""
        given = {self.level[name]: self.facts[self.level[name]].table_values.index(v) for name, v in known.items()}
        left: dict[tuple[int, tuple[Node, ...]], Node] = {}
        cache: dict[Node, Node] = {}

        def walk(at: Node) -> Node:
            if at < FIRST_INNER:
                return at
            if at not in cache:
                level, children = self.nodes.branch(at)
                if level in given:
                    cache[at] = walk(children[given[level]])
                else:
                    key = (level, tuple(walk(child) for child in children))
                    same = len(set(key[1])) == 1
                    cache[at] = key[1][0] if same else left.setdefault(key, FIRST_INNER + len(left))
            return cache[at]

        root = walk(self.root)
        return root, {level for level, _ in left}

    def _member(self, name: str, accepted: frozenset[str]) -> Node:
        """The condition that a fact or a decided target has one of the values."""
        if name in self._targets:
            return self.nodes.either(*(self._targets[name][value] for value in accepted))
        level = self.level[name]
        return self.nodes.node(level, tuple(int(v in accepted) for v in self.facts[level].table_values))

    def _condition(self, rule: Rule) -> Node:
        return self.nodes.both(*(self._member(name, accepted) for name, accepted in rule.when.items()))

    def _first_line(self, table: Table) -> dict[str, Node]:
        """Return, for each value of the target, the condition under which it is decided."""
        when: dict[str, Node] = dict.fromkeys(table.values, FALSE)
        rest: Node = TRUE
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            line = list(rules)
            holds = self.nodes.either(*(self._condition(rule) for rule in line))
            value = line[0].then
            when[value] = self.nodes.either(when[value], self.nodes.both(rest, holds))
            rest = self.nodes.both(rest, self.nodes.negate(holds))
        return when

    def _floors(self, table: Table) -> Node:
        node: Node = FALSE
        for rule in table.rules:
            floor = self.nodes.apply("times", mul, self._condition(rule), SEVERITY[rule.then])
            node = self.nodes.apply("max", max, node, floor)
        return node
