"""Whether an institution's floor keeps the laws of the national tables; exact, with the smallest counterexample.

Monotone: more certainty in the safe direction never makes the verdict severer. Proportionate: public data without a
legal restriction are never held back, and public data are never told “public data only”. Clearing: nothing not yet
public passes below `confirm_first` on an open answer that could raise it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rules.diagram import Diagram
from rules.models import SEVERITY, UNKNOWN, RuleBase
from rules.nodes import FALSE, FIRST_INNER, Node

PUBLIC, REVIEW = "already_public", "openness_review"
RESTRICTIONS = ("personal_information", "export_controlled", "other_restriction")
TOLD_ONLY = "public data are told “public data only”"


@dataclass(frozen=True)
class Breach:
    """A law that is broken, in words, and the fewest answers that show it; what they do not name is unknown."""

    law: str
    says: str
    answers: Mapping[str, str]

    @property
    def told(self) -> str:
        """Return the answers as a line."""
        return ", ".join(f"{name} = {value}" for name, value in self.answers.items()) or "nothing answered"


def breaches(rulebase: RuleBase) -> Iterator[Breach]:
    """Yield the laws of the tables that the rule base breaks, one counterexample a law and fact."""
    diagram = Diagram(rulebase)
    return _Laws(diagram, diagram.root).all()


def breaches_alone(national: RuleBase, merged: RuleBase, floors: Iterable[str]) -> Iterator[tuple[str, Breach]]:
    """Yield the first law that each of the added floors breaks by itself on the national tables, with its id.

    `merged`: with all of them on top. Only what a floor itself adds counts: not what the national tables break
    without it.
    """
    base = _national(national, merged)
    for name in floors:
        found = next(_Laws(base, base.raised(merged.rules[name]), base.root).all(), None)
        if found:
            yield name, found


def clears_early(national: RuleBase, merged: RuleBase) -> Breach | None:
    """Return answers on which data not yet public pass while an open answer could make an added floor raise it."""
    base = _national(national, merged)
    added = (rule for name, rule in merged.rules.items() if rule.target == "verdict" and name not in national.rules)
    return _Laws(base, base.raised(*added), base.root).early()


def unadvised(merged: RuleBase, floors: Iterable[str]) -> Iterator[tuple[str, Breach]]:
    """Yield each of the floors that can set a verdict above `allowed` for which no measure is told, with its id."""
    diagram = Diagram(merged)
    nodes = diagram.nodes
    told = nodes.either(*(diagram.condition(rule) for rule in merged.rules.values() if rule.target == "measures"))
    for name in floors:
        rule = merged.rules[name]
        bare = nodes.both(diagram.condition(rule), nodes.negate(told)) if SEVERITY[rule.then] else FALSE
        says = "raises a verdict with nothing to do about it"
        yield from ((name, breach) for breach in _breach(diagram, "measures", says, bare))


def tell_public(merged: RuleBase, floors: Iterable[str]) -> Iterator[tuple[str, Breach]]:
    """Yield each of the floors, all of which name the measure `public_data_only`, that can hold for public data."""
    diagram = Diagram(merged)
    for name in floors:
        public = diagram.nodes.both(diagram.condition(merged.rules[name]), diagram.says(PUBLIC, "yes"))
        yield from ((name, breach) for breach in _breach(diagram, "proportionate", TOLD_ONLY, public))


def _national(national: RuleBase, merged: RuleBase) -> Diagram:
    """The national tables over the facts of both, so that floors can be raised on them."""
    return Diagram(RuleBase(facts=merged.facts, tables=national.tables, editions=national.editions))


def _breach(diagram: Diagram, law: str, says: str, violated: Node) -> Iterator[Breach]:
    if violated != FALSE:
        fewest = diagram.nodes.fewest(violated)
        answers = {diagram.facts[at].id: diagram.facts[at].table_values[value] for at, value in fewest}
        yield Breach(law, says, answers)


def _severer(one: int, other: int) -> int:
    return int(one > other)


class _Laws:
    def __init__(self, diagram: Diagram, root: Node, before: Node = FALSE) -> None:
        """Hold the laws against a verdict function over the levels of the diagram.

        `before`: the function that was raised to it; what that broke already is not told.
        """
        self._diagram, self._nodes, self._root, self._before = diagram, diagram.nodes, root, before
        self._added = self._nodes.apply("severer", _severer, root, before)

    def all(self) -> Iterator[Breach]:
        yield from self.monotone()
        yield from self.proportionate()

    def monotone(self) -> Iterator[Breach]:
        for fact in self._diagram.facts:
            safe = "none" if fact.many else fact.safe
            if safe is not None:
                before, after = (self._with(self._root, fact.id, value) for value in (UNKNOWN, safe))
                worse = self._nodes.apply("severer", _severer, after, before)
                worse = self._nodes.both(worse, self._with(self._added, fact.id, safe))
                says = f"the safe answer {fact.id} = {safe} makes the verdict severer"
                yield from self._breach("monotone", says, worse)

    def proportionate(self) -> Iterator[Breach]:
        free = self._nodes.both(*(self._diagram.says(name, "no") for name in RESTRICTIONS))
        public = self._diagram.says(PUBLIC, "yes")
        held = self._at_least("confirm_first")
        says = "public data without a legal restriction are held back"
        yield from self._breach("proportionate", says, self._nodes.both(self._added, public, free, held))
        refused = self._at_least("do_not_upload")
        told = self._nodes.both(self._at_least("public_data_only"), self._nodes.negate(refused))
        only = self._nodes.both(self._added, public, told)
        yield from self._breach("proportionate", TOLD_ONLY, only)

    def early(self) -> Breach | None:
        unpublished = self._nodes.negate(self._diagram.says(PUBLIC, "yes"))
        passes = self._nodes.both(unpublished, self._nodes.negate(self._at_least("confirm_first")))
        worst = self._worst(self._root)
        raised = self._nodes.apply("severer", _severer, worst, self._root)
        added = self._nodes.apply("severer", _severer, worst, self._worst(self._before))
        says = "data not yet public pass while an open answer could raise the verdict"
        return next(self._breach("open questions", says, self._nodes.both(passes, raised, added)), None)

    def _worst(self, root: Node) -> Node:
        """The verdict if every open answer but the review turned out as badly as it can."""
        kept = {self._diagram.level[fact.id] for fact in self._diagram.facts if fact.id == REVIEW or fact.follows}

        @cache
        def worst(node: Node) -> Node:
            if node < FIRST_INNER:
                return node
            level, children = self._nodes.branch(node)
            found = [worst(child) for child in children]
            if level not in kept:
                for child in found[:-1]:
                    found[-1] = self._nodes.apply("max", max, found[-1], child)
            return self._nodes.node(level, tuple(found))

        return worst(root)

    def _with(self, root: Node, fact: str, value: str) -> Node:
        level = self._diagram.level[fact]
        return self._nodes.fixed(root, level, self._diagram.facts[level].table_values.index(value))

    def _at_least(self, verdict: str) -> Node:
        return self._nodes.apply(f"≥{verdict}", lambda a, _: int(a >= SEVERITY[verdict]), self._root, FALSE)

    def _breach(self, law: str, says: str, violated: Node) -> Iterator[Breach]:
        return _breach(self._diagram, law, says, violated)
