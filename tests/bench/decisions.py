"""Decisions per second: durable-rules, the table interpreter, both together as in production, and the stop test."""

import random
import time
from collections.abc import Callable

from knowledge.loader import load_knowledge
from rules.diagram import Diagram
from rules.engine import DurableEngine, available
from rules.evaluator import make_evaluator
from rules.interpreter import decide
from rules.loader import load_rules
from rules.vocabulary import for_tables, parse_facts
from tests.bench.table import show

SAMPLES, ROUNDS, SEED = 2000, 5, 2026


def run() -> None:
    """Measure each way in turn, round by round, and print the fastest round of each."""
    rulebase = load_rules(load_knowledge())
    rng = random.Random(SEED)
    values = {f.id: ([], *([v] for v in f.values)) if f.many else f.values for f in rulebase.facts.values()}
    cases = [
        parse_facts(rulebase, {name: rng.choice([*options, "unknown"]) for name, options in values.items()})
        for _ in range(SAMPLES)
    ]
    flat = [for_tables(case) for case in cases]
    diagram, evaluator = Diagram(rulebase), make_evaluator(rulebase)
    ways: dict[str, Callable[[], object]] = {
        "table interpreter": lambda: [decide(rulebase, facts) for facts in flat],
        "evaluate (production)": lambda: [evaluator.evaluate(facts) for facts in cases],
        "stop test (diagram)": lambda: [diagram.support(dict(list(facts.items())[:8])) for facts in flat],
    }
    if available():
        engine = DurableEngine(rulebase)
        ways = {"durable-rules": lambda: [engine.decide(facts) for facts in flat], **ways}
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            best[name] = min(best[name], (time.perf_counter() - start) / SAMPLES)
    base = best["table interpreter"]
    rows = [[name, f"{1 / each:,.0f}", each * 1e6, each / base] for name, each in best.items()]
    show(f"Decisions, {len(rulebase.rules)} rules, best of {ROUNDS}", ["way", "per second", "µs each", "ratio"], rows)
