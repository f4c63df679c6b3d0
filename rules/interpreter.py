"""The tables in plain three-valued Python: true, false, or still open.

This is the specification: it stands beside durable-rules on every decision, says what is already certain
while answers are missing, and decides alone where durable-rules cannot be imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from rules.models import SEVERITY, VERDICTS, Outcome, Rule, RuleBase, Table

Possible = dict[str, frozenset[str]]
"""Fact or target to the values it may still take."""


@dataclass(frozen=True)
class Reading:
    """What is certain so far: values each target may take, rules certain to fire, verdict bounds (inclusive)."""

    possible: Mapping[str, frozenset[str]]
    fired: tuple[str, ...]
    at_least: str
    at_most: str


def read(rulebase: RuleBase, facts: Mapping[str, str]) -> Reading:
    """Read the tables with `facts` in table values; a fact that is missing is still open."""
    possible: Possible = {
        name: frozenset((facts[name],)) if name in facts else frozenset(fact.table_values)
        for name, fact in rulebase.facts.items()
    }
    fired: list[str] = []
    low = high = 0
    for table in rulebase.tables:
        if table.mode == "first_line":
            possible[table.decides] = _first_line(table, possible, fired)
            continue
        for rule in table.rules:
            holds = rule_holds(rule, possible)
            if holds:
                fired.append(rule.id)
            if table.mode == "floor" and holds is not False:
                high = max(high, SEVERITY[rule.then])
                low = max(low, SEVERITY[rule.then]) if holds else low
    return Reading(possible, tuple(fired), VERDICTS[low], VERDICTS[high])


def decide(rulebase: RuleBase, facts: Mapping[str, str]) -> Outcome:
    """Return the outcome for facts that are all given, in table values."""
    reading = read(rulebase, facts)
    decided = {target: next(iter(reading.possible[target])) for target in rulebase.decided}
    return Outcome(decided, reading.at_least, reading.fired)


def rule_holds(rule: Rule, possible: Mapping[str, frozenset[str]]) -> bool | None:
    """Return True, False, or None while it is open whether the rule holds."""
    certain = True
    for name, accepted in rule.when.items():
        values = possible[name]
        if values.isdisjoint(accepted):
            return False
        certain = certain and values <= accepted
    return True if certain else None


def _first_line(table: Table, possible: Possible, fired: list[str]) -> frozenset[str]:
    """Return the values the target may take; a line that is certain ends the search.

    Its rules count as fired only if no line before it is still open.
    """
    values: set[str] = set()
    open_before = False
    for _, rules in groupby(table.rules, key=lambda rule: rule.line):
        status = {rule.id: (rule, rule_holds(rule, possible)) for rule in rules}
        values |= {rule.then for rule, holds in status.values() if holds is not False}
        certain = [name for name, (_, holds) in status.items() if holds]
        if certain:
            fired.extend([] if open_before else certain)
            break
        open_before = open_before or any(holds is None for _, holds in status.values())
    return frozenset(values)
