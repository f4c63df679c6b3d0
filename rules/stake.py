"""Which rules an answer can move: those that read what it settles and that are still open beside what is known."""

from collections.abc import Collection, Mapping

from rules.interpreter import read, rule_holds
from rules.models import SEVERITY, Rule, RuleBase

GUARD = "already_public"
"""Most floors spare public data; a rule is about this fact only where it reads no other."""
TOLD = ("first_line", "floor")


def at_stake(rulebase: RuleBase, known: Mapping[str, str], settles: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules that facts in `settles` can move while `known` (in table values) stands, the severest first.

    What is advised and whether the list is required follow from them and are left out.
    """
    others = {name: value for name, value in known.items() if name not in settles}
    possible = read(rulebase, others).possible
    found = [
        rule
        for table in rulebase.tables
        if table.mode in TOLD and table.decides != "obligation"
        for rule in table.rules
        if _reads(rulebase, rule) & set(settles) and rule_holds(rule, possible) is not False
    ]
    return tuple(sorted(found, key=_severest_first))


def _reads(rulebase: RuleBase, rule: Rule) -> set[str]:
    """The facts in its condition, and those that stand behind one that follows from others."""
    names = [name for name in rule.when if name in rulebase.facts and (name != GUARD or len(rule.when) == 1)]
    return {source for name in names for source in (name, *rulebase.sources(name))}


def _severest_first(rule: Rule) -> int:
    return -SEVERITY[rule.then] if rule.target == "verdict" else 0
