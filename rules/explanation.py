"""Evaluation → tree: verdict ← rules ← answers and decided items ← passages. Data only; no language, no markup."""

from dataclasses import dataclass

from rules.models import SEVERITY, Evaluation, RuleBase
from rules.vocabulary import for_tables


@dataclass(frozen=True)
class Reason:
    """A rule that fired: the answers it read, the reasons of the items and class it builds on, what it cites."""

    rule: str
    then: str
    answers: tuple[tuple[str, str], ...]
    because_of: tuple["Reason", ...]
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a verdict: the rules that set it, and those that set milder floors, severest first."""

    verdict: str
    setting: tuple[Reason, ...]
    milder: tuple[Reason, ...]


def explain(rulebase: RuleBase, evaluation: Evaluation) -> Explanation:
    """Return the tree of reasons behind an evaluation."""
    floors = [name for name in evaluation.rules if rulebase.rules[name].target == "verdict"]
    reasons = [_reason(rulebase, evaluation, name) for name in floors]
    severest = max((SEVERITY[reason.then] for reason in reasons), default=0)
    return Explanation(
        verdict=evaluation.verdict,
        setting=tuple(reason for reason in reasons if SEVERITY[reason.then] == severest),
        milder=tuple(reason for reason in reasons if SEVERITY[reason.then] < severest),
    )


def _reason(rulebase: RuleBase, evaluation: Evaluation, name: str) -> Reason:
    rule = rulebase.rules[name]
    facts = for_tables(evaluation.facts)
    targets = [target for target in rule.when if target in rulebase.decided]
    fired = [other for other in evaluation.rules if rulebase.rules[other].target in targets]
    return Reason(
        rule=name,
        then=rule.then,
        answers=tuple((fact, facts[fact]) for fact in rule.when if fact in facts),
        because_of=tuple(_reason(rulebase, evaluation, other) for other in fired),
        passages=rule.cites,
    )
