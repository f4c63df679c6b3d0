"""Which answer combinations another edition judges otherwise: exact counts, on one diagram of both editions.

The editions are put over one vocabulary: every fact of either, with every value of either. A fact that one edition
lacks has no effect there; a value that one edition lacks counts there as `unknown`. A list is none, some or unknown,
as the tables see it, and a fact that follows from others is taken as if it were asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from rules.models import SEVERITY, UNKNOWN, VERDICTS, Fact, Rule, RuleBase
from rules.nodes import FALSE, Node
from rules.telling import Telling, Told

When = Mapping[str, Node]
"""Value of a target to the condition under which it is decided; the conditions exclude each other."""


@dataclass(frozen=True)
class Move:
    """How many answer combinations go from one verdict to another, and the fewest answers that do (table values).

    What the example does not name is unknown. Of several as small, the one whose facts, then values, come first.
    """

    before: str
    after: str
    combinations: int
    example: Mapping[str, str]

    @property
    def step(self) -> int:
        """How far the verdict moves up, or down where it is negative."""
        return SEVERITY[self.after] - SEVERITY[self.before]


@dataclass(frozen=True)
class Shift:
    """How many answer combinations go from one value of a decided target to another."""

    target: str
    before: str
    after: str
    combinations: int


@dataclass(frozen=True)
class Advised:
    """For how many answer combinations a measure is told by the new edition alone, and by the old one alone."""

    measure: str
    gained: int
    lost: int


class Movement:
    """Two rule bases in one diagram; `vocabulary` are the facts of either, with the values of either."""

    def __init__(self, old: RuleBase, new: RuleBase) -> None:
        """Build both into one diagram."""
        self.vocabulary = _vocabulary(old, new)
        self._bases = _over(old, self.vocabulary), _over(new, self.vocabulary)
        telling = Telling(self._bases[0])
        self._told = telling.told(self._bases[0]), telling.told(self._bases[1])
        self._nodes = telling.nodes
        self.total = prod(self._nodes.widths)

    def moves(self) -> tuple[Move, ...]:
        """Return every kind of move of the verdict: severer ones first, of each side the farthest first."""
        old, new = (self._verdicts(told) for told in self._told)
        found = [
            Move(before, after, self._nodes.count(condition), self._fewest(condition))
            for before, after, condition in self._changes(old, new)
        ]
        return tuple(sorted(found, key=lambda move: (move.step < 0, -abs(move.step), SEVERITY[move.before])))

    def shifts(self) -> tuple[Shift, ...]:
        """Return every change of a target that both editions decide, by target."""
        old, new = (base.decided for base in self._bases)
        return tuple(
            Shift(target, before, after, self._nodes.count(condition))
            for target in sorted(old.keys() & new.keys())
            for before, after, condition in self._changes(
                {value: self._told[0].get((target, value), FALSE) for value in old[target].values},
                {value: self._told[1].get((target, value), FALSE) for value in new[target].values},
            )
        )

    def advice(self) -> tuple[Advised, ...]:
        """Return the measures that are told for other answers than before, by id."""
        old, new = ({name: node for (kind, name), node in told.items() if kind == "measure"} for told in self._told)
        pairs = ((name, old.get(name, FALSE), new.get(name, FALSE)) for name in sorted(old.keys() | new.keys()))
        found = (Advised(name, self._only(now, was), self._only(was, now)) for name, was, now in pairs)
        return tuple(advised for advised in found if advised.gained or advised.lost)

    def _verdicts(self, told: Told) -> When:
        root = told.get(("verdict", ""), FALSE)
        return {v: self._nodes.apply("is", lambda a, b: int(a == b), root, SEVERITY[v]) for v in VERDICTS}

    def _changes(self, old: When, new: When) -> Iterator[tuple[str, str, Node]]:
        """Yield from what to what, and when, where that ever happens."""
        for before, was in old.items():
            for after, now in new.items():
                condition = FALSE if before == after or old == new else self._nodes.both(was, now)
                if condition != FALSE:
                    yield before, after, condition

    def _only(self, one: Node, other: Node) -> int:
        return self._nodes.count(self._nodes.both(one, self._nodes.negate(other)))

    def _fewest(self, condition: Node) -> Mapping[str, str]:
        facts = list(self.vocabulary.values())
        return {facts[level].id: facts[level].table_values[value] for level, value in self._nodes.fewest(condition)}


def _vocabulary(old: RuleBase, new: RuleBase) -> dict[str, Fact]:
    """Every fact of either, in the new order; one that only the old edition has stands behind its old neighbour."""
    names = list(new.facts)
    place = 0
    for name in old.facts:
        if name not in new.facts:
            names.insert(place, name)
        place = names.index(name) + 1
    return {name: _common(*(side.facts[name] for side in (new, old) if name in side.facts)) for name in names}


def _common(fact: Fact, *others: Fact) -> Fact:
    """The fact with the table values of all."""
    values = dict.fromkeys(value for each in (fact, *others) for value in each.table_values if value != UNKNOWN)
    return Fact(id=fact.id, values=tuple(values), label=fact.label)


def _over(side: RuleBase, vocabulary: Mapping[str, Fact]) -> RuleBase:
    """The same rule base over more facts and values, those it does not know read as `unknown`."""
    lacking = {
        name: frozenset(vocabulary[name].table_values) - frozenset(fact.table_values)
        for name, fact in side.facts.items()
    }
    tables = tuple(
        table.model_copy(update={"rules": tuple(_widened(rule, lacking) for rule in table.rules)})
        for table in side.tables
    )
    return RuleBase(facts=vocabulary, tables=tables, editions=side.editions)


def _widened(rule: Rule, lacking: Mapping[str, frozenset[str]]) -> Rule:
    """The rule accepting, wherever it accepts `unknown`, also what its edition does not know."""
    none = frozenset[str]()
    when = {
        name: accepted | (lacking.get(name, none) if UNKNOWN in accepted else none)
        for name, accepted in rule.when.items()
    }
    return rule.model_copy(update={"when": when})
