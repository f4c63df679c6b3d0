"""Single-edit faults of the tables (mutants), and whether the scenarios notice each.

A mutant is *refused* if the loader does not take it; *caught* if a scenario comes out differently; *equivalent* if
it tells the same for every answer combination, which `rules/telling.py` decides exactly; otherwise it *survived*.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.errors import DataError
from knowledge.models import Knowledge
from knowledge.records import parse
from rules.checks import Vocabulary, check_table
from rules.compiler import check_limits
from rules.evaluator import Evaluator
from rules.models import SEVERITY, VERDICTS, Rule, RuleBase, Table
from rules.scenarios import Scenario, run
from rules.telling import Telling

Kind = Literal[
    "condition dropped", "value dropped", "value swapped", "then changed", "citation removed", "rule removed"
]
KINDS: tuple[Kind, ...] = (
    "condition dropped",
    "value dropped",
    "value swapped",
    "then changed",
    "citation removed",
    "rule removed",
)
Fate = Literal["caught", "survived", "equivalent", "refused"]


@dataclass(frozen=True)
class Mutant:
    """One edit of one rule: the fields that change, or None where the rule is removed."""

    rule: str
    kind: Kind
    edit: str
    fields: Mapping[str, object] | None


@dataclass(frozen=True)
class Result:
    """What became of a mutant, and why: the scenario that caught it, or what the loader said."""

    mutant: Mutant
    fate: Fate
    by: str = ""


def vocabulary_of(rulebase: RuleBase) -> Vocabulary:
    """Return what conditions may name, each with its values."""
    facts = {fact.id: fact.table_values for fact in rulebase.facts.values()}
    return facts | {target: table.values for target, table in rulebase.decided.items()}


def mutants(rulebase: RuleBase, knowledge: Knowledge) -> Iterator[Mutant]:
    """Yield every single-edit mutant of every rule."""
    vocabulary = vocabulary_of(rulebase)
    for table in rulebase.tables:
        for rule in table.rules:
            for name in rule.when:
                yield from _of_condition(rule, name, vocabulary[name])
            for then in neighbours(table, rule.then, tuple(knowledge.measures)):
                yield Mutant(rule.id, "then changed", f"then = {then}", {"then": then})
            for passage in rule.cites:
                rest = tuple(cited for cited in rule.cites if cited != passage)
                yield Mutant(rule.id, "citation removed", f"without {passage}", {"cites": rest})
            yield Mutant(rule.id, "rule removed", "removed", None)


def _of_condition(rule: Rule, name: str, values: Iterable[str]) -> Iterator[Mutant]:
    accepted = rule.when[name]
    rest = {other: told for other, told in rule.when.items() if other != name}
    yield Mutant(rule.id, "condition dropped", f"without {name}", {"when": rest})
    for value in sorted(accepted) if len(accepted) > 1 else ():
        when = {**rule.when, name: accepted - {value}}
        yield Mutant(rule.id, "value dropped", f"{name} without {value}", {"when": when})
    for value in sorted(accepted):
        for other in values:
            if other not in accepted:
                when = {**rule.when, name: accepted - {value} | {other}}
                yield Mutant(rule.id, "value swapped", f"{name}: {value} → {other}", {"when": when})


def neighbours(table: Table, then: str, measures: tuple[str, ...]) -> Iterator[str]:
    """Yield a floor one step up and down, every other value of a first-line table, the next measure."""
    if table.mode == "floor":
        yield from (verdict for verdict in VERDICTS if abs(SEVERITY[verdict] - SEVERITY[then]) == 1)
    elif table.mode == "advice":
        yield measures[(measures.index(then) + 1) % len(measures)]
    else:
        yield from (value for value in table.values if value != then)


def planted(rulebase: RuleBase, knowledge: Knowledge, mutant: Mutant) -> RuleBase:
    """Return the rule base with the edit. Raises DataError where the loader would refuse it."""
    at = rulebase.rules[mutant.rule].target
    tables = tuple(_edited(table, mutant) if table.decides == at else table for table in rulebase.tables)
    for table in tables:
        if table.decides == at:
            check_table("rules/tables", table, vocabulary_of(rulebase), knowledge)
    changed = RuleBase(facts=rulebase.facts, tables=tables, editions=rulebase.editions)
    check_limits(changed)
    return changed


def _edited(table: Table, mutant: Mutant) -> Table:
    rules = []
    for rule in table.rules:
        if rule.id != mutant.rule:
            rules.append(rule)
        elif mutant.fields is not None:
            rules.append(parse(Rule, {**dict(rule), **mutant.fields}, "rules/tables"))
    return Table(decides=table.decides, mode=table.mode, values=table.values, rule=tuple(rules))


def judge(
    rulebase: RuleBase, knowledge: Knowledge, scenarios: Iterable[Scenario], chosen: Iterable[Mutant]
) -> Iterator[Result]:
    """Yield what becomes of each mutant; scenarios that name its rule are tried first."""
    telling = Telling(rulebase)
    original = telling.told(rulebase)
    everything = tuple(scenarios)
    for mutant in chosen:
        try:
            changed = planted(rulebase, knowledge, mutant)
        except DataError as error:
            yield Result(mutant, "refused", error.fault)
            continue
        found = _catcher(Evaluator(changed, None), sorted(everything, key=_names_not(mutant.rule)))
        if found:
            yield Result(mutant, "caught", found)
        else:
            yield Result(mutant, "equivalent" if telling.told(changed) == original else "survived")


def _names_not(rule: str) -> Callable[[Scenario], bool]:
    def silent(scenario: Scenario) -> bool:
        expect = scenario.expect
        return all(rule not in named for named in (expect.cites, expect.rules, expect.not_rules))

    return silent


def _catcher(evaluator: Evaluator, scenarios: Iterable[Scenario]) -> str:
    """Return the id of the first scenario that comes out differently, or an empty string."""
    return next((scenario.id for scenario in scenarios if run(evaluator, scenario)), "")


def score(results: Iterable[Result]) -> float:
    """Return the part caught of those that count: refused and equivalent mutants do not."""
    fates = [result.fate for result in results]
    counted = fates.count("caught") + fates.count("survived")
    return fates.count("caught") / counted if counted else 1.0
