"""What a table may say: known facts, values, passages and measures, a default, and every target decided once."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from knowledge.errors import DataError, nearest
from knowledge.models import Knowledge
from rules.models import TARGETS, Fact, Rule, Table

FileTable = tuple[str, Table]


def check_targets(tables: Iterable[FileTable], facts: Mapping[str, Fact]) -> None:
    """Every target of the rulebook is decided by one table of its kind; none is a fact."""
    found: dict[str, str] = {}
    for file, table in tables:
        kind = TARGETS.get(table.decides, "first_line")
        if table.decides in facts:
            raise DataError(file, table.decides, "a table may not decide a fact")
        if table.decides in found:
            raise DataError(file, table.decides, f"is decided in {found[table.decides]} already")
        if table.mode != kind:
            hint = nearest(table.decides, TARGETS) if table.decides not in TARGETS else ""
            raise DataError(file, table.decides, f"mode = {table.mode!r}, but it takes {kind!r}{hint}")
        found[table.decides] = file
    for target in TARGETS:
        if target not in found:
            hint = nearest(target, found.keys() - TARGETS.keys())
            raise DataError("rules/tables", target, f"no table decides it{hint}")


def check_ids(tables: Iterable[FileTable], knowledge: Knowledge) -> None:
    """An id names one thing over all tables, passages, measures and services."""
    found = dict.fromkeys((*knowledge.passages, *knowledge.measures, *knowledge.services), "the knowledge")
    for file, table in tables:
        for rule in table.rules:
            if rule.id in found:
                raise DataError(file, rule.id, f"this id is used twice (in {found[rule.id]} already)")
            found[rule.id] = file


def check_table(file: str, table: Table, vocabulary: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> None:
    """Raise DataError for the first rule that says something unknown, or for lines that cannot decide."""
    values = tuple(knowledge.measures) if table.mode == "advice" else table.values
    for rule in table.rules:
        if rule.then not in values:
            raise DataError(file, rule.id, f"then = {rule.then!r} is not known{nearest(rule.then, values)}")
        _check_conditions(file, rule, vocabulary)
        for passage in rule.cites:
            if passage not in knowledge.passages:
                fault = f"cites unknown passage {passage!r}{nearest(passage, knowledge.passages)}"
                raise DataError(file, rule.id, fault)
    if table.mode == "first_line":
        _check_lines(file, table)


def _check_conditions(file: str, rule: Rule, vocabulary: Mapping[str, tuple[str, ...]]) -> None:
    for name, accepted in rule.when.items():
        if name not in vocabulary:
            raise DataError(file, rule.id, f"unknown fact {name!r}{nearest(name, vocabulary)}")
        if not accepted:
            raise DataError(file, rule.id, f"{name}: at least one value is needed")
        for value in sorted(accepted):
            if value not in vocabulary[name]:
                raise DataError(file, rule.id, f"{name}: unknown value {value!r}{nearest(value, vocabulary[name])}")


def _check_lines(file: str, table: Table) -> None:
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


def check_services(knowledge: Knowledge, facts: Mapping[str, Fact]) -> None:
    """What the catalogue says of a service has to be a fact and a value that the rules know."""
    for service in knowledge.services.values():
        for name, told in service.facts.items():
            if name not in facts:
                raise DataError("services.toml", service.id, f"unknown fact {name!r}{nearest(name, facts)}")
            if told.value not in facts[name].table_values:
                hint = nearest(told.value, facts[name].table_values)
                raise DataError("services.toml", service.id, f"{name}: unknown value {told.value!r}{hint}")
