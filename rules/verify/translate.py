"""The rule tables as formulas: answers as switches, and what every table says of them. Reads data, runs no rule."""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, groupby
from typing import TypeAlias

import z3

from rules.models import SEVERITY, UNKNOWN, VERDICTS, Condition, Fact, Rule, RuleBase, Table

Formula: TypeAlias = z3.BoolRef
Switches: TypeAlias = Mapping[str, Mapping[str, Formula]]
"""Fact or target to value to the formula that says it has this value."""


Follows: TypeAlias = Mapping[str, Mapping[str, tuple[Condition, ...]]]
"""Facts nobody is asked for, to value to the conditions that give it."""


def some(parts: Iterable[Formula]) -> Formula:
    """Return the formula that at least one part holds."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else z3.Or(listed)


def all_of(parts: Iterable[Formula]) -> Formula:
    """Return the formula that every part holds."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else z3.And(listed)


def exactly_one(parts: Collection[Formula]) -> Formula:
    """Return the formula that one part holds and no other."""
    return z3.And(some(parts), *(z3.Not(z3.And(one, other)) for one, other in combinations(parts, 2)))


class Answers:
    """One answer to every fact, left open: a switch for each value in table values."""

    def __init__(self, switches: Switches, follows: Follows) -> None:
        self.switches = switches
        self._follows = follows

    @classmethod
    def named(cls, facts: Mapping[str, Fact], name: str) -> "Answers":
        """Return fresh switches, told apart from others by `name`, for every fact that is free."""
        free = (fact for fact in facts.values() if fact.free)
        switches = {f.id: {value: z3.Bool(f"{name}.{f.id}={value}") for value in f.table_values} for f in free}
        return cls(switches, {fact.id: fact.follows for fact in facts.values() if fact.follows})

    def says(self, fact: str, *values: str) -> Formula:
        """Return the formula that the fact has one of `values`; what is no fact or value never holds."""
        if fact in self._follows:
            conditions = (condition for value in values for condition in self._follows[fact].get(value, ()))
            return some(all_of(self._given(n, *accepted) for n, accepted in c.items()) for c in conditions)
        return self._given(fact, *values)

    def _given(self, fact: str, *values: str) -> Formula:
        switches = self.switches.get(fact, {})
        return some(switches[value] for value in values if value in switches)

    def having(self, fact: str, value: str) -> "Answers":
        """Return the same answers with one of them replaced."""
        fixed = {each: z3.BoolVal(each == value) for each in self.switches[fact]}
        return Answers({**self.switches, fact: fixed}, self._follows)

    def varying(self, fact: str, name: str) -> "Answers":
        """Return the same answers but one, which has fresh switches of its own."""
        fresh = {value: z3.Bool(f"{name}.{fact}={value}") for value in self.switches[fact]}
        return Answers({**self.switches, fact: fresh}, self._follows)

    def one_each(self) -> Formula:
        """Return the formula that every fact has exactly one value."""
        return all_of(exactly_one(switches.values()) for switches in self.switches.values())

    def within(self, possible: "Answers") -> Formula:
        """Return the formula that these answers are a completion of what is possible."""
        pairs = ((switch, possible.switches[fact][value]) for fact, value, switch in self._each())
        return all_of(z3.Implies(switch, allowed) for switch, allowed in pairs)

    def given(self) -> list[Formula]:
        """Return, for each fact, the formula that it is answered."""
        return [z3.Not(self.says(fact, UNKNOWN)) for fact in self.switches]

    def read(self, model: z3.ModelRef) -> dict[str, str]:
        """Return the answers a model stands for."""
        on = (each for each in self._each() if z3.is_true(model.eval(each[2], model_completion=True)))
        return {fact: value for fact, value, _ in on}

    def _each(self) -> Iterable[tuple[str, str, Formula]]:
        return ((fact, value, switch) for fact, values in self.switches.items() for value, switch in values.items())


class Judged:
    """What the tables say of answers: targets, fired rules, floors and measures, each as a formula."""

    def __init__(self, rulebase: RuleBase, answers: Answers) -> None:
        """Translate every table, in deciding order."""
        self.answers = answers
        self.targets: dict[str, dict[str, Formula]] = {}
        self.holds: dict[str, Formula] = {}
        self.fires: dict[str, Formula] = {}
        self.measures: dict[str, Formula] = {}
        self.at_least: list[Formula] = []
        for table in rulebase.tables:
            self.holds |= {rule.id: self._condition(rule) for rule in table.rules}
            if table.mode == "first_line":
                self.targets[table.decides] = self._first_line(table)
                continue
            self.fires |= {rule.id: self.holds[rule.id] for rule in table.rules}
            if table.mode == "floor":
                self.at_least = [self._floor(table, step) for step in range(len(VERDICTS))]
            else:
                self.measures = self._measures(table)

    def has(self, target: str, *values: str) -> Formula:
        """Return the formula that the tables decide one of `values`; a value they do not know never holds."""
        decided = self.targets[target]
        return some(decided[value] for value in values if value in decided)

    def verdict(self, verdict: str) -> Formula:
        """Return the formula that this is the severest floor."""
        step = SEVERITY[verdict]
        return z3.And(self.at_least[step], z3.Not(some(self.at_least[step + 1 : step + 2])))

    def _condition(self, rule: Rule) -> Formula:
        return all_of(
            self.has(name, *accepted) if name in self.targets else self.answers.says(name, *accepted)
            for name, accepted in rule.when.items()
        )

    def _first_line(self, table: Table) -> dict[str, Formula]:
        earlier: list[Formula] = []
        for _, rules in groupby(table.rules, key=lambda rule: rule.line):
            line = list(rules)
            passed = z3.Not(some(earlier))
            self.fires |= {rule.id: z3.And(passed, self.holds[rule.id]) for rule in line}
            earlier = [*earlier, *(self.holds[rule.id] for rule in line)]
        return {value: some(self.fires[r.id] for r in table.rules if r.then == value) for value in table.values}

    def _floor(self, table: Table, step: int) -> Formula:
        return some(self.holds[rule.id] for rule in table.rules if SEVERITY[rule.then] >= step)

    def _measures(self, table: Table) -> dict[str, Formula]:
        told = sorted({rule.then for rule in table.rules})
        return {measure: some(self.holds[r.id] for r in table.rules if r.then == measure) for measure in told}


def severer(one: Judged, other: Judged) -> Formula:
    """Return the formula that the first verdict is severer than the second."""
    return some(z3.And(a, z3.Not(b)) for a, b in zip(one.at_least, other.at_least, strict=True))


def verdicts_differ(one: Judged, other: Judged) -> Formula:
    """Return the formula that the verdicts are not the same."""
    return z3.Or(severer(one, other), severer(other, one))


def decided_differently(one: Judged, other: Judged, targets: Iterable[str]) -> Formula:
    """Return the formula that a target is decided with another value."""
    pairs = ((one.targets[target], other.targets[target]) for target in targets)
    return some(z3.Xor(a[value], b[value]) for a, b in pairs for value in a.keys() & b.keys())
