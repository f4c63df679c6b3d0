"""Mutation testing: what is generated, what the scenarios catch, and that a weak set is found out."""

from collections import Counter
from collections.abc import Sequence

import pytest

import bot.mutants
from knowledge.errors import DataError
from knowledge.models import Bilingual, Knowledge
from rules.interpreter import decide
from rules.models import Fact, Rule, RuleBase, Table
from rules.mutation import KINDS, Mutant, Result, judge, mutants, planted, score
from rules.scenarios import Scenario, load_scenarios
from rules.vocabulary import for_tables
from tests.rules.cases import BIASES, samples

TEXT = Bilingual(ja="文", en="text")


@pytest.fixture(scope="module")
def scenarios(rulebase: RuleBase, knowledge: Knowledge) -> tuple[Scenario, ...]:
    return tuple(load_scenarios(rulebase, knowledge).values())


@pytest.fixture(scope="module")
def results(rulebase: RuleBase, knowledge: Knowledge, scenarios: tuple[Scenario, ...]) -> list[Result]:
    return list(judge(rulebase, knowledge, scenarios, mutants(rulebase, knowledge)))


def of_fate(results: Sequence[Result], fate: str) -> list[Mutant]:
    return [result.mutant for result in results if result.fate == fate]


def test_the_scenarios_alone_catch_at_least_95_percent(results: list[Result]) -> None:
    assert score(results) >= 0.95
    for kind in KINDS:
        assert score([result for result in results if result.mutant.kind == kind]) >= 0.9, kind


def test_an_equivalent_mutant_tells_the_same_in_every_sample(
    results: list[Result], rulebase: RuleBase, knowledge: Knowledge
) -> None:
    cases = [for_tables(case) for bias in BIASES for case in samples(bias, 300)]
    told = [decide(rulebase, case) for case in cases]
    equivalent = of_fate(results, "equivalent")
    assert equivalent
    for mutant in equivalent:
        changed = planted(rulebase, knowledge, mutant)
        assert [decide(changed, case) for case in cases] == told, mutant
        assert changed.rules[mutant.rule].cites == rulebase.rules[mutant.rule].cites


def test_a_reason_left_without_a_quotation_is_refused(results: list[Result], rulebase: RuleBase) -> None:
    alone = {rule.id for rule in rulebase.rules.values() if len(rule.cites) == 1}
    refused = [mutant for mutant in of_fate(results, "refused") if mutant.kind == "citation removed"]
    assert {mutant.rule for mutant in refused} == alone


def test_without_a_scenario_nothing_is_caught(rulebase: RuleBase, knowledge: Knowledge) -> None:
    chosen = list(mutants(rulebase, knowledge))[::50]
    results = list(judge(rulebase, knowledge, (), chosen))
    assert (score(results), of_fate(results, "caught")) == (0.0, [])


@pytest.mark.parametrize("weakness", ["few scenarios", "verdicts only"])
def test_a_weak_set_of_scenarios_leaves_survivors(
    weakness: str, rulebase: RuleBase, knowledge: Knowledge, scenarios: tuple[Scenario, ...]
) -> None:
    weak = scenarios[:5] if weakness == "few scenarios" else tuple(map(verdict_only, scenarios))
    results = list(judge(rulebase, knowledge, weak, list(mutants(rulebase, knowledge))[::20]))
    assert score(results) < 0.95
    assert of_fate(results, "survived")
    assert of_fate(results, "caught")


def verdict_only(scenario: Scenario) -> Scenario:
    bare: dict[str, object] = {
        "measures": None,
        "checklist": {},
        "obligation": None,
        "passages": (),
        "cites": {},
        "not_rules": (),
    }
    expect = scenario.expect.model_copy(update={**bare, "rules": scenario.expect.rules[:1]})
    return scenario.model_copy(update={"expect": expect})


def tiny() -> RuleBase:
    """Two facts, a class, a floor and an advice."""

    def rule(name: str, target: str, then: str, line: int, **when: frozenset[str]) -> Rule:
        return Rule(id=name, target=target, line=line, then=then, when=when, cites=("check.1", "check.2"), because=TEXT)

    values = ("closed", "open", "careful")
    blue = rule("c.blue", "data_class", "closed", 1, colour=frozenset({"blue", "red"}))
    rest = rule("c.rest", "data_class", "open", 2)
    floor = rule("v.closed", "verdict", "confirm_first", 0, data_class=frozenset({"closed"}), big=frozenset({"yes"}))
    advice = rule("a.note", "measures", "keep_record", 0, big=frozenset({"yes"}))
    return RuleBase(
        facts={
            "colour": Fact(id="colour", values=("blue", "red"), label=TEXT),
            "big": Fact(id="big", values=("yes",), label=TEXT),
        },
        tables=(
            Table(decides="data_class", mode="first_line", values=values, rule=(blue, rest)),
            Table(decides="verdict", mode="floor", values=(), rule=(floor,)),
            Table(decides="measures", mode="advice", values=(), rule=(advice,)),
        ),
        editions=(),
    )


def test_every_single_edit_of_a_small_rule_base_is_generated(knowledge: Knowledge) -> None:
    measures = list(knowledge.measures)
    following = measures[(measures.index("keep_record") + 1) % len(measures)]
    edits: dict[str, list[str]] = {}
    for mutant in mutants(tiny(), knowledge):
        edits.setdefault(mutant.rule, []).append(mutant.edit)
    common = ["without check.1", "without check.2", "removed"]
    assert edits == {
        "c.blue": [
            "without colour",
            "colour without blue",
            "colour without red",
            "colour: blue → unknown",
            "colour: red → unknown",
            "then = open",
            "then = careful",
            *common,
        ],
        "c.rest": ["then = closed", "then = careful", *common],
        "v.closed": [
            "without data_class",
            "data_class: closed → open",
            "data_class: closed → careful",
            "without big",
            "big: yes → unknown",
            "then = allowed_with_conditions",
            "then = public_data_only",
            *common,
        ],
        "a.note": ["without big", "big: yes → unknown", f"then = {following}", *common],
    }


def test_no_mutant_is_generated_twice_or_changes_nothing(rulebase: RuleBase, knowledge: Knowledge) -> None:
    found = list(mutants(rulebase, knowledge))
    assert max(Counter((mutant.rule, mutant.edit, mutant.kind) for mutant in found).values()) == 1
    for mutant in found[::20]:
        try:
            changed = planted(rulebase, knowledge, mutant)
        except DataError:
            continue
        differ = {name for name, rule in rulebase.rules.items() if changed.rules.get(name) != rule}
        assert differ == {mutant.rule}


def test_the_command_fails_below_95_percent_and_lists_the_survivors(
    rulebase: RuleBase, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    some = [mutant for mutant in mutants(rulebase, knowledge) if mutant.rule == "verdict.export_abroad"]
    monkeypatch.setattr(bot.mutants, "mutants", lambda *_: some)
    assert bot.mutants.judge_mutants() == 0
    assert "equivalent" in capsys.readouterr().out
    monkeypatch.setattr(bot.mutants, "load_scenarios", lambda *_: {})
    assert bot.mutants.judge_mutants() == 1
    told = capsys.readouterr().out
    assert "Survivors (no scenario notices them): " in told
    assert "  verdict.export_abroad: removed\n" in told
    assert "0 scenarios catch 0.00%: below 95%" in told
