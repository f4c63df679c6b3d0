"""Which rules an answer can move: none that is settled already, and every one that two answers tell apart."""

import random

import pytest

from rules.interpreter import decide
from rules.models import RuleBase
from rules.stake import GUARD, at_stake

SEEDS = range(150)


def some(rulebase: RuleBase, rng: random.Random, share: float) -> dict[str, str]:
    return {name: rng.choice(fact.table_values) for name, fact in rulebase.facts.items() if rng.random() < share}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_that_two_answers_tell_apart_is_at_stake(seed: int, rulebase: RuleBase) -> None:
    rng = random.Random(f"stake {seed}")
    known = some(rulebase, rng, rng.choice((0.2, 0.5, 0.9)))
    own = set(rng.sample(sorted(rulebase.facts), rng.choice((1, 2, 4))))
    found = {rule.id for rule in at_stake(rulebase, known, own)}
    rest = {**some(rulebase, rng, 1), **{name: value for name, value in known.items() if name not in own}}
    fired = [frozenset(decide(rulebase, {**rest, **told}).fired) for told in answers(rulebase, own, rng)]
    for name in frozenset[str]().union(*fired) - fired[0].intersection(*fired):
        rule = rulebase.rules[name]
        reads = {fact for fact in rule.when if fact in own and fact != GUARD}
        if rule.target not in ("measures", "obligation") and reads:
            assert name in found


def answers(rulebase: RuleBase, own: set[str], rng: random.Random) -> list[dict[str, str]]:
    return [{name: rng.choice(rulebase.facts[name].table_values) for name in sorted(own)} for _ in range(12)]


def test_a_rule_that_what_is_known_rules_out_is_not_at_stake(rulebase: RuleBase) -> None:
    open_case = at_stake(rulebase, {}, {"legal_clearance"})
    assert "verdict.refused.export_controlled" in {rule.id for rule in open_case}
    known = {"export_controlled": "no", "personal_information": "yes"}
    left = {rule.id for rule in at_stake(rulebase, known, {"legal_clearance"})}
    assert "verdict.refused.personal_information" in left
    assert "verdict.refused.export_controlled" not in left


def test_what_is_known_of_the_answer_itself_does_not_count(rulebase: RuleBase) -> None:
    own = {"legal_clearance"}
    assert at_stake(rulebase, {"legal_clearance": "yes"}, own) == at_stake(rulebase, {}, own)


def test_the_severest_come_first_and_advice_is_left_out(rulebase: RuleBase) -> None:
    found = at_stake(rulebase, {}, {"legal_clearance"})
    assert found[0].then == "do_not_upload"
    assert {rule.target for rule in found} <= {"verdict", "data_class", *(f"item_{n}" for n in range(1, 8))}


def test_that_public_data_are_spared_is_not_what_every_floor_is_about(rulebase: RuleBase) -> None:
    found = [rule.id for rule in at_stake(rulebase, {}, {"already_public"})]
    assert found == [rule.id for rule in rulebase.rules.values() if set(rule.when) == {"already_public"}]
