"""Ordered decision diagrams with a branch per value: nodes that are equal functions are the same number.

Bryant's apply and unique table ("Graph-Based Algorithms for Boolean Function Manipulation", IEEE Transactions
on Computers, 1986). Knows levels and widths, not facts or rules. Not safe to share between threads while it grows.
"""

from collections.abc import Callable, Sequence
from functools import cache, reduce
from math import prod

Node = int
"""A terminal is a small number (a severity, or 0 false and 1 true as a condition); larger numbers are inner nodes."""

Path = tuple[tuple[int, int], ...]
"""Levels with the value that each has, in order of level."""

FALSE, TRUE = 0, 1
FIRST_INNER = 100


class Nodes:
    """The nodes over levels of the given widths (number of values)."""

    def __init__(self, widths: Sequence[int]) -> None:
        """Start with terminals only."""
        self.widths = tuple(widths)
        self._branches: list[tuple[int, tuple[Node, ...]]] = []
        self._unique: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._applied: dict[tuple[str, Node, Node], Node] = {}

    def copy(self) -> "Nodes":
        """Return the same nodes to grow apart from these."""
        twin = Nodes(self.widths)
        twin._branches = list(self._branches)
        twin._unique = dict(self._unique)
        return twin

    def branch(self, node: Node) -> tuple[int, tuple[Node, ...]]:
        """Return level and children of an inner node."""
        return self._branches[node - FIRST_INNER]

    def node(self, level: int, children: tuple[Node, ...]) -> Node:
        """Return the node with these children; the child itself where all are the same."""
        if all(child == children[0] for child in children):
            return children[0]
        key = (level, children)
        if key not in self._unique:
            self._unique[key] = FIRST_INNER + len(self._branches)
            self._branches.append(key)
        return self._unique[key]

    def apply(self, name: str, combine: Callable[[int, int], int], one: Node, other: Node) -> Node:
        """Combine two functions value by value; `name` tells `combine` from others."""
        if one < FIRST_INNER and other < FIRST_INNER:
            return combine(one, other)
        key = (name, one, other)
        if key not in self._applied:
            level = min(self.top(one), self.top(other))
            pairs = zip(self.at(one, level), self.at(other, level), strict=True)
            self._applied[key] = self.node(level, tuple(self.apply(name, combine, a, b) for a, b in pairs))
        return self._applied[key]

    def top(self, node: Node) -> int:
        """Return the first level the node asks; past the last for a terminal."""
        return len(self.widths) if node < FIRST_INNER else self.branch(node)[0]

    def at(self, node: Node, level: int) -> tuple[Node, ...]:
        """Return what the node becomes for each value of a level at or before its top."""
        return self.branch(node)[1] if self.top(node) == level else (node,) * self.widths[level]

    def both(self, *nodes: Node) -> Node:
        """Return the conjunction of conditions."""
        return reduce(lambda a, b: self.apply("and", min, a, b), nodes, TRUE)

    def either(self, *nodes: Node) -> Node:
        """Return the disjunction of conditions."""
        return reduce(lambda a, b: self.apply("or", max, a, b), nodes, FALSE)

    def negate(self, node: Node) -> Node:
        """Return the negation of a condition."""
        return self.apply("not", lambda a, _: 1 - a, node, FALSE)

    def fixed(self, node: Node, level: int, value: int) -> Node:
        """Return the function once the level is known to have the value."""

        @cache
        def fix(at: Node) -> Node:
            if self.top(at) > level:
                return at
            own, children = self.branch(at)
            return children[value] if own == level else self.node(own, tuple(map(fix, children)))

        return fix(node)

    def fewest(self, condition: Node) -> Path:
        """Return the fewest levels with values that meet a condition (not FALSE) when all others have their last."""

        @cache
        def path(node: Node) -> Path:
            if node < FIRST_INNER:
                return ()
            level, children = self.branch(node)
            last = len(children) - 1
            ways = ((value, path(child)) for value, child in enumerate(children) if child != FALSE)
            found = (rest if value == last else ((level, value), *rest) for value, rest in ways)
            return min(found, key=lambda way: (len(way), way))

        return path(condition)

    def inner(self, root: Node) -> set[Node]:
        """Return every inner node reachable from `root`."""
        seen: set[Node] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node >= FIRST_INNER and node not in seen:
                seen.add(node)
                waiting.extend(self.branch(node)[1])
        return seen

    def count(self, root: Node) -> int:
        """Return how many assignments of all levels meet the condition."""

        @cache
        def below(node: Node) -> int:
            """Assignments of the levels from the node's own on."""
            if node < FIRST_INNER:
                return int(node != FALSE)
            level, children = self.branch(node)
            return sum(below(child) * prod(self.widths[level + 1 : self.top(child)]) for child in children)

        return below(root) * prod(self.widths[: self.top(root)])
