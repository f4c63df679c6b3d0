"""Everything a rule base tells, as exact functions of the facts: two that tell the same compare equal.

Built with the decision diagram's unique table, in which equal functions are the same node.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from rules.diagram import Diagram
from rules.models import Rule, RuleBase, Table
from rules.nodes import FALSE, TRUE, Node

Told = Mapping[tuple[str, str], Node]
"""Pairs to when they are told: (target, value), (rule, its id), (rule id, passage it cites), (measure, its id).

What is never told is left out.
"""


class Telling(Diagram):
    """Rule bases over the same facts, built into one diagram so that they can be compared."""

    def told(self, rulebase: RuleBase) -> Told:
        """Return what the rule base tells; equal results mean: the same for every answer combination."""
        self._targets = {}
        told: dict[tuple[str, str], Node] = {}
        for table in rulebase.tables:
            fired = self._fired(table)
            if table.mode == "first_line":
                self._targets[table.decides] = self._first_line(table)
                told |= {(table.decides, value): node for value, node in self._targets[table.decides].items()}
            elif table.mode == "floor":
                told[table.decides, ""] = self._floors(table)
            self._add(told, table, fired)
        return {name: node for name, node in told.items() if node != FALSE}

    def _add(self, told: dict[tuple[str, str], Node], table: Table, fired: Iterable[tuple[Rule, Node]]) -> None:
        for rule, node in fired:
            names = [("rule", rule.id), *((rule.id, passage) for passage in rule.cites)]
            if table.mode == "advice":
                names.append(("measure", rule.then))
            for name in names:
                told[name] = self.nodes.either(told.get(name, FALSE), node)

    def _fired(self, table: Table) -> list[tuple[Rule, Node]]:
        """Return when each rule fires; in a first-line table only if no line before it holds."""
        if table.mode != "first_line":
            return [(rule, self.condition(rule)) for rule in table.rules]
        fired: list[tuple[Rule, Node]] = []
        rest: Node = TRUE
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            line = [(rule, self.condition(rule)) for rule in rules]
            fired.extend((rule, self.nodes.both(rest, holds)) for rule, holds in line)
            for _, holds in line:
                rest = self.nodes.both(rest, self.nodes.negate(holds))
        return fired
