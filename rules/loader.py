"""TOML → RuleBase: facts, tables in deciding order, editions. What the tables may say is checked in `checks`."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.errors import DataError, nearest
from knowledge.models import Knowledge
from knowledge.records import by_id, parse, read_records, toml_files
from rules.checks import check_ids, check_services, check_table, check_targets
from rules.compiler import check_limits
from rules.models import VERDICTS, Edition, Fact, Rule, RuleBase, Table


def load_rules(knowledge: Knowledge, folder: Traversable | None = None) -> RuleBase:
    """Load facts, tables and editions. Raises DataError with file, id and remedy."""
    folder = folder or files("rules")
    facts = checked_facts("facts.toml", read_records(folder / "facts.toml", "fact")["fact"])
    tables = [(file.name, table) for file in toml_files(folder / "tables") for table in _tables(file)]
    check_targets(tables, facts)
    check_ids(tables, knowledge)
    vocabulary = {fact.id: fact.table_values for fact in facts.values()}
    vocabulary |= {table.decides: table.values for _, table in tables if table.mode == "first_line"}
    for file, table in tables:
        check_table(file, table, vocabulary, knowledge)
    check_services(knowledge, facts)
    rulebase = RuleBase(facts=facts, tables=_in_order(tables), editions=load_editions(folder))
    check_limits(rulebase)
    return rulebase


def checked_facts(file: str, records: Iterable[dict[str, Any]], known: Mapping[str, Fact] = {}) -> dict[str, Fact]:
    """Return the facts by id; `blocked_by` may also name those `known`. Raises DataError naming file, id and fault."""
    facts = by_id((parse(Fact, record, file) for record in records), file)
    for fact in facts.values():
        for key, values in (("safe", (fact.safe,) if fact.safe else ()), ("improves", fact.improves)):
            for value in values:
                if value not in fact.values:
                    fault = f"{key} = {value!r} is not one of its values{nearest(value, fact.values)}"
                    raise DataError(file, fact.id, fault)
        if len(set(fact.values)) < len(fact.values):
            raise DataError(file, fact.id, "one of its values is named twice")
        strange = [name for name in fact.blocked_by if name not in facts.keys() | known.keys()]
        if strange:
            raise DataError(file, fact.id, f"blocked_by: unknown fact {strange[0]!r}{nearest(strange[0], facts)}")
        if fact.follows or not fact.given or fact.value_names.keys() - set(fact.values):
            raise DataError(file, fact.id, "`follows` and `given` are not for files; `value_names` names its values")
    return facts


def load_editions(folder: Traversable) -> tuple[Edition, ...]:
    """Load the editions, oldest first. Raises DataError with file, id and remedy."""
    file = folder / "editions.toml"
    records = read_records(file, "edition")["edition"]
    editions = by_id((parse(Edition, record, file.name) for record in records), file.name)
    if not editions:
        raise DataError(file.name, "edition", "at least one edition is needed")
    return tuple(sorted(editions.values(), key=lambda edition: edition.effective_from))


def _tables(file: Traversable) -> Iterator[Table]:
    for record in read_records(file, "table")["table"]:
        decides = str(record.get("decides", "?"))
        rules = [_rule(rule, decides, file.name) for rule in record.get("rule", [])]
        values = record.get("values", VERDICTS if record.get("mode") == "floor" else ())
        yield parse(Table, {**record, "values": values, "rule": rules}, file.name)


def _rule(record: dict[str, Any], target: str, file: str) -> Rule:
    return parse(Rule, {**record, "when": conditions(record), "target": target}, file)


def conditions(record: dict[str, Any]) -> object:
    """Return the conditions of a rule as written, one value or a list of them for each name, each as a list."""
    when = record.get("when", {})
    if not isinstance(when, dict):
        return when
    return {name: wanted if isinstance(wanted, list) else [wanted] for name, wanted in when.items()}


def _in_order(tables: list[tuple[str, Table]]) -> tuple[Table, ...]:
    """Return the tables so that each stands behind those it builds on."""
    by_target = {table.decides: table for _, table in tables}
    needs = {
        target: {name for rule in table.rules for name in rule.when if name in by_target}
        for target, table in by_target.items()
    }
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        file = next(file for file, table in tables if table.decides == circle[0])
        raise DataError(file, circle[0], f"tables build on each other: {' → '.join(circle)}") from None
    return tuple(by_target[target] for target in order)
