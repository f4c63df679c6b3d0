"""What an evaluation holds and in which order. Disputes are next door, in `test_dispute.py`."""

from datetime import date

import pytest

from knowledge.models import Bilingual
from rules.engine import available
from rules.evaluator import Evaluator, make_evaluator
from rules.interpreter import decide
from rules.models import SEVERITY, Edition, Evaluation, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import BIASES, CHOICES, samples
from tests.rules.oracle import SAFE, Case, judge

OFFICE = {
    "personal_information": {"consult_privacy", "consult_ethics"},
    "export_controlled": {"consult_export_control"},
    "other_restriction": {"read_the_terms"},
    "national_security": {"consult_research_security"},
}


def evaluate(evaluator: Evaluator, case: Case) -> Evaluation:
    return evaluator.evaluate(parse_facts(evaluator.rulebase, case))


def test_which_engine_decides_is_said(
    evaluator: Evaluator, interpreter_only: Evaluator, rulebase: RuleBase, caplog: pytest.LogCaptureFixture
) -> None:
    expected = "durable_rules" if available() else "interpreter"
    assert evaluate(evaluator, SAFE).engine == evaluator.engine_name == expected
    assert evaluate(interpreter_only, SAFE).engine == interpreter_only.engine_name == "interpreter"
    make_evaluator(rulebase)
    assert [record.name for record in caplog.records] == ["kakunin.rules"] * (not available())


@pytest.mark.parametrize("bias", BIASES)
def test_reasons_stand_severest_first_without_repeats(evaluator: Evaluator, bias: str) -> None:
    for case in samples(bias, 400, seed=12):
        answer = evaluate(evaluator, case)
        rules = [evaluator.rulebase.rules[name] for name in answer.rules]
        fired = decide(evaluator.rulebase, for_tables(answer.facts)).fired
        assert sorted(answer.rules) == sorted(fired)
        for names in (answer.rules, answer.passages, answer.measures):
            assert len(set(names)) == len(names)
        floors = [SEVERITY[rule.then] for rule in rules if rule.target == "verdict"]
        assert [rule.target for rule in rules[: len(floors)]] == ["verdict"] * len(floors)
        assert floors == sorted(floors, reverse=True)
        assert rules[0].then == answer.verdict
        assert answer.passages[: len(rules[0].cites)] == rules[0].cites
        assert set(answer.passages) == {passage for rule in rules for passage in rule.cites}
        assert set(answer.measures) == {rule.then for rule in rules if rule.target == "measures"}


@pytest.mark.parametrize("bias", BIASES)
def test_measures_fit_the_verdict(evaluator: Evaluator, bias: str) -> None:
    for case in samples(bias, 1_000, seed=13):
        answer = evaluate(evaluator, case)
        measures = set(answer.measures)
        assert measures or answer.verdict == "allowed", case
        if case["already_public"] == "yes":
            assert measures.isdisjoint({"public_data_only", "public_data_until_confirmed"}), case
        elif answer.checklist["6"] == "unconfirmed":
            assert "public_data_until_confirmed" in measures, case
        if answer.verdict == "public_data_only":
            assert measures >= {"public_data_only", "synthetic_data", "local_model"}, case
        if answer.checklist["7"] == "not_met":
            assert "leader_approval" in measures or case["already_public"] == "yes", case


@pytest.mark.parametrize("bias", BIASES)
def test_a_missing_clearance_names_whose_answer_would_lift_it(evaluator: Evaluator, bias: str) -> None:
    seen = 0
    for case in samples(bias, 1_000, seed=14):
        answer = evaluate(evaluator, case)
        cleared = judge({**case, "legal_clearance": "yes"})
        if case["legal_clearance"] == "yes" or answer.verdict != "do_not_upload" or cleared.verdict == "do_not_upload":
            continue
        seen += 1
        blocking = [
            name for name in OFFICE if case[name] == "yes" or case[name] == case["legal_clearance"] == "unknown"
        ]
        assert set(answer.measures) & set().union(*OFFICE.values()), case
        assert all(OFFICE[name] <= set(answer.measures) for name in blocking), case
    assert seen > 10 or bias == "mostly unknown"


def test_facts_come_back_as_given(evaluator: Evaluator) -> None:
    assert evaluate(evaluator, {"sensitive_domains": ("food", "energy")}).facts == {
        **dict.fromkeys(CHOICES, "unknown"),
        "sensitive_domains": ("food", "energy"),
    }


def test_a_judgement_names_the_edition_of_its_tables(rulebase: RuleBase) -> None:
    note = Bilingual(ja="仮", en="x")
    days = {"first": date(2026, 11, 22), "second": date(2027, 4, 1)}
    editions = tuple(Edition(id=name, effective_from=day, note=note) for name, day in days.items())
    two = RuleBase(facts=rulebase.facts, tables=rulebase.tables, editions=editions)
    assert evaluate(Evaluator(two, None), SAFE).edition == "second"
