"""Explaining a verdict: deciding answers, ways out and other services per case, and every reverse query."""

import random
import time
from collections.abc import Callable
from functools import partial

from conversations.comparison import compare_services
from knowledge.loader import load_knowledge
from rules.counterfactual import Counterfactuals
from rules.diagram import Diagram
from rules.interpreter import decide
from rules.loader import load_rules
from rules.models import VERDICTS
from rules.reverse import ReverseQuery
from rules.vocabulary import for_tables, parse_facts
from tests.bench.table import percentile, show

CASES, SEED = 400, 2026


def run() -> None:
    """Measure over random cases and print medians and worst times."""
    knowledge = load_knowledge()
    rulebase = load_rules(knowledge)
    diagram, rng = Diagram(rulebase), random.Random(SEED)
    ask = Counterfactuals(diagram)
    times: dict[str, list[float]] = {"deciding answers": [], "ways out": [], "other services": []}
    for _ in range(CASES):
        given = {
            fact.id: ([rng.choice(fact.values)] if fact.many else rng.choice((*fact.values, "unknown")))
            for fact in rulebase.facts.values()
        }
        facts = parse_facts(rulebase, given)
        verdict = decide(rulebase, for_tables(facts)).verdict
        ways: dict[str, Callable[[], object]] = {
            "deciding answers": partial(ask.deciding, facts, verdict, frozenset(facts)),
            "ways out": partial(ask.ways_out, facts, verdict),
            "other services": partial(compare_services, knowledge, rulebase, facts, None),
        }
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    rows = [[name, percentile(t, 0.5), percentile(t, 0.99), 1000 * max(t)] for name, t in times.items()]
    show(f"Explaining a verdict, {CASES} random cases", ["what", "p50 ms", "p99 ms", "worst ms"], rows)
    _reverse(ReverseQuery(rulebase, diagram))


def _reverse(query: ReverseQuery) -> None:
    rows = []
    for verdict in VERDICTS:
        for side, asked in (("at least", query.at_least), ("at most", query.at_most)):
            start = time.perf_counter()
            found = asked(verdict)
            rows.append([f"{side} {verdict}", len(found.patterns), 1000 * (time.perf_counter() - start)])
    show("Reverse queries, every minimal pattern", ["asked", "patterns", "ms"], rows)
