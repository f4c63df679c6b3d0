"""The decision diagram is the verdict itself: exact on what is settled and on what can still matter."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from rules.diagram import Diagram
from rules.interpreter import decide
from rules.models import RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import BIASES, samples
from tests.rules.oracle import Case, judge

LISTS: Case = {"none": (), "some": ("energy",), "unknown": "unknown"}


@pytest.fixture(scope="module")
def diagram(rulebase: RuleBase) -> Diagram:
    return Diagram(rulebase)


def verdict(flat: dict[str, str]) -> str:
    return judge({**flat, "sensitive_domains": LISTS[flat["sensitive_domains"]]}).verdict


def completions(rulebase: RuleBase, known: dict[str, str]) -> dict[tuple[str, ...], str]:
    """Return the verdict of every completion by the values of the missing facts, in the order of the rule base."""
    missing = [name for name in rulebase.facts if name not in known]
    every = product(*(rulebase.facts[name].table_values for name in missing))
    return {values: verdict({**known, **dict(zip(missing, values, strict=True))}) for values in every}


def partials(rulebase: RuleBase, bias: str, number: int, most: int) -> list[dict[str, str]]:
    rng = random.Random(bias)
    flats = [for_tables(parse_facts(rulebase, case)) for case in samples(bias, number, seed=9)]
    missing = [rng.sample(sorted(flat), rng.randint(1, most)) for flat in flats]
    pairs = zip(flats, missing, strict=True)
    return [{name: value for name, value in flat.items() if name not in gone} for flat, gone in pairs]


def test_full_facts_have_the_interpreters_verdict(diagram: Diagram, rulebase: RuleBase) -> None:
    for bias in BIASES:
        for case in samples(bias, 1_250, seed=10):
            flat = for_tables(parse_facts(rulebase, case))
            assert diagram.settled(flat) == decide(rulebase, flat).verdict, case
            assert diagram.support(flat) == set()


@pytest.mark.parametrize("bias", BIASES)
def test_settled_is_exact_where_few_facts_are_open(diagram: Diagram, rulebase: RuleBase, bias: str) -> None:
    seen = set()
    for known in partials(rulebase, bias, 250, most=4):
        verdicts = set(completions(rulebase, known).values())
        assert diagram.settled(known) == (verdicts.pop() if len(verdicts) == 1 else None), known
        seen.add(diagram.settled(known) is None)
    assert seen == {True, False}


@pytest.mark.parametrize("bias", BIASES)
def test_support_is_what_can_change_the_verdict(diagram: Diagram, rulebase: RuleBase, bias: str) -> None:
    for known in partials(rulebase, bias, 250, most=4):
        missing = [name for name in rulebase.facts if name not in known]
        results = completions(rulebase, known)
        matter = set()
        for at, name in enumerate(missing):
            others: dict[tuple[str, ...], set[str]] = {}
            for values, found in results.items():
                others.setdefault(values[:at] + values[at + 1 :], set()).add(found)
            if any(len(found) > 1 for found in others.values()):
                matter.add(name)
        assert diagram.support(known) == matter, known


def test_settled_holds_in_sampled_completions_where_many_are_open(diagram: Diagram, rulebase: RuleBase) -> None:
    rng = random.Random(11)
    settled = 0
    for known in partials(rulebase, "even", 400, most=20):
        answer = diagram.settled(known)
        assert (answer is None) == bool(diagram.support(known))
        assert diagram.support(known).isdisjoint(known)
        settled += answer is not None
        for _ in range(20 if answer else 0):
            rest = {n: rng.choice(f.table_values) for n, f in rulebase.facts.items() if n not in known}
            assert verdict({**rest, **known}) == answer
    assert settled > 20


def test_nothing_known_settles_nothing(diagram: Diagram, rulebase: RuleBase) -> None:
    assert diagram.settled({}) is None
    irrelevant = {"programme", "must_be_published", "open_by_agreement"}
    assert diagram.support({}) == set(rulebase.facts) - irrelevant
    assert 0 < diagram.size() < 10_000


def test_threads_may_share_it(diagram: Diagram, rulebase: RuleBase) -> None:
    given = partials(rulebase, "mostly unknown", 400, most=12)
    expected = [(diagram.settled(known), diagram.support(known)) for known in given]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda known: (diagram.settled(known), diagram.support(known)), given)) == expected
