"""Which answers lead to at least, or at most, a verdict: every minimal pattern, exact and complete, and exact counts.

A pattern names some answers; whatever the others are, the verdict is on the asked side, and no named answer can be
left out. Computed as the prime implicants of the diagram (Coudert and Madre, "Implicit and Incremental Computation
of Primes and Essential Primes of Boolean Functions", DAC 1992), one value a fact.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import prod

from rules.diagram import Diagram
from rules.interpreter import read
from rules.models import SEVERITY, VERDICTS, RuleBase
from rules.nodes import FALSE, FIRST_INNER, Node, Nodes

Prime = frozenset[tuple[int, int]]
SEVERAL = "several rules together"


@dataclass(frozen=True)
class Pattern:
    """Answers that force the side asked for, and the rule that tells why (or that several rules do together)."""

    answers: tuple[tuple[str, str], ...]
    rule: str


@dataclass(frozen=True)
class Answers:
    """What a reverse query found: how many of all answer combinations, and every minimal pattern by rule."""

    combinations: int
    of: int
    patterns: tuple[Pattern, ...]


class ReverseQuery:
    """Asks a diagram backwards. Safe to share between threads."""

    def __init__(self, rulebase: RuleBase, diagram: Diagram) -> None:
        """Ask of this diagram; rules are named from the rule base."""
        self._rulebase = rulebase
        self._diagram = diagram

    def at_least(self, verdict: str) -> Answers:
        """Return what makes the verdict this one or a severer one."""
        return self._ask(lambda severity: severity >= SEVERITY[verdict], verdict)

    def at_most(self, verdict: str) -> Answers:
        """Return what makes the verdict this one or a milder one."""
        return self._ask(lambda severity: severity <= SEVERITY[verdict], VERDICTS[0])

    def count(self, verdict: str) -> int:
        """Return how many answer combinations have exactly this verdict."""
        nodes = self._diagram.nodes.copy()
        return nodes.count(nodes.apply("is", lambda a, b: int(a == b), self._diagram.root, SEVERITY[verdict]))

    def _ask(self, side: Callable[[int], bool], floor: str) -> Answers:
        """`floor`: the least that a rule has to set to tell why."""
        nodes = self._diagram.nodes.copy()
        condition = nodes.apply("side", lambda a, _: int(side(a)), self._diagram.root, FALSE)
        found = [self._pattern(prime, floor) for prime in _primes(nodes, condition)]
        order = {name: position for position, name in enumerate([*self._rulebase.rules, SEVERAL])}
        found.sort(key=lambda pattern: (order[pattern.rule], len(pattern.answers), pattern.answers))
        return Answers(nodes.count(condition), prod(nodes.widths), tuple(found))

    def _pattern(self, prime: Prime, floor: str) -> Pattern:
        facts = self._diagram.facts
        answers = {facts[level].id: facts[level].table_values[value] for level, value in sorted(prime)}
        return Pattern(tuple(answers.items()), self._rule(answers, floor))

    def _rule(self, answers: dict[str, str], floor: str) -> str:
        """The severest rule that the pattern alone makes certain."""
        rules = (self._rulebase.rules[name] for name in read(self._rulebase, answers).fired)
        floors = [r for r in rules if r.target == "verdict" and SEVERITY[r.then] >= SEVERITY[floor]]
        return max(floors, key=lambda rule: SEVERITY[rule.then]).id if floors else SEVERAL


def _primes(nodes: Nodes, root: Node) -> Iterator[Prime]:
    @cache
    def primes(node: Node) -> frozenset[Prime]:
        if node < FIRST_INNER:
            return frozenset() if node == FALSE else frozenset((frozenset(),))
        level, children = nodes.branch(node)
        free = primes(nodes.both(*children))
        bound = {prime | {(level, value)} for value, child in enumerate(children) for prime in primes(child) - free}
        return free | bound

    yield from primes(root)
