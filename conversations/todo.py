"""What there is to do about a verdict: the measures, those about what was asked or sets it, and which are ticked."""

from collections.abc import Iterable
from dataclasses import dataclass

from conversations.models import Opinion, Place
from conversations.rulings import Ruling
from rules.models import Evaluation, Rule, RuleBase

REFUSED = "do_not_upload"


@dataclass(frozen=True)
class Marks:
    """What the asker marked on a verdict: measures that are done, whether they still apply or not, and an opinion.

    `ruling`: what a person at the desk decided of it.
    """

    ticked: frozenset[str] = frozenset()
    opinion: Opinion | None = None
    ruling: Ruling | None = None


@dataclass(frozen=True)
class ToDo:
    """A case of a person with what is still to be done and what is done, as ids of measures in the card's order."""

    case: str
    place: Place
    verdict: str
    service: str | None
    still: tuple[str, ...]
    done: tuple[str, ...]


def measures_to_do(rulebase: RuleBase, evaluation: Evaluation, asked: frozenset[str]) -> tuple[str, ...]:
    """Return what to do about what was asked or sets the verdict; under a refusal, what can be done instead."""
    rules = [rulebase.rules[name] for name in evaluation.rules]
    setting = [rule for rule in rules if rule.target == "verdict" and rule.then == evaluation.verdict]
    concerned = asked.union(*(rulebase.about[rule.id] for rule in setting))
    advice = [rule for rule in rules if rule.target == "measures"]
    return _unique(rule.then for rule in advice if is_about(rulebase, rule, concerned))


def conditions(rulebase: RuleBase, evaluation: Evaluation, asked: frozenset[str]) -> tuple[str, ...]:
    """Return the measures that the verdict depends on; a refusal has none."""
    return () if evaluation.verdict == REFUSED else measures_to_do(rulebase, evaluation, asked)


def is_about(rulebase: RuleBase, rule: Rule, facts: frozenset[str]) -> bool:
    """Whether the rule is about one of the facts, or about none in particular."""
    about = rulebase.about[rule.id]
    return not about or bool(about & facts)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
