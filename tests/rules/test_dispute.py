"""Where engine and interpreter disagree, or the engine fails, the answer only ever becomes severer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from rules.errors import EngineError
from rules.evaluator import Evaluator
from rules.interpreter import decide
from rules.models import SEVERITY, VERDICTS, Evaluation, Outcome, RuleBase
from rules.vocabulary import parse_facts
from tests.rules.cases import BASE, CHOICES
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
def test_a_disagreeing_verdict(
    interpreter_only: Evaluator, caplog: pytest.LogCaptureFixture, true: str, claimed: str
) -> None:
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
