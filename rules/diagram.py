"""The verdict as an ordered decision diagram over the facts: exact, so it says which answers can still matter."""

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import groupby, starmap
from operator import mul

from rules.models import SEVERITY, VERDICTS, Rule, RuleBase, Table
from rules.nodes import FALSE, FIRST_INNER, TRUE, Node, Nodes


class Diagram:
    """The verdict of a rule base as one function of its facts, in table values. Safe to share between threads.

    `nodes` and `root` are the function (terminals are severities), `facts` its levels in order.
    """

    def __init__(self, rulebase: RuleBase) -> None:
        """Build the diagram from the tables."""
        self.facts = [fact for fact in rulebase.facts.values() if fact.free]
        self._follows = {fact.id: fact.follows for fact in rulebase.facts.values() if fact.follows}
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
        root, _ = self._restrict(self.root, known)
        return VERDICTS[root] if root < FIRST_INNER else None

    def support(self, known: Mapping[str, str], targets: Iterable[str] = ()) -> set[str]:
        """Return the facts on which the verdict, or a target, still depends once `known` (table values) is given."""
        roots = (self.root, *(node for target in targets for node in self._targets[target].values()))
        return {self.facts[level].id for root in roots for level in self._restrict(root, known)[1]}

    def says(self, name: str, *values: str) -> Node:
        """Return the condition that a fact has one of the values."""
        return self._member(name, frozenset(values))

    def raised(self, *rules: Rule) -> Node:
        """Return the verdict with more floors on top. Not safe to share between threads: it adds nodes."""
        return reduce(self._raised, rules, self.root)

    def condition(self, rule: Rule) -> Node:
        """Return when all that the rule asks for holds. Not safe to share between threads: it adds nodes."""
        return self.nodes.both(*(self._member(name, accepted) for name, accepted in rule.when.items()))

    def size(self) -> int:
        """Return the number of inner nodes of the verdict."""
        return len(self.nodes.inner(self.root))

    def _restrict(self, root: Node, known: Mapping[str, str]) -> tuple[Node, set[int]]:
        """Return root and levels of what is left of a function; its nodes are numbered afresh, so threads may call."""
        levels = {self.level[name]: value for name, value in known.items() if name in self.level}
        given = {level: self.facts[level].table_values.index(value) for level, value in levels.items()}
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

        return walk(root), {level for level, _ in left}

    def _member(self, name: str, accepted: frozenset[str]) -> Node:
        """The condition that a fact or a decided target has one of the values."""
        if name in self._targets:
            return self.nodes.either(*(self._targets[name][value] for value in accepted))
        if name in self._follows:
            conditions = (condition for value in accepted for condition in self._follows[name][value])
            return self.nodes.either(*(self.nodes.both(*starmap(self._given, c.items())) for c in conditions))
        return self._given(name, accepted)

    def _given(self, name: str, accepted: frozenset[str]) -> Node:
        level = self.level[name]
        return self.nodes.node(level, tuple(int(v in accepted) for v in self.facts[level].table_values))

    def _first_line(self, table: Table) -> dict[str, Node]:
        """Return, for each value of the target, the condition under which it is decided."""
        when: dict[str, Node] = dict.fromkeys(table.values, FALSE)
        rest: Node = TRUE
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            line = list(rules)
            holds = self.nodes.either(*(self.condition(rule) for rule in line))
            value = line[0].then
            when[value] = self.nodes.either(when[value], self.nodes.both(rest, holds))
            rest = self.nodes.both(rest, self.nodes.negate(holds))
        return when

    def _floors(self, table: Table) -> Node:
        return reduce(self._raised, table.rules, FALSE)

    def _raised(self, node: Node, rule: Rule) -> Node:
        floor = self.nodes.apply("times", mul, self.condition(rule), SEVERITY[rule.then])
        return self.nodes.apply("max", max, node, floor)
