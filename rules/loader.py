"""TOML → RuleBase. Refuses what cannot be right, naming file, rule and the nearest correct spelling."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any

from knowledge.errors import DataError, nearest
from knowledge.loader import parse, read_toml
from knowledge.models import Knowledge
from rules.compiler import check_limits
from rules.models import VERDICTS, Edition, Fact, Rule, RuleBase, Table


def load_rules(knowledge: Knowledge, folder: Traversable | None = None) -> RuleBase:
    """Load facts, tables and editions. Raises DataError with file, id and remedy."""
    folder = folder or files("rules")
    facts = _facts(folder)
    where: dict[str, str] = {}
    tables: list[Table] = []
    for file in sorted((folder / "tables").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for table in _tables(file):
                where[table.decides] = file.name
                tables.append(table)
    _check_tables(tables, facts, knowledge, where)
    _check_services(knowledge, facts)
    rulebase = RuleBase(facts=facts, tables=_in_order(tables, where), editions=_editions(folder))
    check_limits(rulebase)
    return rulebase


def _check_services(knowledge: Knowledge, facts: dict[str, Fact]) -> None:
    """What the catalogue says of a service has to be a fact and a value that the rules know."""
    for service in knowledge.services.values():
        for name, told in service.facts.items():
            if name not in facts:
                raise DataError("services.toml", service.id, f"unknown fact {name!r}{nearest(name, facts)}")
            if told.value not in facts[name].table_values:
                hint = nearest(told.value, facts[name].table_values)
                raise DataError("services.toml", service.id, f"{name}: unknown value {told.value!r}{hint}")


def _facts(folder: Traversable) -> dict[str, Fact]:
    records = read_toml(folder / "facts.toml").get("fact", [])
    facts = [parse(Fact, record, "facts.toml") for record in records]
    _refuse_repeats((fact.id for fact in facts), "facts.toml")
    for fact in facts:
        if fact.safe is not None and fact.safe not in fact.values:
            fault = f"safe = {fact.safe!r} is not one of its values{nearest(fact.safe, fact.values)}"
            raise DataError("facts.toml", fact.id, fault)
    return {fact.id: fact for fact in facts}


def _editions(folder: Traversable) -> tuple[Edition, ...]:
    records = read_toml(folder / "editions.toml").get("edition", [])
    editions = [parse(Edition, record, "editions.toml") for record in records]
    _refuse_repeats((edition.id for edition in editions), "editions.toml")
    if not editions:
        raise DataError("editions.toml", "edition", "at least one edition is needed")
    return tuple(sorted(editions, key=lambda edition: edition.effective_from))


def _tables(file: Traversable) -> Iterator[Table]:
    for record in read_toml(file).get("table", []):
        decides = str(record.get("decides", "?"))
        rules = [_rule(rule, decides, file.name) for rule in record.pop("rule", [])]
        values = tuple(record.pop("values", ())) or (VERDICTS if record.get("mode") == "floor" else ())
        yield parse(Table, {**record, "values": values, "rules": rules}, file.name)


def _rule(record: dict[str, Any], target: str, file: str) -> Rule:
    when = {
        name: frozenset(accepted if isinstance(accepted, list) else [accepted])
        for name, accepted in record.pop("when", {}).items()
    }
    return parse(Rule, {**record, "when": when, "target": target}, file)


def _refuse_repeats(ids: Iterable[str], file: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise DataError(file, name, "this id is used twice")
        seen.add(name)


def _check_tables(tables: list[Table], facts: dict[str, Fact], knowledge: Knowledge, where: dict[str, str]) -> None:
    _refuse_repeats((table.decides for table in tables), "rules/tables")
    ids = [*knowledge.passages, *knowledge.measures, *knowledge.services]
    _refuse_repeats([*ids, *(rule.id for table in tables for rule in table.rules)], "rules/tables")
    vocabulary = {fact.id: fact.table_values for fact in facts.values()}
    for table in tables:
        if table.decides in facts:
            raise DataError(where[table.decides], table.decides, "a table may not decide a fact")
        if table.mode == "first_line":
            vocabulary[table.decides] = table.values
    for table in tables:
        values = tuple(knowledge.measures) if table.mode == "advice" else table.values
        for rule in table.rules:
            _check_rule(rule, values, vocabulary, knowledge, where[table.decides])
        if table.mode == "first_line":
            _check_lines(table, where[table.decides])


def _check_rule(
    rule: Rule, values: tuple[str, ...], vocabulary: dict[str, tuple[str, ...]], knowledge: Knowledge, file: str
) -> None:
    if rule.then not in values:
        raise DataError(file, rule.id, f"then = {rule.then!r} is not known{nearest(rule.then, values)}")
    for name, accepted in rule.when.items():
        if name not in vocabulary:
            raise DataError(file, rule.id, f"unknown fact {name!r}{nearest(name, vocabulary)}")
        if not accepted:
            raise DataError(file, rule.id, f"{name}: at least one value is needed")
        for value in sorted(accepted, key=str):
            if value not in vocabulary[name]:
                fault = f"{name}: unknown value {value!r}{nearest(str(value), vocabulary[name])}"
                raise DataError(file, rule.id, fault)
    for passage in rule.cites:
        if passage not in knowledge.passages:
            fault = f"cites unknown passage {passage!r}{nearest(passage, knowledge.passages)}"
            raise DataError(file, rule.id, fault)


def _check_lines(table: Table, file: str) -> None:
    """One value a line, lines in order, and a last line that always holds."""
    lines = [rule.line for rule in table.rules]
    if lines != sorted(lines):
        raise DataError(file, table.decides, "its rules are not in the order of their lines")
    for line, rules in groupby(table.rules, key=lambda rule: rule.line):
        values = sorted({rule.then for rule in rules})
        if len(values) > 1:
            raise DataError(file, table.decides, f"line {line} has several values: {', '.join(values)}")
    if not table.rules or table.rules[-1].when:
        raise DataError(file, table.decides, "a last rule without `when` is missing: every case needs a value")
    early = [rule.id for rule in table.rules[:-1] if not rule.when]
    if early:
        raise DataError(file, early[0], "a rule without `when` hides every rule after it; make it the last")


def _in_order(tables: list[Table], where: dict[str, str]) -> tuple[Table, ...]:
    """Return the tables so that each stands behind those it builds on."""
    by_target = {table.decides: table for table in tables}
    needs = {
        table.decides: {name for rule in table.rules for name in rule.when if name in by_target} for table in tables
    }
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        raise DataError(where[circle[0]], circle[0], f"tables build on each other: {' → '.join(circle)}") from None
    return tuple(by_target[target] for target in order)
