"""The shipped scenarios: they hold, agree with the oracle, reach everything; and faults in them are named."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.checkup import check_data
from bot.show import show_records
from knowledge.errors import DataError
from knowledge.models import Knowledge
from rules.evaluator import Evaluator
from rules.models import VERDICTS, RuleBase
from rules.scenarios import Scenario, load_scenarios, run, run_all
from rules.vocabulary import for_tables, parse_facts
from tests.rules.oracle import judge

GOOD = """
[[scenario]]
id = "draft.in_contract"
situation = { ja = "投稿前の原稿", en = "an unsubmitted manuscript" }
facts = { novelty = "yes" }
expect = { data_class = "closed", verdict = "confirm_first", rules = ["class.closed.novelty"] }
"""
FAULTS = [
    ('novelty = "yes"', 'noveltie = "yes"', "unknown fact 'noveltie', did you mean 'novelty'?"),
    ('novelty = "yes"', 'novelty = "yess"', "novelty: unknown value 'yess', did you mean 'yes'?"),
    ('novelty = "yes"', "novelty = true", "facts.novelty"),
    ('"closed"', '"close"', "unknown data class 'close', did you mean 'closed'?"),
    ('"confirm_first"', '"confirm_frist"', "unknown verdict 'confirm_frist', did you mean 'confirm_first'?"),
    ('"class.closed.novelty"', '"class.closed.novel"', "unknown rule 'class.closed.novel', did you mean"),
    ('["class.closed.novelty"]', "[]", "expect.rules"),
    (" }\n", ', passages = ["closed.secrets"] }\n', "unknown passage 'closed.secrets', did you mean 'closed.secret'?"),
    (" }\n", ', measures = ["anonymize"] }\n', "unknown measure 'anonymize', did you mean 'anonymise'?"),
    (" }\n", ', not_rules = ["class.closed.novelty"] }\n', "both expected and in `not_rules`"),
    (" }\n", ', not_rules = ["verdict.publik"] }\n', "unknown rule 'verdict.publik', did you mean 'verdict.public'?"),
    (" }\n", ', cites = { "verdict.publik" = [] } }\n', "unknown rule 'verdict.publik', did you mean"),
    (
        " }\n",
        ', cites = { "verdict.public" = ["check.66"] } }\n',
        "unknown passage 'check.66', did you mean 'check.6'?",
    ),
    (" }\n", ', obligation = "requird" }\n', "unknown obligation 'requird', did you mean 'required'?"),
    (" }\n", ', checklist = { "8" = "met" } }\n', "unknown checklist item '8'"),
    (" }\n", ', checklist = { "1" = "mett" } }\n', "unknown status of item 1 'mett', did you mean 'met'?"),
    (" }\n", ", chequelist = {} }\n", "unknown key 'expect.chequelist', did you mean 'checklist'?"),
    ("draft.in_contract", "check.6", "this id is used twice"),
    ("[[scenario]]", "[[scenarios]]", "unknown key 'scenarios', did you mean 'scenario'?"),
]
DIFFERENT = [
    ('"closed"', '"open"', "data_class: expected open, got closed"),
    ('"confirm_first"', '"allowed"', "verdict: expected allowed, got confirm_first"),
    ('"class.closed.novelty"', '"class.unlisted"', "rule class.unlisted did not fire"),
    (" }\n", ', not_rules = ["verdict.protected"] }\n', "rule verdict.protected fired"),
    (" }\n", ', passages = ["open.agreement"] }\n', "passage open.agreement is not cited"),
    (" }\n", ', measures = ["anonymise"] }\n', "measure keep_record is told"),
    (" }\n", ', measures = ["publish_first"] }\n', "measure publish_first is not told"),
    (" }\n", ', cites = { "class.closed.novelty" = ["check.1"] } }\n', "class.closed.novelty does not cite check.1"),
    (" }\n", ', cites = { "class.unlisted" = [] } }\n', "rule class.unlisted did not fire"),
    (" }\n", ', obligation = "required" }\n', "obligation: expected required, got required_if_in_programme"),
    (" }\n", ', checklist = { "1" = "met" } }\n', "item 1: expected met, got unconfirmed"),
]


@pytest.fixture(scope="module")
def scenarios(rulebase: RuleBase, knowledge: Knowledge) -> Mapping[str, Scenario]:
    return load_scenarios(rulebase, knowledge)


@pytest.mark.parametrize("which", ["evaluator", "interpreter_only"])
def test_every_scenario_comes_out_as_expected(
    which: str, scenarios: Mapping[str, Scenario], request: pytest.FixtureRequest
) -> None:
    judging: Evaluator = request.getfixturevalue(which)
    assert {name: run(judging, scenario) for name, scenario in scenarios.items() if run(judging, scenario)} == {}


def test_every_scenario_agrees_with_the_specification(scenarios: Mapping[str, Scenario], rulebase: RuleBase) -> None:
    for scenario in scenarios.values():
        page, expect = judge(parse_facts(rulebase, scenario.facts)), scenario.expect
        assert (expect.data_class, expect.verdict) == (page.data_class, page.verdict), scenario.id
        assert expect.obligation in (None, page.obligation), scenario.id
        assert expect.checklist.items() <= page.checklist.items(), scenario.id


def test_the_scenarios_reach_every_value_and_every_result(
    scenarios: Mapping[str, Scenario], rulebase: RuleBase, knowledge: Knowledge
) -> None:
    given = {pair for s in scenarios.values() for pair in for_tables(parse_facts(rulebase, s.facts)).items()}
    assert {(fact.id, value) for fact in rulebase.facts.values() for value in fact.table_values} == given
    expected = [scenario.expect for scenario in scenarios.values()]
    assert {expect.verdict for expect in expected} == set(VERDICTS)
    assert {expect.data_class for expect in expected} == set(rulebase.decided["data_class"].values)
    assert {expect.obligation for expect in expected} >= set(rulebase.decided["obligation"].values)
    for item in "1234567":
        told = {expect.checklist[item] for expect in expected if item in expect.checklist}
        reachable = {rule.then for rule in rulebase.decided[f"item_{item}"].rules}
        assert told == reachable, item
    assert {name for expect in expected for name in expect.measures or ()} == {
        rule.then for rule in rulebase.rules.values() if rule.target == "measures"
    }


def one(folder: Path, text: str, rulebase: RuleBase, knowledge: Knowledge) -> Mapping[str, Scenario]:
    (folder / "some.toml").write_text(text, encoding="utf-8")
    return load_scenarios(rulebase, knowledge, folder)


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_is_named_with_file_and_nearest_spelling(
    old: str, new: str, fault: str, tmp_path: Path, rulebase: RuleBase, knowledge: Knowledge
) -> None:
    with pytest.raises(DataError, match=r"^some\.toml: ") as caught:
        one(tmp_path, fault_in(old, new), rulebase, knowledge)
    assert fault in str(caught.value)


def fault_in(old: str, new: str) -> str:
    head, found, tail = GOOD.rpartition(old) if old == " }\n" else GOOD.partition(old)
    assert found
    return head + new + tail


def test_an_id_used_twice_is_refused(tmp_path: Path, rulebase: RuleBase, knowledge: Knowledge) -> None:
    with pytest.raises(DataError, match="this id is used twice"):
        one(tmp_path, GOOD + GOOD, rulebase, knowledge)


@pytest.mark.parametrize(("old", "new", "difference"), DIFFERENT)
def test_each_kind_of_difference_is_told(
    old: str, new: str, difference: str, tmp_path: Path, knowledge: Knowledge, interpreter_only: Evaluator
) -> None:
    found = one(tmp_path, fault_in(old, new), interpreter_only.rulebase, knowledge)
    assert difference in "; ".join(run(interpreter_only, found["draft.in_contract"]))
    with pytest.raises(DataError, match=r"^rules/scenarios: draft\.in_contract: "):
        run_all(interpreter_only, found)


def test_the_example_in_the_documentation_holds(
    tmp_path: Path, knowledge: Knowledge, interpreter_only: Evaluator
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(\[\[scenario\]\].*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        run_all(interpreter_only, one(tmp_path, example, interpreter_only.rulebase, knowledge))


def test_show_and_check_know_the_scenarios(
    capsys: pytest.CaptureFixture[str], scenarios: Mapping[str, Scenario]
) -> None:
    name = next(iter(scenarios))
    assert show_records([name]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["record"], shown["id"]) == ("scenario", name)
    assert {"situation", "facts", "expect"} <= shown.keys()
    check_data()
    assert f"{len(scenarios)} scenarios" in capsys.readouterr().out
