"""What an evaluation holds, in which order, and what a dispute between engine and interpreter answers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from knowledge.models import Bilingual
from rules.engine import available
from rules.errors import EngineError
from rules.evaluator import Evaluator, make_evaluator
from rules.interpreter import decide
from rules.models import SEVERITY, VERDICTS, Edition, Evaluation, Outcome, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import BASE, BIASES, CHOICES, samples
from tests.rules.oracle import SAFE, Case, judge

ABROAD: Case = {**BASE, "export_controlled": "yes", "legal_clearance": "unknown", "data_location": "abroad"}
LEAKY: Case = {**BASE, "novelty": "yes", "purpose_limited": "no"}
BY_VERDICT: dict[str, Case] = {
    "allowed": SAFE,
    "allowed_with_conditions": BASE,
    "confirm_first": {**LEAKY, "purpose_limited": "unknown"},
    "public_data_only": LEAKY,
    "do_not_upload": ABROAD,
}
OFFICE = {
    "personal_information": {"consult_privacy", "consult_ethics"},
    "export_controlled": {"consult_export_control"},
    "other_restriction": {"read_the_terms"},
    "national_security": {"consult_research_security"},
}


@dataclass
class Disagreeing:
    """An engine that changes what the interpreter says."""

    rulebase: RuleBase
    change: Callable[[Outcome], Outcome]

    def decide(self, facts: dict[str, str]) -> Outcome:
        return self.change(decide(self.rulebase, facts))


class Broken:
    """An engine that always fails."""

    def decide(self, facts: dict[str, str]) -> Outcome:
        raise EngineError(f"error code 303 on {len(facts)} facts")


def claiming(verdict: str) -> Callable[[Outcome], Outcome]:
    return lambda outcome: replace(outcome, verdict=verdict)


CHANGES: dict[str, Callable[[Outcome], Outcome]] = {
    "another class": lambda outcome: replace(outcome, decided={**outcome.decided, "data_class": "?"}),
    "another item": lambda outcome: replace(outcome, decided={**outcome.decided, "item_4": "?"}),
    "a target missing": lambda outcome: replace(outcome, decided={"data_class": outcome.decided["data_class"]}),
    "a rule missing": lambda outcome: replace(outcome, fired=outcome.fired[1:]),
    "another order": lambda outcome: replace(outcome, fired=outcome.fired[::-1]),
}


def evaluate(evaluator: Evaluator, case: Case) -> Evaluation:
    return evaluator.evaluate(parse_facts(evaluator.rulebase, case))


def assert_disputed(answer: Evaluation, calm: Evaluation, log: pytest.LogCaptureFixture) -> None:
    assert answer.disputed
    assert answer.model_copy(update={"verdict": calm.verdict, "disputed": False, "engine": calm.engine}) == calm
    (record,) = [record for record in log.records if record.name == "kakunin.alert"]
    assert record.levelno == logging.ERROR
    values = {"yes", "no", "unknown", "abroad", "undisclosed", "japan", "prompt", "training", "none", "some"}
    assert not {word.strip(",:()'\"") for word in record.getMessage().split()} & (set(CHOICES) | values)


@pytest.mark.parametrize("claimed", VERDICTS)
@pytest.mark.parametrize("true", VERDICTS)
def test_a_disagreeing_verdict(interpreter_only: Evaluator, caplog: pytest.LogCaptureFixture, true: str, claimed: str) -> None:
    rulebase, case = interpreter_only.rulebase, BY_VERDICT[true]
    calm = evaluate(interpreter_only, case)
    assert calm.verdict == true == judge(case).verdict
    answer = evaluate(Evaluator(rulebase, Disagreeing(rulebase, claiming(claimed))), case)
    if claimed == true:
        assert not answer.disputed
        assert answer.verdict == true
        assert not caplog.records
        return
    assert answer.verdict == max(true, claimed, "confirm_first", key=SEVERITY.__getitem__)
    assert_disputed(answer, calm, caplog)


@pytest.mark.parametrize("true", VERDICTS)
def test_a_failing_engine(interpreter_only: Evaluator, caplog: pytest.LogCaptureFixture, true: str) -> None:
    answer = evaluate(Evaluator(interpreter_only.rulebase, Broken()), BY_VERDICT[true])
    assert answer.verdict == max(true, "confirm_first", key=SEVERITY.__getitem__)
    assert_disputed(answer, evaluate(interpreter_only, BY_VERDICT[true]), caplog)


@pytest.mark.parametrize("change", CHANGES)
def test_a_disagreement_elsewhere(interpreter_only: Evaluator, caplog: pytest.LogCaptureFixture, change: str) -> None:
    rulebase = interpreter_only.rulebase
    answer = evaluate(Evaluator(rulebase, Disagreeing(rulebase, CHANGES[change])), SAFE)
    assert answer.verdict == "confirm_first"
    assert_disputed(answer, evaluate(interpreter_only, SAFE), caplog)


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
        blocking = [name for name in OFFICE if case[name] == "yes" or case[name] == case["legal_clearance"] == "unknown"]
        assert set(answer.measures) & set().union(*OFFICE.values()), case
        assert all(OFFICE[name] <= set(answer.measures) for name in blocking), case
    assert seen > 10 or bias == "mostly unknown"


def test_facts_come_back_as_given(evaluator: Evaluator) -> None:
    assert evaluate(evaluator, {"sensitive_domains": ("food", "energy")}).facts == {
        **dict.fromkeys(CHOICES, "unknown"), "sensitive_domains": ("food", "energy"),
    }


def test_the_edition_in_force(rulebase: RuleBase) -> None:
    note = Bilingual(ja="仮", en="x")
    days = {"first": date(2026, 11, 22), "second": date(2027, 4, 1)}
    editions = tuple(Edition(id=name, effective_from=day, note=note) for name, day in days.items())
    two = RuleBase(facts=rulebase.facts, tables=rulebase.tables, editions=editions)
    expected = {
        date(2020, 1, 1): "first", date(2026, 11, 22): "first", date(2027, 3, 31): "first",
        date(2027, 4, 1): "second", date(2040, 1, 1): "second",
    }
    for day, edition in expected.items():
        assert two.edition_on(day).id == edition
        assert evaluate(Evaluator(two, None, lambda day=day: day), SAFE).edition == edition  # type: ignore[misc]
