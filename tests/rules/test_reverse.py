"""Reverse queries: sound, minimal, complete, and counted exactly."""

import random
from functools import cache
from itertools import pairwise
from math import prod

import pytest

from rules.diagram import Diagram
from rules.interpreter import decide
from rules.models import SEVERITY, VERDICTS, RuleBase
from rules.reverse import SEVERAL, Answers, ReverseQuery


@pytest.fixture(scope="module")
def diagram(rulebase: RuleBase) -> Diagram:
    return Diagram(rulebase)


@pytest.fixture(scope="module")
def query(rulebase: RuleBase, diagram: Diagram) -> ReverseQuery:
    return ReverseQuery(rulebase, diagram)


def on_side(side: str, verdict: str, asked: str) -> bool:
    return SEVERITY[verdict] >= SEVERITY[asked] if side == "least" else SEVERITY[verdict] <= SEVERITY[asked]


@cache
def answers(query: ReverseQuery, side: str, verdict: str) -> Answers:
    return query.at_least(verdict) if side == "least" else query.at_most(verdict)


SIDES = [(side, verdict) for side in ("least", "most") for verdict in VERDICTS]


@pytest.mark.parametrize(("side", "verdict"), SIDES)
def test_patterns_force_their_side_and_nothing_in_them_can_go(
    query: ReverseQuery, rulebase: RuleBase, side: str, verdict: str
) -> None:
    rng = random.Random(5)
    patterns = answers(query, side, verdict).patterns
    for pattern in rng.sample(patterns, min(60, len(patterns))):
        given = dict(pattern.answers)
        for _ in range(20):
            rest = {f.id: given.get(f.id) or rng.choice(f.table_values) for f in rulebase.facts.values()}
            assert on_side(side, decide(rulebase, rest).verdict, verdict)
        for name in given:
            freed = {k: v for k, v in given.items() if k != name}
            assert leaves(query, side, verdict, freed)


def leaves(query: ReverseQuery, side: str, verdict: str, given: dict[str, str]) -> bool:
    """Whether some completion of `given` is on the other side: no pattern of the side is within every completion."""
    return not any(dict(p.answers).items() <= given.items() for p in answers(query, side, verdict).patterns)


@pytest.mark.parametrize(("side", "verdict"), SIDES)
def test_every_case_on_the_side_meets_a_pattern(
    query: ReverseQuery, rulebase: RuleBase, side: str, verdict: str
) -> None:
    rng = random.Random(6)
    patterns = [dict(pattern.answers).items() for pattern in answers(query, side, verdict).patterns]
    for _ in range(300):
        case = {
            f.id: f.safe if f.safe and rng.random() < 0.5 else rng.choice(f.table_values)
            for f in rulebase.facts.values()
        }
        meets = any(pattern <= case.items() for pattern in patterns)
        assert meets == on_side(side, decide(rulebase, case).verdict, verdict)


def test_counts_add_up(query: ReverseQuery, rulebase: RuleBase) -> None:
    everything = prod(len(fact.table_values) for fact in rulebase.facts.values())
    assert sum(query.count(verdict) for verdict in VERDICTS) == everything
    for milder, severer in pairwise(VERDICTS):
        assert query.at_most(milder).combinations + query.at_least(severer).combinations == everything
        assert query.at_least(milder).combinations - query.at_least(severer).combinations == query.count(milder)
    assert query.at_least("allowed").of == everything


def test_patterns_are_grouped_by_the_rule_that_tells_why(query: ReverseQuery, rulebase: RuleBase) -> None:
    found = query.at_least("do_not_upload").patterns
    order = [*rulebase.rules, SEVERAL]
    positions = [order.index(pattern.rule) for pattern in found]
    assert positions == sorted(positions)
    for pattern in found:
        if pattern.rule != SEVERAL:
            assert rulebase.rules[pattern.rule].then == "do_not_upload"
    assert "verdict.export_abroad" in {pattern.rule for pattern in found}
