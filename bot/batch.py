"""`kakunin evaluate`: JSON lines in, one judgement a line out."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.lines import LineError, Unread, answer_lines, shape_faults, unread
from knowledge.errors import nearest
from knowledge.models import Knowledge
from rules.editions import load_rulebook
from rules.errors import FactError
from rules.evaluator import Evaluator, make_evaluator
from rules.models import UNKNOWN, Evaluation
from rules.vocabulary import parse_facts

KEYS = ("id", "facts", "service")
FIELDS = ("data_class", "checklist", "verdict", "obligation", "rules", "passages", "measures", "engine", "edition")


def evaluate_lines(source: BinaryIO, target: TextIO, overlay: Path | None = None) -> int:
    """Judge every non-blank line of `source` (UTF-8). Returns 1 if any line had a fault, else 0."""
    book = load_rulebook(overlay=overlay)
    knowledge, evaluator = book.knowledge, make_evaluator(book.rulebase)
    return answer_lines(source, target, lambda record: _told(judge_record(record, evaluator, knowledge)))


def judge_record(record: dict[str, Any], evaluator: Evaluator, knowledge: Knowledge) -> Evaluation:
    """Judge `{"id", "facts", "service"?}`. Raises LineError naming all its faults."""
    faults = [*shape_faults(record, KEYS), *_missing(record), *unread(record), *_service_faults(record, knowledge)]
    given = record.get("facts")
    read = {name: value for name, value in given.items() if not any(unread(value))} if isinstance(given, dict) else {}
    try:
        facts = parse_facts(evaluator.rulebase, read, str(record.get("service", UNKNOWN)))
    except FactError as error:
        faults.extend(error.faults)
    if faults:
        raise LineError("; ".join(faults))
    return evaluator.evaluate(facts)


def _missing(record: dict[str, Any]) -> Iterable[str]:
    if "facts" not in record:
        yield "facts: is missing"
    elif not isinstance(record["facts"], dict):
        yield "facts: not an object"


def _service_faults(record: dict[str, Any], knowledge: Knowledge) -> Iterable[str]:
    if "service" not in record:
        return
    service = record["service"]
    if isinstance(service, Unread):
        return
    if not isinstance(service, str):
        yield "service: not a catalogue id"
    elif service not in knowledge.services:
        yield f"unknown service {service!r}{nearest(service, knowledge.services)}"


def _told(evaluation: Evaluation) -> Mapping[str, object]:
    told = {name: getattr(evaluation, name) for name in FIELDS}
    return {**told, "disputed": True} if evaluation.disputed else told
