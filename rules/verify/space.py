"""What the laws speak of: one rule base, open answers, and the same answers with one of them changed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from rules.diagram import Diagram
from rules.models import UNKNOWN, RuleBase
from rules.verify.translate import Answers, Formula, Judged

LISTED_SAFE = "none"
"""The safe answer of a fact with many values: none of them."""


@dataclass(frozen=True)
class Space:
    """Every answer combination at once. `passages` are the ids that exist, `overlaid` the tables under an overlay."""

    rulebase: RuleBase
    passages: Collection[str]
    diagram: Diagram
    overlaid: RuleBase | None = None
    _changed: dict[tuple[str, str], Judged] = field(default_factory=dict, init=False)

    @cached_property
    def answers(self) -> Answers:
        """The answers, every fact open."""
        return Answers.named(self.rulebase.facts, "x")

    @cached_property
    def judged(self) -> Judged:
        """What the tables say of them."""
        return Judged(self.rulebase, self.answers)

    @property
    def size(self) -> int:
        """The number of answer combinations, in table values."""
        return prod(len(fact.table_values) for fact in self.rulebase.facts.values())

    @cached_property
    def safe(self) -> dict[str, str]:
        """The safe answer of every fact that has one, in table values."""
        facts = self.rulebase.facts.values()
        chosen = {fact.id: LISTED_SAFE if fact.many else fact.safe for fact in facts}
        return {name: value for name, value in chosen.items() if value is not None}

    def changed(self, fact: str, value: str) -> Judged:
        """Return what the tables say once one answer is replaced; kept, as many laws ask for the same."""
        if (fact, value) not in self._changed:
            self._changed[fact, value] = Judged(self.rulebase, self.answers.having(fact, value))
        return self._changed[fact, value]

    def changes(self, fact: str) -> Iterator[tuple[str, Judged]]:
        """Yield every value of a fact and what the tables say with it."""
        return ((value, self.changed(fact, value)) for value in self.rulebase.facts[fact].table_values)

    def is_open(self, fact: str) -> Formula:
        """Return the formula that a fact is unknown."""
        return self.answers.says(fact, UNKNOWN)
