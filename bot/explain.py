"""`kakunin explain`: why a verdict, what decided it, what would change it, and other services, for JSON facts."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click

from bot.app import build_house
from bot.batch import judge_record, parse_line
from conversations.comparison import compare_services
from conversations.service import Insight
from rules.explanation import Explanation, Reason, explain
from rules.models import Evaluation, RuleBase


def explain_line(source: BinaryIO, language: str, overlay: Path | None = None, *, as_json: bool) -> None:
    """Explain the judgement of one JSON object `{"facts", "service"?}`. Raises LineError naming all faults."""
    record = parse_line(source.read())
    house = build_house(overlay)
    evaluation = judge_record(record, house.evaluator, house.knowledge)
    facts, ask = evaluation.facts, house.interview.counterfactuals
    insight = Insight(
        ask.deciding(facts, evaluation.verdict, frozenset(facts)), ask.ways_out(facts, evaluation.verdict)
    )
    tree, service = explain(house.rulebase, evaluation), record.get("service")
    others = compare_services(house.knowledge, house.rulebase, facts, service)
    if as_json:
        click.echo(json.dumps(_data(evaluation, tree, insight, [asdict(o) for o in others]), ensure_ascii=False))
        return
    insights = house.views.verdicts.insights
    click.echo(insights.word(evaluation.verdict, language))
    for reason in (*tree.setting, *tree.milder):
        _tell(reason, house.rulebase, language, 1)
    blocks = [*insights.deciding(insight, facts, language), *insights.in_full(insight, language)]
    for block in (*blocks, *insights.compared(others, service, evaluation.verdict, language)):
        click.echo(block["text"]["text"].replace("*", ""))


def _data(evaluation: Evaluation, tree: Explanation, insight: Insight, others: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "verdict": evaluation.verdict,
        "because": [asdict(reason) for reason in tree.setting],
        "milder": [asdict(reason) for reason in tree.milder],
        "deciding": list(insight.deciding),
        "ways_out": [asdict(way) for way in insight.ways_out],
        "other_services": others,
    }


def _tell(reason: Reason, rulebase: RuleBase, language: str, depth: int) -> None:
    rule = rulebase.rules[reason.rule]
    indent = "  " * depth
    click.echo(f"{indent}← {rule.because.say(language)} [{reason.rule} → {reason.then}; {', '.join(reason.passages)}]")
    for fact, value in reason.answers:
        click.echo(f"{indent}    {rulebase.facts[fact].label.say(language)}: {value}")
    for inner in reason.because_of:
        _tell(inner, rulebase, language, depth + 1)
