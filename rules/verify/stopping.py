"""Stopping early: what the three-valued reading and the decision diagram say of what is possible, as formulas.

Each fact is a set of values that it may still take. `Reading` follows `rules/interpreter.py` over such sets,
`Stop` follows `rules/diagram.py`; the laws hold them against every completion.
"""

from collections.abc import Iterator
from functools import cache, cached_property
from itertools import combinations, groupby

import z3

from rules.diagram import Diagram
from rules.models import SEVERITY, VERDICTS, Rule, RuleBase, Table
from rules.nodes import FIRST_INNER, Node
from rules.verify.solving import Check, Claim
from rules.verify.space import Space
from rules.verify.translate import Answers, Formula, Judged, all_of, some, verdicts_differ


class Reading:
    """The three-valued reading: which values are possible, and between which bounds the verdict lies."""

    def __init__(self, rulebase: RuleBase, possible: Answers) -> None:
        """Read the tables in deciding order."""
        self._possible = {name: dict(values) for name, values in possible.switches.items()}
        self.targets: dict[str, dict[str, Formula]] = {}
        self.at_least: list[Formula] = []
        self.at_most: list[Formula] = []
        for table in rulebase.tables:
            if table.mode == "first_line":
                self._possible[table.decides] = self.targets[table.decides] = self._first_line(table)
            elif table.mode == "floor":
                steps = [[r for r in table.rules if SEVERITY[r.then] >= step] for step in range(len(VERDICTS))]
                self.at_least = [some(map(self._surely, rules)) for rules in steps]
                self.at_most = [some(map(self._maybe, rules)) for rules in steps]

    def _maybe(self, rule: Rule) -> Formula:
        possible = self._possible
        return all_of(some(possible[name][value] for value in values) for name, values in rule.when.items())

    def _surely(self, rule: Rule) -> Formula:
        others = (
            self._possible[name][v] for name, values in rule.when.items() for v in self._possible[name].keys() - values
        )
        return z3.And(self._maybe(rule), z3.Not(some(others)))

    def _first_line(self, table: Table) -> dict[str, Formula]:
        """A line that is certain ends the search."""
        values: dict[str, list[Formula]] = {value: [] for value in table.values}
        certain: list[Formula] = []
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            line = list(rules)
            for rule in line:
                values[rule.then].append(z3.And(z3.Not(some(certain)), self._maybe(rule)))
            certain = [*certain, *map(self._surely, line)]
        return {value: some(when) for value, when in values.items()}


class Stop:
    """The stop test on a diagram: when it is settled, and which facts it still asks for."""

    def __init__(self, diagram: Diagram, possible: Answers) -> None:
        """Remember each node's formulas, as nodes are shared."""
        self._diagram = diagram
        self._possible = possible
        self._same = cache(self._equal)
        self._inner = sorted(diagram.nodes.inner(diagram.root), key=diagram.nodes.top)

    def settled(self, step: int) -> Formula:
        """Return the formula that nothing but this verdict is left of the diagram."""
        return self._same(self._diagram.root, step)

    def asks_for(self, fact: str) -> Formula:
        """Return the formula that the fact is in the support of what is left."""
        level = self._diagram.level[fact]
        return some(
            z3.And(self._reached[node], self._matters(node))
            for node in self._inner
            if self._diagram.nodes.top(node) == level
        )

    def verdict(self, step: int) -> Formula:
        """Return the formula that some possible path ends in this verdict."""
        return self._reached.get(step, z3.BoolVal(val=False))

    @cached_property
    def _reached(self) -> dict[Node, Formula]:
        """Each node and the formula that a possible path leads to it."""
        edges: dict[Node, list[Formula]] = {self._diagram.root: [z3.BoolVal(val=True)]}
        for node in self._inner:
            reached = some(edges[node])
            for allowed, child in self._children(node):
                edges.setdefault(child, []).append(z3.And(reached, allowed))
        return {node: some(parts) for node, parts in edges.items()}

    def _matters(self, node: Node) -> Formula:
        """Two values that are still possible lead to different functions."""
        pairs = combinations(self._children(node), 2)
        apart = (((a, b), (one, other)) for (a, one), (b, other) in pairs if one != other)
        return some(z3.And(*allowed, z3.Not(self._same(*sorted(children)))) for allowed, children in apart)

    def _children(self, node: Node) -> list[tuple[Formula, Node]]:
        level, children = self._diagram.nodes.branch(node)
        fact = self._diagram.facts[level]
        allowed = (self._possible.switches[fact.id][value] for value in fact.table_values)
        return list(zip(allowed, children, strict=True))

    def _equal(self, one: Node, other: Node) -> Formula:
        """What is left of two nodes is the same function."""
        if one == other or max(one, other) < FIRST_INNER:
            return z3.BoolVal(one == other)
        nodes = self._diagram.nodes
        level = min(nodes.top(one), nodes.top(other))
        fact = self._diagram.facts[level]
        sides = zip(fact.table_values, nodes.at(one, level), nodes.at(other, level), strict=True)
        switches = self._possible.switches[fact.id]
        apart = ((switches[value], sorted((a, b))) for value, a, b in sides if a != b)
        return all_of(z3.Implies(allowed, self._same(*pair)) for allowed, pair in apart)


def reading_is_sound(space: Space) -> Iterator[Check]:
    """Every completion's verdict lies between the bounds, and every target has a value that was possible."""
    possible = Answers.named(space.rulebase.facts, "p")
    reading = Reading(space.rulebase, possible)
    known = space.answers.within(possible)
    for target, values in reading.targets.items():
        strays = some(z3.And(space.judged.targets[target][value], z3.Not(may)) for value, may in values.items())
        yield Claim(f"the reading rules out a value of {target} that is taken", z3.And(known, strays), space.answers)
    for step, verdict in enumerate(VERDICTS):
        actual = space.judged.at_least[step]
        below = z3.And(known, reading.at_least[step], z3.Not(actual))
        yield Claim(f"the reading promises at least {verdict}, a completion is milder", below, space.answers)
        above = z3.And(known, actual, z3.Not(reading.at_most[step]))
        yield Claim(f"the reading promises less than {verdict}, a completion is not", above, space.answers)


def diagram_agrees(space: Space) -> Iterator[Check]:
    """The path of full answers through the diagram ends in the verdict of the tables."""
    stop = Stop(space.diagram, space.answers)
    for step, verdict in enumerate(VERDICTS):
        wrong = z3.Xor(stop.verdict(step), space.judged.verdict(verdict))
        yield Claim(f"diagram and tables disagree on {verdict}", wrong, space.answers)


def settled_is_sound(space: Space) -> Iterator[Check]:
    """Where the diagram is settled, every completion has that verdict."""
    possible = Answers.named(space.rulebase.facts, "p")
    stop = Stop(space.diagram, possible)
    known = space.answers.within(possible)
    for step, verdict in enumerate(VERDICTS):
        other = z3.And(known, stop.settled(step), z3.Not(space.judged.verdict(verdict)))
        yield Claim(f"the interview stops with {verdict}, a completion has another verdict", other, space.answers)


def unasked_cannot_matter(space: Space) -> Iterator[Check]:
    """A fact outside the support moves no completion; with no support left, the diagram is settled."""
    possible = Answers.named(space.rulebase.facts, "p")
    stop = Stop(space.diagram, possible)
    known = space.answers.within(possible)
    for fact in space.rulebase.facts:
        after = Judged(space.rulebase, space.answers.varying(fact, "y"))
        both = z3.And(known, after.answers.one_each(), after.answers.within(possible))
        moved = z3.And(both, z3.Not(stop.asks_for(fact)), verdicts_differ(after, space.judged))
        yield Claim(f"{fact} is not asked for, yet it moves the verdict", moved, space.answers, after.answers)
    nothing = all_of(z3.Not(stop.asks_for(fact)) for fact in space.rulebase.facts)
    unsettled = z3.Not(some(stop.settled(step) for step in range(len(VERDICTS))))
    yield Claim("nothing is left to ask, yet the verdict is open", z3.And(known, nothing, unsettled), space.answers)
