"""Whom to ask about a verdict: the offices competent for what sets it, and whose answer would lift it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.choices import shown_parts
from conversations.interview import Progress
from conversations.todo import REFUSED
from knowledge.offices import Matter
from rules.models import UNKNOWN, Evaluation, Rule, RuleBase

CLEARANCE, LEADERS = "legal_clearance", "leader_approval"
YES = "yes"
FEW = 2
"""Offices to which somebody is sent with what they do not know; with more of that the desk knows better."""


@dataclass(frozen=True)
class Whom:
    """Whom to ask: `matters` tell each competent office and for what.

    `lifts`: their answer is what a refusal wants. `leaders`: that of the institutions or project leaders concerned is.
    `alone`: nothing else refuses.
    """

    matters: tuple[Matter, ...] = ()
    lifts: bool = False
    leaders: bool = False
    alone: bool = False


NOBODY = Whom()


def whom_to_ask(rulebase: RuleBase, matters: Sequence[Matter], progress: Progress, evaluation: Evaluation) -> Whom:
    """Return the offices competent for what the rules that set the verdict are about, as far as it was asked about."""
    rules = (rulebase.rules[name] for name in evaluation.rules)
    setting = [rule for rule in rules if (rule.target, rule.then) == ("verdict", evaluation.verdict)]
    refused = evaluation.verdict == REFUSED
    clearing = [rule for rule in setting if refused and CLEARANCE in rulebase.about[rule.id]]
    leading = [rule for rule in setting if refused and LEADERS in rulebase.about[rule.id]]
    about = _about(rulebase, clearing or setting) - cleared(progress)
    asked = tuple(matter for matter in matters if matter.fact in about and _counts(rulebase, matter, progress))
    if not clearing and len({matter.office for matter in asked}) > FEW:
        asked = tuple(matter for matter in asked if progress.facts[matter.fact] != UNKNOWN)
    return Whom(
        matters=asked,
        lifts=bool(clearing),
        leaders=bool(leading),
        alone=len({*_ids(clearing), *_ids(leading)}) == len(setting),
    )


def cleared(progress: Progress) -> frozenset[str]:
    """Return the restrictions that were said to be permitted, while others are refused or waited for."""
    found: set[str] = set()
    for step in (step for step in progress.steps if step.card.combine and step.choice):
        choice = step.confirmed.filled(step.card, step.choice or {}, step.known)
        for part in shown_parts(step.card, step.known):
            options = [option for option in part.options if option.id in choice.get(part.id, ())]
            if any(option.sets.get(CLEARANCE) == YES for option in options):
                found.update(part.when)
    return frozenset(found)


def _counts(rulebase: RuleBase, matter: Matter, progress: Progress) -> bool:
    """Whether the fact is as it matters; one that is not known only where it was asked about."""
    value = progress.facts.get(matter.fact, UNKNOWN)
    if value == UNKNOWN and matter.fact not in progress.asked:
        return False
    return value in matter.values if matter.values else value != rulebase.facts[matter.fact].safe


def _about(rulebase: RuleBase, rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset[str]().union(*(rulebase.about[rule.id] for rule in rules))


def _ids(rules: Iterable[Rule]) -> set[str]:
    return {rule.id for rule in rules}
