"""RuleBase → durable-rules definition, and the limits past which that engine hangs, crashes or errs. Pure.

The shape is the one found sound for durable-rules 2.0.28: one wide fact, equality conditions joined by
`$and`/`$or`, a unique `pri` for a total firing order, no `none()`, and a sink per fact name.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import product

from knowledge.errors import DataError
from rules.models import Rule, RuleBase

Definition = dict[str, dict[str, object]]

Path = tuple[tuple[str, str], ...]

WIDE = "interview"
"""Marks the one wide fact; also holds for rules without a condition."""

MAX_RULES, MAX_TARGETS, MAX_EXPRESSIONS = 4000, 14, 30
MAX_PER_TERM, MAX_FIRST_TERMS, MAX_AT_ONCE = 200, 400, 64
SINK_PRIORITY = 60_000


def compile_rules(rulebase: RuleBase) -> Definition:
    """Return the ruleset; raises DataError where the engine could not take it."""
    check_limits(rulebase)
    definition: Definition = {
        rule.id: {"all": _conditions(rule, rulebase), "pri": order, "count": 1}
        for order, rule in enumerate(rulebase.rules.values(), start=1)
    }
    for order, name in enumerate((WIDE, *rulebase.decided)):
        sink = [{"m": {"$ex": {name: 1}}}, {"n": {"never": "never"}}]
        definition[f"~{name}"] = {"all": sink, "pri": SINK_PRIORITY + order, "count": 1}
    return definition


def _conditions(rule: Rule, rulebase: RuleBase) -> list[dict[str, object]]:
    """Answers in one message, every decided target in one of its own."""
    answers = [_term(name, values) for name, values in rule.when.items() if name not in rulebase.decided]
    targets = [_term(name, values) for name, values in rule.when.items() if name in rulebase.decided]
    if not rule.when:
        answers = [{"$ex": {WIDE: 1}}]
    joined: list[dict[str, object]] = [{f"t{i}": term} for i, term in enumerate(targets)]
    if answers:
        joined.insert(0, {"answers": {"$and": answers} if len(answers) > 1 else answers[0]})
    return joined


def _term(name: str, values: frozenset[str]) -> dict[str, object]:
    terms: list[dict[str, object]] = [{name: value} for value in sorted(values)]
    return terms[0] if len(terms) == 1 else {"$or": terms}


def check_limits(rulebase: RuleBase) -> None:
    """Raise DataError naming the rule where the tables hold more than the engine takes."""
    rules = list(rulebase.rules.values())
    if len(rules) > MAX_RULES:
        raise DataError("rules/tables", rules[MAX_RULES].id, f"more than {MAX_RULES} rules; merge some")
    if len(rulebase.decided) > MAX_TARGETS:
        raise DataError("rules/tables", list(rulebase.decided)[MAX_TARGETS], f"more than {MAX_TARGETS} targets")
    for rule in rules:
        if sum(len(values) for values in rule.when.values()) > MAX_EXPRESSIONS:
            raise DataError("rules/tables", rule.id, f"more than {MAX_EXPRESSIONS} values in its conditions")
    _check_sharing(rules)
    _check_at_once(rulebase)


def _check_sharing(rules: list[Rule]) -> None:
    first = Counter((name, value) for rule in rules for name, value in _first_terms(rule))
    for (name, value), count in first.items():
        if count > MAX_PER_TERM:
            raise DataError("rules/tables", f"{name} = {value}", f"begins more than {MAX_PER_TERM} rules")
    if len(first) > MAX_FIRST_TERMS:
        raise DataError("rules/tables", "first conditions", f"more than {MAX_FIRST_TERMS} different ones")


def _check_at_once(rulebase: RuleBase) -> None:
    """More than 64 conditions that one wide fact meets at once end in error 303, seen only at run time."""
    at_once = _most_at_once([path for rule in rulebase.rules.values() for path in _paths(rule, rulebase)])
    if at_once > MAX_AT_ONCE:
        fault = f"one case could meet {at_once} conditions at once, the engine takes {MAX_AT_ONCE}; merge some"
        raise DataError("rules/tables", "conditions", fault)


def _paths(rule: Rule, rulebase: RuleBase) -> list[Path]:
    """Return the chains of fact = value that the engine tests for the rule on the wide fact."""
    terms = [[(name, v) for v in values] for name, values in rule.when.items() if name not in rulebase.decided]
    return list(product(*terms)) if terms else [] if rule.when else [((WIDE, "1"),)]


def _most_at_once(paths: list[Path]) -> int:
    """Return how many nodes of the chains' prefix tree one fact could match; a fact has one value at a time."""
    below: dict[str, dict[str, list[Path]]] = {}
    for path in paths:
        if path:
            name, value = path[0]
            below.setdefault(name, {}).setdefault(value, []).append(path[1:])
    return sum(max(1 + _most_at_once(rest) for rest in values.values()) for values in below.values())


def _first_terms(rule: Rule) -> list[tuple[str, str]]:
    name, values = next(iter(rule.when.items()), (WIDE, frozenset({"1"})))
    return [(name, value) for value in values]


def fact_message(name: str, value: str) -> Mapping[str, object]:
    """Return the message that tells the engine a decided target."""
    return {"sid": "e", "id": name, name: value}
