"""durable-rules inside its fence says the same as the interpreter, also under threads and after errors."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import DataError
from knowledge.models import Knowledge
from rules.engine import DurableEngine, available
from rules.errors import EngineError
from rules.interpreter import decide
from rules.loader import load_rules
from rules.models import RuleBase
from rules.vocabulary import for_tables, parse_facts
from tests.planting import copy_data
from tests.rules.cases import BASE, BIASES, GRIDS, samples, some
from tests.rules.faults import ADVICE
from tests.rules.oracle import SAFE, Case
from tests.rules.test_loader import RULE, add, add_facts

pytestmark = pytest.mark.skipif(not available(), reason="durable-rules cannot be imported on this Python")


@pytest.fixture(scope="module")
def engine(rulebase: RuleBase) -> DurableEngine:
    return DurableEngine(rulebase)


def flat(rulebase: RuleBase, case: Case) -> dict[str, str]:
    return for_tables(parse_facts(rulebase, case))


@pytest.mark.long
@pytest.mark.parametrize("grid", GRIDS)
def test_the_engine_agrees_over_a_tables_own_facts(engine: DurableEngine, rulebase: RuleBase, grid: str) -> None:
    for case in some(grid, 20_000):
        facts = flat(rulebase, case)
        assert engine.decide(facts) == decide(rulebase, facts), case


@pytest.mark.parametrize("bias", BIASES)
def test_the_engine_agrees_on_whole_cases(engine: DurableEngine, rulebase: RuleBase, bias: str) -> None:
    for case in samples(bias, 1_000, seed=2):
        facts = flat(rulebase, case)
        assert engine.decide(facts) == decide(rulebase, facts), case


def test_the_order_in_which_facts_are_given_is_nothing_to_it(engine: DurableEngine, rulebase: RuleBase) -> None:
    for case in samples("even", 200, seed=3):
        facts = flat(rulebase, case)
        assert engine.decide(dict(reversed(facts.items()))) == engine.decide(facts), case


def test_eight_threads_get_their_own_answers(engine: DurableEngine, rulebase: RuleBase) -> None:
    given = [flat(rulebase, case) for bias in BIASES for case in samples(bias, 500, seed=4)]
    expected = [decide(rulebase, facts) for facts in given]
    assert len({outcome.fired for outcome in expected}) > 100
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(engine.decide, given)) == expected


def test_two_engines_in_one_process_stay_apart(engine: DurableEngine, rulebase: RuleBase) -> None:
    reversed_tables = RuleBase(facts=rulebase.facts, tables=rulebase.tables, editions=rulebase.editions)
    other = DurableEngine(reversed_tables)
    for one, two in zip(samples("even", 100, seed=5), samples("mostly safe", 100, seed=5), strict=True):
        facts, others = flat(rulebase, one), flat(rulebase, two)
        assert engine.decide(facts) == decide(rulebase, facts)
        assert other.decide(others) == decide(rulebase, others)


@pytest.mark.parametrize(
    "change",
    [
        {"novelty": "yse"},
        {"novelty": ""},
        {"noveltee": "yes"},
        {"interview": "1"},
        {"data_class": "open"},
        {"novelty": "yes\x00"},
        {"novelty": "yes" + "x" * 65_536},
        {"sensitive_domains": "food"},
        {"sid": "e"},
    ],
)
def test_strangers_are_refused_and_the_next_answer_is_right(
    engine: DurableEngine, rulebase: RuleBase, change: dict[str, str]
) -> None:
    facts = flat(rulebase, SAFE)
    with pytest.raises(EngineError):
        engine.decide({**facts, **change})
    assert engine.decide(facts) == decide(rulebase, facts)


def test_an_incomplete_case_is_refused(engine: DurableEngine, rulebase: RuleBase) -> None:
    facts = flat(rulebase, SAFE)
    for name in facts:
        with pytest.raises(EngineError):
            engine.decide({other: value for other, value in facts.items() if other != name})
    with pytest.raises(EngineError):
        engine.decide({})
    assert engine.decide(facts) == decide(rulebase, facts)


def test_the_fullest_rule_base_that_loads_is_still_decided(tmp_path: Path, knowledge: Knowledge) -> None:
    """A case that meets as many conditions at once as the loader lets pass."""
    full = fullest(tmp_path, knowledge)
    extra = [name for name in full.facts if name.startswith("extra_")]
    assert extra
    engine = DurableEngine(full)
    for bias in BIASES:
        for case in samples(bias, 300, seed=6):
            facts = flat(full, {**case, **dict.fromkeys(extra, "yes")})
            outcome = engine.decide(facts)
            assert outcome == decide(full, facts), case
            assert {f"advice.{name}" for name in extra} <= set(outcome.fired)


def fullest(folder: Path, knowledge: Knowledge) -> RuleBase:
    """Return the rule base with as many extra facts, each with a rule, as the loader takes."""
    for number in range(64, 0, -1):
        data = copy_data("rules", folder / str(number))
        add_facts(data, number)
        try:
            return load_rules(knowledge, data)
        except DataError:
            continue
    pytest.fail("the shipped rule base has no room for one more rule")


def test_advice_never_moves_the_engines_verdict(tmp_path: Path, knowledge: Knowledge) -> None:
    """A measure and a verdict share the id `public_data_only`."""
    data = copy_data("rules", tmp_path / "rules")
    rule = RULE.format(id="advice.new", when='novelty = "yes"').replace("keep_record", "public_data_only")
    add(data / ADVICE, f"[[table.rule]]\n{rule}")
    advised = load_rules(knowledge, data)
    facts = flat(advised, {**BASE, "novelty": "yes"})
    assert decide(advised, facts).verdict == "allowed_with_conditions"
    assert DurableEngine(advised).decide(facts) == decide(advised, facts)
