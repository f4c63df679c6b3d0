"""The rule loader refuses a table that cannot be right, naming file, rule and the nearest spelling."""

from pathlib import Path

import pytest

from knowledge.errors import DataError
from knowledge.models import Knowledge
from rules.loader import load_rules
from rules.models import RuleBase
from tests.planting import copy_data, plant
from tests.rules.faults import ADVICE, CHECKLIST, CLASS, FAULTS, MISSED_FAULTS, OBLIGATION, VERDICT

RULE = (
    'id = "{id}"\nwhen = {{ {when} }}\nthen = "keep_record"\ncites = ["check.1"]\nbecause = {{ ja = "仮", en = "x" }}'
)
FACT = '[[fact]]\nid = "{id}"\nvalues = {values}\nlabel = {{ ja = "仮", en = "x" }}'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_data("rules", tmp_path / "rules")


def add(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as to:
        to.write(f"\n{text}\n")


def add_facts(data: Path, number: int) -> None:
    """Add facts of one value, each beginning a rule of its own: so many more conditions one case can meet at once."""
    for n in range(number):
        add(data / "facts.toml", FACT.format(id=f"extra_{n}", values='["yes"]'))
        add(data / ADVICE, "[[table.rule]]\n" + RULE.format(id=f"advice.extra_{n}", when=f'extra_{n} = "yes"'))


def test_a_faultless_copy_equals_the_shipped_rules(data: Path, knowledge: Knowledge, rulebase: RuleBase) -> None:
    assert load_rules(knowledge, data) == rulebase


@pytest.mark.parametrize("fault", [*FAULTS, *(pytest.param(name) for name in MISSED_FAULTS)])
def test_a_planted_fault_is_named(data: Path, knowledge: Knowledge, fault: str) -> None:
    file, old, new, words = {**FAULTS, **MISSED_FAULTS}[fault]
    plant(data / file, old, new)
    with pytest.raises(DataError) as caught:
        load_rules(knowledge, data)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


@pytest.mark.parametrize("file", ["facts.toml", "editions.toml"])
def test_a_missing_file_is_named(data: Path, knowledge: Knowledge, file: str) -> None:
    (data / file).unlink()
    with pytest.raises(DataError, match=file):
        load_rules(knowledge, data)


@pytest.mark.parametrize("file", [CLASS, CHECKLIST])
def test_a_missing_table_that_others_build_on_is_refused(data: Path, knowledge: Knowledge, file: str) -> None:
    (data / file).unlink()
    with pytest.raises(DataError):
        load_rules(knowledge, data)


@pytest.mark.parametrize("file", [VERDICT, OBLIGATION, ADVICE])
def test_a_missing_table_is_refused(data: Path, knowledge: Knowledge, file: str) -> None:
    """Without verdict.toml every case would be `allowed`, without a rule to say why."""
    (data / file).unlink()
    with pytest.raises(DataError):
        load_rules(knowledge, data)


@pytest.mark.parametrize(("values", "refused"), [(30, False), (31, True)])
def test_a_rule_takes_at_most_30_values(data: Path, knowledge: Knowledge, values: int, *, refused: bool) -> None:
    names = [f"v{n}" for n in range(40)]
    add(data / "facts.toml", FACT.format(id="wide", values=names))
    add(data / ADVICE, "[[table.rule]]\n" + RULE.format(id="advice.wide", when=f"wide = {names[:values]}"))
    if not refused:
        assert len(load_rules(knowledge, data).rules["advice.wide"].when["wide"]) == values
        return
    with pytest.raises(DataError, match=r"advice\.wide: more than 30 values"):
        load_rules(knowledge, data)


def test_one_case_meets_at_most_64_conditions_at_once(data: Path, knowledge: Knowledge) -> None:
    add_facts(data, 70)
    with pytest.raises(DataError, match=r"at once, the engine takes 64; merge some"):
        load_rules(knowledge, data)


def test_editions_are_ordered_by_their_day(data: Path, knowledge: Knowledge) -> None:
    note = 'note = { ja = "仮", en = "x" }'
    add(data / "editions.toml", f'[[edition]]\nid = "later"\neffective_from = 2027-04-01\n{note}')
    add(data / "editions.toml", f'[[edition]]\nid = "earlier"\neffective_from = 2026-01-01\n{note}')
    assert [edition.id for edition in load_rules(knowledge, data).editions] == ["earlier", "2026-11", "later"]
    add(data / "editions.toml", f'[[edition]]\nid = "later"\neffective_from = 2028-04-01\n{note}')
    with pytest.raises(DataError, match=r"editions\.toml: later: .*twice"):
        load_rules(knowledge, data)


def test_tables_stand_behind_those_they_build_on(rulebase: RuleBase) -> None:
    known = set(rulebase.facts)
    for table in rulebase.tables:
        assert {name for rule in table.rules for name in rule.when} <= known, table.decides
        known.add(table.decides)


def test_every_rule_cites_and_explains_itself(knowledge: Knowledge, rulebase: RuleBase) -> None:
    assert len(rulebase.rules) == sum(len(table.rules) for table in rulebase.tables) > 100
    for rule in rulebase.rules.values():
        assert rule.cites, rule.id
        assert knowledge.passages.keys() >= set(rule.cites), rule.id
        assert rule.because.ja, rule.id
        assert rule.because.en, rule.id
