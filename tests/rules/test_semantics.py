"""The shipped tables compute what the page of semantics says: compared with an independent oracle."""

from collections import Counter
from itertools import product

import pytest

from rules.evaluator import Evaluator
from rules.interpreter import decide
from rules.models import VERDICTS, RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.rules.cases import BASE, BIASES, CHOICES, GRIDS, samples, size, whole
from tests.rules.oracle import DOMAINS, LADDER, SAFE, VALUES, Case, Expected, class_of, judge

CLASSES = {"closed", "open", "careful", "unlisted"}


def judged(rulebase: RuleBase, case: Case) -> Expected:
    """Return what the tables say, by the interpreter."""
    outcome = decide(rulebase, for_tables(parse_facts(rulebase, case)))
    items = {item: outcome.decided[f"item_{item}"] for item in "1234567"}
    return Expected(outcome.decided["data_class"], items, outcome.verdict, outcome.decided["obligation"])


def test_facts_and_values_are_those_of_the_page(rulebase: RuleBase) -> None:
    flat = {name: (*fact.values, "unknown") for name, fact in rulebase.facts.items() if not fact.many}
    assert {name: set(values) for name, values in flat.items()} == {name: set(v) for name, v in VALUES.items()}
    assert set(rulebase.facts["sensitive_domains"].values) == set(DOMAINS)
    assert VERDICTS == LADDER


def test_safe_answers_are_those_of_the_page(rulebase: RuleBase) -> None:
    shipped = {name: fact.safe for name, fact in rulebase.facts.items() if fact.safe}
    assert shipped == {name: value for name, value in SAFE.items() if value != ()}


@pytest.mark.long
@pytest.mark.parametrize("grid", [grid for grid in GRIDS if size(grid) < 40_000])
def test_every_combination_of_a_tables_own_facts(rulebase: RuleBase, grid: str) -> None:
    for case in whole(grid):
        assert judged(rulebase, case) == judge(case), case


@pytest.mark.long
@pytest.mark.parametrize("personal", VALUES["personal_information"])
@pytest.mark.parametrize("export", VALUES["export_controlled"])
def test_every_combination_of_the_class_tables_facts(rulebase: RuleBase, personal: str, export: str) -> None:
    """708,588 in all: on the class table alone, with lists as the tables see them."""
    table = rulebase.decided["data_class"]
    read = sorted({name for rule in table.rules for name in rule.when} - {"personal_information", "export_controlled"})
    facts = {name: rulebase.facts[name] for name in (*read, "personal_information", "export_controlled")}
    alone = RuleBase(facts=facts, tables=(table,), editions=rulebase.editions)
    given: Case = {**BASE, "personal_information": personal, "export_controlled": export}
    lists: Case = {"none": (), "some": ("water",), "unknown": "unknown"}
    at = read.index("sensitive_domains")
    for values in product(*(rulebase.facts[name].table_values for name in read)):
        flat = {"personal_information": personal, "export_controlled": export, **dict(zip(read, values, strict=True))}
        case: Case = {**given, **flat, "sensitive_domains": lists[values[at]]}
        assert decide(alone, flat).decided["data_class"] == class_of(case), flat


@pytest.mark.parametrize("bias", BIASES)
def test_sampled_cases(rulebase: RuleBase, bias: str) -> None:
    seen: Counter[str] = Counter()
    for case in samples(bias, 20_000):
        expected = judge(case)
        assert judged(rulebase, case) == expected, case
        seen.update((expected.data_class, expected.verdict, expected.obligation))
        seen.update(f"{item} {status}" for item, status in expected.checklist.items())
    if bias == "mostly safe, not public":
        assert set(seen) >= CLASSES | set(LADDER) - {"allowed"} | {"1 met", "5 not_met", "6 required", "7 met"}
    if bias == "even":
        assert set(seen) >= CLASSES - {"unlisted"} | set(LADDER)


@pytest.mark.parametrize("bias", BIASES)
def test_the_evaluators_answer_is_the_pages(evaluator: Evaluator, interpreter_only: Evaluator, bias: str) -> None:
    for case in samples(bias, 1_000, seed=1):
        facts, expected = parse_facts(evaluator.rulebase, case), judge(case)
        for answer in (evaluator.evaluate(facts), interpreter_only.evaluate(facts)):
            got = Expected(answer.data_class, dict(answer.checklist), answer.verdict, answer.obligation)
            assert got == expected, case
            assert not answer.disputed, case


def test_each_single_domain_calls_for_care(rulebase: RuleBase) -> None:
    assert judged(rulebase, BASE).data_class == "unlisted"
    for domain in DOMAINS:
        assert judged(rulebase, {**BASE, "sensitive_domains": (domain,)}).data_class == "careful"


def test_an_omitted_fact_is_unknown(rulebase: RuleBase) -> None:
    for name in CHOICES:
        rest: Case = {other: value for other, value in BASE.items() if other != name}
        assert judged(rulebase, rest) == judge({**BASE, name: "unknown"}), name
