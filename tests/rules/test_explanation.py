"""The tree behind a verdict names only rules that fired, answers that were given and passages that are cited."""

import random
from collections.abc import Iterator

from rules.evaluator import Evaluator
from rules.explanation import Reason, explain
from rules.models import SEVERITY, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.test_counterfactual import random_facts


def every(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    for reason in reasons:
        yield reason
        yield from every(reason.because_of)


def test_the_tree_stands_on_what_happened(rulebase: RuleBase, evaluator: Evaluator) -> None:
    rng = random.Random(21)
    for _ in range(100):
        evaluation = evaluator.evaluate(random_facts(rulebase, rng))
        told = explain(rulebase, evaluation)
        assert {reason.then for reason in told.setting} == {evaluation.verdict}
        assert all(SEVERITY[reason.then] < SEVERITY[evaluation.verdict] for reason in told.milder)
        for reason in every((*told.setting, *told.milder)):
            rule = rulebase.rules[reason.rule]
            assert reason.rule in evaluation.rules
            assert reason.passages == rule.cites
            assert all(for_tables(evaluation.facts)[name] == value for name, value in reason.answers)
            built_on = {name for name in rule.when if name in rulebase.decided}
            assert {rulebase.rules[r.rule].target for r in reason.because_of} == built_on


def test_a_refusal_leads_down_to_the_class(rulebase: RuleBase, evaluator: Evaluator) -> None:
    facts = parse_facts(rulebase, {"personal_information": "yes", "legal_clearance": "no"})
    (refused,) = [r for r in explain(rulebase, evaluator.evaluate(facts)).setting if "personal" in r.rule]
    assert refused.rule == "verdict.refused.personal_information"
    assert dict(refused.answers) == {"personal_information": "yes", "legal_clearance": "no"}
    assert [reason.rule for reason in refused.because_of] == ["class.closed.personal_information"]
