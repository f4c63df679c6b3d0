"""Nothing is idle: answers on which each rule counts, and answers on which each fact makes a difference."""

from collections.abc import Iterator

import z3

from rules.models import SEVERITY, Rule
from rules.verify.solving import Check, Witness
from rules.verify.space import Space
from rules.verify.translate import Formula, decided_differently, some, verdicts_differ


def every_rule(space: Space) -> Iterator[Check]:
    """A rule of a line decides; a floor is the severest; advice is given."""
    for rule in space.rulebase.rules.values():
        yield Witness(f"{rule.id} never counts: {_why_idle(rule)}", _counts(space, rule), space.answers, rule.id)


def _counts(space: Space, rule: Rule) -> Formula:
    fires = space.judged.fires[rule.id]
    if rule.target != "verdict":
        return fires
    severest = z3.Not(some(space.judged.at_least[SEVERITY[rule.then] + 1 :][:1]))
    return z3.And(fires, severest)


def _why_idle(rule: Rule) -> str:
    if rule.target == "verdict":
        return "its conditions cannot be met, or a severer floor always stands"
    return "its conditions cannot be met, or an earlier line always decides"


def every_fact(space: Space) -> Iterator[Check]:
    """Some answers on which a fact moves class, checklist, obligation or verdict."""
    for fact in space.rulebase.facts:
        moves = some(
            z3.Or(decided_differently(after, space.judged, space.judged.targets), verdicts_differ(after, space.judged))
            for _, after in space.changes(fact)
        )
        fault = f"{fact} has no effect on class, checklist, obligation or verdict"
        yield Witness(fault, moves, space.answers, fact)
