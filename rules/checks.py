"""What a table may say: known facts, values, passages and measures, a default, and every target decided once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from knowledge.errors import DataError, Faults, nearest
from knowledge.models import Knowledge
from rules.models import TARGETS, Fact, Rule, Table
from rules.vocabulary import DOMAIN

FileTable = tuple[str, Table]
Vocabulary = Mapping[str, tuple[str, ...]]
"""What a condition may name, each with its values."""
FEW = 10
"""So many values are listed where one is unknown."""


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
    faults = Faults()
    for file, table in tables:
        for rule in table.rules:
            with faults.gathered():
                if rule.id in found:
                    raise DataError(file, rule.id, f"this id is used twice (in {found[rule.id]} already)")
            found[rule.id] = file
    faults.tell()


def check_table(file: str, table: Table, vocabulary: Vocabulary, knowledge: Knowledge) -> None:
    """Raise DataError naming every rule that says something unknown, or for lines that cannot decide."""
    values = tuple(knowledge.measures) if table.mode == "advice" else table.values
    faults = Faults()
    for rule in table.rules:
        told = [*_faults_of(rule, values, knowledge), *_condition_faults(rule, vocabulary)]
        with faults.gathered():
            if told:
                raise DataError(file, rule.id, "; ".join(told))
    faults.tell()
    if table.mode == "first_line":
        _check_lines(file, table)


def _faults_of(rule: Rule, values: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    if rule.then not in values:
        yield f"then = {rule.then!r} is not known{nearest(rule.then, values)}"
    for passage in rule.cites:
        if passage not in knowledge.passages:
            yield f"cites unknown passage {passage!r}{nearest(passage, knowledge.passages)}"


def _condition_faults(rule: Rule, vocabulary: Vocabulary) -> Iterator[str]:
    for name, accepted in rule.when.items():
        if name not in vocabulary:
            yield f"unknown fact {name!r}{nearest(name, vocabulary)}"
        elif not accepted:
            yield f"{name}: at least one value is needed"
        else:
            strange = (value for value in sorted(accepted) if value not in vocabulary[name])
            yield from (f"{name}: unknown value {value!r}{_instead(value, name, vocabulary)}" for value in strange)


def _instead(value: str, name: str, vocabulary: Vocabulary) -> str:
    """Say what could be meant: a field of the list has a name of its own; else the nearest value, and all of a few."""
    field = f"{DOMAIN}{value}"
    if field in vocabulary:
        return f'; write {field} = "yes" for a single field'
    few = f" (it takes {', '.join(vocabulary[name])})" if len(vocabulary[name]) <= FEW else ""
    return f"{nearest(value, vocabulary[name])}{few}"


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
