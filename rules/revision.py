"""What another edition changes: verdicts first, then rules, words, quotations, services. Pure and exact."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from knowledge.models import Knowledge
from rules.listing import (
    Listed,
    Rules,
    ServiceChange,
    Values,
    compare_ids,
    compare_rules,
    compare_service_facts,
    compare_values,
    kinds,
    names,
)
from rules.models import Fact, RuleBase
from rules.moves import Advised, Move, Movement, Shift
from rules.quotations import Quotations, compare_quotations


@dataclass(frozen=True)
class Revision:
    """Everything that differs between two editions, over their common `vocabulary` (see `rules.moves`).

    `services` tells of added and removed services and of names; their facts stand in `service_facts`.
    The editions' own names and days, and an institution's offices, are not compared.
    """

    vocabulary: Mapping[str, Fact]
    total: int
    moves: tuple[Move, ...]
    shifts: tuple[Shift, ...]
    advice: tuple[Advised, ...]
    facts: Listed
    values: tuple[Values, ...]
    tables: Listed
    rules: Rules
    quotations: Quotations
    sources: Listed
    measures: Listed
    brands: Listed
    services: Listed
    service_facts: tuple[ServiceChange, ...]

    @property
    def moved(self) -> int:
        """How many answer combinations get another verdict."""
        return sum(move.combinations for move in self.moves)

    @property
    def unchanged(self) -> int:
        """How many answer combinations keep their verdict."""
        return self.total - self.moved

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not any(getattr(self, field.name) for field in fields(self) if field.name not in {"vocabulary", "total"})


def compare(
    old_knowledge: Knowledge, old_rulebase: RuleBase, new_knowledge: Knowledge, new_rulebase: RuleBase
) -> Revision:
    """Return what the new edition changes.

    A fact that one edition lacks has no effect there; a value that one edition lacks counts there as `unknown`.
    """
    movement = Movement(old_rulebase, new_rulebase)
    return Revision(
        vocabulary=movement.vocabulary,
        total=movement.total,
        moves=movement.moves(),
        shifts=movement.shifts(),
        advice=movement.advice(),
        facts=compare_ids(old_rulebase.facts, new_rulebase.facts),
        values=compare_values(old_rulebase.facts, new_rulebase.facts),
        tables=compare_ids(kinds(old_rulebase), kinds(new_rulebase)),
        rules=compare_rules(old_rulebase, new_rulebase),
        quotations=compare_quotations(old_knowledge, old_rulebase, new_knowledge),
        sources=compare_ids(old_knowledge.sources, new_knowledge.sources),
        measures=compare_ids(old_knowledge.measures, new_knowledge.measures),
        brands=compare_ids(old_knowledge.brands, new_knowledge.brands),
        services=compare_ids(names(old_knowledge), names(new_knowledge)),
        service_facts=compare_service_facts(old_knowledge, new_knowledge),
    )
