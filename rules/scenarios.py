"""Situations with the judgement an officer expects: `rules/scenarios/*.toml`, loaded, checked, and run."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError, nearest
from knowledge.models import Bilingual, Id, Knowledge, Record
from knowledge.records import parse, read_records, toml_files
from rules.errors import FactError
from rules.evaluator import ITEMS, Evaluator
from rules.models import VERDICTS, Evaluation, Facts, RuleBase
from rules.vocabulary import parse_facts


class Expectation(Record):
    """What has to come out. Of rules and passages at least these; of measures, where given, exactly these.

    `cites` names rules that have to fire and, for each, passages that this rule has to quote.
    """

    data_class: str
    verdict: str
    rules: tuple[Id, ...] = Field(min_length=1)
    not_rules: tuple[Id, ...] = ()
    passages: tuple[Id, ...] = ()
    cites: Mapping[Id, tuple[Id, ...]] = {}
    measures: tuple[Id, ...] | None = None
    checklist: Mapping[str, str] = {}
    obligation: str | None = None


class Scenario(Record):
    """One situation in words and as facts; a fact that is left out is unknown."""

    id: Id
    situation: Bilingual
    facts: Facts
    expect: Expectation


def load_scenarios(
    rulebase: RuleBase, knowledge: Knowledge, folder: Traversable | None = None
) -> Mapping[str, Scenario]:
    """Load every scenario, by id. Raises DataError with file, id and the nearest spelling."""
    known = {**rulebase.rules, **knowledge.passages, **knowledge.measures, **knowledge.services}
    found: dict[str, Scenario] = {}
    for file in toml_files(folder or files("rules") / "scenarios"):
        for record in read_records(file, "scenario")["scenario"]:
            scenario = parse(Scenario, record, file.name)
            if scenario.id in found or scenario.id in known:
                raise DataError(file.name, scenario.id, "this id is used twice")
            faults = "; ".join(_faults(scenario, rulebase, knowledge))
            if faults:
                raise DataError(file.name, scenario.id, faults)
            found[scenario.id] = scenario
    return found


def _faults(scenario: Scenario, rulebase: RuleBase, knowledge: Knowledge) -> Iterator[str]:
    try:
        parse_facts(rulebase, scenario.facts)
    except FactError as error:
        yield from error.faults
    expect = scenario.expect
    values = {target: table.values for target, table in rulebase.decided.items()}
    yield from _unknown("data class", [expect.data_class], values["data_class"])
    yield from _unknown("verdict", [expect.verdict], VERDICTS)
    yield from _unknown("obligation", [expect.obligation] if expect.obligation else [], values["obligation"])
    yield from _unknown("checklist item", expect.checklist, ITEMS)
    for item, status in expect.checklist.items():
        yield from _unknown(f"status of item {item}", [status], values.get(f"item_{item}", ()))
    yield from _unknown("rule", (*expect.rules, *expect.not_rules, *expect.cites), rulebase.rules)
    quoted = (passage for passages in expect.cites.values() for passage in passages)
    yield from _unknown("passage", (*expect.passages, *quoted), knowledge.passages)
    yield from _unknown("measure", expect.measures or (), knowledge.measures)
    for rule in sorted({*expect.rules, *expect.cites} & {*expect.not_rules}):
        yield f"rule {rule!r} cannot be both expected and in `not_rules`"


def _unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    allowed = tuple(known)
    return (f"unknown {kind} {name!r}{nearest(name, allowed)}" for name in names if name not in allowed)


def run(evaluator: Evaluator, scenario: Scenario) -> list[str]:
    """Return in words what differs from what the scenario expects; an empty list if nothing does."""
    told = evaluator.evaluate(parse_facts(evaluator.rulebase, scenario.facts))
    return [*_differences(scenario.expect, told), *_unquoted(scenario.expect, told, evaluator.rulebase)]


def _differences(expect: Expectation, told: Evaluation) -> Iterator[str]:
    if told.disputed:
        yield "the engines do not agree, or no rule sets a verdict"
    pairs = [("data_class", expect.data_class, told.data_class), ("verdict", expect.verdict, told.verdict)]
    pairs += [("obligation", expect.obligation, told.obligation)] if expect.obligation else []
    pairs += [(f"item {item}", status, told.checklist[item]) for item, status in expect.checklist.items()]
    yield from (f"{name}: expected {wanted}, got {got}" for name, wanted, got in pairs if wanted != got)
    yield from (f"rule {rule} did not fire" for rule in expect.rules if rule not in told.rules)
    yield from (f"rule {rule} fired" for rule in expect.not_rules if rule in told.rules)
    yield from (f"passage {passage} is not cited" for passage in expect.passages if passage not in told.passages)
    if expect.measures is not None:
        yield from (f"measure {name} is not told" for name in expect.measures if name not in told.measures)
        yield from (f"measure {name} is told" for name in told.measures if name not in expect.measures)


def _unquoted(expect: Expectation, told: Evaluation, rulebase: RuleBase) -> Iterator[str]:
    for rule, passages in expect.cites.items():
        if rule not in told.rules:
            yield f"rule {rule} did not fire"
        else:
            cited = rulebase.rules[rule].cites
            yield from (f"rule {rule} does not cite {passage}" for passage in passages if passage not in cited)


def run_all(evaluator: Evaluator, scenarios: Mapping[str, Scenario]) -> None:
    """Run every scenario. Raises DataError naming the first that comes out differently."""
    for scenario in scenarios.values():
        differences = run(evaluator, scenario)
        if differences:
            raise DataError("rules/scenarios", scenario.id, "; ".join(differences))
