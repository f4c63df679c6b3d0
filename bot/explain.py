"""`kakunin explain`: why a verdict, what decided it, what would change it, and other services, for JSON facts."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO

import click

from bot.app import House, build_house
from bot.batch import judge_record
from bot.lines import parse_line
from bot.plain import in_plain
from conversations.comparison import ServiceVerdict, compare_services
from conversations.service import Insight
from knowledge.models import Knowledge
from rules.explanation import Explanation, Reason, explain
from rules.models import Evaluation, Facts

STEP = "  "


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
        data = _data(evaluation, tree, insight, others, house.knowledge)
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    insights = house.views.verdicts.insights
    click.echo(insights.word(evaluation.verdict, language))
    for line in _Tree(house, facts, language).lines((*tree.setting, *tree.milder)):
        click.echo(line)
    blocks = [*insights.deciding(insight, facts, language), *insights.in_full(insight, language)]
    click.echo(in_plain([*blocks, *insights.compared(others, service, evaluation.verdict, language)]))


def _data(
    evaluation: Evaluation,
    tree: Explanation,
    insight: Insight,
    others: tuple[ServiceVerdict, ...],
    knowledge: Knowledge,
) -> dict[str, Any]:
    return {
        "verdict": evaluation.verdict,
        "because": [_reason(reason, knowledge) for reason in tree.setting],
        "milder": [_reason(reason, knowledge) for reason in tree.milder],
        "deciding": list(insight.deciding),
        "ways_out": [asdict(way) for way in insight.ways_out],
        "other_services": [asdict(other) for other in others],
    }


def _reason(reason: Reason, knowledge: Knowledge) -> dict[str, Any]:
    """The reason as data, each passage with its words."""
    return {
        "rule": reason.rule,
        "then": reason.then,
        "answers": [list(answer) for answer in reason.answers],
        "because_of": [_reason(inner, knowledge) for inner in reason.because_of],
        "passages": [knowledge.passages[name].model_dump() for name in reason.passages],
    }


class _Tree:
    """The reasons of one judgement in one language; a passage is quoted where it is first cited, then named."""

    def __init__(self, house: House, facts: Facts, language: str) -> None:
        self._house = house
        self._facts = facts
        self._language = language
        self._quoted: set[str] = set()

    def lines(self, reasons: tuple[Reason, ...], depth: int = 1) -> Iterator[str]:
        """Yield each reason with the answers, passages and reasons behind it."""
        for reason in reasons:
            rule, outcome = self._house.rulebase.rules[reason.rule], self._outcome(reason)
            yield f"{STEP * depth}← {rule.because.say(self._language)} → {outcome} [{reason.rule}]"
            for fact, _ in reason.answers:
                yield f"{STEP * (depth + 2)}{self._answer(fact)}"
            for passage in reason.passages:
                yield indent(self._quotation(reason.rule, passage), STEP * (depth + 2))
            yield from self.lines(reason.because_of, depth + 1)

    def _outcome(self, reason: Reason) -> str:
        """What the rule decides: a verdict, a class, or the status of an item."""
        target = self._house.rulebase.rules[reason.rule].target
        phrase = f"verdict.class_{reason.then}" if target == "data_class" else f"verdict.{reason.then}"
        return self._house.phrases.label(self._language, phrase)

    def _answer(self, fact: str) -> str:
        return self._house.views.verdicts.insights.answer(fact, self._facts[fact], self._language)

    def _quotation(self, rule: str, name: str) -> str:
        passage = self._house.knowledge.passages[name]
        if name in self._quoted:
            return f"> {passage.section} [{name}]"
        self._quoted.add(name)
        return in_plain(self._house.views.verdicts.quote(passage, [self._house.rulebase.rules[rule]], self._language))
